"""Read a joblib file that may hold nothing but plain data.

A pickle is a program that can call any function. This module does not run it: it reads the few
forms that `joblib.dump(plain, path, protocol=4)` writes for plain data, and refuses a file at the
first byte that belongs to no such form. No class, function or dtype is ever looked up by a name
that the file gives. The grammar, one instruction of pickle a word, `…` repeats:

    file      PROTO 4, value, STOP, and nothing behind it
    value     NONE | NEWTRUE | NEWFALSE | integer | BINFLOAT | string | list | dict | tuple | array
    integer   BININT1 | BININT2 | BININT | LONG1, the shortest that holds it, of at most 64 bits
    string    SHORT_BINUNICODE | BINUNICODE, the shorter that holds it, MEMOIZE; UTF-8, where lone
              surrogates may stand
            | BINGET | LONG_BINGET of a string that was memoized before
    list      EMPTY_LIST MEMOIZE, then any of: value APPEND; MARK value … APPENDS
    dict      EMPTY_DICT MEMOIZE, then any of: string value SETITEM; MARK string value … SETITEMS;
              no key twice
    tuple     EMPTY_TUPLE | value TUPLE1 MEMOIZE | value value TUPLE2 MEMOIZE
            | value value value TUPLE3 MEMOIZE | MARK value … TUPLE MEMOIZE, of four and more
    array     record, then a byte with the length of the padding, 1 to 16, that makes the place in
              the file a multiple of 16; the padding of bytes 255; the elements in C order
    record    joblib.numpy_pickle.NumpyArrayWrapper EMPTY_TUPLE NEWOBJ MEMOIZE EMPTY_DICT MEMOIZE
              MARK "subclass" numpy.ndarray "shape" shape "order" "C" "dtype" dtype
              "allow_mmap" NEWTRUE "numpy_array_alignment_bytes" BININT1 16 SETITEMS BUILD
    shape     integer TUPLE1 MEMOIZE | integer integer TUPLE2 MEMOIZE
    dtype     numpy.dtype spelling NEWFALSE NEWTRUE TUPLE3 MEMOIZE REDUCE MEMOIZE MARK BININT1 3 "<"
              NONE NONE NONE BININT -1 BININT -1 BININT1 0 TUPLE MEMOIZE BUILD
            | BINGET | LONG_BINGET of a dtype that was memoized before
    spelling  "f4" | "f8" | "i4"
    a.b       "a" "b" STACK_GLOBAL MEMOIZE | BINGET | LONG_BINGET of that one

FRAME may stand before any instruction that is in no frame; a frame ends between two instructions,
and before the bytes of an array. A container is in one place only, so none holds itself. Values
are nested at most 8 deep, and made by at most 100,000 instructions. Memory is bounded by the file's
size: arrays are views of its bytes, a string has at most four bytes for each of the file's, and all
else is less than 30 MB.

The file is read once, whole, into private memory, and what is used are the very bytes that were
read: nobody who writes to the file later can change a model that is loaded. Processes with the
same model do not share its memory, so each of them costs the size of the file.
"""

import pickle
from collections.abc import Callable
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chude.bundle.entries import read_regular
from chude.bundle.instructions import ALIGNMENT, Atoms, Known, RefusedError, refuse
from chude.errors import ChudeError

MOST_BYTES = 1 << 30  # of a model file
_MOST_DEPTH = 8
_DTYPES = {spelling: np.dtype(f"<{spelling}") for spelling in ("f4", "f8", "i4")}

_Item = tuple[Any, int]  # a value, and how deep it is nested


def load_plain(path: Path) -> Any:
    """The plain data in a joblib file, of the grammar above.

    Raises ChudeError when it holds or asks for anything else, when it is truncated or no joblib
    file at all, and when it is not a regular file or larger than `MOST_BYTES`.
    """
    return parse_plain(read_bytes(path), path)


def read_bytes(path: Path) -> NDArray[np.uint8]:
    """The bytes of a joblib file, for `parse_plain`.

    Raises ChudeError when it is not a regular file, larger than `MOST_BYTES` or cannot be read.
    """
    return read_regular(path, MOST_BYTES, ending=pickle.STOP)


def parse_plain(content: NDArray[np.uint8], path: Path) -> Any:
    """The plain data in the bytes of a joblib file; its arrays are views of `content`.

    content: uint8 (n_bytes,), its memory aligned to 16 bytes. path: where they were read, for
    messages. Raises ChudeError when they hold or ask for anything else.
    """
    try:
        return _Program(content).value()
    except RefusedError as error:
        raise ChudeError(
            f"{path}: refused, {error}. Use a model that `chude train` wrote."
        ) from None


class _Program(Atoms):
    """Builds the value of a file from its instructions."""

    def __init__(self, content: NDArray[np.uint8]) -> None:
        super().__init__(content)
        self._stack: list[_Item] = []
        self._marks: list[int] = []

    def value(self) -> Any:
        """The value of the whole file."""
        if bytes(self.take(2)) != pickle.PROTO + b"\x04":
            refuse("it does not begin as a model file does")
        while (code := self.opcode()) != pickle.STOP:
            if (step := _STEPS.get(code)) is None:
                refuse("it uses an instruction that plain data does not need")
            step(self, code)
        self.finish()
        if len(self._stack) != 1 or self._marks:
            refuse("it is not one value")
        return self._stack[0][0]

    def push_constant(self, code: bytes) -> None:
        """None, True or False."""
        self._push(_CONSTANTS[code])

    def push_integer(self, code: bytes) -> None:
        """An integer."""
        self._push(self.integer(code))

    def push_decimal(self, code: bytes) -> None:
        """A float."""
        self._push(self.number(">d"))

    def push_string(self, code: bytes) -> None:
        """A string."""
        self._push(self.string(code))

    def push_fetched(self, code: bytes) -> None:
        """A memoized string, or the class of an array's record, behind which comes the array."""
        fetched = self.fetch(code)
        if fetched is Known.RECORD:
            self._push(self._array())
        elif type(fetched) is str:
            self._push(fetched)
        else:
            refuse("it uses a container or a class twice")

    def push_named(self, code: bytes) -> None:
        """An array, the only thing whose class plain data names."""
        (module, _), (name, _) = self._pop(2)
        self.named(Known.RECORD, module, name)
        self._push(self._array())

    def push_container(self, code: bytes) -> None:
        """An empty list or dict."""
        self.expect(pickle.MEMOIZE)
        self._push([] if code == pickle.EMPTY_LIST else {}, 1)

    def push_empty_tuple(self, code: bytes) -> None:
        """The tuple of nothing."""
        self._push((), 1)

    def mark(self, code: bytes) -> None:
        """Where the items of a container begin."""
        if len(self._marks) == _MOST_DEPTH:
            refuse("it is nested too deep")
        self._marks.append(len(self._stack))

    def append(self, code: bytes) -> None:
        """One value, or all behind the mark, into a list."""
        items = self._pop(1) if code == pickle.APPEND else self._pop_marked()
        target, depth = self._pop(1)[0]
        if type(target) is not list:
            refuse("it appends to what is no list")
        target.extend(value for value, _ in items)
        self._push(target, max(depth, _depth(items)))

    def set_items(self, code: bytes) -> None:
        """One key with its value, or all behind the mark, into a dict."""
        items = self._pop(2) if code == pickle.SETITEM else self._pop_marked()
        target, depth = self._pop(1)[0]
        keys = [key for key, _ in items[::2]]
        if type(target) is not dict or len(items) % 2 or not all(type(k) is str for k in keys):
            refuse("it has a table whose keys are not strings")
        size = len(target) + len(keys)
        target.update(zip(keys, (value for value, _ in items[1::2]), strict=True))
        if len(target) != size:
            refuse("it has a table with a key twice")
        self._push(target, max(depth, _depth(items)))

    def push_tuple(self, code: bytes) -> None:
        """The last values, or all behind the mark, as a tuple."""
        size = _SIZES[code]
        items = self._pop(size) if size else self._pop_marked()
        if not size and len(items) < 4:
            refuse("it has a tuple in an unknown form")
        self.expect(pickle.MEMOIZE)
        self._push(tuple(value for value, _ in items), _depth(items))

    def _push(self, value: Any, depth: int = 0) -> None:
        if depth > _MOST_DEPTH:
            refuse("it is nested too deep")
        self._stack.append((value, depth))

    def _pop(self, count: int) -> list[_Item]:
        """The last values, all behind the last mark."""
        start = len(self._stack) - count
        if start < (self._marks[-1] if self._marks else 0):
            refuse("it takes values that are not there")
        items = self._stack[start:]
        del self._stack[start:]
        return items

    def _pop_marked(self) -> list[_Item]:
        """The values behind the last mark, which goes away."""
        if not self._marks:
            refuse("it takes values that are not there")
        items = self._pop(len(self._stack) - self._marks[-1])
        self._marks.pop()
        return items

    def _array(self) -> NDArray[Any]:
        """The array behind the name of its record's class."""
        self.expect(pickle.EMPTY_TUPLE, pickle.NEWOBJ, pickle.MEMOIZE)
        self.expect(pickle.EMPTY_DICT, pickle.MEMOIZE, pickle.MARK)
        self.expect_strings("subclass")
        self.expect_name(Known.ARRAY, self.atom())
        self.expect_strings("shape")
        shape = self._shape()
        self.expect_strings("order", "C", "dtype")
        dtype = self._dtype()
        self.expect_strings("allow_mmap")
        self.expect(pickle.NEWTRUE)
        self.expect_strings("numpy_array_alignment_bytes")
        self.expect_integers(ALIGNMENT)
        self.expect(pickle.SETITEMS, pickle.BUILD)
        self.padding()
        return self.outside(dtype.itemsize * prod(shape)).view(dtype).reshape(shape)

    def _shape(self) -> tuple[int, ...]:
        shape = [self.integer(self.opcode())]
        if (code := self.opcode()) != pickle.TUPLE1:
            shape.append(self.integer(code))
            self.expect(pickle.TUPLE2)
        self.expect(pickle.MEMOIZE)
        if not all(0 <= size <= len(self.content) for size in shape):
            refuse("it has an array larger than the file")
        return (*shape,)

    def _dtype(self) -> "np.dtype[Any]":
        atom = self.atom()
        if isinstance(atom, np.dtype):
            return atom
        self.expect_name(Known.DTYPE, atom)
        spelling = self.atom()
        if type(spelling) is not str or spelling not in _DTYPES:
            refuse("it has an array of something else than floats and 32-bit integers")
        self.expect(pickle.NEWFALSE, pickle.NEWTRUE, pickle.TUPLE3, pickle.MEMOIZE)
        self.expect(pickle.REDUCE)
        self.remember(_DTYPES[spelling])
        self.expect(pickle.MARK)
        self.expect_integers(3)
        self.expect_strings("<")
        self.expect(pickle.NONE, pickle.NONE, pickle.NONE)
        self.expect_integers(-1, -1, 0)
        self.expect(pickle.TUPLE, pickle.MEMOIZE, pickle.BUILD)
        return _DTYPES[spelling]


def _depth(items: list[_Item]) -> int:
    """How deep a container of these is."""
    return 1 + max((depth for _, depth in items), default=0)


_INTEGERS = (pickle.BININT1, pickle.BININT2, pickle.BININT, pickle.LONG1)
_CONSTANTS = {pickle.NONE: None, pickle.NEWTRUE: True, pickle.NEWFALSE: False}
_SIZES = {pickle.TUPLE1: 1, pickle.TUPLE2: 2, pickle.TUPLE3: 3, pickle.TUPLE: 0}  # 0 for a mark
_STEPS: dict[bytes, Callable[[_Program, bytes], None]] = {
    **dict.fromkeys(_CONSTANTS, _Program.push_constant),
    **dict.fromkeys(_INTEGERS, _Program.push_integer),
    **dict.fromkeys(_SIZES, _Program.push_tuple),
    **dict.fromkeys((pickle.BINGET, pickle.LONG_BINGET), _Program.push_fetched),
    **dict.fromkeys((pickle.SHORT_BINUNICODE, pickle.BINUNICODE), _Program.push_string),
    **dict.fromkeys((pickle.EMPTY_LIST, pickle.EMPTY_DICT), _Program.push_container),
    **dict.fromkeys((pickle.APPEND, pickle.APPENDS), _Program.append),
    **dict.fromkeys((pickle.SETITEM, pickle.SETITEMS), _Program.set_items),
    pickle.BINFLOAT: _Program.push_decimal,
    pickle.EMPTY_TUPLE: _Program.push_empty_tuple,
    pickle.MARK: _Program.mark,
    pickle.STACK_GLOBAL: _Program.push_named,
}
