"""Read the instructions of a pickle one by one, without carrying out any.

A pickle of protocol 4 may stand in frames, and joblib puts the bytes of arrays between them. The
grammar is in `safe_load`.
"""

import pickle
import struct
from enum import Enum
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

ALIGNMENT = 16  # of an array's first byte in the file
_MOST = 100_000  # instructions; of a model with 1,000 themes there are 12,000


class Known(Enum):
    """What a file may name, and what it may not fetch."""

    RECORD = ("joblib.numpy_pickle", "NumpyArrayWrapper")
    ARRAY = ("numpy", "ndarray")
    DTYPE = ("numpy", "dtype")
    CONTAINER = ("", "")  # in place of memoized containers


class RefusedError(Exception):
    """What is wrong with a file."""


def refuse(problem: str) -> NoReturn:
    """Raise RefusedError; problem: what is wrong with the file, as the rest of a sentence."""
    raise RefusedError(problem)


class Instructions:
    """The instructions of a file, one after the other, with their arguments and frames."""

    def __init__(self, content: NDArray[np.uint8]) -> None:
        self.content = content
        self._bytes = content.data
        self._place = 0
        self._end = len(content)  # of the frame, or of the file outside frames
        self._framed = False
        self._count = 0

    def take(self, size: int) -> memoryview:
        """The next bytes."""
        start, self._place = self._place, self._place + size
        if self._place > self._end:
            refuse("it is truncated or damaged")
        return self._bytes[start : self._place]

    def number(self, form: str) -> Any:
        """The next number; form: as in `struct`."""
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def opcode(self) -> bytes:
        """The next instruction that is not FRAME."""
        self._count += 1
        if self._count > _MOST:
            refuse(f"it has more than {_MOST:,} instructions")
        self._leave_frame()
        code = bytes(self.take(1))
        if code != pickle.FRAME:
            return code
        size = self.number("<Q")
        if self._framed or not 0 < size <= self._end - self._place:
            refuse("its frames are damaged")
        self._framed, self._end = True, self._place + size
        return bytes(self.take(1))

    def outside(self, size: int) -> NDArray[np.uint8]:
        """The next bytes, which have to be in no frame, without copying them."""
        self._leave_frame()
        if self._framed:
            refuse("an array stands in a frame")
        self.take(size)
        return self.content[self._place - size : self._place]

    def padding(self) -> None:
        """Pass over the bytes in front of an array."""
        size = int(self.outside(1)[0])
        if size != ALIGNMENT - self._place % ALIGNMENT or (self.outside(size) != 255).any():
            refuse("the padding of an array is damaged")

    def finish(self) -> None:
        """Make sure that nothing follows."""
        self._leave_frame()
        if self._framed or self._place != self._end:
            refuse("something follows behind its end")

    def _leave_frame(self) -> None:
        if self._framed and self._place == self._end:
            self._framed, self._end = False, len(self.content)


class Atoms(Instructions):
    """The instructions with the parts that have one form, and what was memoized so far."""

    def __init__(self, content: NDArray[np.uint8]) -> None:
        super().__init__(content)
        self._memo: list[Any] = []

    def remember(self, value: Any) -> None:
        """Pass over MEMOIZE, and keep the value for later."""
        self.expect(pickle.MEMOIZE)
        self._memo[-1] = value

    def integer(self, code: bytes) -> int:
        """The integer of an instruction."""
        if code == pickle.LONG1:
            size = self.number("B")
            value = int.from_bytes(self.take(size), "little", signed=True)
            least, most = _bounds(max(size - 1, 4))  # what needs fewer bytes is not written so
            if size > 8 or least <= value <= most:
                refuse("it has an integer in an unknown form")
            return value
        if code not in _INTEGERS:
            refuse("it has no integer where one belongs")
        value = int(self.number(_INTEGERS[code]))
        if value in range(_SMALLEST[code]):
            refuse("it has an integer in an unknown form")
        return value

    def string(self, code: bytes) -> str:
        """The string of an instruction, which is memoized."""
        size = self.number("B" if code == pickle.SHORT_BINUNICODE else "<I")
        if code == pickle.BINUNICODE and size < 256:
            refuse("it has a string in an unknown form")
        try:
            value = str(self.take(size), "utf-8", "surrogatepass")
        except UnicodeDecodeError:
            refuse("it has a string that is not UTF-8")
        self.remember(value)
        return value

    def fetch(self, code: bytes) -> Any:
        """What the instruction fetches from what was memoized."""
        place = self.number("B" if code == pickle.BINGET else "<I")
        if place >= len(self._memo) or (code == pickle.LONG_BINGET and place < 256):
            refuse("it fetches what is not there")
        return self._memo[place]

    def atom(self) -> Any:
        """A string, or something that was memoized before."""
        code = self.opcode()
        if code in (pickle.BINGET, pickle.LONG_BINGET):
            return self.fetch(code)
        if code not in (pickle.SHORT_BINUNICODE, pickle.BINUNICODE):
            refuse("it has no string where one belongs")
        return self.string(code)

    def expect(self, *codes: bytes) -> None:
        """Pass over just these instructions."""
        for code in codes:
            if self.opcode() != code:
                refuse("it holds something in an unknown form")
            if code == pickle.MEMOIZE:
                self._memo.append(Known.CONTAINER)

    def expect_integers(self, *values: int) -> None:
        """Pass over just these integers."""
        for value in values:
            if self.integer(self.opcode()) != value:
                refuse("it has an array in an unknown form")

    def expect_strings(self, *values: str) -> None:
        """Pass over just these strings."""
        for value in values:
            atom = self.atom()
            if type(atom) is not str or atom != value:
                refuse("it has an array in an unknown form")

    def expect_name(self, known: Known, atom: Any) -> None:
        """The rest of a name, of which `atom` was read."""
        if atom is not known:
            name = self.atom()
            self.expect(pickle.STACK_GLOBAL)
            self.named(known, atom, name)

    def named(self, known: Known, module: Any, name: Any) -> None:
        """Make sure that a name is the known one."""
        if type(module) is not str or type(name) is not str:
            refuse("it names something in an unknown form")
        if (module, name) != known.value:
            refuse(f"it asks for {ascii(f'{module[:60]}.{name[:60]}')[1:-1]}")
        self.remember(known)


def _bounds(size: int) -> tuple[int, int]:
    """The least and the largest integer of so many bytes."""
    return -(1 << 8 * size - 1), (1 << 8 * size - 1) - 1


_INTEGERS = {pickle.BININT1: "B", pickle.BININT2: "<H", pickle.BININT: "<i"}
_SMALLEST = {pickle.BININT1: 0, pickle.BININT2: 1 << 8, pickle.BININT: 1 << 16}  # from 0 on
