import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from chude.corpus.splits import folds
from chude.errors import ChudeError

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


@given(labels=LABELS, data=st.data(), seed=st.integers(0, 9))
def test_groups_are_never_parted(labels: np.ndarray, data: st.DataObject, seed: int) -> None:
    n = len(labels)
    groups = np.array(data.draw(st.lists(st.integers(0, n // 2), min_size=n, max_size=n)))
    distinct = len(np.unique(groups))
    if distinct < 3:
        with pytest.raises(ChudeError, match="different articles for 3 folds"):
            folds(labels, 3, seed, groups)
        return
    fold = folds(labels, 3, seed, groups)
    assert len(set(zip(groups, fold, strict=True))) == distinct
    assert set(fold) == {0, 1, 2}


@given(labels=LABELS, seed=st.integers(0, 9))
def test_without_copies_the_folds_are_the_same(labels: np.ndarray, seed: int) -> None:
    alone = np.arange(len(labels))
    assert (folds(labels, 3, seed, alone) == folds(labels, 3, seed)).all()
    assert (folds(labels, 3, seed, alone[::-1]) == folds(labels, 3, seed)).all()
