"""Distinct strings, numbered as they come, and a hash table that finds them in code points."""

import itertools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chude.compute.growing import GrowingArray
from chude.text.code_points import code_points, distinct, to_string

UNKNOWN, OUTSIDE, INSIDE = 0, 1, 2  # kinds of characters


class StringTable(dict[str, int]):
    """Numbers of distinct strings; looking up a new one adds it to `names`, which only grows."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __missing__(self, name: str) -> int:
        number = self[name] = len(self.names)
        self.names.append(name)
        return number

    def of(self, names: list[str]) -> list[int]:
        """The numbers of strings; faster than one by one where many are new."""
        self.add_new([name for name in dict.fromkeys(names) if name not in self])
        return list(map(self.__getitem__, names))

    def add_new(self, names: list[str]) -> None:
        """Number distinct strings that have no number yet."""
        self.update(zip(names, itertools.count(len(self.names))))
        self.names.extend(names)


class Hashed(NamedTuple):
    """Hash table of names: slots hold 32 bits of a hash and a number + 1, or 0."""

    slots: NDArray[np.uint64]
    shift: np.uint64
    first: NDArray[np.uint32]  # name i has the code points codes[first[i]:first[i + 1]]
    codes: NDArray[np.uint32]


class Kinds:
    """Which characters are part of names; the last kind in `table` is that of all further ones.

    UNKNOWN ones are INSIDE if they are letters or digits, which is found out when one is met.
    """

    def __init__(self, table: NDArray[np.uint8]) -> None:
        self.table = table

    def of(self, codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
        """The kinds of characters, none of them UNKNOWN."""
        kinds = self.table.take(codes, mode="clip")
        unknown = np.flatnonzero(kinds == UNKNOWN)
        if len(unknown):
            for code in distinct(codes[unknown]).tolist():
                self.table[code] = INSIDE if chr(code).isalnum() else OUTSIDE
            kinds[unknown] = self.table[codes[unknown]]
        return kinds


class RunFinder:
    """Cuts texts into names and numbers these, by compiled functions."""

    def __init__(self, names: StringTable, kinds: Kinds) -> None:
        self._names = names
        self._kinds = kinds
        self._slots = np.zeros(1 << 12, np.uint64)
        self._codes, self._first = GrowingArray(np.uint32), GrowingArray(np.uint32)
        self._first.extend([0])

    def cut(self, codes: NDArray[np.uint32]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Numbers and places, (n,) each, of the runs of INSIDE; new ones are added to the names."""
        from chude.text import kernels_numba

        self.enter()
        begin = known = len(self._first) - 1
        ids = np.empty(len(codes) // 2 + 1, np.int32)
        starts = np.empty(len(codes) // 2 + 1, np.int64)
        at = count = 0
        while at < len(codes):
            self._first.reserve(len(ids))
            self._codes.reserve(len(codes))
            hashed = self._hashed()
            limit = len(self._slots) // 2
            at, count, known = kernels_numba.cut(
                hashed, codes, self._kinds.table, at, known, limit, ids, starts, count
            )
            self._first.claim(known + 1)
            self._codes.claim(int(hashed.first[known]))
            if known == limit:
                self._enlarge(known)
            elif at < len(codes):
                self._kinds.of(codes[at:])  # finds out about unknown characters
        self._add(begin)
        return ids[:count], starts[:count]

    def lengths(self, ids: NDArray[np.int32]) -> NDArray[np.uint32]:
        """The lengths of the names with these numbers."""
        first = self._first.array
        return first[ids + 1] - first[ids]

    def enter(self) -> Hashed:
        """The hash table, with the names that were added elsewhere entered."""
        from chude.text import kernels_numba

        begin, names = len(self._first) - 1, self._names.names
        new = names[begin:]
        lengths = np.fromiter(map(len, new), np.uint32, len(new))
        self._first.extend(len(self._codes) + np.cumsum(lengths))
        self._codes.extend(code_points("".join(new)))
        if len(names) * 2 > len(self._slots):
            self._enlarge(len(names))
        else:
            kernels_numba.add_names(self._hashed(), begin, len(names))
        return self._hashed()

    def _hashed(self) -> Hashed:
        shift = np.uint64(65 - len(self._slots).bit_length())
        return Hashed(self._slots, shift, self._first.memory, self._codes.memory)

    def _enlarge(self, count: int) -> None:
        """Make more slots than so many names need, and enter them all."""
        from chude.text import kernels_numba

        self._slots = np.zeros(1 << (count * 4).bit_length(), np.uint64)
        kernels_numba.add_names(self._hashed(), 0, count)

    def _add(self, begin: int) -> None:
        """Add to the names those that have been found from number `begin` on."""
        first = self._first.array[begin:]
        text = to_string(self._codes.array[first[0] :])
        cuts = itertools.pairwise((first - first[0]).tolist())
        self._names.add_new([text[start:stop] for start, stop in cuts])
