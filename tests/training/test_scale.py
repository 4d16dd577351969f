"""Themes learn by themselves: from what is known of them, leaning on what their texts hold."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from chude.features.sparse import SparseRows, sparse_rows
from chude.training.scale import fit_scale, fit_themes
from chude.training.solvers import dual_descent
from chude.training.solvers.fitted import Fitted
from chude.training.solvers.registry import SOLVERS, get_solver

Problem = tuple[SparseRows, NDArray[np.bool_], NDArray[np.bool_]]
N_FEATURES = 40
EVERY = np.arange(120)


def make_problem(seed: int, dtype: type = np.float64) -> Problem:
    """Rows, labels of three themes that depend on them, and which of these are known."""
    rng = np.random.default_rng(seed)
    matrix = sp.random(len(EVERY), N_FEATURES, 0.2, "csr", dtype, random_state=seed)
    targets = np.asarray(matrix @ rng.normal(size=(N_FEATURES, 3)) > 0)
    return sparse_rows(matrix), targets, rng.random(targets.shape) < 0.6


def dense(matrix: SparseRows) -> NDArray[np.floating]:
    shape = (len(matrix.indptr) - 1, N_FEATURES)
    rows: NDArray[np.floating] = sp.csr_matrix(
        (matrix.data, matrix.columns, matrix.indptr), shape
    ).toarray()
    return rows


def fit(name: str, problem: Problem, scale: NDArray[np.float64]) -> Fitted:
    matrix, targets, known = problem
    return fit_themes(get_solver(name), matrix, N_FEATURES, targets, known, EVERY, 1.0, 0, scale)


@pytest.fixture(params=SOLVERS)
def solver(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "dual_descent":
        pytest.importorskip("numba")
        monkeypatch.setattr(dual_descent, "_TOLERANCE_APART", 1e-4)  # it stops early for speed
    return str(request.param)


def test_an_ngram_of_one_themes_texts_weighs_more_than_one_of_all() -> None:
    """By hand: three texts, of which the first two carry the theme."""
    rows = sparse_rows(sp.csr_matrix([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 1.0, 1.0]]))
    labels = np.array([[True], [True], [False]])
    [scale] = fit_scale(rows, 3, labels, np.ones_like(labels), np.arange(3))
    # Texts with and without the theme: 2 and 0, 2 and 1, 0 and 1, each one more; of 3 and 2.
    ratio = np.abs(np.log([(3 / 3) / (1 / 2), (3 / 3) / (2 / 2), (1 / 3) / (2 / 2)]))
    leaning = 1 + ratio / np.average(ratio, weights=[2, 3, 1])
    length = np.average(leaning**2, weights=[2, 3, 1])  # every entry is 1
    np.testing.assert_allclose(scale, leaning / np.sqrt(length), rtol=1e-12)


@given(st.integers(0, 50), st.floats(0.1, 0.9))
def test_rows_keep_their_length_on_average(seed: int, share: float) -> None:
    matrix, labels, known = make_problem(seed)
    learnt = np.flatnonzero(np.random.default_rng(seed).random(len(EVERY)) < share)
    scale = fit_scale(matrix, N_FEATURES, labels, known, learnt)
    before = (dense(matrix)[learnt] ** 2).sum()
    for factor in scale:
        after = ((dense(matrix)[learnt] * factor) ** 2).sum()
        assert after == pytest.approx(before, rel=1e-9)


@given(st.integers(0, 50))
def test_neither_other_rows_nor_labels_that_are_not_known_tell_the_scale(seed: int) -> None:
    matrix, labels, known = make_problem(seed)
    learnt = np.arange(0, len(EVERY), 2)
    scale = fit_scale(matrix, N_FEATURES, labels, known, learnt)
    seen = np.isin(EVERY, learnt)[:, None] & known
    others = np.where(seen, labels, ~labels)
    np.testing.assert_array_equal(fit_scale(matrix, N_FEATURES, others, known, learnt), scale)


def test_nothing_to_learn_from_leaves_the_columns_as_they_are() -> None:
    matrix, labels, known = make_problem(0)
    none = np.zeros(0, dtype=np.int64)
    scale = fit_scale(matrix, N_FEATURES, labels, known, none)
    np.testing.assert_array_equal(scale, np.ones((3, N_FEATURES)))


def test_what_is_learnt_of_scaled_columns_fits_the_columns_as_they_are(solver: str) -> None:
    matrix, labels, _ = make_problem(1, get_solver(solver).dtype)
    known = np.ones_like(labels)
    scale = fit_scale(matrix, N_FEATURES, labels, known, EVERY)
    found = fit(solver, (matrix, labels, known), scale)
    for k in range(3):
        scaled = sparse_rows(sp.csr_matrix(dense(matrix) * scale[k].astype(matrix.data.dtype)))
        alone = get_solver(solver).fit(scaled, N_FEATURES, labels[:, [k]], 1.0, 0, apart=True)
        expected = dense(scaled) @ alone.weights + alone.intercept
        margins = dense(matrix) @ found.weights[:, [k]] + found.intercept[k]
        np.testing.assert_allclose(margins, expected, atol=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_each_theme_is_learnt_from_the_known_rows_alone(solver: str, seed: int) -> None:
    matrix, labels, known = make_problem(seed, get_solver(solver).dtype)
    ones = np.ones((3, N_FEATURES))
    found = fit(solver, (matrix, labels, known), ones)
    for k in range(3):
        rows = np.flatnonzero(known[:, k])
        alone = get_solver(solver).fit(matrix, N_FEATURES, labels[:, [k]], 1.0, 0, rows, apart=True)
        np.testing.assert_array_equal(found.weights[:, k], alone.weights[:, 0])
        assert found.intercept[k] == alone.intercept[0]
    if found.dual is not None:
        assert not found.dual[~known].any()
    others = np.where(known, labels, ~labels)
    other = fit(solver, (matrix, others, known), ones)
    np.testing.assert_array_equal(other.weights, found.weights)


@pytest.mark.parametrize("label", [True, False])
def test_a_theme_of_which_one_answer_alone_is_known(solver: str, label: bool) -> None:
    matrix, labels, known = make_problem(0, get_solver(solver).dtype)
    known[:, 1] = labels[:, 1] == label
    scale = fit_scale(matrix, N_FEATURES, labels, known, EVERY)
    found = fit(solver, (matrix, labels, known), scale)
    margins = dense(matrix) @ found.weights + found.intercept
    assert ((margins[known[:, 1], 1] > 0) == label).mean() > 0.95
