"""Count the n-grams of a training corpus, compiled, on all cores.

Each core counts a range of the texts, in parts: a part ends when its hash table is three quarters
full. Then the n-grams of all parts are numbered together. How the texts were divided cannot be seen
in the result.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from chude.cores import usable_cores
from chude.features import kernels_numba
from chude.features.packing import NgramIndex, Packing, order_of
from chude.features.sparse import Counts, Words

_Range = tuple[Words, Counts]  # texts, and room for their n-grams
_SLOT_BITS = 21  # of a part's hash table, unless one text needs more


@dataclass(frozen=True, slots=True)
class _Part:
    """Some texts' n-grams, numbered by themselves.

    slots: the hash table of `kernels_numba.count_new`. df: (n_numbers,), texts of each n-gram.
    """

    counts: Counts
    slots: NDArray[np.int64]
    df: NDArray[np.int32]


def count_new(
    words: Words, packing: Packing, least: float, most: float, commonest_first: bool
) -> tuple[NDArray[np.int64], Counts]:
    """What `count.count_new` returns."""
    n_singles = int(words.place.max(initial=-1)) + 1 if packing.shortest == 1 else 0
    n_threads = usable_cores()
    whole = allocate(words, packing)
    with ThreadPoolExecutor(n_threads) as pool:
        ranges = pool.map(
            lambda one: list(_count_range(one, packing, n_singles)),
            _ranges(words, whole, n_threads),
        )
        parts = list(chain.from_iterable(ranges))
        keys, df, numbers = _join(parts, packing, n_singles, least)
        kept = np.flatnonzero((df >= least) & (df <= most) & (df > 0))
        kept = kept[order_of(keys[kept], df[kept], commonest_first)]
        place = np.full(len(keys) + 1, -1, dtype=np.int32)  # the last is that of number -1
        place[kept] = np.arange(len(kept))

        def renumber(part: _Part, of_part: NDArray[np.int32]) -> None:
            one = part.counts
            kernels_numba.renumber(one.indptr, one.columns, one.counts, place[of_part], len(kept))

        list(pool.map(renumber, parts, numbers))
    return keys[kept], _close_up(whole, [part.counts for part in parts])


def _ranges(words: Words, whole: Counts, count: int) -> list[_Range]:
    """The texts in so many ranges of about as many words, and the part of the room for each."""
    cuts = np.searchsorted(words.bounds, np.linspace(0, words.bounds[-1], count + 1))
    cuts[0], cuts[-1] = 0, len(words)
    bounds = [words.bounds[i : k + 1] for i, k in pairwise(cuts.tolist())]
    a_word = len(whole.columns) // max(len(words.ids), 1)  # n-grams, at most
    ranges = []
    for some in bounds:
        entries = slice(some[0] * a_word, some[-1] * a_word)
        indptr = np.zeros(len(some), dtype=np.int64)
        counts = Counts(indptr, whole.columns[entries], whole.counts[entries])
        inside = Words(words.ids[some[0] : some[-1]], words.place, some - some[0])
        ranges.append((inside, counts))
    return ranges


def _count_range(one: _Range, packing: Packing, n_singles: int) -> Iterator[_Part]:
    words, counts = one
    longest = int(np.diff(words.bounds).max(initial=0)) * packing.longest
    bits = max(_SLOT_BITS, (2 * longest).bit_length())
    tally = np.zeros((n_singles + (1 << bits) * 3 // 4, 2), dtype=np.int32)
    row = 0
    while row < len(words):
        slots = np.zeros((1 << bits, 2), dtype=np.int64)
        tally[:, 1] = 0
        first = row
        row, size, _ = kernels_numba.count_new(
            slots,
            np.uint64(64 - bits),
            words.arrays,
            (
                max(packing.shortest, 2),
                packing.longest,
                packing.bits,
            ),  # single words are counted apart
            n_singles,
            first,
            tally,
            counts.indptr,
            counts.columns,
            counts.counts,
        )
        begin, end = counts.indptr[first], counts.indptr[row]
        inside = counts.columns[begin:end], counts.counts[begin:end]
        df = tally[: n_singles + size, 1].copy()
        yield _Part(Counts(counts.indptr[first : row + 1] - begin, *inside), slots, df)


def _join(
    parts: list[_Part], packing: Packing, n_singles: int, least: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], list[NDArray[np.int32]]]:
    """Keys and texts of the n-grams of all parts, and for each part its n-grams' new numbers.

    Number -1: of n-grams that are in fewer than `least` texts for certain, since in each part they
    are in fewer than its share.
    """
    share = least / max(len(parts), 1)
    most = n_singles + sum(int((part.df[n_singles:] >= share).sum()) for part in parts)
    bits = (most + most // 2).bit_length()
    slots = np.zeros((1 << bits, 2), dtype=np.int64)
    shift = np.uint64(64 - bits)
    keys = np.zeros(most, dtype=np.int64)
    keys[:n_singles] = np.arange(1, n_singles + 1) << (packing.bits * (packing.longest - 1))
    size = n_singles
    for part in parts:
        size = kernels_numba.add_keys(slots, shift, size, part.slots, part.df >= share, keys)
    df = np.zeros(size + 1, dtype=np.int64)
    numbers = []
    for part in parts:
        of_part = np.arange(len(part.df), dtype=np.int32)
        kernels_numba.find_keys(slots, shift, part.slots, of_part)
        df[of_part] += part.df
        numbers.append(of_part)
    return keys[:size], df[:size], numbers


def _close_up(whole: Counts, counts: list[Counts]) -> Counts:
    """The counts of all parts, which lie in `whole` in this order, without the room between."""
    size = 0
    for one in counts:
        found = int(one.indptr[-1])
        whole.columns[size : size + found] = one.columns[:found]
        whole.counts[size : size + found] = one.counts[:found]
        size += found
    sizes = np.concatenate([[0], *(np.diff(one.indptr) for one in counts)])
    return Counts(np.cumsum(sizes), whole.columns[:size], whole.counts[:size])


def count_known(words: Words, packing: Packing, known: NgramIndex) -> Counts:
    from chude.features import kernels_numba

    counts = allocate(words, packing)
    kernels_numba.count_known(
        known.arrays,
        words.arrays,
        (max(packing.shortest, 2), packing.longest, packing.bits),  # single words are counted apart
        np.zeros(len(known), dtype=np.int32),
        counts.indptr,
        counts.columns,
        counts.counts,
    )
    return _trim(counts)


def allocate(words: Words, packing: Packing) -> Counts:
    """Room for all n-grams of all texts; what is not filled costs no memory."""
    most = len(words.ids) * (packing.longest - packing.shortest + 1)
    indptr = np.zeros(len(words) + 1, dtype=np.int64)
    return Counts(indptr, np.empty(most, dtype=np.int32), np.empty(most, dtype=np.int32))


def _trim(counts: Counts) -> Counts:
    size = counts.indptr[-1]
    return Counts(counts.indptr, counts.columns[:size].copy(), counts.counts[:size].copy())
