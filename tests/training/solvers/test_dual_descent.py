"""The compiled solver finds the machines that liblinear finds."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.svm import LinearSVC
from sklearn.utils.estimator_checks import parametrize_with_checks

from chude.compute.backend import start
from chude.corpus.taxonomy import Taxonomy
from chude.estimators import LinearClassifier
from chude.features.sparse import SparseRows, sparse_rows
from chude.training.solvers import dual_descent
from chude.training.train import TrainOptions, train
from tests.invented import KEYS, make_articles


def of(matrix: sp.csr_matrix) -> tuple[SparseRows, int]:
    return sparse_rows(matrix), matrix.shape[1]


def problem(n_themes: int) -> tuple[sp.csr_matrix, np.ndarray]:
    rng = np.random.default_rng(1)
    matrix = sp.random(300, 80, density=0.15, format="csr", random_state=rng)
    matrix.data /= np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel() + 1e-9).repeat(
        np.diff(matrix.indptr)
    )
    return matrix, (matrix @ rng.normal(size=(80, n_themes)) > 0.2)


@pytest.mark.parametrize(("n_themes", "C"), [(1, 1.0), (3, 0.3), (20, 3.0)])
def test_the_weights_are_close_to_liblinears(
    n_themes: int, C: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("numba")
    matrix, targets = problem(n_themes)
    weights, intercept, dual, _ = dual_descent.fit(*of(matrix), targets, C, 0)
    margins = matrix @ weights + intercept
    signed = dual * np.where(targets, 1, -1)
    assert np.allclose(matrix.T @ signed, weights, atol=1e-4)
    assert np.allclose(signed.sum(axis=0), intercept, atol=1e-4)
    peers = [LinearSVC(C=C, tol=1e-8, max_iter=10**6).fit(matrix, t) for t in targets.T]
    exact = np.stack([peer.decision_function(matrix) for peer in peers], axis=1)
    assert np.abs(margins - exact).max() < 0.3  # the tolerance, which is for speed
    monkeypatch.setattr(dual_descent, "_TOLERANCE", 1e-4)
    weights, intercept, *_ = dual_descent.fit(*of(matrix), targets, C, 0)
    assert np.abs(matrix @ weights + intercept - exact).max() < 1e-3


def test_learning_from_some_rows_is_learning_from_a_matrix_of_them() -> None:
    pytest.importorskip("numba")
    matrix, targets = problem(3)
    rows = np.arange(0, 300, 2)
    found = dual_descent.fit(*of(matrix), targets, 1.0, 0, rows)
    wanted = dual_descent.fit(*of(matrix[rows]), targets[rows], 1.0, 0)
    assert np.array_equal(found.weights, wanted.weights)
    assert np.array_equal(found.intercept, wanted.intercept)
    assert np.array_equal(found.dual[rows], wanted.dual)
    assert not found.dual[1::2].any()


@pytest.mark.parametrize("n_themes", [1, 3, 15, 19])
def test_few_themes_are_learnt_side_by_side_as_many_are(
    n_themes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    numba = pytest.importorskip("chude.training.solvers.dual_descent_numba")
    matrix, targets = problem(n_themes)
    rows, known = np.arange(1, 300), np.random.default_rng(0).random(targets.shape) < 0.9
    found = dual_descent.fit(*of(matrix), targets, 1.0, 0, rows, known=known)
    start = dual_descent.fit(*of(matrix), targets, 3.0, 0, start=found.dual)
    monkeypatch.setattr(numba, "LANES", (16,))
    wanted = dual_descent.fit(*of(matrix), targets, 1.0, 0, rows, known=known)
    again = dual_descent.fit(*of(matrix), targets, 3.0, 0, start=wanted.dual)
    for one, other in zip((*found, *start), (*wanted, *again), strict=True):
        assert np.array_equal(one, other)


def test_learning_goes_on_from_dual_variables_to_the_same_weights(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("numba")
    matrix, targets = problem(20)
    near = dual_descent.fit(*of(matrix), targets, 1.0, 0)
    monkeypatch.setattr(dual_descent, "_TOLERANCE", 1e-4)
    exact = dual_descent.fit(*of(matrix), targets, 1.0, 0)
    found = dual_descent.fit(*of(matrix), targets, 1.0, 0, start=near.dual)
    assert found.rounds < exact.rounds
    assert np.abs(found.weights - exact.weights).max() < 1e-3


def test_the_same_seed_gives_the_same_weights() -> None:
    pytest.importorskip("numba")
    matrix, targets = problem(4)
    first, again, other = (
        dual_descent.fit(*of(matrix), targets, 1.0, seed)[0] for seed in (5, 5, 6)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


if start():

    @parametrize_with_checks([LinearClassifier(solver="dual_descent")])  # type: ignore[misc]
    def test_scikit_learns_conventions(estimator: object, check: object) -> None:
        check(estimator)  # type: ignore[operator]


@pytest.mark.parametrize("exclusive", [False, True])
def test_a_model_learnt_by_compiled_functions_finds_the_same_themes(
    compiled: pytest.MonkeyPatch, exclusive: bool
) -> None:
    articles, new = make_articles(84), make_articles(28, seed=1)
    if exclusive:
        articles = [replace(a, themes=(a.themes or ("none",))[:1], passages={}) for a in articles]
    taxonomy = Taxonomy.of(["none", *KEYS] if exclusive else KEYS, exclusive)
    fast = train(articles, taxonomy, TrainOptions(segmenter="syllable"))
    assert fast.provenance["chosen"]["solver"] == "dual_descent"
    compiled.undo()
    slow = train(articles, taxonomy, TrainOptions(segmenter="syllable"))
    assert slow.provenance["chosen"]["solver"] == "liblinear"
    assert np.abs(fast.probabilities(new) - slow.probabilities(new)).max() < 0.1


def test_a_rare_theme_is_learnt_as_well_as_a_common_one_where_it_stands_apart() -> None:
    pytest.importorskip("numba")
    rng = np.random.default_rng(3)
    matrix = sp.random(2000, 300, density=0.05, format="csr", random_state=rng)
    score = np.asarray(matrix @ rng.normal(size=(300, 1)))
    rare = score > np.quantile(score, 0.98)
    exact = LinearSVC(C=1.0, tol=1e-8, max_iter=10**6).fit(matrix, rare.ravel())
    wanted = exact.decision_function(matrix)[rare.ravel()]
    away = []
    for apart in (False, True):
        found = dual_descent.fit(*of(matrix), rare, 1.0, 0, apart=apart)
        margins = np.asarray(matrix @ found.weights + found.intercept)[rare]
        away.append(np.abs(margins - wanted).mean())
    assert away[1] < away[0] / 3
    assert away[1] < 0.1
