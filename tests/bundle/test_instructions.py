"""The loader against files that are made here instruction by instruction."""

import os
import pickle
import pickletools
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest

from chude.bundle.safe_load import load_plain
from chude.errors import ChudeError

U = pickle.SHORT_BINUNICODE
HEAD = pickle.PROTO + b"\x04"


def text(value: str) -> bytes:
    return U + bytes([len(value.encode())]) + value.encode() + pickle.MEMOIZE


def named(module: str, name: str) -> bytes:
    return text(module) + text(name) + pickle.STACK_GLOBAL + pickle.MEMOIZE


STATE = (
    pickle.MARK + b"K\x03" + text("<") + b"NNN" + b"J\xff\xff\xff\xff" * 2 + b"K\x00"
    + pickle.TUPLE + pickle.MEMOIZE + pickle.BUILD
)  # fmt: skip


def dtype(spelling: str = "i4", flags: bytes = b"\x89\x88", state: bytes = STATE) -> bytes:
    made = named("numpy", "dtype") + text(spelling) + flags + pickle.TUPLE3 + pickle.MEMOIZE
    return made + pickle.REDUCE + pickle.MEMOIZE + state


def record(
    kind: bytes = dtype(),
    shape: bytes = b"K\x02\x85\x94",
    order: str = "C",
    subclass: bytes = named("numpy", "ndarray"),
    alignment: bytes = b"K\x10",
    wrapper: bytes = named("joblib.numpy_pickle", "NumpyArrayWrapper"),
) -> bytes:
    return (
        wrapper + b")\x81\x94}\x94(" + text("subclass") + subclass + text("shape") + shape
        + text("order") + text(order) + text("dtype") + kind + text("allow_mmap") + b"\x88"
        + text("numpy_array_alignment_bytes") + alignment + b"ub"
    )  # fmt: skip


def with_array(record: bytes, content: bytes = struct.pack("<2i", 7, 8), padding: int = 0) -> bytes:
    file = HEAD + record
    size = 16 - (len(file) + 1) % 16 + padding
    return file + bytes([size]) + b"\xff" * size + content + pickle.STOP


def test_the_parts_that_the_refused_files_are_made_of_make_one_that_loads(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(with_array(record()))
    assert load_plain(tmp_path / "file").tolist() == [7, 8]
    assert joblib.load(tmp_path / "file").tolist() == [7, 8]


class Call:
    """Pickles as a call of a function."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return os.system, ("touch executed",)


OBJECT_STATE = (
    b"(K\x03" + text("|") + b"N(" + text("f0") + text("f1") + text("f2") + text("f3")
    + b"t\x94}\x94" + b"J\x08\x00\x00\x00" + b"K\x01K\x00t\x94b"
)  # fmt: skip
LIST_TWICE = b"]\x94(h\x00h\x00e"

REFUSED: dict[str, bytes] = {
    "nothing": b"",
    "no pickle": b"not a model",
    "protocol 0": pickle.dumps({"a": 1}, protocol=0),
    "protocol 2": pickle.dumps({"a": 1}, protocol=2),
    "protocol 5": pickle.dumps({"a": 1}, protocol=5),
    "a call": pickle.dumps(Call(), protocol=4),
    "a call inside": pickle.dumps({"a": [Call()]}, protocol=4),
    "GLOBAL": HEAD + b"cos\nsystem\n.",
    "INST": HEAD + b"(S'touch executed'\nios\nsystem\n.",
    "OBJ": HEAD + b"(" + named("os", "system") + text("touch executed") + b"o.",
    "REDUCE": HEAD + named("os", "system") + text("touch executed") + b"\x85\x94R\x94.",
    "REDUCE of a record": HEAD + named("joblib.numpy_pickle", "NumpyArrayWrapper") + b")R\x94.",
    "NEWOBJ": HEAD + named("builtins", "object") + b")\x81\x94.",
    "NEWOBJ_EX": HEAD + named("builtins", "object") + b")}\x94\x92\x94.",
    "EXT1": HEAD + b"\x82\x01.",
    "EXT4": HEAD + b"\x84\x01\x00\x00\x00.",
    "a persistent id": HEAD + b"Pmodel\n.",
    "a binary persistent id": HEAD + text("model") + b"Q.",
    "a dotted name": HEAD + named("joblib.numpy_pickle", "NumpyArrayWrapper.read") + b".",
    "a class alone": HEAD + named("numpy", "dtype") + b".",
    "a dtype alone": HEAD + dtype() + b".",
    "BUILD on a list": HEAD + b"]\x94}\x94b.",
    "BYTEARRAY8": HEAD + b"\x96" + struct.pack("<Q", 3 << 30) + b".",
    "BINBYTES": HEAD + b"C\x01a\x94.",
    "FROZENSET": HEAD + b"(K\x01\x91\x94.",
    "a set": HEAD + b"\x8f\x94.",
    "LONG4": HEAD + b"\x8b\x04\x00\x00\x00\x00\x00\x00\x40.",
    "DUP": HEAD + b"]\x942\x86\x94.",
    "POP": HEAD + b"K\x01K\x020.",
    "PUT far away": HEAD + b"]r\xff\xff\xff\x7f.",
    "a memo of 12 bytes": b"\x80\x04Nr\xff\xff\xff\x7f....",
    "LONG_BINGET": HEAD + b"j\xff\xff\xff\x7f.",
    "BINUNICODE8": HEAD + b"\x8d" + struct.pack("<Q", 1) + b"a\x94.",
    "text of 4 GB": HEAD + b"X\xff\xff\xff\xffa\x94.",
    "text that is not UTF-8": HEAD + U + b"\x01\xff\x94.",
    "text of protocol 0": HEAD + b"Va\n.",
    "a long spelling of a short text": HEAD + b"X\x01\x00\x00\x00a\x94.",
    "an integer of 9 bytes": HEAD + b"\x8a\x09" + b"\x01" * 9 + b".",
    "an integer longer than it needs": HEAD + b"\x8a\x05\x01\x00\x00\x00\x00.",
    "a long spelling of a small integer": HEAD + b"J\x01\x00\x00\x00.",
    "an integer in letters": HEAD + b"I1\n.",
    "a float in letters": HEAD + b"F1.5\n.",
    "a list that holds itself": HEAD + b"]\x94h\x00a.",
    "a list that stands in two places": HEAD + b"(" + LIST_TWICE + b"t\x94.",
    "a tuple that stands in two places": HEAD + b"K\x01\x85\x94h\x00\x86\x94.",
    "a number as a key": HEAD + b"}\x94K\x01K\x02s.",
    "a key twice": HEAD + b"}\x94(" + text("a") + b"Nh\x01Nu.",
    "a key without value": HEAD + b"}\x94(" + text("a") + b"u.",
    "items for a number": HEAD + b"K\x01K\x02a.",
    "items from under a mark": HEAD + b"]\x94K\x01(a.",
    "a mark too many": HEAD + b"(N.",
    "a value too many": HEAD + b"NN.",
    "no value": HEAD + b".",
    "no end": HEAD + b"N",
    "something behind the end": HEAD + b"N.N",
    "a second pickle": pickle.dumps(1, protocol=4) * 2,
    "a tuple of two behind a mark": HEAD + b"(K\x01K\x02t\x94.",
    "a container that is not memoized": HEAD + b"].",
    "nested 100,000 deep": HEAD + b")" + b"\x85\x94" * 100_000 + b".",
    "nested 9 deep": pickle.dumps([[[[[[[[[]]]]]]]]], protocol=4),
    "shared again and again": HEAD + b"]\x94" + b"h\x00h\x00\x86\x94" * 60 + b".",
    "too many values": HEAD + b"]\x94(" + b"N" * 600_000 + b"e.",
    "too many lists": HEAD + b"]\x94(" + b"]\x94" * 300_000 + b"e.",
    "a frame longer than the file": HEAD + b"\x95" + struct.pack("<Q", 9) + b"N.",
    "a frame in a frame": HEAD
    + b"\x95"
    + struct.pack("<Q", 11)
    + b"\x95"
    + struct.pack("<Q", 2)
    + b"N.",
    "a frame that ends in an instruction": HEAD + b"\x95" + struct.pack("<Q", 1) + b"K\x01.",
    "an array in a frame": HEAD
    + b"\x95"
    + struct.pack("<Q", len(with_array(record())) - 2)
    + with_array(record())[2:],
    "objects": with_array(record(dtype("O8"))),
    "objects in fields": with_array(record(dtype("V8", state=OBJECT_STATE))),
    "bytes that may hold anything": with_array(record(dtype("V8"))),
    "dates": with_array(record(dtype("M8"))),
    "text in an array": with_array(record(dtype("U2"))),
    "a long spelling of a dtype": with_array(record(dtype("int32"))),
    "a dtype of fields": with_array(record(dtype("i4,O"))),
    "another byte order": with_array(record(dtype(state=STATE.replace(b"<", b">")))),
    "a dtype without state": with_array(record(dtype(state=b""))),
    "a dtype with another state": with_array(record(dtype(state=STATE.replace(b"K\0", b"K\x3f")))),
    "a dtype with a size": with_array(
        record(dtype(state=STATE.replace(b"J\xff\xff\xff\xff", b"K\x80", 1)))
    ),
    "a dtype with two states": with_array(record(dtype(state=STATE + STATE))),
    "a dtype that shares its parts": with_array(record(dtype(flags=b"\x88\x88"))),
    "a dtype changed after its array": HEAD + record()[:-1] + b"0" + STATE + b".",
    "a subclass": with_array(record(subclass=named("numpy", "matrix"))),
    "a mapped array": with_array(record(subclass=named("numpy", "memmap"))),
    "columns first": with_array(record(order="F")),
    "no dimension": with_array(record(shape=b")"), b"\0\0\0\0"),
    "three dimensions": with_array(record(shape=b"K\x01K\x01K\x02\x87\x94")),
    "a negative size": with_array(record(shape=b"J\xff\xff\xff\xff\x85\x94")),
    "a true size": with_array(record(shape=b"\x88\x85\x94"), b"\0\0\0\0"),
    "sizes whose product is 0 in 64 bits": with_array(
        record(shape=(b"\x8a\x05" + b"\0\0\0\0\x01") * 2 + b"\x86\x94")
    ),
    "2 GB that are not there": with_array(record(shape=b"J\0\0\0\x20\x85\x94")),
    "an array that is cut off": with_array(record(), b"\0\0\0"),
    "padding longer than it needs": with_array(record(), padding=16),
    "another alignment": with_array(record(alignment=b"K\x08")),
    "no padding": HEAD + record() + b"\0" + bytes(8) + b".",
    "padding of other bytes": with_array(record()).replace(b"\xff" * 3, b"\xff\x00\xff", 3),
    "another class's record": with_array(record(wrapper=named("numpy", "ndarray"))),
    "an array of joblib 1.1": with_array(
        record().replace(text("numpy_array_alignment_bytes") + b"K\x10", b"")
    ),
    "an array pickled by NumPy": pickle.dumps(np.arange(3), protocol=4),
    "a number of NumPy": pickle.dumps(np.float64(1), protocol=4),
}


@pytest.mark.parametrize("name", REFUSED)
def test_all_else_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.joblib").write_bytes(REFUSED[name])
    with pytest.raises(ChudeError, match=r"model\.joblib: refused, [^\n]{5,120}$"):
        load_plain(tmp_path / "model.joblib")
    assert not (tmp_path / "executed").exists()


PLAIN = {
    "PROTO", "FRAME", "STOP", "MARK", "MEMOIZE", "NONE", "NEWTRUE", "NEWFALSE", "BININT1",
    "BININT2", "BININT", "LONG1", "BINFLOAT", "SHORT_BINUNICODE", "BINUNICODE", "BINGET",
    "LONG_BINGET", "EMPTY_LIST", "APPEND", "APPENDS", "EMPTY_DICT", "SETITEM", "SETITEMS",
    "EMPTY_TUPLE", "TUPLE1", "TUPLE2", "TUPLE3", "TUPLE", "STACK_GLOBAL", "NEWOBJ", "REDUCE",
    "BUILD",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted({o.name for o in pickletools.opcodes} - PLAIN))
def test_every_other_instruction_is_refused(name: str, tmp_path: Path) -> None:
    code = next(o.code for o in pickletools.opcodes if o.name == name).encode("latin-1")
    (tmp_path / "file").write_bytes(HEAD + b"]\x94N" + code + b"\x01.\n" + bytes(9) + b".")
    with pytest.raises(ChudeError, match="instruction that plain data does not need"):
        load_plain(tmp_path / "file")


def test_a_message_shows_no_control_characters(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(HEAD + named("\x1b[31mos", "sys\ntem" * 30) + b".")
    with pytest.raises(ChudeError, match=r"asks for \\x1b\[31mos\.sys\\ntem") as caught:
        load_plain(tmp_path / "file")
    assert str(caught.value).isprintable()
    assert len(str(caught.value).removeprefix(str(tmp_path))) < 300
