"""Count n-grams with NumPy: one operation after the other on all texts.

N-grams stay inside their text, go across words that are left out, and hold no unknown word.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chude.features.packing import NgramIndex, Packing, order_of
from chude.features.sparse import LEFT_OUT, Counts, Words, rows_of


def count_new(
    words: Words, packing: Packing, least: float, most: float, commonest_first: bool
) -> tuple[NDArray[np.int64], Counts]:
    """What `count.count_new` returns."""
    keys, rows, counts = _count(*_pack(words, packing), packing.longest * packing.bits)
    first = np.flatnonzero(_changes(keys))
    df = np.diff(np.append(first, len(keys)))
    frequent = (df >= least) & (df <= most)
    of_frequent = np.repeat(frequent, df)
    keys, rows, counts = keys[first[frequent]], rows[of_frequent], counts[of_frequent]
    df = df[frequent]
    order = order_of(keys, df, commonest_first)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    entries = np.repeat(place, df) | rows << 32
    by_row = np.argsort(entries)
    sizes = np.bincount(rows, minlength=len(words))
    return keys[order], _counts(sizes, entries[by_row] & 0xFFFFFFFF, counts[by_row])


def count_known(words: Words, packing: Packing, index: NgramIndex) -> Counts:
    """What `count.count_known` returns."""
    keys, rows = _pack(words, packing)
    column = index.table.find(keys)
    found = np.flatnonzero(column)
    return counts_of(rows[found].astype(np.int64) << 32 | (column[found] - 1), len(words))


def counts_of(entries: NDArray[np.int64], n_texts: int) -> Counts:
    """How often each entry occurs: a text's number in the upper 32 bits, a column in the lower."""
    entries = np.sort(entries)
    first = np.flatnonzero(_changes(entries))
    counts = np.diff(np.append(first, len(entries)))
    entries = entries[first]
    sizes = np.diff(np.searchsorted(entries, np.arange(n_texts + 1) << 32))
    return _counts(sizes, entries & 0xFFFFFFFF, counts)


def _counts(
    sizes: NDArray[np.integer], columns: NDArray[np.integer], counts: NDArray[np.integer]
) -> Counts:
    indptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Counts(indptr, columns.astype(np.int32), counts.astype(np.int32))


class Run(NamedTuple):
    """All n-grams of one length whose words are known.

    keys: int64 (n,). firsts: int64 (n,), where they begin among the words that are not left out;
    counted: int64, the places of those in `Words.ids`. rows: int32 (n,), texts.
    """

    length: int
    keys: NDArray[np.int64]
    firsts: NDArray[np.int64]
    counted: NDArray[np.int64]
    rows: NDArray[np.int32]


def pack_runs(words: Words, packing: Packing) -> Iterator[Run]:
    """The n-grams of the texts, a run for each length."""
    places = words.place[words.ids]
    counted = np.flatnonzero(places != LEFT_OUT)
    places, rows = places[counted], rows_of(words.bounds)[counted]
    for n in range(packing.shortest, packing.longest + 1):
        count = max(0, len(places) - n + 1)
        whole = rows[:count] == rows[n - 1 :][:count]  # in one text, of known words
        keys = np.zeros(count, dtype=np.int64)
        for i in range(n):
            part = places[i : i + count]
            whole &= part >= 0
            keys = (keys << packing.bits) | (part + 1)
        firsts = np.flatnonzero(whole)
        keys = keys[firsts] << (packing.bits * (packing.longest - n))
        yield Run(n, keys, firsts, counted, rows[firsts])


def _pack(words: Words, packing: Packing) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Keys and rows of all n-grams."""
    runs = [(run.keys, run.rows) for run in pack_runs(words, packing)]
    keys_by_length, rows_by_length = zip(*runs, strict=True)
    return np.concatenate(keys_by_length), np.concatenate(rows_by_length)


def _count(
    keys: NDArray[np.int64], rows: NDArray[np.int32], key_bits: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Distinct (key, row) pairs in order, and how often each occurs."""
    row_bits = int(rows.max(initial=0)).bit_length()
    if key_bits + row_bits <= 63:
        entries = np.sort((keys << row_bits) | rows)  # one integer sorts faster than two
        first = np.flatnonzero(_changes(entries))
        keys, of_key = entries[first] >> row_bits, entries[first] & ((1 << row_bits) - 1)
    else:
        order = np.argsort(keys, kind="stable")  # keeps the rows of a key in order
        entries, ordered = keys[order], rows[order]
        first = np.flatnonzero(_changes(entries) | _changes(ordered))
        keys, of_key = entries[first], ordered[first].astype(np.int64)
    return keys, of_key, np.diff(np.append(first, len(entries)))


def _changes(values: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Where a run of equal values begins."""
    changes = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=changes[1:])
    return changes
