import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from chude.training.thresholds import best_threshold, fit_thresholds

SCORES = st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=40)


def test_the_threshold_is_half_the_best_f1() -> None:
    labels = np.array([[True], [True], [False], [False]])
    assert fit_thresholds(np.array([[0.9], [0.8], [0.3], [0.1]]), labels) == pytest.approx(0.5)
    assert fit_thresholds(np.array([[0.9], [0.3], [0.8], [0.1]]), labels) == pytest.approx(0.4)


@given(SCORES)
def test_no_threshold_beats_the_best(pairs: list[tuple[bool, int]]) -> None:
    truth, scores = (np.array(column) for column in zip(*pairs, strict=True))
    threshold, best = best_threshold(truth, scores / 5)
    assert f1_score(truth, scores / 5 >= threshold, zero_division=0) == pytest.approx(best)
    for other in np.unique(scores / 5):
        assert f1_score(truth, scores / 5 >= other, zero_division=0) <= best + 1e-12
