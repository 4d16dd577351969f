"""The laborious steps with NumPy and dictionaries: no compilation, good for any batch."""

import numpy as np
from numpy.typing import NDArray

from chude.text.code_points import JoinedTexts
from chude.text.crf import tag_numpy
from chude.text.crf.chunk_finder import ChunkFinder
from chude.text.crf.chunks import ChunkTable
from chude.text.crf.lexicon import LONGEST, Lexicon
from chude.text.crf.tables import Row, Tables


class NumpySteps:
    """Implements `encoder.Steps`."""

    def __init__(self, tables: Tables, chunks: ChunkTable, lexicon: Lexicon) -> None:
        self._tables = tables
        self._chunks = chunks
        self._finder = ChunkFinder(chunks)
        self._lexicon = lexicon

    def find_chunks(self, joined: JoinedTexts) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Identifiers and places of the chunks, with new ones added to the table."""
        return self._finder.find(joined)

    def expand(
        self,
        ids: NDArray[np.int32],
        places: NDArray[np.int64],
        bounds: NDArray[np.int64],
        bases: NDArray[np.int64],
        skip: NDArray[np.bool_],
    ) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
        """Tokens, their starts and ends, and their number by text."""
        first = self._chunks.first.array
        begins = first.take(ids)
        counts = first.take(ids + 1) - begins
        if skip.any():
            counts[np.repeat(skip, np.diff(bounds))] = 0
        before = np.append(0, np.cumsum(counts, dtype=np.int64))
        chunks = np.repeat(np.arange(len(ids)), counts)
        at = (begins - before[:-1]).take(chunks)
        at += np.arange(len(at))
        offsets = (places - np.repeat(bases, np.diff(bounds))).astype(np.int32).take(chunks)
        tokens, starts, ends = self._chunks.pieces.array.T.take(at, axis=1)
        starts += offsets
        ends += offsets
        return tokens, starts, ends, np.diff(before[bounds])

    def find_begins(self, tokens: NDArray[np.int32], sizes: NDArray[np.int64]) -> NDArray[np.bool_]:
        """For each token whether a word begins there."""
        begins = ~tag_numpy.inside_words(self._tables, self._lexicon.rows, tokens, sizes)
        begins[(np.cumsum(sizes) - sizes)[sizes > 0]] = True
        return begins

    def find_words(self, tokens: NDArray[np.int32], bounds: NDArray[np.int64]) -> NDArray[np.int32]:
        """Identifiers of words; those of several tokens are built from left to right, together."""
        first, sizes = bounds[:-1], np.diff(bounds)
        ids: NDArray[np.int32] = self._lexicon.rows[tokens[first], Row.WORD]
        long = np.flatnonzero(sizes > LONGEST)
        if len(long):
            ids[long] = self._lexicon.join(tokens, first[long], bounds[1:][long])
        longer = np.flatnonzero((sizes > 1) & (sizes <= LONGEST))
        done = 1
        while len(longer):
            ids[longer] = self._lexicon.lengthen(ids[longer], tokens[first[longer] + done])
            done += 1
            longer = longer[sizes[longer] > done]
        return ids
