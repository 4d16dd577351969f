"""Sparse things: words of a batch, counts of n-grams, rows of a matrix."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import scipy.sparse as sp


UNKNOWN, LEFT_OUT = -1, -2  # in place of a word's place


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a batch, and their places in a vocabulary.

    ids: int32 (n_words,), of distinct words; place: int32 (n_distinct,), of each of these, UNKNOWN
    or LEFT_OUT; bounds: int64 (n_texts + 1,).
    """

    ids: NDArray[np.int32]
    place: NDArray[np.int32]
    bounds: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @property
    def arrays(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
        """For the compiled functions."""
        return self.ids, self.place, self.bounds


class Parts(NamedTuple):
    """Parts of texts, those of a text one after the other; together they hold all its words.

    bounds: int64 (n_parts + 1,), where they begin in the words of the batch, the last one where
    these end. indptr: int64 (n_texts + 1,); the parts of text i are indptr[i]:indptr[i + 1].
    """

    bounds: NDArray[np.int64]
    indptr: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Counts:
    """How often n-grams occur in texts: a sparse matrix by rows, columns in order.

    indptr: int64 (n_texts + 1,); columns, counts: int32 (n_entries,).
    """

    indptr: NDArray[np.int64]
    columns: NDArray[np.int32]
    counts: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.indptr) - 1

    @property
    def rows(self) -> NDArray[np.int32]:
        """The text of each entry."""
        return rows_of(self.indptr)

    def trimmed(self) -> "Counts":
        """The same without room behind the last entry."""
        size = self.indptr[-1]
        return Counts(self.indptr, self.columns[:size].copy(), self.counts[:size].copy())


class SparseRows(NamedTuple):
    """A sparse matrix by rows, its columns in order.

    indptr: int64 (n_rows + 1,); columns: int32 (n_entries,); data: float64, or float32 where it is
    learnt from so, (n_entries,).
    """

    indptr: NDArray[np.int64]
    columns: NDArray[np.int32]
    data: NDArray[np.floating]

    @property
    def rows(self) -> NDArray[np.int32]:
        """The row of each entry."""
        return rows_of(self.indptr)

    def take(self, rows: NDArray[np.integer]) -> "SparseRows":
        """The rows at these places, in this order."""
        firsts, lengths = self.indptr[rows], np.diff(self.indptr)[rows]
        indptr = np.concatenate([[0], np.cumsum(lengths)])
        places = np.repeat(firsts - indptr[:-1], lengths) + np.arange(indptr[-1])
        return SparseRows(indptr, self.columns[places], self.data[places])

    def since(self, row: int) -> "SparseRows":
        """This row and those after it, in the same memory."""
        begin = self.indptr[row]
        return SparseRows(self.indptr[row:] - begin, self.columns[begin:], self.data[begin:])


def stack_counts(parts: Sequence[Counts]) -> Counts:
    """The rows of all parts, one part after the other."""
    ends = np.cumsum([0, *(part.indptr[-1] for part in parts)])
    indptr = np.concatenate(
        [[0], *(part.indptr[1:] + end for part, end in zip(parts, ends[:-1], strict=True))]
    )
    return Counts(
        indptr.astype(np.int64),
        np.concatenate([part.columns for part in parts]),
        np.concatenate([part.counts for part in parts]),
    )


def same_counts(some: Counts, others: Counts) -> bool:
    """Whether two have the same rows."""
    pairs = (
        (some.indptr, others.indptr),
        (some.columns, others.columns),
        (some.counts, others.counts),
    )
    return all(np.array_equal(a, b) for a, b in pairs)


def rows_of(indptr: NDArray[np.integer]) -> NDArray[np.int32]:
    """The row of each entry of a matrix by rows."""
    return np.repeat(np.arange(len(indptr) - 1, dtype=np.int32), np.diff(indptr))


def csr(rows: SparseRows, n_features: int) -> "sp.csr_matrix":
    """The matrix (n_rows, n_features) in SciPy's form."""
    import scipy.sparse as sp

    shape = (len(rows.indptr) - 1, n_features)
    matrix = sp.csr_matrix((rows.data, rows.columns, rows.indptr), shape=shape)
    matrix.has_canonical_format = True
    return matrix


def sparse_rows(matrix: "sp.csr_matrix") -> SparseRows:
    """The rows of a matrix in SciPy's form; the reverse of `csr`."""
    columns = matrix.indices.astype(np.int32, copy=False)
    return SparseRows(matrix.indptr.astype(np.int64), columns, matrix.data)
