"""Count n-grams of words as packed integers: with NumPy, or compiled where that pays.

A key holds the places of an n-gram's words counted from 1, the first word in the highest bits, 0
behind a short n-gram: so keys are in the order of the n-grams as strings. N-grams stay inside their
text, go across words that are left out, and hold no unknown word.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chude.compute.backend import worthwhile
from chude.compute.pair_table import PairTable, pairs

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


@dataclass(frozen=True, slots=True)
class Shape:
    """How n-grams are packed.

    shortest, longest: words of an n-gram. bits: of a place.
    """

    shortest: int
    longest: int
    bits: int


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


def rows_of(indptr: NDArray[np.integer]) -> NDArray[np.int32]:
    """The row of each entry of a matrix by rows."""
    return np.repeat(np.arange(len(indptr) - 1, dtype=np.int32), np.diff(indptr))


def count_new(
    words: Words, shape: Shape, least: float, most: float, commonest_first: bool = False
) -> tuple[NDArray[np.int64], Counts]:
    """The keys that occur in `least` to `most` texts, and how often in which text.

    commonest_first: by falling number of texts, which makes learning faster, instead of in order.
    """
    if worthwhile("count", len(words.ids)):
        from chude.model.counting import count_compiled

        return count_compiled(words, shape, (least, most), commonest_first)
    keys, rows = _pack(words, shape)
    keys, found, counts = _count(keys, rows, shape.longest * shape.bits)
    first = np.flatnonzero(_changes(keys))
    df = np.diff(np.append(first, len(keys)))
    kept = (df >= least) & (df <= most)
    taken = np.repeat(kept, df)
    keys, df = keys[first[kept]], df[kept]
    order = order_of(keys, df, commonest_first)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    entries = np.repeat(place, df) | found[taken].astype(np.int64) << 32
    by_row = np.argsort(entries)
    sizes = np.bincount(found[taken], minlength=len(words))
    return keys[order], _counts(sizes, entries[by_row] & 0xFFFFFFFF, counts[taken][by_row])


def order_of(
    keys: NDArray[np.int64], df: NDArray[np.integer], commonest_first: bool
) -> NDArray[np.int64]:
    """The order of the columns; df: texts of each key."""
    return np.lexsort((keys, -df)) if commonest_first else np.argsort(keys)


class Known:
    """Finds the columns of the n-grams of a vocabulary.

    grams: int32 (n_features, longest), places of words, -1 behind short n-grams.
    """

    def __init__(self, grams: NDArray[np.int32], n_words: int, shape: Shape) -> None:
        self._grams = grams
        self._n_words = n_words
        self._shape = shape

    def __len__(self) -> int:
        return len(self._grams)

    @cached_property
    def table(self) -> PairTable:
        """From keys to columns counted from 1."""
        return self._table(np.arange(len(self)))

    @cached_property
    def arrays(self) -> tuple[NDArray[np.int32], NDArray[np.int64], np.uint64]:
        """For the compiled functions, all columns counted from 1.

        The columns of single words (n_words,), 0 for those without; and the slots (n_slots, 2) of a
        table of longer n-grams, key and column side by side so that one access to memory fetches
        both, with the shift that makes a slot of a hash.
        """
        longer = (self._grams[:, 1:] >= 0).any(axis=1)
        table = self._table(np.flatnonzero(longer))
        slots = np.stack([table.keys, table.values], axis=1)
        return self.singles[:-1], slots, pairs(table).shift

    @cached_property
    def singles(self) -> NDArray[np.int32]:
        """The columns of single words, counted from 1, (n_words + 1,); 0 for those without.

        The last one is that of unknown words.
        """
        single = np.flatnonzero((self._grams[:, 1:] < 0).all(axis=1))
        singles = np.zeros(self._n_words + 1, dtype=np.int32)
        singles[self._grams[single, 0]] = single + 1
        return singles

    def _table(self, columns: NDArray[np.integer]) -> PairTable:
        keys = pack_grams(self._grams[columns], self._shape.bits)
        return PairTable.of(keys, (columns + 1).astype(np.int32))


def count_known(words: Words, shape: Shape, known: Known, compiled: bool) -> Counts:
    """How often known n-grams occur in each text.

    compiled: whether to use numba.
    """
    if compiled:
        return _count_known_compiled(words, shape, known)
    keys, rows = _pack(words, shape)
    column = known.table.find(keys)
    found = np.flatnonzero(column)
    return counts_of(rows[found].astype(np.int64) << 32 | (column[found] - 1), len(words))


def counts_of(entries: NDArray[np.int64], n_texts: int) -> Counts:
    """How often each entry occurs: a text's number in the upper 32 bits, a column in the lower."""
    entries = np.sort(entries)
    first = np.flatnonzero(_changes(entries))
    counts = np.diff(np.append(first, len(entries)))
    entries = entries[first]
    sizes = np.bincount(entries >> 32, minlength=n_texts)
    return _counts(sizes, entries & 0xFFFFFFFF, counts)


def pack_grams(grams: NDArray[np.int32], bits: int) -> NDArray[np.int64]:
    """Keys of n-grams (n_grams, longest) of places, -1 behind short ones."""
    keys = np.zeros(len(grams), dtype=np.int64)
    for column in grams.T:
        keys = (keys << bits) | (column + 1)
    return keys


def unpack_grams(keys: NDArray[np.int64], shape: Shape) -> NDArray[np.int32]:
    """The n-grams (n_grams, longest) of keys; the reverse of `pack_grams`."""
    shifts = shape.bits * np.arange(shape.longest - 1, -1, -1)
    return ((keys[:, None] >> shifts) & ((1 << shape.bits) - 1)).astype(np.int32) - 1


def _counts(
    sizes: NDArray[np.integer], columns: NDArray[np.integer], counts: NDArray[np.integer]
) -> Counts:
    indptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Counts(indptr, columns.astype(np.int32), counts.astype(np.int32))


def _pack(words: Words, shape: Shape) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Keys and rows of all n-grams."""
    places = words.place[words.ids]
    kept = places != LEFT_OUT
    places, rows = places[kept], rows_of(words.bounds)[kept]
    keys_of, rows_found = [], []
    for n in range(shape.shortest, shape.longest + 1):
        count = max(0, len(places) - n + 1)
        inside = rows[:count] == rows[n - 1 :][:count]
        keys = np.zeros(count, dtype=np.int64)
        for i in range(n):
            part = places[i : i + count]
            inside &= part >= 0
            keys = (keys << shape.bits) | (part + 1)
        keys_of.append(keys[inside] << (shape.bits * (shape.longest - n)))
        rows_found.append(rows[:count][inside])
    return np.concatenate(keys_of), np.concatenate(rows_found)


def _count(
    keys: NDArray[np.int64], rows: NDArray[np.int32], key_bits: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Distinct (key, row) pairs in order, and how often each occurs."""
    row_bits = int(rows.max(initial=0)).bit_length()
    if key_bits + row_bits <= 63:
        entries = np.sort((keys << row_bits) | rows)  # one integer sorts faster than two
        first = np.flatnonzero(_changes(entries))
        keys, found = entries[first] >> row_bits, entries[first] & ((1 << row_bits) - 1)
    else:
        order = np.argsort(keys, kind="stable")  # keeps the rows of a key in order
        entries, ordered = keys[order], rows[order]
        first = np.flatnonzero(_changes(entries) | _changes(ordered))
        keys, found = entries[first], ordered[first].astype(np.int64)
    return keys, found, np.diff(np.append(first, len(entries)))


def _changes(values: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Where a run of equal values begins."""
    changes = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=changes[1:])
    return changes


def _count_known_compiled(words: Words, shape: Shape, known: Known) -> Counts:
    from chude.model import compiled

    counts = room(words, shape)
    compiled.count_known(
        known.arrays,
        words.arrays,
        (max(shape.shortest, 2), shape.longest, shape.bits),  # single words are counted apart
        np.zeros(len(known), dtype=np.int32),
        counts.indptr,
        counts.columns,
        counts.counts,
    )
    return counts.trimmed()


def room(words: Words, shape: Shape) -> Counts:
    """Room for all n-grams of all texts; what is not filled costs no memory."""
    most = len(words.ids) * (shape.longest - shape.shortest + 1)
    indptr = np.zeros(len(words) + 1, dtype=np.int64)
    return Counts(indptr, np.empty(most, dtype=np.int32), np.empty(most, dtype=np.int32))
