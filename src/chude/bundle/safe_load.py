"""Read a joblib file that may hold nothing but plain data.

A pickle can call any function while it loads. A bundle needs containers, strings, numbers and
numpy arrays of numbers only, so every other global is refused before anything runs, and so are the
calls that pickle could make with the allowed ones.
"""

import io
import math
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chude.errors import ChudeError

_MAPPED = 1 << 20  # bytes; larger arrays stay in the file, from which memory is filled as needed


class _ArrayRecord:
    """What joblib pickles in place of an array; padding and the array's bytes come behind it.

    Read here, as joblib would take a twentieth of a second to import. Arrays of objects, and sizes
    that the file cannot hold, are refused.
    """

    subclass: Any
    shape: Any
    order: Any
    dtype: Any

    def read(self, stream: io.BufferedReader) -> NDArray[Any]:
        if not isinstance(self.dtype, np.dtype) or self.dtype.hasobject:
            raise pickle.UnpicklingError("an array of objects")
        if self.subclass is not np.ndarray or not all(type(n) is int for n in self.shape):
            raise pickle.UnpicklingError("an array of an unknown kind")
        stream.read(stream.read(1)[0])  # the padding, after its length
        size = self.dtype.itemsize * math.prod(self.shape)
        if not 0 <= size <= os.fstat(stream.fileno()).st_size - stream.tell():
            raise pickle.UnpicklingError("an array larger than the file")
        if size >= _MAPPED:
            # Copied on write: processes with the same model share its memory, none can change it.
            start = stream.tell()
            mapped = np.memmap(stream, self.dtype, "c", start, self.shape, self.order)
            stream.seek(start + size)
            return mapped.view(np.ndarray)
        content = bytearray(size)
        stream.readinto(content)
        return np.frombuffer(content, self.dtype).reshape(self.shape, order=self.order)


_ALLOWED: dict[tuple[str, str], Any] = {
    ("joblib.numpy_pickle", "NumpyArrayWrapper"): _ArrayRecord,
    ("numpy", "ndarray"): np.ndarray,  # named in an array's record, never called
    ("numpy", "dtype"): np.dtype,
}


_RECORD = {
    "subclass", "shape", "order", "dtype", "allow_mmap", "numpy_array_alignment_bytes",
}  # fmt: skip


_Unpickler: Any = pickle._Unpickler  # the one in Python, whose instructions can be changed


class _PlainUnpickler(_Unpickler):
    dispatch = _Unpickler.dispatch.copy()

    def __init__(self, stream: io.BufferedReader) -> None:
        super().__init__(stream)
        self._stream = stream

    def find_class(self, module: str, name: str) -> Any:
        try:
            return _ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}") from None

    def load_reduce(self) -> None:
        function, arguments = self.stack[-2], self.stack[-1]
        # numpy.dtype("f4", False, True) is the only call that plain data makes.
        if function is not np.dtype or not _is_plain_dtype(arguments):
            raise pickle.UnpicklingError("it asks for a function call")
        super().load_reduce()

    def load_newobj(self) -> None:
        if self.stack[-2] is not _ArrayRecord or self.stack[-1] != ():
            raise pickle.UnpicklingError("it asks for an object to be made")
        super().load_newobj()

    def load_build(self) -> None:
        state, target = self.stack[-1], self.stack[-2]
        array = type(target) is _ArrayRecord and isinstance(state, dict) and state.keys() == _RECORD
        if not array and not (isinstance(target, np.dtype) and _is_plain_state(state)):
            raise pickle.UnpicklingError("it asks to change an object")
        super().load_build()
        if array:
            self.stack[-1] = target.read(self._stream)

    def _refuse(self) -> None:
        raise pickle.UnpicklingError("it uses an instruction that plain data does not need")

    dispatch[pickle.REDUCE[0]] = load_reduce
    dispatch[pickle.NEWOBJ[0]] = load_newobj
    dispatch[pickle.BUILD[0]] = load_build
    for opcode in (
        pickle.NEWOBJ_EX, pickle.INST, pickle.OBJ, pickle.PERSID, pickle.BINPERSID,
        pickle.EXT1, pickle.EXT2, pickle.EXT4, pickle.NEXT_BUFFER, pickle.READONLY_BUFFER,
    ):  # fmt: skip
        dispatch[opcode[0]] = _refuse


def _is_plain_dtype(arguments: Any) -> bool:
    return (
        isinstance(arguments, tuple)
        and len(arguments) == 3
        and isinstance(arguments[0], str)
        and arguments[0][:1] in "biuf"
        and arguments[1:] == (False, True)
    )


def _is_plain_state(state: Any) -> bool:
    # version, byte order, no subarray, no names, no fields, size, alignment, flags
    return isinstance(state, tuple) and len(state) == 8 and state[2:5] == (None, None, None)


def load_plain(path: Path) -> Any:
    """The plain data in a joblib file.

    Raises ChudeError, before anything of the file runs, when it holds or asks for anything else,
    and when it is truncated or not a joblib file at all.
    """
    try:
        with path.open("rb") as stream:
            return _PlainUnpickler(stream).load()
    except pickle.UnpicklingError as error:
        raise ChudeError(
            f"{path}: refused, {error}. Use a model that `chude train` wrote."
        ) from None
    except OSError as error:
        raise ChudeError(f"{path}: cannot be read ({error.strerror}). Check the path.") from None
    except Exception as error:  # a damaged pickle fails in any way there is
        raise ChudeError(
            f"{path}: damaged or not a model file ({type(error).__name__}). Train or copy it again."
        ) from None
