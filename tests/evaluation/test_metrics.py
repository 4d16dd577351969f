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
    assert figures["themes"]["a"]["f1"] == 0.0
    assert "average_precision_interval" not in figures["themes"]["a"]


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
