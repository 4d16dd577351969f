"""Learn linear support vector machines one by one, with scikit-learn's liblinear.

L2-regularised squared hinge loss, by dual coordinate descent (Fan et al. 2008). Exact, and quick
enough for some thousand articles.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from chude.features.sparse import SparseRows, csr
from chude.training.solvers.fitted import Fitted

if TYPE_CHECKING:
    import scipy.sparse as sp

_MOST_ROUNDS = 10_000


def fit(
    matrix: SparseRows,
    n_features: int,
    targets: NDArray[np.bool_],
    C: float,
    seed: int,
    rows: NDArray[np.integer] | None = None,
    start: NDArray[np.float32] | None = None,
    known: NDArray[np.bool_] | None = None,
    apart: bool = False,
) -> Fitted:
    """As `Fit` says; `start` and `apart` are of no use here, and there are no dual variables."""
    every = csr(matrix, n_features)
    rows = np.arange(len(targets)) if rows is None else rows
    all_seen = every[rows]
    machines = []
    for k, target in enumerate(targets.T):
        learnt, seen = rows, all_seen
        if known is not None and not known[rows, k].all():
            learnt = rows[known[rows, k]]
            seen = every[learnt]
        machines.append(_fit_one(seen, target[learnt], C, seed))
    weights, intercepts, rounds = zip(*machines, strict=True)
    return Fitted(np.vstack(weights).T, np.concatenate(intercepts), None, max(rounds))


def _fit_one(
    matrix: "sp.csr_matrix", target: NDArray[np.bool_], C: float, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    """Weights (1, n_features), intercept (1,) and rounds of one machine."""
    from sklearn.svm import LinearSVC

    if target.all() or not target.any():  # nothing to tell apart
        return np.zeros((1, matrix.shape[1])), np.array([1.0 if target.any() else -1.0]), 0
    machine = LinearSVC(C=C, random_state=seed, max_iter=_MOST_ROUNDS).fit(matrix, target)
    return machine.coef_, machine.intercept_, int(machine.n_iter_)
