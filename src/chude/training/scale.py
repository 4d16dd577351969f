"""Scale: let a theme's model lean on n-grams that its passages hold oftener, or more seldom.

Each theme learns from columns of its own: multiplied with how far the log-count ratio of an n-gram
is from 0 (Wang and Manning 2012). What is learnt stays one weight an n-gram. What it gains,
`benchmarks/shipped.py` shows with `--plain`.
"""

import numpy as np
from numpy.typing import NDArray

from chude.features.sparse import SparseRows, csr
from chude.training.solvers.fitted import Fitted
from chude.training.solvers.registry import Solver

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Rows = NDArray[np.integer]


def fit_scale(
    matrix: SparseRows, n_features: int, labels: Bools, known: Bools, rows: Rows
) -> Floats:
    """What each theme multiplies the columns with, (n_themes, n_features).

    matrix: TF-IDF, (n_rows, n_features). labels, known: (n_rows, n_themes). rows: those that are
    learnt from. To 1 is added how far the ratio is from 0, divided by its mean over all entries, as
    `fit_spread` has it; all is divided so that rows keep their length, on average, and C its
    meaning.
    """
    learnt = np.zeros(len(labels), dtype=bool)
    learnt[rows] = True
    held = csr(matrix._replace(data=(matrix.data > 0).astype(np.float64)), n_features).T
    sides = [known & learnt[:, None] & side for side in (labels, ~labels)]
    found = [held @ side.astype(np.float64) for side in sides]  # texts with an n-gram
    with_theme, without = (
        np.log((texts + 1) / (side.sum(axis=0) + 1))
        for texts, side in zip(found, sides, strict=True)
    )
    ratio, entries = abs(with_theme - without), found[0] + found[1]
    # einsum, for the threads of linear algebra would show in the last bits.
    mean = np.einsum("fk,fk->k", ratio, entries) / np.maximum(entries.sum(axis=0), 1)
    scale = 1 + ratio / np.where(mean > 0, mean, 1)
    squares = csr(matrix._replace(data=matrix.data.astype(np.float64) ** 2), n_features).T @ learnt
    if squares.any():
        scale *= np.sqrt(squares.sum() / np.einsum("f,fk->k", squares, scale**2))
    return np.ascontiguousarray(scale.T)


def fit_themes(
    solver: Solver,
    matrix: SparseRows,
    n_features: int,
    labels: Bools,
    known: Bools,
    rows: Rows,
    C: float,
    seed: int,
    scale: Floats,
    start: NDArray[np.float32] | None = None,
) -> Fitted:
    """Learn each theme by itself, from the rows of which it is known, with its own scale.

    scale: see `fit_scale`. The others: see `Fit`.
    """
    machines = []
    for k in range(labels.shape[1]):
        one = slice(k, k + 1)
        scaled = scale[k].astype(matrix.data.dtype).take(matrix.columns)
        scaled *= matrix.data
        begin = None if start is None else start[:, one]
        seen = rows[known[rows, k]]
        of_theme = matrix._replace(data=scaled)
        machine = solver.fit(of_theme, n_features, labels[:, one], C, seed, seen, begin, apart=True)
        machines.append(machine._replace(weights=machine.weights * scale[k, :, None]))
    duals = [machine.dual for machine in machines if machine.dual is not None]
    return Fitted(
        np.hstack([machine.weights for machine in machines]),
        np.concatenate([machine.intercept for machine in machines]),
        np.hstack(duals) if duals else None,
        max(machine.rounds for machine in machines),
    )
