"""Learn linear support vector machines one by one, with scikit-learn's liblinear.

L2-regularised squared hinge loss, by dual coordinate descent (Fan et al. 2008). Exact, and quick
enough for some thousand articles.
"""

import numpy as np
from numpy.typing import NDArray

from chude.features.sparse import SparseRows, csr
from chude.training.solvers.fitted import Fitted

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
) -> Fitted:
    """As `Fit` says; `start` is of no use here, and there are no dual variables."""
    from sklearn.svm import LinearSVC

    every = csr(matrix, n_features)
    rows = np.arange(len(targets)) if rows is None else rows
    machines = []
    for k, target in enumerate(targets.T):
        learnt = rows if known is None else rows[known[rows, k]]
        machine = LinearSVC(C=C, random_state=seed, max_iter=_MOST_ROUNDS)
        machines.append(machine.fit(every[learnt], target[learnt]))
    return Fitted(
        np.vstack([machine.coef_ for machine in machines]).T,
        np.concatenate([machine.intercept_ for machine in machines]),
        None,
        max(int(machine.n_iter_) for machine in machines),
    )
