"""Texts to TF-IDF, as a scikit-learn transformer."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from chude.features.tfidf import fit_features, transform
from chude.features.vocabulary import FeatureOptions
from chude.text.segment import make_segmenter


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
        self.features_, matrix = fit_features(make_segmenter(self.segmenter).segment(X), options)
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
