"""What numba compiles gives the same bits as NumPy, and the same models as liblinear."""

import importlib
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chude.compute import backend
from chude.compute.pair_table import PairTable
from chude.features.sparse import LEFT_OUT, UNKNOWN
from chude.features.tfidf import count, fit_counts, texts_by_group
from chude.features.vocabulary import FeatureOptions
from chude.model.score import Linear
from chude.text.segment import make_segmenter

SEGMENTER = make_segmenter("syllable")
WORDS = st.lists(st.sampled_from([*"abcđe", "\n"]), max_size=14).map(" ".join)
OPTIONS = st.builds(
    FeatureOptions,
    ngrams=st.sampled_from([(1, 1), (1, 2), (2, 3)]),
    min_df=st.integers(1, 3),
    max_df=st.sampled_from([0.7, 1.0]),
)


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


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
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
