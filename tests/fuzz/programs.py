"""Model files as lists of instructions, which can be changed one by one and put together again."""

import pickle
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np

HEAD = pickle.PROTO + b"\x04"


@dataclass
class Elements:
    """The bytes of an array; extra: padding beyond what belongs in front of them."""

    content: bytes
    extra: int = 0


Token = bytes | Elements


def assemble(tokens: list[Token]) -> bytes:
    """The file that holds these instructions."""
    file = bytearray()
    for token in tokens:
        if isinstance(token, Elements):
            size = (16 - (len(file) + 1) % 16 + token.extra) % 256
            file += bytes([size]) + b"\xff" * size + token.content
        else:
            file += token
    return bytes(file)


def program(value: Any) -> list[Token]:
    """The instructions by which joblib writes plain data, without frames."""
    return [HEAD, *_Writer().value(value), pickle.STOP]


def text(value: str) -> list[Token]:
    """A string that is memoized."""
    content = value.encode("utf-8", "surrogatepass")
    if len(content) < 256:
        return [pickle.SHORT_BINUNICODE + bytes([len(content)]) + content, pickle.MEMOIZE]
    return [pickle.BINUNICODE + struct.pack("<I", len(content)) + content, pickle.MEMOIZE]


def named(module: str, name: str) -> list[Token]:
    """A class or function."""
    return [*text(module), *text(name), pickle.STACK_GLOBAL, pickle.MEMOIZE]


def integer(value: int) -> bytes:
    """An integer in the shortest form."""
    if 0 <= value < 256:
        return pickle.BININT1 + bytes([value])
    if 0 <= value < 65536:
        return pickle.BININT2 + struct.pack("<H", value)
    if -(1 << 31) <= value < 1 << 31:
        return pickle.BININT + struct.pack("<i", value)
    content = pickle.encode_long(value)
    return pickle.LONG1 + bytes([len(content)]) + content


class _Writer:
    def value(self, value: Any) -> list[Token]:
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, dict):
            items = [t for k, v in value.items() for t in (*text(k), *self.value(v))]
            return [pickle.EMPTY_DICT, pickle.MEMOIZE, pickle.MARK, *items, pickle.SETITEMS]
        if isinstance(value, list):
            items = [token for item in value for token in self.value(item)]
            return [pickle.EMPTY_LIST, pickle.MEMOIZE, pickle.MARK, *items, pickle.APPENDS]
        if isinstance(value, str):
            return text(value)
        if isinstance(value, bool) or value is None:
            return [{None: pickle.NONE, True: pickle.NEWTRUE, False: pickle.NEWFALSE}[value]]
        if isinstance(value, float):
            return [pickle.BINFLOAT + struct.pack(">d", value)]
        return [integer(value)]

    def _array(self, array: "np.ndarray[Any, Any]") -> list[Token]:
        shape = [integer(size) for size in array.shape]
        spelling = array.dtype.str[1:]
        return [
            *named("joblib.numpy_pickle", "NumpyArrayWrapper"), pickle.EMPTY_TUPLE, pickle.NEWOBJ,
            pickle.MEMOIZE, pickle.EMPTY_DICT, pickle.MEMOIZE, pickle.MARK,
            *text("subclass"), *named("numpy", "ndarray"),
            *text("shape"), *shape, [pickle.TUPLE1, pickle.TUPLE2][len(shape) - 1], pickle.MEMOIZE,
            *text("order"), *text("C"), *text("dtype"), *dtype(spelling),
            *text("allow_mmap"), pickle.NEWTRUE,
            *text("numpy_array_alignment_bytes"), integer(16), pickle.SETITEMS, pickle.BUILD,
            Elements(array.tobytes()),
        ]  # fmt: skip


def dtype(spelling: str, flags: bytes = b"\x89\x88") -> list[Token]:
    """A dtype with its state."""
    return [
        *named("numpy", "dtype"), *text(spelling), flags[:1], flags[1:], pickle.TUPLE3,
        pickle.MEMOIZE, pickle.REDUCE, pickle.MEMOIZE, *state(),
    ]  # fmt: skip


def state(
    order: str = "<", fields: tuple[bytes, ...] = (b"N", b"N", b"N"),
    numbers: tuple[int, ...] = (-1, -1, 0), version: int = 3,
) -> list[Token]:  # fmt: skip
    """What a dtype is built with."""
    return [
        pickle.MARK, integer(version), *text(order), *fields, *map(integer, numbers),
        pickle.TUPLE, pickle.MEMOIZE, pickle.BUILD,
    ]  # fmt: skip
