import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    f1_score,
    precision_recall_fscore_support,
)

from chude.evaluation.metrics import average_precision, evaluate_predictions

RNG = np.random.default_rng(0)
TRUTH = RNG.random((200, 3)) < [0.1, 0.3, 0.5]
PROBABILITIES = np.clip(TRUTH * 0.3 + RNG.random((200, 3)) * 0.7, 0, 1).round(2)
PREDICTED = PROBABILITIES >= 0.5
THEMES = ["a", "b", "c"]


def test_figures_are_scikit_learns() -> None:
    figures = evaluate_predictions(TRUTH, PREDICTED, PROBABILITIES, THEMES)
    peers = precision_recall_fscore_support(TRUTH, PREDICTED, zero_division=0)
    for k, key in enumerate(THEMES):
        theme = figures["themes"][key]
        ours = (theme["precision"], theme["recall"], theme["f1"], theme["support"])
        assert ours == pytest.approx(tuple(peer[k] for peer in peers))
        expected = average_precision_score(TRUTH[:, k], PROBABILITIES[:, k])
        assert theme["average_precision"] == pytest.approx(expected)
        assert theme["brier"] == pytest.approx(brier_score_loss(TRUTH[:, k], PROBABILITIES[:, k]))
    assert figures["macro_f1"] == pytest.approx(f1_score(TRUTH, PREDICTED, average="macro"))
    assert figures["micro_f1"] == pytest.approx(f1_score(TRUTH, PREDICTED, average="micro"))
    assert figures["exact_match"] == pytest.approx((TRUTH == PREDICTED).all(axis=1).mean())


def test_intervals_are_those_of_resampled_articles() -> None:
    figures = evaluate_predictions(TRUTH, PREDICTED, PROBABILITIES, THEMES)
    rng = np.random.default_rng(1)
    rows = rng.integers(0, 200, size=(500, 200))
    for name, score in (
        ("macro_f1", lambda r: f1_score(TRUTH[r], PREDICTED[r], average="macro")),
        (
            "macro_average_precision",
            lambda r: average_precision_score(TRUTH[r], PROBABILITIES[r]),
        ),
    ):
        expected = np.percentile([score(r) for r in rows], [2.5, 97.5])
        assert figures[f"{name}_interval"] == pytest.approx(expected, abs=0.02)
        assert expected[0] < figures[name] < expected[1]


def test_exclusive_tasks_have_accuracy() -> None:
    truth = np.eye(3, dtype=bool)[RNG.integers(0, 3, 100)]
    predicted = np.eye(3, dtype=bool)[RNG.integers(0, 3, 100)]
    figures = evaluate_predictions(truth, predicted, predicted * 0.9, THEMES, exclusive=True)
    assert figures["accuracy"] == (truth == predicted).all(axis=1).mean()
    assert figures["accuracy_interval"][0] < figures["accuracy"] < figures["accuracy_interval"][1]


def test_a_theme_without_articles_has_no_average_precision() -> None:
    truth = np.zeros((10, 1), dtype=bool)
    figures = evaluate_predictions(truth, truth, np.zeros((10, 1)), ["a"])
    assert figures["themes"]["a"]["average_precision"] is None
    assert "average_precision_interval" not in figures["themes"]["a"]


def test_a_theme_that_is_neither_there_nor_given_has_no_f1() -> None:
    """Nor does the macro mean know of it, whose themes are those that occur."""
    absent = np.zeros((200, 1), dtype=bool)
    truth, predicted = (np.hstack([one, absent]) for one in (TRUTH, PREDICTED))
    probabilities = np.hstack([PROBABILITIES, absent])
    figures = evaluate_predictions(truth, predicted, probabilities, [*THEMES, "d"])
    alone = evaluate_predictions(TRUTH, PREDICTED, PROBABILITIES, THEMES)
    assert figures["macro_f1"] == alone["macro_f1"]
    assert figures["macro_f1_interval"] == pytest.approx(alone["macro_f1_interval"], abs=0.01)
    undefined = dict.fromkeys(("precision", "recall", "f1", "average_precision"))
    assert figures["themes"]["d"] == {"support": 0, **undefined, "brier": 0.0}


def test_a_theme_that_is_given_and_not_there_has_f1_0() -> None:
    truth, predicted = TRUTH.copy(), PREDICTED.copy()
    truth[:, 2], predicted[:, 2] = False, np.arange(200) == 0
    figures = evaluate_predictions(truth, predicted, PROBABILITIES, THEMES)
    assert figures["themes"]["c"]["f1"] == 0.0
    found = [figures["themes"][key]["f1"] for key in THEMES]
    assert figures["macro_f1"] == pytest.approx(sum(found) / 3)


def test_where_no_theme_is_there_or_given_f1_is_undefined() -> None:
    none = np.zeros((10, 2), dtype=bool)
    figures = evaluate_predictions(none, none, np.zeros((10, 2)), THEMES[:2])
    assert (figures["macro_f1"], figures["micro_f1"]) == (None, None)
    assert "macro_f1_interval" not in figures
    assert figures["exact_match"] == 1.0


SCORES = st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=40)


@given(SCORES)
def test_average_precision_with_ties_is_scikit_learns(pairs: list[tuple[bool, int]]) -> None:
    truth, scores = (np.array(column) for column in zip(*pairs, strict=True))
    [[found]] = average_precision(truth[:, None], scores[:, None], np.ones((1, len(pairs))))
    if truth.any():
        assert found == pytest.approx(average_precision_score(truth, scores))
    else:
        assert math.isnan(found)


@given(SCORES)
def test_weights_are_repeated_articles(pairs: list[tuple[bool, int]]) -> None:
    truth, scores = (np.array(column)[:, None] for column in zip(*pairs, strict=True))
    weights = np.random.default_rng(0).integers(0, 3, len(pairs))
    rows = np.repeat(np.arange(len(pairs)), weights)
    weighted = average_precision(truth, scores, weights[None].astype(float))
    if len(rows):
        repeated = average_precision(truth[rows], scores[rows], np.ones((1, len(rows))))
        assert weighted == pytest.approx(repeated, nan_ok=True)


def test_the_seed_decides_the_intervals() -> None:
    one, same, other = (
        evaluate_predictions(TRUTH, PREDICTED, PROBABILITIES, THEMES, seed=s) for s in (0, 0, 1)
    )
    assert one == same
    assert one["macro_f1_interval"] != other["macro_f1_interval"]
