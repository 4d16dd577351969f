"""The features and the classifier in scikit-learn's conventions, for pipelines and searches."""

from collections.abc import Sequence
from typing import Any, Self, TypeAlias

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, column_or_1d, validate_data

from chude.features.sparse import csr, sparse_rows
from chude.features.tfidf import Features, count, fit_counts
from chude.features.vocabulary import FeatureOptions
from chude.text.segment import make_segmenter
from chude.text.tokens import Tokens
from chude.training.solvers.registry import get_solver

Matrix: TypeAlias = "NDArray[np.float64] | sp.csr_matrix"


def fit_features(tokens: Tokens, options: FeatureOptions) -> tuple[Features, sp.csr_matrix]:
    """Choose the n-grams of a batch; also its TF-IDF matrix (n_texts, n_features)."""
    features, counts = fit_counts(tokens, options)
    return features, csr(features.weigh(counts), len(features.idf))


def transform(tokens: Tokens, features: Features) -> sp.csr_matrix:
    """The TF-IDF matrix (n_texts, n_features) of a batch, float64, rows of length 1 or 0."""
    return csr(features.weigh(count(tokens, features)), len(features.idf))


class NgramVectorizer(TransformerMixin, BaseEstimator):
    """Segments texts and weighs their word n-grams by TF-IDF, sublinear, rows of length 1.

    Parameters: segmenter, "underthesea" or "syllable"; ngrams, min_df, max_df and folded as in
    `FeatureOptions`. The matrix is that of `TfidfVectorizer` for the same words.
    """

    def __init__(
        self,
        segmenter: str = "underthesea",
        ngrams: tuple[int, int] = (1, 2),
        min_df: int = 1,
        max_df: float = 1.0,
        folded: bool = True,
    ) -> None:
        self.segmenter = segmenter
        self.ngrams = ngrams
        self.min_df = min_df
        self.max_df = max_df
        self.folded = folded

    def fit(self, X: Sequence[str], y: object = None) -> Self:
        """Choose the n-grams of these texts."""
        self.fit_transform(X)
        return self

    def fit_transform(self, X: Sequence[str], y: object = None) -> sp.csr_matrix:
        """Choose the n-grams of these texts; returns their matrix (n_texts, n_features)."""
        options = FeatureOptions(self.ngrams, self.min_df, self.max_df, self.folded)
        tokens = make_segmenter(self.segmenter).segment(X)
        self.features_, matrix = fit_features(tokens, options)
        return matrix

    def transform(self, X: Sequence[str]) -> sp.csr_matrix:
        """The matrix (n_texts, n_features) of these texts; unknown n-grams do not count."""
        check_is_fitted(self)
        return transform(make_segmenter(self.segmenter).segment(X), self.features_)

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:
        """The n-grams, one a column."""
        check_is_fitted(self)
        return np.array(self.features_.names, dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.no_validation = True
        return tags


class LinearClassifier(ClassifierMixin, BaseEstimator):
    """A linear support vector machine for each theme against the rest.

    Parameters: C, the inverse of the regularisation, above 0; random_state, the seed of the order
    in which the articles are visited; solver, a key of `chude.training.solvers.registry.SOLVERS`.

    `y` is an indicator matrix (n_articles, n_themes) for any number of themes an article, or
    labels (n_articles,) for exactly one.
    """

    def __init__(self, C: float = 1.0, random_state: int = 0, solver: str = "liblinear") -> None:
        self.C = C
        self.random_state = random_state
        self.solver = solver

    def fit(self, X: Matrix, y: NDArray[Any]) -> Self:
        """Fit weights `coef_` (n_outputs, n_features) and `intercept_` (n_outputs,).

        Two exclusive classes have one output, as in scikit-learn. Raises ValueError where there
        is only one class.
        """
        X, y = validate_data(self, X, y, accept_sparse="csr", multi_output=True, dtype=np.float64)
        check_classification_targets(y)
        self.multilabel_ = type_of_target(y) == "multilabel-indicator"
        if self.multilabel_:
            self.classes_ = np.arange(y.shape[1])
            targets = y.astype(bool)
        else:
            y = column_or_1d(y, warn=True)
            self.classes_ = np.unique(y)
            if len(self.classes_) < 2:
                raise ValueError("LinearClassifier needs articles of 2 classes, there is one class")
            columns = self.classes_[1:] if len(self.classes_) == 2 else self.classes_
            targets = y[:, None] == columns
        solver = get_solver(self.solver)
        rows = sparse_rows(sp.csr_matrix(X))
        fitted = solver.fit(rows, X.shape[1], targets, self.C, self.random_state)
        self.coef_, self.intercept_ = fitted.weights.T, fitted.intercept
        self.n_iter_ = fitted.rounds
        return self

    def decision_function(self, X: Matrix) -> NDArray[np.floating]:
        """Margins (n_articles, n_outputs), or (n_articles,) for two exclusive classes."""
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", reset=False, dtype=np.float64)
        margins = np.asarray(X @ self.coef_.T) + self.intercept_
        return margins if self.multilabel_ or margins.shape[1] > 1 else margins[:, 0]

    def predict(self, X: Matrix) -> NDArray[Any]:
        """Indicator matrix (n_articles, n_themes) or labels (n_articles,)."""
        margins = self.decision_function(X)
        if self.multilabel_:
            return (margins > 0).astype(np.int64)
        if margins.ndim == 1:
            return self.classes_[(margins > 0).astype(np.int64)]
        return self.classes_[margins.argmax(axis=1)]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.classifier_tags.multi_label = True
        return tags
