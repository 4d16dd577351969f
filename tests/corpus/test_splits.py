import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from chude.corpus.splits import folds

LABELS = st.integers(10, 60).flatmap(lambda n: arrays(bool, (n, 3)))


@given(labels=LABELS, n_folds=st.integers(2, 5), seed=st.integers(0, 9))
def test_folds_are_even(labels: np.ndarray, n_folds: int, seed: int) -> None:
    fold = folds(labels, n_folds, seed)
    assert np.ptp(np.bincount(fold, minlength=n_folds)) <= 1
    for combination in np.unique(labels, axis=0):
        inside = fold[(labels == combination).all(axis=1)]
        assert np.ptp(np.bincount(inside, minlength=n_folds)) <= 1


def test_folds_depend_on_the_seed_alone() -> None:
    labels = np.random.default_rng(0).random((50, 3)) < 0.3
    assert (folds(labels, 5, 1) == folds(labels, 5, 1)).all()
    assert (folds(labels, 5, 1) != folds(labels, 5, 2)).any()
