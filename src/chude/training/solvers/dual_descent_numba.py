"""The inner loop of learning, compiled by numba as `chude.features.kernels_numba` describes it.

Themes are learnt side by side, each in its lane. `zeros` is a tuple of one 0 a lane; its type tells
the compiler how many there are.
"""

import numba
import numpy as np
from numba.extending import overload

from chude.compute.jit import compile_function
from chude.compute.prefetch_numba import prefetch

LANES = (4, 16)  # numbers of lanes; 16 float32 fill a cache line of 64 bytes
_AHEAD = 3  # rows; so long before it is needed a row is fetched from memory
_LINE = 16  # float32 of a cache line

# The lanes are written out: a tuple stays in the processor's registers, an array does not.


@numba.njit(inline="always")
def _four(w, i, k):
    """`w[i, k : k + 4]` as a tuple."""
    return w[i, k], w[i, k + 1], w[i, k + 2], w[i, k + 3]


@numba.njit(inline="always")
def _put_four(w, i, k, v):
    """`w[i, k : k + 4] = v[k : k + 4]`"""
    w[i, k], w[i, k + 1], w[i, k + 2], w[i, k + 3] = v[k], v[k + 1], v[k + 2], v[k + 3]


@numba.njit(inline="always")
def _plus_four(a, x, b, k):
    """`(a + x * b)[k : k + 4]`"""
    return (
        a[k] + x * b[k],
        a[k + 1] + x * b[k + 1],
        a[k + 2] + x * b[k + 2],
        a[k + 3] + x * b[k + 3],
    )


def _get(zeros, w, i):
    """`w[i]` as a tuple."""


def _put(zeros, w, i, v):
    """`w[i] = v`"""


def _plus(zeros, a, x, b):
    """`a + x * b`"""


@overload(_get)
def _typed_get(zeros, w, i):
    if len(zeros) == 4:
        return lambda zeros, w, i: _four(w, i, 0)
    return lambda zeros, w, i: _four(w, i, 0) + _four(w, i, 4) + _four(w, i, 8) + _four(w, i, 12)


@overload(_put)
def _typed_put(zeros, w, i, v):
    if len(zeros) == 4:
        return lambda zeros, w, i, v: _put_four(w, i, 0, v)

    def put(zeros, w, i, v):
        _put_four(w, i, 0, v)
        _put_four(w, i, 4, v)
        _put_four(w, i, 8, v)
        _put_four(w, i, 12, v)

    return put


@overload(_plus)
def _typed_plus(zeros, a, x, b):
    if len(zeros) == 4:
        return lambda zeros, a, x, b: _plus_four(a, x, b, 0)
    return lambda zeros, a, x, b: (
        _plus_four(a, x, b, 0)
        + _plus_four(a, x, b, 4)
        + _plus_four(a, x, b, 8)
        + _plus_four(a, x, b, 12)
    )


@compile_function
def descend(zeros, rows, indptr, columns, data, signs, softness, alpha, weights, violations):
    """One round of dual coordinate descent over `rows`, as `dual_descent.fit` describes it.

    signs, alpha: (n_rows of the matrix, n_lanes); weights: (n_features + 1, n_lanes), the intercept
    last. Fills in violations[row], the largest projected gradient that was met.
    """
    zero, one = np.float32(0), np.float32(1)
    n_lanes = len(zeros)
    bias = len(weights) - 1
    step = np.empty((1, n_lanes), np.float32)
    for place in range(len(rows)):
        row = rows[place]
        if place + _AHEAD < len(rows):
            # Rows come in any order, so the processor cannot tell what will be needed.
            ahead = rows[place + _AHEAD]
            prefetch(signs, ahead * n_lanes)
            prefetch(alpha, ahead * n_lanes)
            for i in range(indptr[ahead], indptr[ahead + 1], _LINE):
                prefetch(columns, i)
                prefetch(data, i)
        margin = _get(zeros, weights, bias)
        length = one
        for i in range(indptr[row], indptr[row + 1]):
            length += data[i] * data[i]
            margin = _plus(zeros, margin, data[i], _get(zeros, weights, columns[i]))
        moved = False
        worst = zero
        for k in range(n_lanes):
            old, known = alpha[row, k], abs(signs[row, k])  # 0 where nothing is known
            gradient = signs[row, k] * margin[k] - one + softness * old
            worst = max(worst, known * (-gradient if old == zero else abs(gradient)))
            new = known * max(old - gradient / (length + softness), zero)
            step[0, k] = (new - old) * signs[row, k]
            moved |= new != old
            alpha[row, k] = new
        violations[row] = worst
        if moved:
            steps = _get(zeros, step, 0)
            _put(zeros, weights, bias, _plus(zeros, _get(zeros, weights, bias), one, steps))
            for i in range(indptr[row], indptr[row + 1]):
                column = columns[i]
                moved_there = _plus(zeros, _get(zeros, weights, column), data[i], steps)
                _put(zeros, weights, column, moved_there)


@compile_function
def add_rows(zeros, rows, indptr, columns, data, steps, weights):
    """Add `rows` to the weights, each times its lanes of `steps`, as `descend` does."""
    bias = len(weights) - 1
    for row in rows:
        step = _get(zeros, steps, row)
        added = _plus(zeros, _get(zeros, weights, bias), np.float32(1), step)
        _put(zeros, weights, bias, added)
        for i in range(indptr[row], indptr[row + 1]):
            column = columns[i]
            added = _plus(zeros, _get(zeros, weights, column), data[i], step)
            _put(zeros, weights, column, added)
