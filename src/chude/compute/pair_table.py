"""A hash table from pairs of small integers to small integers, for whole arrays at once.

Open addressing with linear probing over a power-of-two number of slots, multiplicative
(Fibonacci) hashing (Knuth, TAOCP 3, 6.4). The arrays are public so that compiled kernels can probe
them too.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
EMPTY = -1
_BLOCK = 8  # bits of a slot's place in its block
_SMALLEST = 10  # bits of a slot's place
_ROOM = 4  # slots a key, at least: most keys are settled by one probe


def pack(first: NDArray[np.int32], second: NDArray[np.int32]) -> NDArray[np.int64]:
    """Pairs as one integer each: `first` in the upper 32 bits, `second` in the lower."""
    return (first.astype(np.int64) << 32) | second


def crowded(keys: NDArray[np.int64]) -> bool:
    """Whether distinct ``keys`` stand so close together in a table that finding one takes long.

    In no block of 256 slots do more than 256 keys belong, so a key stands at most two blocks behind
    its place. A table is at most a quarter full: words make no such keys, but a file of another's
    making may hold keys that were sought for it, and a table of 100,000 of these takes half a
    minute.
    """
    bits = max(_SMALLEST, (_ROOM * len(keys) - 1).bit_length())
    blocks = (keys.view(np.uint64) * _MULTIPLIER) >> np.uint64(64 - bits + _BLOCK)
    return int(np.bincount(blocks.view(np.int64)).max(initial=0)) > 1 << _BLOCK


class PairTable:
    """Maps `pack(a, b)`, a and b non-negative, to a positive int32; other pairs to 0."""

    def __init__(self, bits: int = _SMALLEST) -> None:
        self._allocate(bits)

    def _allocate(self, bits: int) -> None:
        self.bits = bits
        self.count = 0
        self.keys = np.full(1 << bits, EMPTY, np.int64)
        self.values = np.zeros(1 << bits, np.int32)

    @classmethod
    def of(cls, keys: NDArray[np.int64], values: NDArray[np.int32]) -> "PairTable":
        """Table of the distinct `keys` with their `values`."""
        table = cls()
        table.insert(keys, values)
        return table

    @classmethod
    def of_slots(cls, keys: NDArray[np.int64], values: NDArray[np.int32]) -> "PairTable":
        """Table of the slots of another one, which may be read-only; nothing is copied."""
        table = cls.__new__(cls)
        table.bits = len(keys).bit_length() - 1
        table.count = int(np.count_nonzero(keys != EMPTY))
        table.keys, table.values = keys, values
        return table

    def __len__(self) -> int:
        return self.count

    def _home(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        hashed = keys.view(np.uint64) * _MULTIPLIER
        return (hashed >> np.uint64(64 - self.bits)).view(np.int64)

    def find(self, keys: NDArray[np.int64]) -> NDArray[np.int32]:
        """Values of `keys`, 0 where there is none; shape (n,)."""
        # Products and places, which take a fraction of the time of masks as indices.
        slots = self._home(keys)
        seen = self.keys.take(slots)
        hit = seen == keys
        found: NDArray[np.int32] = self.values.take(slots) * hit
        pending = np.flatnonzero(~hit & (seen != EMPTY))
        wanted, slots = keys[pending], slots[pending]
        mask = len(self.keys) - 1
        while len(pending):
            slots = (slots + 1) & mask
            seen = self.keys.take(slots)
            hit = seen == wanted
            found[pending] = self.values.take(slots) * hit
            going = np.flatnonzero(~hit & (seen != EMPTY))
            pending, wanted, slots = pending[going], wanted[going], slots[going]
        return found

    def insert(self, keys: NDArray[np.int64], values: NDArray[np.int32]) -> None:
        """Add distinct `keys` that the table does not hold yet."""
        room = (self.count + len(keys)) * _ROOM
        if room > len(self.keys):
            self.grow(room)
        self._place(keys, values)

    def grow(self, slots: int) -> None:
        """Make room for at least so many slots."""
        full = self.keys != EMPTY
        keys, values = self.keys[full], self.values[full]
        self._allocate(max(self.bits, (slots - 1).bit_length()))
        self._place(keys, values)

    def _place(self, keys: NDArray[np.int64], values: NDArray[np.int32]) -> None:
        self.count += len(keys)
        slots = self._home(keys)
        mask = len(self.keys) - 1
        while len(keys):
            free = self.keys[slots] == EMPTY
            # Of several keys on one free slot the last written stays; the others move on.
            self.keys[slots[free]] = keys[free]
            placed = self.keys[slots] == keys
            self.values[slots[placed]] = values[placed]
            keys, values, slots = keys[~placed], values[~placed], (slots[~placed] + 1) & mask


class Pairs(NamedTuple):
    """Arrays of a `PairTable`; `shift` makes a slot of a hash."""

    keys: NDArray[np.int64]
    values: NDArray[np.int32]
    shift: np.uint64


def pairs(table: PairTable) -> Pairs:
    """Arrays of `table`."""
    return Pairs(table.keys, table.values, np.uint64(64 - table.bits))
