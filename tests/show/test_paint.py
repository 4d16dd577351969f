import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chude.show.paint import HELD, LEVELS, level, merged, painted, pieces

points = st.lists(st.floats(-9, 9).map(lambda x: round(x, 3)), max_size=40).map(np.array)


@given(points)
def test_the_painted_words_are_the_fewest_that_hold_their_share(values: np.ndarray) -> None:
    values = values.astype(float)
    chosen = painted(values)
    positive = np.sort(values[values > 0])[::-1]
    held = values[chosen & (values > 0)]
    n = len(held)
    if len(positive):
        assert held.sum() >= HELD * positive.sum() - 1e-9
        assert positive[: n - 1].sum() < HELD * positive.sum() + 1e-9
        assert (-values[chosen & (values < 0)] >= held.min() / 2).all()
    assert not chosen[values == 0].any()


def test_weak_words_against_are_not_painted_beside_strong_ones_for() -> None:
    assert painted(np.array([4.0, -1.0, -2.5])).tolist() == [True, False, True]
    assert painted(np.array([-1.0, -0.1])).tolist() == [True, False]
    assert not painted(np.zeros(3)).any()


@given(st.text(max_size=30), st.integers(0, 50), st.lists(st.integers(0, 90), max_size=12))
def test_pieces_make_the_text(text: str, start: int, cuts: list[int]) -> None:
    cuts = sorted(set(cuts))
    marks = [(a, b, 1.0) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    found = pieces(text, start, marks, 1.0)
    assert "".join(piece.text for piece in found) == text
    inside = {at for a, b, _ in marks for at in range(a, b)}
    shown = [piece.points is not None for piece in found for _ in piece.text]
    for at, letter in enumerate(text):
        assert shown[at] == (start + at in inside) or letter.isspace()
    for piece in found:
        assert piece.points is None or piece.text == piece.text.strip()


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9), st.floats(0.1, 5)), max_size=8))
def test_merged_spans_do_not_overlap_and_keep_the_points(some: list[tuple]) -> None:
    spans = [(start, start + length, value) for start, length, value in some]
    found = list(merged(spans))
    assert abs(sum(p for *_, p in found) - sum(p for *_, p in spans)) < 1e-9
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(found))


def test_levels() -> None:
    assert [level(p, 4) for p in (0.1, 1, -1.1, 3.9, 4)] == [1, 1, 2, 4, LEVELS]
    assert level(0, 0) == 1
