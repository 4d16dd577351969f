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
            lambda texts: list(_count_range(texts[0], texts[1], packing, n_singles)),
            _ranges(words, whole, n_threads),
        )
        parts = list(chain.from_iterable(ranges))
        keys, df, numbers = _join(parts, packing, n_singles, least)
        features = np.flatnonzero((df >= least) & (df <= most) & (df > 0))
        features = features[order_of(keys[features], df[features], commonest_first)]
        place = np.full(len(keys) + 1, -1, dtype=np.int32)  # the last is that of number -1
        place[features] = np.arange(len(features))

        def renumber(part: _Part, of_part: NDArray[np.int32]) -> None:
            counts = part.counts
            kernels_numba.renumber(
                counts.indptr, counts.columns, counts.counts, place[of_part], len(features)
            )

        list(pool.map(renumber, parts, numbers))
    return keys[features], _close_up(whole, [part.counts for part in parts])


def _ranges(words: Words, whole: Counts, count: int) -> list[_Range]:
    """The texts in so many ranges of about as many words, and the part of the room for each."""
    cuts = np.searchsorted(words.bounds, np.linspace(0, words.bounds[-1], count + 1))
    cuts[0], cuts[-1] = 0, len(words)
    bounds = [words.bounds[i : k + 1] for i, k in pairwise(cuts.tolist())]
    a_word = len(whole.columns) // max(len(words.ids), 1)  # n-grams, at most
    ranges = []
    for of_range in bounds:
        first, last = of_range[0], of_range[-1]
        entries = slice(first * a_word, last * a_word)
        indptr = np.zeros(len(of_range), dtype=np.int64)
        counts = Counts(indptr, whole.columns[entries], whole.counts[entries])
        texts = Words(words.ids[first:last], words.place, of_range - first)
        ranges.append((texts, counts))
    return ranges


def _count_range(words: Words, counts: Counts, packing: Packing, n_singles: int) -> Iterator[_Part]:
    """The parts of a range of texts; their n-grams are written into `counts`, which has room."""
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
        columns, occurrences = counts.columns[begin:end], counts.counts[begin:end]
        df = tally[: n_singles + size, 1].copy()
        indptr = counts.indptr[first : row + 1] - begin
        yield _Part(Counts(indptr, columns, occurrences), slots, df)


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


def _close_up(whole: Counts, parts: list[Counts]) -> Counts:
    """The counts of all parts, which lie in `whole` in this order, without the room between."""
    size = 0
    for part in parts:
        end = size + int(part.indptr[-1])
        whole.columns[size:end] = part.columns[: end - size]
        whole.counts[size:end] = part.counts[: end - size]
        size = end
    sizes = np.concatenate([[0], *(np.diff(part.indptr) for part in parts)])
    return Counts(np.cumsum(sizes), whole.columns[:size], whole.counts[:size])


def count_known(words: Words, packing: Packing, index: NgramIndex) -> Counts:
    """What `count.count_known` returns."""
    counts = allocate(words, packing)
    kernels_numba.count_known(
        index.arrays,
        words.arrays,
        (max(packing.shortest, 2), packing.longest, packing.bits),  # single words are counted apart
        np.zeros(len(index), dtype=np.int32),
        counts.indptr,
        counts.columns,
        counts.counts,
    )
    return counts.trimmed()


def allocate(words: Words, packing: Packing) -> Counts:
    """Room for all n-grams of all texts; what is not filled costs no memory."""
    most = len(words.ids) * (packing.longest - packing.shortest + 1)
    indptr = np.zeros(len(words) + 1, dtype=np.int64)
    return Counts(indptr, np.empty(most, dtype=np.int32), np.empty(most, dtype=np.int32))
