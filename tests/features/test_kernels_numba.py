"""What numba compiles gives the same bits as NumPy, and the same models as liblinear."""

import importlib
import sys
from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.svm import LinearSVC
from sklearn.utils.estimator_checks import parametrize_with_checks

from chude.compute import backend
from chude.compute.backend import start
from chude.compute.pair_table import PairTable
from chude.corpus.taxonomy import Taxonomy
from chude.features.sparse import LEFT_OUT, UNKNOWN, SparseRows, sparse_rows
from chude.features.tfidf import count, fit_counts, texts_by_group
from chude.features.vocabulary import FeatureOptions
from chude.model import svm
from chude.model.classifier import LinearClassifier
from chude.model.scoring import Linear
from chude.model.train import TrainOptions, train
from chude.text.segment import make_segmenter
from tests.conftest import KEYS, make_articles

SEGMENTER = make_segmenter("syllable")
WORDS = st.lists(st.sampled_from([*"abcđe", "\n"]), max_size=14).map(" ".join)
OPTIONS = st.builds(
    FeatureOptions,
    ngrams=st.sampled_from([(1, 1), (1, 2), (2, 3)]),
    min_df=st.integers(1, 3),
    max_df=st.sampled_from([0.7, 1.0]),
)


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Take the compiled functions for any batch; the caller undoes it to compare."""
    pytest.importorskip("numba")
    for work in ("count", "fit"):
        monkeypatch.setitem(backend.WHOLES, work, 0)
    monkeypatch.setitem(backend.STREAMS, "count", (0, 0))
    return monkeypatch


def counted(
    texts: list[str], new: list[str], options: FeatureOptions, commonest_first: bool = False
) -> list[np.ndarray]:
    """Everything that is computed between words and margins, for two batches."""
    tokens, others = SEGMENTER.segment(texts), SEGMENTER.segment(new)
    features, counts = fit_counts(tokens, options, commonest_first)
    found = count(others, features)
    weights = np.random.default_rng(0).normal(size=(len(features.idf), 3)).astype(np.float32)
    rows = features.weigh(found)
    linear = Linear(weights, np.ones(3, np.float32))
    some = np.arange(0, len(found), 2)
    margins = [linear.margins(rows), linear.margins(rows, some)]
    themes = np.arange(len(counts)) % 3
    by_theme = texts_by_group(counts, themes, 3, len(features.idf))
    fitted = [features.grams, features.idf, by_theme, counts.indptr, counts.columns, counts.counts]
    weighed = [features.weigh(counts).data, features.weigh(counts, np.float32).data]
    return [*fitted, *weighed, *rows, found.counts, *margins]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WORDS, min_size=3, max_size=9), st.lists(WORDS, max_size=4), OPTIONS, st.booleans())
def test_counting_and_scoring_are_the_same_to_the_bit(
    compiled: pytest.MonkeyPatch,
    texts: list[str],
    new: list[str],
    options: FeatureOptions,
    first: bool,
) -> None:
    texts = [*texts, *["g h i k"] * len(texts)]  # so that some n-gram is left
    with compiled.context() as numpy_alone:
        numpy_alone.setitem(backend.WHOLES, "count", 10**9)
        numpy_alone.setitem(backend.STREAMS, "count", (10**9, 0))
        numpy_alone.setitem(sys.modules, "chude.compute.jit", None)
        expected = counted(texts, new, options, first)
    for found, wanted in zip(counted(texts, new, options, first), expected, strict=True):
        assert found.dtype == wanted.dtype
        assert np.array_equal(found, wanted)


@pytest.mark.parametrize("cores", [1, 2, 7])
def test_texts_are_counted_in_parts(compiled: pytest.MonkeyPatch, cores: int) -> None:
    texts = [" ".join(f"w{i}" for i in range(n, n + 60)) for n in range(0, 900, 30)]
    options = FeatureOptions(ngrams=(1, 3))
    counting = importlib.import_module("chude.features.count_numba")
    compiled.setattr(counting, "_SLOT_BITS", 2)
    compiled.setattr(counting, "usable_cores", lambda: cores)
    in_parts = counted(texts, texts[:3], options)
    compiled.setitem(backend.WHOLES, "count", 10**9)
    for found, wanted in zip(in_parts, counted(texts, texts[:3], options), strict=True):
        assert np.array_equal(found, wanted)


def test_numbers_written_out_are_those_they_stand_for() -> None:
    compiled = pytest.importorskip("chude.features.kernels_numba")
    assert (UNKNOWN, LEFT_OUT) == (compiled._UNKNOWN, compiled._LEFT_OUT)
    slots, table = np.zeros(8, np.int64), PairTable(6)
    places, shape = np.arange(8, dtype=np.int32) << 20, (1, 1, 40)
    compiled.list_keys(places, shape, np.zeros(8, np.int64), slots, np.uint64(64 - 6))
    assert slots.tolist() == table._home(places.astype(np.int64) + 1).tolist()


def of(matrix: sp.csr_matrix) -> tuple[SparseRows, int]:
    return sparse_rows(matrix), matrix.shape[1]


def problem(n_themes: int) -> tuple[sp.csr_matrix, np.ndarray]:
    rng = np.random.default_rng(1)
    matrix = sp.random(300, 80, density=0.15, format="csr", random_state=rng)
    matrix.data /= np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel() + 1e-9).repeat(
        np.diff(matrix.indptr)
    )
    return matrix, (matrix @ rng.normal(size=(80, n_themes)) > 0.2)


@pytest.mark.parametrize(("n_themes", "strength"), [(1, 1.0), (3, 0.3), (20, 3.0)])
def test_the_weights_are_close_to_liblinears(
    n_themes: int, strength: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("numba")
    matrix, targets = problem(n_themes)
    weights, intercept, dual, _ = svm.fit(*of(matrix), targets, strength, 0)
    margins = matrix @ weights + intercept
    signed = dual * np.where(targets, 1, -1)
    assert np.allclose(matrix.T @ signed, weights, atol=1e-4)
    assert np.allclose(signed.sum(axis=0), intercept, atol=1e-4)
    peers = [LinearSVC(C=strength, tol=1e-8, max_iter=10**6).fit(matrix, t) for t in targets.T]
    exact = np.stack([peer.decision_function(matrix) for peer in peers], axis=1)
    assert np.abs(margins - exact).max() < 0.3  # the tolerance, which is for speed
    monkeypatch.setattr(svm, "_TOLERANCE", 1e-4)
    weights, intercept, *_ = svm.fit(*of(matrix), targets, strength, 0)
    assert np.abs(matrix @ weights + intercept - exact).max() < 1e-3


def test_learning_from_some_rows_is_learning_from_a_matrix_of_them() -> None:
    pytest.importorskip("numba")
    matrix, targets = problem(3)
    rows = np.arange(0, 300, 2)
    found = svm.fit(*of(matrix), targets, 1.0, 0, rows)
    wanted = svm.fit(*of(matrix[rows]), targets[rows], 1.0, 0)
    assert np.array_equal(found.weights, wanted.weights)
    assert np.array_equal(found.intercept, wanted.intercept)
    assert np.array_equal(found.dual[rows], wanted.dual)
    assert not found.dual[1::2].any()


def test_learning_goes_on_from_dual_variables_to_the_same_weights(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("numba")
    matrix, targets = problem(20)
    near = svm.fit(*of(matrix), targets, 1.0, 0)
    monkeypatch.setattr(svm, "_TOLERANCE", 1e-4)
    exact = svm.fit(*of(matrix), targets, 1.0, 0)
    found = svm.fit(*of(matrix), targets, 1.0, 0, start=near.dual)
    assert found.rounds < exact.rounds
    assert np.abs(found.weights - exact.weights).max() < 1e-3


def test_the_same_seed_gives_the_same_weights() -> None:
    pytest.importorskip("numba")
    matrix, targets = problem(4)
    first, again, other = (svm.fit(*of(matrix), targets, 1.0, seed)[0] for seed in (5, 5, 6))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


if start():

    @parametrize_with_checks([LinearClassifier(solver="compiled")])  # type: ignore[misc]
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
    assert fast.provenance["chosen"]["solver"] == "compiled"
    compiled.undo()
    slow = train(articles, taxonomy, TrainOptions(segmenter="syllable"))
    assert slow.provenance["chosen"]["solver"] == "liblinear"
    assert np.abs(fast.probabilities(new) - slow.probabilities(new)).max() < 0.1


@settings(deadline=None)
@given(
    st.sampled_from([200, 4096, 4097, 1_000_000]).flatmap(
        lambda limit: st.tuples(
            st.just(limit), st.lists(st.integers(0, limit - 1), min_size=100, max_size=300)
        )
    )
)
def test_many_numbers_are_sorted_by_their_digits(drawn: tuple[int, list[int]]) -> None:
    compiled = pytest.importorskip("chude.features.kernels_numba")
    limit, values = drawn
    numbers = np.array(values, dtype=np.int32)
    compiled.sort_numbers(numbers, compiled.make_sorter(limit, 300))
    assert numbers.tolist() == sorted(values)
