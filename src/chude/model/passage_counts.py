"""Count the n-grams of whole texts and those of their parts in one pass.

The n-grams of a text are those inside its parts and those that cross from one part into the next,
so each word and pair of words is looked up once for both.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chude.model.ngrams import LEFT_OUT, Counts, Known, Shape, Words, counts_of, room, rows_of


class Parts(NamedTuple):
    """Parts of texts, those of a text one after the other; together they hold all its words.

    bounds: int64 (n_parts + 1,), where they begin in the words of the batch, the last one where
    these end. indptr: int64 (n_texts + 1,); the parts of text i are indptr[i]:indptr[i + 1].
    """

    bounds: NDArray[np.int64]
    indptr: NDArray[np.int64]


def count_parts(
    words: Words, parts: Parts, shape: Shape, known: Known, compiled: bool
) -> tuple[Counts, Counts]:
    """How often known n-grams occur in each text, and in each part of the texts.

    compiled: whether to use numba.
    """
    return (_count_compiled if compiled else _count)(words, parts, shape, known)


def _count(words: Words, parts: Parts, shape: Shape, known: Known) -> tuple[Counts, Counts]:
    places = words.place[words.ids]
    kept = np.flatnonzero(places != LEFT_OUT)
    places = places[kept]
    texts, rows = rows_of(words.bounds)[kept], rows_of(parts.bounds)[kept]
    in_texts, in_parts = [], []
    for n in range(shape.shortest, shape.longest + 1):
        first, columns = _find(places, texts, n, shape, known)
        in_texts.append(texts[first].astype(np.int64) << 32 | columns)
        within = np.flatnonzero(rows[first] == rows[first + (n - 1)])
        in_parts.append(rows[first[within]].astype(np.int64) << 32 | columns[within])
    whole = counts_of(np.concatenate(in_texts), len(words))
    return whole, counts_of(np.concatenate(in_parts), len(parts.bounds) - 1)


def _find(
    places: NDArray[np.int32], texts: NDArray[np.int32], n: int, shape: Shape, known: Known
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The first words of all known n-grams of so many words, and their columns."""
    if n == 1:
        columns = known.singles[places]  # an unknown word, -1, has the last place
        first = np.flatnonzero(columns)
        return first, columns[first] - 1
    size = max(0, len(places) - n + 1)
    inside = texts[:size] == texts[n - 1 :]
    for i in range(n):
        inside &= places[i : i + size] >= 0
    first = np.flatnonzero(inside)
    keys = np.zeros(len(first), np.int64)
    for i in range(n):
        keys = (keys << shape.bits) | (places[first + i] + 1)
    columns = known.table.find(keys << (shape.bits * (shape.longest - n)))
    found = np.flatnonzero(columns)
    return first[found], columns[found] - 1


def _count_compiled(
    words: Words, parts: Parts, shape: Shape, known: Known
) -> tuple[Counts, Counts]:
    from chude.model import compiled

    whole, of_parts = room(words, shape), room(Words(words.ids, words.place, parts.bounds), shape)
    compiled.count_parts(
        known.arrays,
        words.arrays,
        *parts,
        (shape.shortest, shape.longest, shape.bits),
        len(known),
        (whole.indptr, whole.columns, whole.counts),
        (of_parts.indptr, of_parts.columns, of_parts.counts),
    )
    return whole.trimmed(), of_parts.trimmed()
