"""One pass counts what two would: whole texts and their passages."""

from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chude.compute import backend, pair_table
from chude.features.sparse import LEFT_OUT, UNKNOWN, Parts
from chude.features.tfidf import count, count_parts, fit_counts
from chude.features.vocabulary import FeatureOptions
from chude.model.score import Linear, Scorer
from chude.text.passages import passage_bounds, passage_tokens, split_all
from chude.text.segment import make_segmenter

SEGMENTER = make_segmenter("syllable")
LINES = st.lists(st.sampled_from([*"abcđeg", "- lạ", "\n", "a b\n", "xyz", "a " * 45]), max_size=30)
TEXTS = st.lists(LINES.map(" ".join), max_size=5)
OPTIONS = st.builds(
    FeatureOptions,
    ngrams=st.sampled_from([(1, 1), (1, 2), (2, 3), (1, 3)]),
    min_df=st.integers(1, 2),
)


@pytest.fixture(params=["numpy", "numba"])
def compiled(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "numba" and not backend.start():
        pytest.skip("numba is not installed")
    work = (0, 0) if request.param == "numba" else (10**9, 10**9)
    monkeypatch.setitem(backend.STREAMS, "count", work)


def test_passages_and_whole_texts_are_counted_as_one_by_one(compiled: None) -> None:
    @settings(max_examples=200)
    @given(TEXTS, TEXTS, OPTIONS)
    def compare(texts: list[str], new: list[str], options: FeatureOptions) -> None:
        texts = [*texts, *["a b c d e g đ"] * 3]
        features, _ = fit_counts(SEGMENTER.segment(texts), options)
        tokens, passages = SEGMENTER.segment(new), split_all(new)
        parts = Parts(passage_bounds(tokens, passages), passages.indptr)
        found = count_parts(tokens, parts, features)
        expected = count(tokens, features), count(passage_tokens(tokens, passages), features)
        for one, other in zip(found, expected, strict=True):
            for column, wanted in zip(astuple(one), astuple(other), strict=True):
                assert column.dtype == wanted.dtype
                assert np.array_equal(column, wanted)

    compare()


def test_margins_are_those_of_texts_and_passages_alone(compiled: None) -> None:
    texts = [
        "Tiêu đề\n\n" + "Bộ đội giúp dân gặt lúa ở bản xa. " * 30,
        "",
        "Khen thưởng\nxã nhà\n" + "Dân quân tập luyện, bộ đội khen. " * 20,
    ]
    tokens = SEGMENTER.segment(texts)
    features, _ = fit_counts(tokens, FeatureOptions(min_df=1))
    weights = np.random.default_rng(0).normal(size=(2, len(features.idf), 3)).astype(np.float32)
    article, passage = (Linear(one, np.ones(3, np.float32)) for one in weights)
    scorer = Scorer(features, article, passage)
    passages = split_all(texts)
    of_passages = scorer.passage_margins(tokens, passages)
    margins = scorer.margins(tokens, texts)
    assert np.array_equal(margins[:, :, 0], scorer.article_margins(tokens))
    for i, (first, last) in enumerate(zip(passages.indptr, passages.indptr[1:], strict=False)):
        assert np.array_equal(margins[i, :, 1], of_passages[first:last].max(axis=0))
    assert np.array_equal(Scorer(features, article, None).margins(tokens, texts), margins[..., :1])


def test_numbers_written_out_are_those_they_stand_for() -> None:
    twin = pytest.importorskip("chude.features.passage_counts_numba")
    assert (UNKNOWN, LEFT_OUT) == (twin._UNKNOWN, twin._LEFT_OUT)
    assert pair_table._MULTIPLIER == twin._GOLDEN
