"""N-grams as packed integers.

A key holds the places of an n-gram's words counted from 1, the first word in the highest bits, 0
behind a short n-gram: so keys are in the order of the n-grams as strings.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from chude.compute.pair_table import PairTable, pairs
from chude.errors import ChudeError

_BITS = 63  # of a signed 64-bit integer, shared by the words of one n-gram


@dataclass(frozen=True, slots=True)
class Packing:
    """How n-grams are packed.

    shortest, longest: words of an n-gram. bits: of a place.
    """

    shortest: int
    longest: int
    bits: int

    @classmethod
    def of(cls, n_words: int, ngrams: tuple[int, int]) -> "Packing":
        """Of n-grams, shortest and longest, of so many words.

        Raises ChudeError when they do not fit.
        """
        bits = n_words.bit_length()
        shortest, longest = ngrams
        if longest * bits > _BITS:
            raise ChudeError(f"{longest}-grams of {n_words} words do not fit.")
        return cls(shortest, longest, bits)


def order_of(
    keys: NDArray[np.int64], df: NDArray[np.integer], commonest_first: bool
) -> NDArray[np.int64]:
    """The order of the columns; df: texts of each key."""
    return np.lexsort((keys, -df)) if commonest_first else np.argsort(keys)


class NgramIndex:
    """Finds the columns of the n-grams of a vocabulary.

    grams: int32 (n_features, longest), places of words, -1 behind short n-grams.
    """

    def __init__(self, grams: NDArray[np.int32], n_words: int, packing: Packing) -> None:
        self._grams = grams
        self._n_words = n_words
        self._packing = packing

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
        keys = pack_grams(self._grams[columns], self._packing.bits)
        return PairTable.of(keys, (columns + 1).astype(np.int32))


def pack_grams(grams: NDArray[np.int32], bits: int) -> NDArray[np.int64]:
    """Keys of n-grams (n_grams, longest) of places, -1 behind short ones."""
    keys = np.zeros(len(grams), dtype=np.int64)
    for column in grams.T:
        keys = (keys << bits) | (column + 1)
    return keys


def unpack_grams(keys: NDArray[np.int64], packing: Packing) -> NDArray[np.int32]:
    """The n-grams (n_grams, longest) of keys; the reverse of `pack_grams`."""
    shifts = packing.bits * np.arange(packing.longest - 1, -1, -1)
    return ((keys[:, None] >> shifts) & ((1 << packing.bits) - 1)).astype(np.int32) - 1
