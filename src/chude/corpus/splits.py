"""Stratified folds for articles that carry any number of themes."""

import numpy as np
from numpy.typing import NDArray


def folds(labels: NDArray[np.bool_], n_folds: int, seed: int) -> NDArray[np.int64]:
    """The fold of each article, 0 to n_folds - 1.

    Articles with the same combination of themes are shuffled and dealt out in turn, so that every
    fold gets its share of each combination, of each theme and of the articles.

    labels: (n_articles, n_themes). Returns (n_articles,).
    """
    packed = np.packbits(labels, axis=1)  # fewer columns to sort by, in the same order
    _, combination = np.unique(packed, axis=0, return_inverse=True)
    shuffled = np.random.default_rng(seed).permutation(len(labels))
    order = shuffled[np.argsort(combination.reshape(-1)[shuffled], kind="stable")]
    fold = np.empty(len(labels), dtype=np.int64)
    fold[order] = np.arange(len(labels)) % n_folds
    return fold
