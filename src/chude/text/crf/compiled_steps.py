"""The laborious steps with the functions compiled by numba: for many texts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from . import compiled
from .columns import Column
from .encoder import ChunkTable
from .layout import Chunks, arrange, pairs
from .lexicon import Lexicon
from .plain import IS_SPACE
from .tables import Tables


class CompiledSteps:
    """Implements ``encoder.Steps``."""

    def __init__(self, tables: Tables, chunks: ChunkTable, lexicon: Lexicon) -> None:
        self._model = arrange(tables)
        self._chunks = chunks
        self._lexicon = lexicon
        self._slots = np.zeros(1 << 12, np.uint64)
        self._codes, self._first = Column(np.uint32), Column(np.uint32)
        self._first.append(0)

    def find_chunks(
        self, joined: str, codes: NDArray[np.uint32]
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Identifiers and places of the chunks; new ones are added to the table of chunks."""
        ids = np.empty(len(codes) // 2 + 1, np.int32)
        places = np.empty(len(codes) // 2 + 1, np.int64)
        count = compiled.find_chunks(self._index(), codes, IS_SPACE, ids, places)
        ids, places = ids[:count], places[:count]
        for new in np.flatnonzero(ids < 0).tolist():
            start = int(places[new])
            ids[new] = self._chunks[joined[start : start - int(ids[new])]]
        return ids, places

    def _index(self) -> Chunks:
        """Arrays for looking up chunks, with those added since the last call."""
        begin, names = len(self._first) - 1, self._chunks.names
        new = names[begin:]
        lengths = np.fromiter(map(len, new), np.uint32, len(new))
        self._first.extend_array(len(self._codes) + np.cumsum(lengths))
        text = "".join(new).encode("utf-32-le", "surrogatepass")
        self._codes.extend_array(np.frombuffer(text, np.uint32))
        if len(names) * 2 > len(self._slots):
            self._slots = np.zeros(1 << (len(names) * 4).bit_length(), np.uint64)
            begin = 0
        shift = np.uint64(65 - len(self._slots).bit_length())
        chunks = Chunks(self._slots, shift, self._first.array, self._codes.array)
        compiled.add_chunks(chunks, begin)
        return chunks

    def expand(
        self,
        ids: NDArray[np.int32],
        places: NDArray[np.int64],
        bounds: NDArray[np.int64],
        bases: NDArray[np.int64],
        skip: NDArray[np.bool_],
    ) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
        """Tokens, their starts and ends, and their number by text."""
        first, pieces = self._chunks.first.array, self._chunks.pieces.array
        total = int((first[ids + 1] - first[ids]).sum())
        tokens, starts, ends = (np.empty(total, np.int32) for _ in range(3))
        sizes = np.empty(len(bases), np.int64)
        compiled.expand(
            ids, places, bounds, bases, skip, first, pieces, sizes, tokens, starts, ends
        )
        total = int(sizes.sum())
        return tokens[:total], starts[:total], ends[:total], sizes

    def find_begins(self, tokens: NDArray[np.int32], sizes: NDArray[np.int64]) -> NDArray[np.bool_]:
        """For each token whether a word begins there."""
        begins = np.empty(len(tokens), np.bool_)
        compiled.tag(self._model, self._lexicon.rows, tokens, sizes, begins)
        return begins

    def find_words(self, tokens: NDArray[np.int32], bounds: NDArray[np.int64]) -> NDArray[np.int32]:
        """Identifiers of words; unknown ones are made known one token further at a time."""
        ids = np.empty(len(bounds) - 1, np.int32)
        todo = np.arange(len(ids))
        while len(todo):
            missing = np.empty((len(todo), 3), np.int32)
            longer = pairs(self._lexicon.longer)
            count = compiled.find_words(
                longer, self._lexicon.rows, tokens, bounds, todo, ids, missing
            )
            missing = missing[:count]
            self._lexicon.lengthen(missing[:, 1], missing[:, 2])
            todo = missing[:, 0].astype(np.int64)
        return ids
