"""Stratified folds for articles that carry any number of themes."""

import numpy as np
from numpy.typing import NDArray

from chude.errors import ChudeError


def folds(
    labels: NDArray[np.bool_],
    n_folds: int,
    seed: int,
    groups: NDArray[np.integer] | None = None,
) -> NDArray[np.int64]:
    """The fold of each article, 0 to n_folds - 1.

    Articles with the same combination of themes are shuffled and dealt out in turn, so that every
    fold gets its share of each combination, of each theme and of the articles.

    labels: (n_articles, n_themes). groups: (n_articles,), equal for articles that must not be
    parted, such as near copies; a group is dealt out as its first article alone would be.

    Returns (n_articles,). Raises ChudeError when there are fewer groups than folds.
    """
    if groups is not None:
        _, first, member = np.unique(groups, return_index=True, return_inverse=True)
        order = np.argsort(first)  # so that groups of one article each change nothing
        place = np.argsort(order)
        return folds(labels[first[order]], n_folds, seed)[place[member.reshape(-1)]]
    if len(labels) < n_folds:
        raise ChudeError(
            f"only {len(labels)} different articles for {n_folds} folds. Add articles."
        )
    packed = np.packbits(labels, axis=1)  # fewer columns to sort by, in the same order
    _, combination = np.unique(packed, axis=0, return_inverse=True)
    shuffled = np.random.default_rng(seed).permutation(len(labels))
    order = shuffled[np.argsort(combination.reshape(-1)[shuffled], kind="stable")]
    fold = np.empty(len(labels), dtype=np.int64)
    fold[order] = np.arange(len(labels)) % n_folds
    return fold
