"""Finds the chunks in texts, which are what stands between white space, by NumPy.

A chunk of up to eight characters of an alphabet of 254 is an integer of 64 bits, a character a
byte, and no other chunk is the same one. So it is found in a table of integers, and there is
nothing to compare. Such are 99.7 % of the chunks of press articles; others, and those that are met
for the first time, are looked up as strings.
"""

import os
from functools import cache

import numpy as np
from numpy.typing import NDArray

from chude.compute.pair_table import PairTable
from chude.text.code_points import JoinedTexts, tested
from chude.text.string_table import StringTable

_LAST_SPACE = 0x3000  # the white space character with the highest code point
IS_SPACE = np.append(tested(str.isspace, _LAST_SPACE + 1), False)  # the last: all further ones
_VIETNAMESE = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
_SYMBOLS = "–—…•°²³½·×±€“”‘’"
_SHORT = 8  # characters
_AT_A_TIME = 1 << 16  # chunks, of which each is a string for a moment
_SPACE, _FURTHER = 0, 255  # bytes
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(_SHORT + 1)], np.uint64)
_OTHER = np.uint64(0)  # in place of the key of a chunk that is none


@cache
def _alphabet() -> NDArray[np.uint8]:
    """The byte of each character; the last one is that of all further ones."""
    letters = "".join(map(chr, range(ord("!"), ord("~") + 1)))
    letters += _VIETNAMESE + _VIETNAMESE.upper() + _SYMBOLS
    table = np.where(IS_SPACE, _SPACE, _FURTHER).astype(np.uint8)
    table[list(map(ord, letters))] = np.arange(1, len(letters) + 1)
    return table


class ChunkFinder:
    """Numbers the chunks of texts; those that are new are added to the table of chunks."""

    def __init__(self, chunks: StringTable) -> None:
        self._chunks = chunks
        self._numbers = PairTable()  # of keys, counted from 1
        # Keys are multiplied with an odd number, which keeps them distinct. Nobody knows it, so
        # nobody can write a text whose chunks all belong in one slot.
        self._factor = np.uint64(int.from_bytes(os.urandom(8), "little") | 1)

    def find(self, joined: JoinedTexts) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Numbers and places of the chunks, (n,) each."""
        size = len(joined.codes)
        letters = np.zeros(size + _SHORT + 1, np.uint8)  # a space before the text, room behind it
        _alphabet().take(joined.codes, out=letters[1 : size + 1], mode="clip")
        inside = letters != _SPACE
        starts, ends = np.flatnonzero(inside[1:] != inside[:-1]).reshape(-1, 2).T.copy()
        keys = self._keys(letters[1:], starts, ends)
        numbers = self._numbers.find(keys)
        missing = np.flatnonzero(numbers == 0)
        if len(missing):
            numbers[missing] = self._look_up(joined, keys[missing], starts[missing], ends[missing])
        return numbers - 1, starts

    def _keys(
        self, letters: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """The chunks as integers; `_OTHER` for those that are long or have further characters."""
        windows = np.ndarray(len(letters) - _SHORT + 1, "<u8", letters, strides=(1,))
        lengths = ends - starts
        keys = windows[starts] & _MASKS.take(lengths, mode="clip")
        keys[lengths > _SHORT] = _OTHER
        further = np.flatnonzero(letters == _FURTHER)
        keys[np.searchsorted(starts, further, "right") - 1] = _OTHER
        return (keys * self._factor).view(np.int64)

    def _look_up(
        self,
        joined: JoinedTexts,
        keys: NDArray[np.int64],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
    ) -> NDArray[np.int32]:
        """Numbers, counted from 1, of chunks without one in the table of keys, which get it."""
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        first = np.append(True, ordered[1:] != ordered[:-1]) | (ordered == _OTHER)
        some = np.sort(order[first])  # so that chunks are numbered as they come
        found = np.empty(len(some), np.int32)
        text = joined.string
        for at in range(0, len(some), _AT_A_TIME):
            inside = some[at : at + _AT_A_TIME]
            places = zip(starts[inside].tolist(), ends[inside].tolist(), strict=True)
            numbers = [self._chunks[text[start:end]] for start, end in places]
            found[at : at + _AT_A_TIME] = numbers
        found += 1
        short = keys[some] != _OTHER
        self._numbers.insert(keys[some[short]], found[short])
        known = self._numbers.find(keys)
        known[some[~short]] = found[~short]
        return known
