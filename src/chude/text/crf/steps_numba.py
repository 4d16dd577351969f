"""The laborious steps with the functions compiled by numba: for many texts."""

import numpy as np
from numpy.typing import NDArray

from chude.compute.growing import GrowingArray
from chude.compute.jit import joining_operations
from chude.compute.pair_table import pairs
from chude.text.code_points import JoinedTexts
from chude.text.crf import kernels_numba
from chude.text.crf.arrays_numba import arrange, weight_places
from chude.text.crf.chunk_finder import IS_SPACE
from chude.text.crf.chunks import ChunkTable
from chude.text.crf.lexicon import LONGEST, Lexicon
from chude.text.crf.tables import Kind, Row, Tables
from chude.text.string_table import INSIDE, OUTSIDE, Kinds, RunFinder

_COLUMNS = [Kind.EXACT_1, Kind.LOWER_1, Kind.DIGIT_1, Kind.TITLE_1, Kind.LISTED_1]
_KINDS = Kinds(np.where(IS_SPACE, OUTSIDE, INSIDE).astype(np.uint8))


class NumbaSteps:
    """Implements `encoder.Steps`."""

    def __init__(self, tables: Tables, chunks: ChunkTable, lexicon: Lexicon) -> None:
        self._model = arrange(tables)
        self._chunks = chunks
        self._lexicon = lexicon
        self._places = GrowingArray(np.uint32, Row.WORD)  # of the weights of each token's columns
        self._finder = RunFinder(chunks, _KINDS)
        with joining_operations():  # the first call compiles
            self._tag(np.zeros(0, np.int32), np.zeros(0, np.int64))

    def find_chunks(self, joined: JoinedTexts) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Identifiers and places of the chunks, with new ones added to the table."""
        return self._finder.cut(joined.codes)

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
        kernels_numba.expand(
            ids, places, bounds, bases, skip, first, pieces, sizes, tokens, starts, ends
        )
        total = int(sizes.sum())
        return tokens[:total], starts[:total], ends[:total], sizes

    def find_begins(self, tokens: NDArray[np.int32], sizes: NDArray[np.int64]) -> NDArray[np.bool_]:
        """For each token whether a word begins there."""
        new = self._lexicon.rows[len(self._places) :, : Row.WORD]
        self._places.extend(weight_places(self._model.weights, _COLUMNS, new).reshape(-1))
        return self._tag(tokens, sizes)

    def _tag(self, tokens: NDArray[np.int32], sizes: NDArray[np.int64]) -> NDArray[np.bool_]:
        begins = np.empty(len(tokens), np.bool_)
        rows, places = self._lexicon.rows, self._places.array
        kernels_numba.tag(self._model, rows, places, tokens, sizes, begins)
        return begins

    def find_words(self, tokens: NDArray[np.int32], bounds: NDArray[np.int64]) -> NDArray[np.int32]:
        """Identifiers of words; unknown ones are made known one token further at a time."""
        ids = np.empty(len(bounds) - 1, np.int32)
        sizes = np.diff(bounds)
        long = np.flatnonzero(sizes > LONGEST)
        if len(long):
            ids[long] = self._lexicon.join(tokens, bounds[long], bounds[long + 1])
        todo = np.flatnonzero(sizes <= LONGEST)
        while len(todo):
            missing = np.empty((len(todo), 3), np.int32)
            longer = pairs(self._lexicon.longer)
            count = kernels_numba.find_words(
                longer, self._lexicon.rows, tokens, bounds, todo, ids, missing
            )
            missing = missing[:count]
            self._lexicon.lengthen(missing[:, 1], missing[:, 2])
            todo = missing[:, 0].astype(np.int64)
        return ids
