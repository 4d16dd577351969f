"""Count the n-grams of whole texts and those of their parts in one pass.

The n-grams of a text are those inside its parts and those that cross from one part into the next,
so each word and pair of words is looked up once for both.
"""

import numpy as np
from numpy.typing import NDArray

from chude.features.count_numpy import counts_of
from chude.features.packing import NgramIndex, Packing
from chude.features.sparse import LEFT_OUT, Counts, Parts, Words, rows_of


def count_parts(
    words: Words, parts: Parts, packing: Packing, index: NgramIndex, compiled: bool
) -> tuple[Counts, Counts]:
    """How often known n-grams occur in each text, and in each part of the texts.

    compiled: whether to use numba.
    """
    if compiled:
        from chude.features import passage_counts_numba

        return passage_counts_numba.count_parts(words, parts, packing, index)
    return _count(words, parts, packing, index)


def _count(
    words: Words, parts: Parts, packing: Packing, index: NgramIndex
) -> tuple[Counts, Counts]:
    places = words.place[words.ids]
    kept = np.flatnonzero(places != LEFT_OUT)
    places = places[kept]
    texts, rows = rows_of(words.bounds)[kept], rows_of(parts.bounds)[kept]
    in_texts, in_parts = [], []
    for n in range(packing.shortest, packing.longest + 1):
        first, columns = _find(places, texts, n, packing, index)
        in_texts.append(texts[first].astype(np.int64) << 32 | columns)
        within = np.flatnonzero(rows[first] == rows[first + (n - 1)])
        in_parts.append(rows[first[within]].astype(np.int64) << 32 | columns[within])
    whole = counts_of(np.concatenate(in_texts), len(words))
    return whole, counts_of(np.concatenate(in_parts), len(parts.bounds) - 1)


def _find(
    places: NDArray[np.int32], texts: NDArray[np.int32], n: int, packing: Packing, index: NgramIndex
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The first words of all known n-grams of so many words, and their columns."""
    if n == 1:
        columns = index.singles[places]  # an unknown word, -1, has the last place
        first = np.flatnonzero(columns)
        return first, columns[first] - 1
    size = max(0, len(places) - n + 1)
    inside = texts[:size] == texts[n - 1 :]
    for i in range(n):
        inside &= places[i : i + size] >= 0
    first = np.flatnonzero(inside)
    keys = np.zeros(len(first), np.int64)
    for i in range(n):
        keys = (keys << packing.bits) | (places[first + i] + 1)
    columns = index.table.find(keys << (packing.bits * (packing.longest - n)))
    found = np.flatnonzero(columns)
    return first[found], columns[found] - 1
