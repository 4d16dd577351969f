"""Learn linear support vector machines, one a theme, compiled: for many articles.

Dual coordinate descent for the L2-regularised squared hinge loss (Hsieh et al. 2008), which is what
liblinear does theme by theme. Here up to 16 themes are learnt side by side, so that each pass over
the articles serves them all, and the weights of common words stand together in memory.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

_TOLERANCE = 0.1  # largest projected gradient at the end; margins have the size of 1
_MOST_ROUNDS = 200


def fit(
    matrix: sp.csr_matrix, targets: NDArray[np.bool_], strength: float, seed: int
) -> tuple[NDArray[np.float32], NDArray[np.float32], int]:
    """Weights (n_features, n_themes), intercepts (n_themes,), and the rounds it took.

    targets: (n_rows, n_themes). strength: C, the inverse of the regularisation. The intercept is
    regularised as the weight of a feature that is 1 everywhere, as in liblinear.
    """
    from chude.model.compiled import LANES

    indptr, columns, data, place = _by_frequency(matrix)
    machines = []
    rounds = 0
    for first in range(0, targets.shape[1], LANES):
        block = targets[:, first : first + LANES]
        weights, taken = _fit_lanes(indptr, columns, data, len(place), block, strength, seed)
        machines.append(weights[:, : block.shape[1]])
        rounds = max(rounds, taken)
    weights = np.hstack(machines)
    return weights[place], weights[-1], rounds


def _by_frequency(
    matrix: sp.csr_matrix,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32], NDArray[np.int32]]:
    """The matrix with the commonest columns first, and the new place of each column."""
    from chude.model.compiled import renumber

    order = np.argsort(-np.bincount(matrix.indices, minlength=matrix.shape[1]), kind="stable")
    place = np.empty(matrix.shape[1], dtype=np.int32)
    place[order] = np.arange(matrix.shape[1], dtype=np.int32)
    indptr, columns = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32)
    data = matrix.data.astype(np.float32)
    renumber(indptr, columns, data.view(np.int32), place)  # moves numbers, whatever they are
    return indptr, columns, data, place


def _fit_lanes(
    indptr: NDArray[np.integer],
    columns: NDArray[np.int32],
    data: NDArray[np.float32],
    n_features: int,
    targets: NDArray[np.bool_],
    strength: float,
    seed: int,
) -> tuple[NDArray[np.float32], int]:
    from chude.model.compiled import LANES, descend

    signs = np.full((len(targets), LANES), -1, dtype=np.float32)
    signs[:, : targets.shape[1]][targets] = 1
    alpha = np.zeros((len(targets), LANES), dtype=np.float32)
    weights = np.zeros((n_features + 1, LANES), dtype=np.float32)
    softness = np.float32(1 / (2 * strength))
    random = np.random.default_rng(seed)
    rounds, worst = 0, np.inf
    while worst > _TOLERANCE and rounds < _MOST_ROUNDS:
        rows = random.permutation(len(targets))
        with _side_by_side():
            worst = descend(rows, indptr, columns, data, signs, softness, alpha, weights)
        rounds += 1
    return weights, rounds


@contextmanager
def _side_by_side() -> Iterator[None]:
    """Let LLVM join the lanes into vector instructions, which numba leaves off by default."""
    from numba import config

    settings: Any = config
    before = settings.SLP_VECTORIZE
    settings.SLP_VECTORIZE = 1
    try:
        yield
    finally:
        settings.SLP_VECTORIZE = before
