import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.evaluation.crossed import (
    GRID,
    CrossedTable,
    calibration,
    curves,
    doubtful_share,
    mistakes,
    read_crossed,
    threshold_counts,
    wilson,
)

KEYS = ("biển", "rừng")
rows = st.lists(
    st.tuples(st.booleans(), st.sampled_from([0.0, 0.004, 0.25, 0.3, 0.5, 0.75, 0.8, 1.0])),
    min_size=1, max_size=30,
)  # fmt: skip


def table_of(found: list[tuple[bool, float]]) -> CrossedTable:
    labels = np.array([[label] for label, _ in found])
    probabilities = np.array([[p] for _, p in found])
    return CrossedTable(("k",), labels, np.ones_like(labels), probabilities >= 0.5, probabilities)


@given(rows)
def test_each_threshold_is_counted(found: list[tuple[bool, float]]) -> None:
    counts = threshold_counts(table_of(found), 0.25, False)["k"]
    for i, t in enumerate(GRID.tolist()):
        yes = [(label, p) for label, p in found if p >= t]
        assert counts["yes"][i] == len(yes)
        assert counts["hits"][i] == sum(label for label, _ in yes)
        doubt = [(1 - p if p >= t else p) > 0.25 for _, p in found]
        assert counts["review"][i] == sum(doubt)
    assert counts["positives"] == sum(label for label, _ in found)


@given(rows)
def test_curves_and_bins_hold_every_article(found: list[tuple[bool, float]]) -> None:
    table = table_of(found)
    bins = calibration(table)["k"]
    assert sum(one["articles"] for one in bins) == len(found)
    for one in bins:
        low, high = one["share_interval"]
        assert 0 <= low <= one["share"] + 1e-12
        assert one["share"] - 1e-12 <= high <= 1
    curve = curves(table)["k"]
    assert curve["recall"] == sorted(curve["recall"])
    assert not curve["recall"] or curve["recall"][-1] == 1


def test_the_interval_is_wilsons() -> None:
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)  # Newcombe 1998, table I
    assert wilson(0, 20) == pytest.approx((0, 0.1611), abs=5e-5)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_labels_that_are_not_known_are_not_judged() -> None:
    frame = pl.DataFrame(
        {
            "article": ["a", "b", "c"],
            "fold": [0, 1, 2],
            "label_biển": [True, None, False], "chosen_biển": [False, True, True],
            "probability_biển": [0.4, 0.9, 0.6],
            "label_rừng": [None, True, True], "chosen_rừng": [True, True, True],
            "probability_rừng": [0.9, 0.9, 0.9],
        }
    )  # fmt: skip
    table = read_crossed(frame.write_csv().encode(), KEYS)
    assert mistakes(table) == {
        "biển": {"missed": 1, "wrongly_given": 1},
        "rừng": {"missed": 0, "wrongly_given": 0},
    }
    assert table.whole.tolist() == [False, False, True]
    assert doubtful_share(table, 0.25) == 1.0
    assert threshold_counts(table, 0.25, False)["biển"]["known"] == 2


def test_themes_may_have_any_name() -> None:
    keys = ('Tin "nóng"', '"', '{"k": 1}', "a, b", "^.*$", "=1")
    rows = {"article": ["007"], "fold": [0]}
    for i, key in enumerate(keys):
        rows |= {f"label_{key}": [True], f"chosen_{key}": [False], f"probability_{key}": [i / 10]}
    table = read_crossed(pl.DataFrame(rows).write_csv().encode(), keys)
    assert table.ids == ("007",)
    assert table.probabilities.tolist() == [[i / 10 for i in range(len(keys))]]


@pytest.mark.parametrize("content", [b"", b"article,fold\na,1\n", b"\xff\xfe", b"a" * 10])
def test_another_table_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="not the table of these themes"):
        read_crossed(content, KEYS)
