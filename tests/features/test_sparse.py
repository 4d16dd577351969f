import numpy as np
from scipy import sparse

from chude.features.sparse import csr, sparse_rows


def test_rows_are_taken_in_any_order() -> None:
    matrix = sparse.random_array((20, 30), density=0.2, format="csr", rng=np.random.default_rng(0))
    matrix.sort_indices()
    matrix.data[:] += 1
    every = sparse_rows(sparse.csr_matrix(matrix))
    for rows in ([3, 3, 0, 19], [], list(range(20))):
        taken = every.take(np.array(rows, dtype=np.int64))
        np.testing.assert_array_equal(csr(taken, 30).toarray(), matrix.toarray()[rows])
