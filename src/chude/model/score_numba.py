"""The inner loop of scoring, compiled by numba: the same bits as with NumPy in `score`."""

import numpy as np

from chude.compute.jit import compile_function


@compile_function
def add_margins(indptr, columns, data, rows, weights, margins):
    """Fill in margins (n_rows, n_themes), the products of these sparse rows with weights."""
    sums = np.empty(weights.shape[1])  # of its own: nothing else can change it, which makes it fast
    for out in range(len(rows)):
        row = rows[out]
        sums[:] = 0
        for i in range(indptr[row], indptr[row + 1]):
            weight, value = weights[columns[i]], np.float64(data[i])
            for k in range(len(sums)):
                sums[k] += value * weight[k]
        margins[out] = sums
