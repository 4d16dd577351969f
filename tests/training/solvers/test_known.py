"""Rows of which a theme is not known are as if they were not there, theme by theme."""

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from chude.features.sparse import SparseRows, sparse_rows
from chude.training.solvers import dual_descent, liblinear
from chude.training.solvers.registry import SOLVERS, get_solver


def make_problem(
    seed: int, n_rows: int = 120, n_themes: int = 3, dtype: type = np.float64
) -> tuple[SparseRows, NDArray[np.bool_], NDArray[np.bool_]]:
    """Rows of length 1, labels that depend on them, and which of these are known."""
    rng = np.random.default_rng(seed)
    matrix = sp.random(n_rows, 40, 0.2, "csr", dtype, random_state=seed)
    targets = np.asarray(matrix @ rng.normal(size=(40, n_themes)) > 0)
    return sparse_rows(matrix), targets, rng.random(targets.shape) < 0.6


@pytest.mark.parametrize("seed", range(3))
def test_liblinear_learns_each_theme_from_the_known_rows_alone(seed: int) -> None:
    matrix, targets, known = make_problem(seed)
    fitted = liblinear.fit(matrix, 40, targets, 1.0, 0, known=known)
    for k in range(targets.shape[1]):
        rows = np.flatnonzero(known[:, k])
        alone = liblinear.fit(matrix, 40, targets[:, [k]], 1.0, 0, rows=rows)
        np.testing.assert_array_equal(fitted.weights[:, k], alone.weights[:, 0])
        assert fitted.intercept[k] == alone.intercept[0]


@pytest.mark.parametrize("seed", range(3))
def test_dual_descent_learns_each_theme_from_the_known_rows_alone(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("numba")
    monkeypatch.setattr(dual_descent, "_TOLERANCE", 1e-4)  # it stops early for speed alone
    fit = get_solver("dual_descent").fit
    matrix, targets, known = make_problem(seed, dtype=np.float32)
    fitted = fit(matrix, 40, targets, 1.0, 0, known=known)
    exact = liblinear.fit(matrix, 40, targets, 1.0, 0, known=known)
    assert fitted.dual is not None
    assert not fitted.dual[~known].any()
    for k in range(targets.shape[1]):
        rows = np.flatnonzero(known[:, k])
        alone = fit(matrix, 40, targets[:, [k]], 1.0, 0, rows=rows)
        scale = np.abs(exact.weights[:, k]).max()
        np.testing.assert_allclose(fitted.weights[:, k], alone.weights[:, 0], atol=0.005 * scale)
        np.testing.assert_allclose(fitted.weights[:, k], exact.weights[:, k], atol=0.005 * scale)


@pytest.mark.parametrize("name", SOLVERS)
def test_labels_that_are_not_known_change_nothing(name: str) -> None:
    if name == "dual_descent":
        pytest.importorskip("numba")
    fit = get_solver(name).fit
    matrix, targets, known = make_problem(0, dtype=get_solver(name).dtype)
    rng = np.random.default_rng(1)
    others = np.where(known, targets, rng.random(targets.shape) < 0.5)
    assert (others != targets).any()
    one, other = (fit(matrix, 40, t, 1.0, 0, known=known) for t in (targets, others))
    np.testing.assert_array_equal(one.weights, other.weights)
    np.testing.assert_array_equal(one.intercept, other.intercept)
    all_known = fit(matrix, 40, targets, 1.0, 0, known=np.ones_like(known))
    plain = fit(matrix, 40, targets, 1.0, 0)
    np.testing.assert_array_equal(all_known.weights, plain.weights)


@pytest.mark.parametrize("name", SOLVERS)
@pytest.mark.parametrize("label", [True, False])
def test_a_theme_of_which_one_answer_alone_is_known(name: str, label: bool) -> None:
    if name == "dual_descent":
        pytest.importorskip("numba")
    matrix, targets, known = make_problem(0, dtype=get_solver(name).dtype)
    known[:, 1] = targets[:, 1] == label
    fitted = get_solver(name).fit(matrix, 40, targets, 1.0, 0, known=known)
    dense = sp.csr_matrix((matrix.data, matrix.columns, matrix.indptr), shape=(120, 40))
    margins = dense @ fitted.weights + fitted.intercept
    assert ((margins[known[:, 1], 1] > 0) == label).mean() > 0.95
