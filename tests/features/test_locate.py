"""Where n-grams stand is what is counted, with offsets."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from chude.features.locate import occurrences, shares
from chude.features.tfidf import count, fit_counts
from chude.features.vocabulary import FeatureOptions
from chude.text.segment import make_segmenter

SEGMENTER = make_segmenter("syllable")
WORDS = st.lists(st.sampled_from([*"abcđe", "!", "\n"]), max_size=14).map(" ".join)
OPTIONS = st.builds(
    FeatureOptions, ngrams=st.sampled_from([(1, 1), (1, 2), (2, 3)]), min_df=st.integers(1, 2)
)


@settings(deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=6), OPTIONS)
def test_what_is_located_is_what_is_counted(texts: list[str], options: FeatureOptions) -> None:
    features, _ = fit_counts(SEGMENTER.segment(["a b c đ e"] * 2 + texts), options)
    tokens = SEGMENTER.segment(texts)
    located, counted = occurrences(tokens, features), count(tokens, features)
    for i in range(len(texts)):
        inside = located.columns[located.indptr[i] : located.indptr[i + 1]]
        columns, counts = np.unique(inside, return_counts=True)
        entries = slice(counted.indptr[i], counted.indptr[i + 1])
        assert columns.tolist() == counted.columns[entries].tolist()
        assert counts.tolist() == counted.counts[entries].tolist()
    for column, words, length in zip(located.columns, located.words, located.lengths, strict=True):
        spelled = [tokens.vocabulary[tokens.ids[w]] for w in words[:length]]
        assert " ".join(spelled).lower() == features.name(column)
    weights = features.weigh(counted)
    share = shares(features, located.columns, located.rows, len(texts))
    summed = np.zeros((len(texts), len(features.idf)))
    np.add.at(summed, (located.rows, located.columns), share)
    dense = np.zeros_like(summed)
    dense[weights.rows, weights.columns] = weights.data
    np.testing.assert_allclose(summed, dense, atol=1e-12)


def test_n_grams_go_across_punctuation_but_not_across_unknown_words() -> None:
    segmenter = make_segmenter("underthesea")
    features, _ = fit_counts(segmenter.segment(["Bà con gặt lúa."] * 2), FeatureOptions())
    text = "Bà con, gặt (xong) lúa"
    tokens = segmenter.segment([text])
    located = occurrences(tokens, features)
    spans = {
        features.name(column): text[tokens.starts[words[0]] : tokens.ends[last]]
        for column, words, last in zip(
            located.columns, located.words, located.last_words, strict=True
        )
    }
    assert spans["bà_con gặt"] == "Bà con, gặt"
    assert "gặt lúa" not in spans
