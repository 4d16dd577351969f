import numpy as np
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

from chude.corpus.article import Article
from chude.estimators import LinearClassifier, NgramVectorizer
from tests.invented import KEYS


@parametrize_with_checks([LinearClassifier()])  # type: ignore[misc]
def test_scikit_learns_conventions(estimator: BaseEstimator, check: object) -> None:
    check(estimator)  # type: ignore[operator]


def test_the_vectorizer_can_be_cloned_and_set() -> None:
    # scikit-learn has no checks for estimators that take texts.
    vectorizer = NgramVectorizer("syllable", ngrams=(1, 3), min_df=2)
    assert clone(vectorizer).get_params() == vectorizer.get_params()
    assert clone(vectorizer).set_params(folded=False).folded is False
    with pytest.raises(NotFittedError):
        vectorizer.transform(["Bộ đội."])


def test_a_pipeline_learns_any_number_of_themes(articles: list[Article]) -> None:
    texts = [article.text for article in articles]
    labels = np.array([[key in (a.themes or ()) for key in KEYS] for a in articles])
    pipeline = make_pipeline(NgramVectorizer("syllable", min_df=2), LinearClassifier(C=10.0))
    predicted = pipeline.fit(texts[:60], labels[:60]).predict(texts[60:])
    assert (predicted == labels[60:]).mean() > 0.95


def test_a_pipeline_learns_exclusive_classes(articles: list[Article]) -> None:
    texts = [article.text for article in articles]
    labels = np.array([a.themes[0] if a.themes else "none" for a in articles])
    pipeline = make_pipeline(NgramVectorizer("syllable"), LinearClassifier(C=10.0))
    assert pipeline.fit(texts, labels).score(texts, labels) == 1.0
    assert list(pipeline[0].get_feature_names_out()[:1]) == ["0"]
