import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from chude.errors import ChudeError
from chude.estimators import fit_features, transform
from chude.features.tfidf import fit_counts, fit_spread, texts_by_group
from chude.features.vocabulary import FeatureOptions
from chude.text.fold import fold
from chude.text.segment import make_segmenter
from tests.invented import make_articles

TEXTS = [article.text for article in make_articles(30)]
NEW = ["Bộ đội biên phòng giúp dân gặt lúa, khen thưởng!", "", "Hoàn toàn xa lạ: xyz."]
SEGMENTER = make_segmenter("syllable")


def peer(options: FeatureOptions) -> TfidfVectorizer:
    def words(text: str) -> list[str]:
        found = SEGMENTER.segment([text]).words(0)
        return [fold(word) if options.folded else word for word in found]

    def ngrams(text: str) -> list[str]:
        found, (low, high) = words(text), options.ngrams
        return [
            " ".join(found[i : i + n])
            for n in range(low, high + 1)
            for i in range(len(found) - n + 1)
        ]

    return TfidfVectorizer(
        analyzer=ngrams, min_df=options.min_df, max_df=options.max_df, sublinear_tf=True
    )


@pytest.mark.parametrize(
    "options",
    [
        FeatureOptions(),
        FeatureOptions(ngrams=(1, 1), min_df=1),
        FeatureOptions(ngrams=(2, 3), min_df=3, max_df=0.5),
        FeatureOptions(ngrams=(1, 3), folded=False),
    ],
)
def test_the_matrix_is_scikit_learns(options: FeatureOptions) -> None:
    vectorizer = peer(options).fit(TEXTS)
    features, matrix = fit_features(SEGMENTER.segment(TEXTS), options)
    assert features.names == list(vectorizer.get_feature_names_out())
    assert (matrix != vectorizer.transform(TEXTS)).nnz == 0
    assert (transform(SEGMENTER.segment(NEW), features) != vectorizer.transform(NEW)).nnz == 0


WORDS = st.lists(st.sampled_from(["a", "b", "c", "đ", "e"]), max_size=12).map(" ".join)


@given(st.lists(WORDS, min_size=3, max_size=8), st.lists(WORDS, max_size=4), st.integers(1, 3))
def test_the_matrix_is_scikit_learns_on_any_words(
    texts: list[str], new: list[str], min_df: int
) -> None:
    options = FeatureOptions(ngrams=(1, 3), min_df=min_df)
    try:
        vectorizer = peer(options).fit(texts)
    except ValueError:  # nothing is left
        with pytest.raises(ChudeError, match="no word occurs"):
            fit_features(SEGMENTER.segment(texts), options)
        return
    features, matrix = fit_features(SEGMENTER.segment(texts), options)
    assert np.array_equal(matrix.toarray(), vectorizer.transform(texts).toarray())
    found = transform(SEGMENTER.segment(new), features).toarray()
    for row, text in zip(found, new, strict=True):
        assert np.array_equal(row, vectorizer.transform([text]).toarray()[0])


def test_ngrams_that_some_themes_use_weigh_more() -> None:
    """Against the formula, written out for one n-gram and theme at a time."""
    texts = ["biên giới", "biên phòng", "thi đua", "thi đua", "dân vận biên", "dân vận xa"]
    themes, rows = np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 2, 3, 4])
    features, counts = fit_counts(SEGMENTER.segment(texts), FeatureOptions((1, 1), min_df=1))
    groups = np.where(np.isin(np.arange(6), rows), themes, 3)
    found = texts_by_group(counts, groups, 4, len(features.idf))[:3]
    spread = fit_spread(found, np.bincount(themes[rows]))

    def deviation(name: str) -> float:
        ratios = []
        for theme in range(3):
            inside = [texts[i] for i in rows if themes[i] == theme]
            others = [texts[i] for i in rows if themes[i] != theme]
            shares = [
                (sum(name in text.split() for text in some) + 1) / (len(some) + 2)
                for some in (inside, others)
            ]
            ratios.append(np.log(shares[0] / shares[1]))
        return float(np.std(ratios))

    deviations = np.array([deviation(name) for name in features.names])
    df = np.array([sum(n in texts[i].split() for i in rows) for n in features.names])
    assert np.allclose(spread, (1 + deviations / np.average(deviations, weights=df)) / 2)
    of = dict(zip(features.names, spread, strict=True))
    assert of["đua"] > of["biên"]


def test_ngrams_that_all_themes_use_alike_weigh_as_they_did() -> None:
    features, counts = fit_counts(SEGMENTER.segment(["a b"] * 4), FeatureOptions())
    found = texts_by_group(counts, np.array([0, 1, 0, 1]), 2, len(features.idf))
    spread = fit_spread(found, np.array([2, 2]))
    assert np.array_equal(spread, np.ones(len(spread)))


def test_punctuation_is_not_counted_and_ngrams_go_across_it() -> None:
    tokens = make_segmenter("underthesea").segment(["Bộ đội, nhân dân (ấm no)."] * 2)
    assert tokens.words(0) == ["Bộ_đội", ",", "nhân_dân", "(", "ấm_no", ")", "."]
    names = fit_features(tokens, FeatureOptions())[0].names
    assert names == ["bộ_đội", "bộ_đội nhân_dân", "nhân_dân", "nhân_dân ấm_no", "ấm_no"]


def test_kept_columns_need_only_their_own_words() -> None:
    features, _matrix = fit_features(SEGMENTER.segment(TEXTS), FeatureOptions())
    columns = np.arange(0, len(features.grams), 7)
    kept = features.keep(columns)
    assert kept.names == [features.names[i] for i in columns]
    assert len(kept.words) < len(features.words)


def test_ngrams_too_long_for_an_integer_end_in_one_message() -> None:
    tokens = SEGMENTER.segment(TEXTS)
    with pytest.raises(ChudeError, match="do not fit"):
        fit_features(tokens, FeatureOptions(ngrams=(1, 20)))
