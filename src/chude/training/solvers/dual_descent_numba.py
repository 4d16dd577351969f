"""The inner loop of learning, compiled by numba as `chude.features.kernels_numba` describes it."""

import numba
import numpy as np

from chude.compute.jit import compile_function

LANES = 16  # themes learnt side by side: 16 float32 fill a cache line of 64 bytes

# The lanes are written out: a tuple stays in the processor's registers, an array does not.


@numba.njit(inline="always")
def _lanes(w, i):
    """`w[i]` as a tuple."""
    return (
        w[i, 0], w[i, 1], w[i, 2], w[i, 3], w[i, 4], w[i, 5], w[i, 6], w[i, 7],
        w[i, 8], w[i, 9], w[i, 10], w[i, 11], w[i, 12], w[i, 13], w[i, 14], w[i, 15],
    )  # fmt: skip


@numba.njit(inline="always")
def _put(w, i, v):
    """`w[i] = v`"""
    w[i, 0], w[i, 1], w[i, 2], w[i, 3] = v[0], v[1], v[2], v[3]
    w[i, 4], w[i, 5], w[i, 6], w[i, 7] = v[4], v[5], v[6], v[7]
    w[i, 8], w[i, 9], w[i, 10], w[i, 11] = v[8], v[9], v[10], v[11]
    w[i, 12], w[i, 13], w[i, 14], w[i, 15] = v[12], v[13], v[14], v[15]


@numba.njit(inline="always")
def _plus(a, x, b):
    """`a + x * b`"""
    return (
        a[0] + x * b[0], a[1] + x * b[1], a[2] + x * b[2], a[3] + x * b[3],
        a[4] + x * b[4], a[5] + x * b[5], a[6] + x * b[6], a[7] + x * b[7],
        a[8] + x * b[8], a[9] + x * b[9], a[10] + x * b[10], a[11] + x * b[11],
        a[12] + x * b[12], a[13] + x * b[13], a[14] + x * b[14], a[15] + x * b[15],
    )  # fmt: skip


@compile_function
def descend(rows, indptr, columns, data, signs, softness, alpha, weights, violations):
    """One round of dual coordinate descent over `rows`, as `dual_descent.fit` describes it.

    signs, alpha: (n_rows of the matrix, LANES); weights: (n_features + 1, LANES), the intercept
    last. Fills in violations[row], the largest projected gradient that was met.
    """
    zero, one = np.float32(0), np.float32(1)
    bias = len(weights) - 1
    step = np.empty((1, LANES), np.float32)
    for row in rows:
        margin = _lanes(weights, bias)
        length = one
        for i in range(indptr[row], indptr[row + 1]):
            length += data[i] * data[i]
            margin = _plus(margin, data[i], _lanes(weights, columns[i]))
        moved = False
        worst = zero
        for k in range(LANES):
            old, known = alpha[row, k], abs(signs[row, k])  # 0 where nothing is known
            gradient = signs[row, k] * margin[k] - one + softness * old
            worst = max(worst, known * (-gradient if old == zero else abs(gradient)))
            new = known * max(old - gradient / (length + softness), zero)
            step[0, k] = (new - old) * signs[row, k]
            moved |= new != old
            alpha[row, k] = new
        violations[row] = worst
        if moved:
            steps = _lanes(step, 0)
            _put(weights, bias, _plus(_lanes(weights, bias), one, steps))
            for i in range(indptr[row], indptr[row + 1]):
                column = columns[i]
                _put(weights, column, _plus(_lanes(weights, column), data[i], steps))


@compile_function
def add_rows(rows, indptr, columns, data, steps, weights):
    """Add `rows` to the weights, each times its lanes of `steps`, as `descend` does."""
    bias = len(weights) - 1
    for row in rows:
        step = _lanes(steps, row)
        _put(weights, bias, _plus(_lanes(weights, bias), np.float32(1), step))
        for i in range(indptr[row], indptr[row + 1]):
            column = columns[i]
            _put(weights, column, _plus(_lanes(weights, column), data[i], step))
