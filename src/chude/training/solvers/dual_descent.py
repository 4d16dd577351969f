"""Learn linear support vector machines, one a theme, compiled: for many articles.

Dual coordinate descent for the L2-regularised squared hinge loss (Hsieh et al. 2008), which is what
liblinear does theme by theme. Here up to 16 themes are learnt side by side, so that each pass over
the articles serves them all.
"""

from collections.abc import Callable
from functools import cache
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from chude.features.sparse import SparseRows
from chude.training.solvers.fitted import Fitted

_TOLERANCE = 0.05  # mean over articles of the largest projected gradient; margins are about 1
_TOLERANCE_APART = 0.1  # the same of each side of one theme, by itself
_MOST_ROUNDS = 200
_SETTLED = 0.2  # of the mean gradient; articles below are passed over (liblinear's shrinking)
_ALL_EVERY = 4  # rounds; then those come back too, for the others have moved the weights
_COMPILING = Lock()
_Parts = tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.float32]]


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
    """Learn from the rows of a matrix (n_rows, n_features), best of float32.

    targets: (n_rows, n_themes). C: the inverse of the regularisation. rows: those that
    are learnt from, None for all. start: dual variables as near as can be to those that are sought,
    0 for other rows; None for zeros. known: (n_rows, n_themes), from which rows a
    theme is learnt; None for all. apart: of one theme alone, whether the gradients of its articles
    and those of the others must be small each by themselves, for a rare theme hardly shows in the
    mean over all. The intercept is regularised as the weight of a feature that
    is 1 everywhere, as in liblinear. The matrix with its commonest columns first is the fastest to
    learn from.

    Learning ends where the articles' gradients, as each was last met, are small on average. To wait
    for the largest one, as liblinear does, takes up to three times the rounds and hardly moves the
    margins: by about 0.02 on 22,000 newspaper articles; a little more where sides stand apart.
    """
    from chude.training.solvers.dual_descent_numba import LANES

    if rows is None:
        rows = np.arange(len(targets))
    # Without a sign no column can count from the end, which makes a round faster.
    parts = (
        matrix.indptr,
        matrix.columns.view(np.uint32),
        matrix.data.astype(np.float32, copy=False),
    )
    dual = np.zeros(targets.shape, dtype=np.float32) if start is None else start.copy()
    machines = []
    rounds = 0
    for first in range(0, targets.shape[1], LANES[-1]):
        block = slice(first, first + LANES[-1])
        # More than there are themes, if there may be: the same machine whatever the number.
        n_lanes = next((n for n in LANES if n > targets[:, block].shape[1]), LANES[-1])
        weights = _aligned_zeros(n_features + 1, n_lanes)
        signs = _signs(targets[:, block], None if known is None else known[:, block], n_lanes)
        taken = _fit_lanes(parts, signs, C, seed, rows, dual[:, block], weights, apart)
        machines.append(weights[:, : targets[:, block].shape[1]])
        rounds = max(rounds, taken)
    weights = np.hstack(machines)
    return Fitted(weights[:-1], weights[-1], dual, rounds)


def _aligned_zeros(n_rows: int, n_lanes: int) -> NDArray[np.float32]:
    """Zeros (n_rows, n_lanes), no row across two cache lines, which makes learning slower."""
    memory = np.zeros((n_rows + 1) * n_lanes, dtype=np.float32)
    line = n_lanes * memory.itemsize
    begin = -memory.ctypes.data % line // memory.itemsize
    return memory[begin : begin + n_rows * n_lanes].reshape(n_rows, n_lanes)


def _signs(
    targets: NDArray[np.bool_], known: NDArray[np.bool_] | None, n_lanes: int
) -> NDArray[np.float32]:
    """1 and -1 for what a row says of a theme, 0 where that is not known, (n_rows, n_lanes)."""
    signs = np.full((len(targets), n_lanes), -1, dtype=np.float32)
    signs[:, : targets.shape[1]][targets] = 1
    if known is not None:
        signs[:, : targets.shape[1]][~known] = 0
    return signs


def _fit_lanes(
    parts: _Parts,
    signs: NDArray[np.float32],
    C: float,
    seed: int,
    rows: NDArray[np.integer],
    dual: NDArray[np.float32],
    weights: NDArray[np.float32],
    apart: bool,
) -> int:
    """Fill in the weights of as many themes as there are lanes, or fewer, and their dual variables.

    dual: where to start from; weights: zeros. Returns the rounds it took.
    """
    zeros = (np.float32(0),) * signs.shape[1]
    with _COMPILING:
        add_rows, descend = _compiled_functions(zeros)
    alpha = np.zeros(signs.shape, dtype=np.float32)
    alpha[:, : dual.shape[1]] = dual
    if dual.any():
        add_rows(zeros, rows, *parts, alpha * signs, weights)
    softness = np.float32(1 / (2 * C))
    random = np.random.default_rng(seed)
    violations = np.zeros(len(signs), dtype=np.float32)
    active = rows
    sides: list[NDArray[np.bool_] | slice] = [slice(None)]
    tolerance = _TOLERANCE
    if apart:
        carried = signs[rows, 0] > 0
        sides = [side for side in (carried, ~carried) if side.any()] or sides
        tolerance = _TOLERANCE_APART
    rounds, worst = 0, np.inf
    while worst > tolerance and rounds < _MOST_ROUNDS:
        order = random.permutation(active)
        descend(zeros, order, *parts, signs, softness, alpha, weights, violations)
        rounds += 1
        met = violations[rows]
        worst = max(met[side].mean(dtype=np.float64) for side in sides)
        settled = met <= _SETTLED * met.mean(dtype=np.float64)
        active = rows if rounds % _ALL_EVERY == 0 else rows[~settled]
    dual[:] = alpha[:, : dual.shape[1]]
    return rounds


@cache
def _compiled_functions(zeros: tuple[np.float32, ...]) -> tuple[Callable[..., None], ...]:
    """The compiled functions for so many lanes, which are joined into vector instructions."""
    from chude.compute.jit import joining_operations
    from chude.training.solvers.dual_descent_numba import add_rows, descend

    no_rows = np.zeros(0, np.int64)
    nothing = np.zeros(1, np.int64), np.zeros(0, np.uint32), np.zeros(0, np.float32)
    none = np.zeros((0, len(zeros)), np.float32)
    weights = np.zeros((1, len(zeros)), np.float32)
    with joining_operations():
        add_rows(zeros, no_rows, *nothing, none, weights)
        start = none, np.float32(1), none, weights, np.zeros(0, np.float32)
        descend(zeros, no_rows, *nothing, *start)
    return add_rows, descend
