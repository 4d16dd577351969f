"""Bundles that are wrong in one way or another, each made from a good one and a seed.

A mutation changes the files in a folder. Where it changed the model file, the manifest is made to
agree afterwards, as an attacker would.
"""

import os
import pickle
import pickletools
import random
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np

from tests.fuzz.mutations_of_files import (
    MODEL,
    agree,
    change_bytes,
    change_folder,
    change_json,
    change_manifest,
    change_part,
    write_model,
)
from tests.fuzz.programs import (
    Elements,
    Token,
    assemble,
    dtype,
    integer,
    named,
    program,
    state,
    text,
)

COMMAND = "touch executed"
CODES = [operation.code.encode("latin-1") for operation in pickletools.opcodes]
NUMBERS = [
    -(1 << 63), -(1 << 31) - 1, -(1 << 31), -2, -1, 0, 1, 2, 3, 7, 63, 255, 256, 65535, 65536,
    1 << 24, (1 << 31) - 1, 1 << 31, 1 << 40, (1 << 63) - 1, 1 << 63, 1 << 200,
]  # fmt: skip
SPELLINGS = [
    "i4", "f8", "f4", "i8", "O", "O8", "V8", "S8", "U2", "M8", "m8[ns]", "c16", "f2", "b1", "?",
    "i4,O", "(2,2)i4", "object", "", "<f4", ">f4", "f", "float32", "V0", "O4,V4",
]  # fmt: skip

Mutation = Callable[[random.Random, Path, Any], None]


class Call:
    """Pickles as a call of a function."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (COMMAND,)

    def __deepcopy__(self, memo: dict[int, Any]) -> "Call":
        return self  # a copy would be made by the call


def gadgets() -> list[list[Token]]:
    """Instructions that run something where a pickle is trusted."""
    system = named("os", "system")
    return [
        [*system, *text(COMMAND), pickle.TUPLE1, pickle.MEMOIZE, pickle.REDUCE],
        [b"cos\nsystem\n", *text(COMMAND), pickle.TUPLE1, pickle.REDUCE],
        [pickle.MARK, *text(COMMAND), b"ios\nsystem\n"],
        [pickle.MARK, *system, *text(COMMAND), pickle.OBJ],
        [*named("builtins", "object"), pickle.EMPTY_TUPLE, pickle.NEWOBJ],
        [*named("subprocess", "Popen"), *text(COMMAND), pickle.TUPLE1, pickle.NEWOBJ],
        [*named("subprocess", "Popen"), pickle.EMPTY_TUPLE, pickle.EMPTY_DICT, pickle.NEWOBJ_EX],
        [b"\x82\x01"], [b"\x83\x01\x00"], [b"\x84\x01\x00\x00\x00"],
        [b"Pid\n"], [*text("id"), pickle.BINPERSID],
        [*named("joblib.numpy_pickle", "NumpyArrayWrapper.read")],
        [*named("numpy", "dtype"), *text("O"), pickle.TUPLE1, pickle.REDUCE],
        [*named("numpy", "load"), *text(MODEL), pickle.TUPLE1, pickle.REDUCE],
        [*named("builtins", "getattr"), *named("os", "path"), *text("os"), b"\x86", b"R"],
        [pickle.EMPTY_DICT, pickle.EMPTY_DICT, pickle.BUILD],
        [b"(\x91"], [b"\x8f"], [b"\x96" + struct.pack("<Q", 1 << 32)], [b"B\xff\xff\xff\x7f"],
        [b"\x8e" + struct.pack("<Q", 1 << 40)], [b"\x8d" + struct.pack("<Q", 1 << 62)],
        [b"\x8b\xff\xff\xff\x7f"], [b"\x97"], [b"\x98"], [b"r\xff\xff\xff\x7f"],
        [b"p2000000000\n"], [b"L" + b"9" * 5000 + b"L\n"], [b"I" + b"9" * 5000 + b"\n"],
        [b"\x95" + struct.pack("<Q", 1 << 62)], [b"S'a'\n"], [b"j\xff\xff\xff\xff"],
    ]  # fmt: skip


def instruction(rng: random.Random, tokens: list[Token]) -> Token:
    """Any instruction, one of the file's, or one with a strange argument."""
    kind = rng.randrange(5)
    if kind == 0:
        return rng.choice(tokens)
    if kind == 1:
        return rng.choice(CODES)
    if kind == 2:
        return rng.choice(CODES) + rng.randbytes(rng.choice([1, 2, 4, 8, 9]))
    if kind == 3:
        return integer(rng.choice(NUMBERS))
    return rng.choice([b"h", b"j"]) + struct.pack("<I", rng.randrange(200))


def change_instructions(rng: random.Random, folder: Path, plain: Any) -> None:
    tokens = program(plain)
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        place = rng.randrange(1, len(tokens))
        kind = rng.randrange(6)
        if kind == 0:
            del tokens[place]
        elif kind == 1:
            tokens.insert(place, instruction(rng, tokens))
        elif kind == 2:
            other = rng.randrange(1, len(tokens))
            tokens[place], tokens[other] = tokens[other], tokens[place]
        elif kind == 3:
            tokens[place] = instruction(rng, tokens)
        elif kind == 4:
            tokens[place:place] = tokens[place : place + rng.randrange(1, 30)]
        else:
            del tokens[place : place + rng.randrange(1, 10)]
        if len(tokens) < 2:
            break
    write_model(folder, assemble(tokens))


def change_arguments(rng: random.Random, folder: Path, plain: Any) -> None:
    tokens = program(plain)
    places = [i for i, t in enumerate(tokens) if isinstance(t, bytes) and 1 < len(t) < 400]
    for place in rng.sample(places, rng.choice([1, 1, 2, 5])):
        token = bytearray(tokens[place])
        token[rng.randrange(len(token))] = rng.randrange(256)
        tokens[place] = bytes(token)
    write_model(folder, assemble(tokens))


def insert_gadget(rng: random.Random, folder: Path, plain: Any) -> None:
    tokens = program(plain)
    place = rng.randrange(1, len(tokens))
    gadget = rng.choice(gadgets())
    tokens[place : place + rng.randrange(2)] = gadget
    write_model(folder, assemble(tokens))


def find(tokens: list[Token], wanted: list[Token]) -> list[int]:
    """Where these instructions stand."""
    size = len(wanted)
    return [i for i in range(len(tokens)) if tokens[i : i + size] == wanted]


def change_dtype(rng: random.Random, folder: Path, plain: Any) -> None:
    tokens = program(plain)
    good = state()
    place = rng.choice(find(tokens, good))
    end = place + len(good)
    names = [b"(", *text("a"), *text("b"), b"t", b"\x94"]
    other = rng.randrange(7)
    if other == 0:
        numbers = tuple(rng.choice(NUMBERS) for _ in range(3))
        tokens[place:end] = state(rng.choice("<>=|^"), numbers=numbers, version=rng.randrange(6))
    elif other == 1:
        fields = [b"N", b"N", b"N"]
        fields[rng.randrange(3)] = b"".join(rng.choice([names, [b"}"], [b")"], [b"K\x01"]]))  # type: ignore[arg-type]
        tokens[place:end] = state(fields=tuple(fields), numbers=(8, 1, rng.choice([0, 16, 63])))
    elif other == 2:
        tokens[end:end] = state(numbers=(rng.choice(NUMBERS), 1, 0))
    elif other == 3:
        del tokens[place : rng.randrange(place + 1, end + 1)]
    elif other == 4:
        start = max(i for i in find(tokens, named("numpy", "dtype")) if i < place)
        tokens[start:end] = dtype(rng.choice(SPELLINGS), rng.choice([b"\x89\x88", b"\x88\x89"]))
    elif other == 5:  # after its array was made
        behind = next(i for i in range(end, len(tokens)) if isinstance(tokens[i], Elements)) + 1
        memo = sum(token == pickle.MEMOIZE for token in tokens[:place]) - 1
        fetch = [b"h" + bytes([memo])] if memo < 256 else [b"j" + struct.pack("<I", memo)]
        tokens[behind:behind] = [*fetch, *state("|", numbers=(1 << 20, 1, 63)), pickle.POP]
    else:
        tokens[place + rng.randrange(len(good))] = instruction(rng, tokens)
    write_model(folder, assemble(tokens))


def change_header(rng: random.Random, folder: Path, plain: Any) -> None:
    tokens = program(plain)
    place = rng.choice([i for i, token in enumerate(tokens) if isinstance(token, Elements)])
    elements = tokens[place]
    assert isinstance(elements, Elements)
    shape = max(i for i in find(tokens, text("shape")) if i < place) + 2
    other = rng.randrange(6)
    if other == 0:
        tokens[shape] = integer(rng.choice(NUMBERS))
    elif other == 1:
        numbers = [integer(rng.choice(NUMBERS)) for _ in range(rng.randrange(5))]
        end = next(i for i in range(shape, place) if tokens[i] in (b"\x85", b"\x86")) + 1
        tokens[shape:end] = [b"(", *numbers, b"t"]
    elif other == 2:
        elements.extra = rng.choice([-16, -1, 1, 16, 239])
    elif other == 3:
        elements.content = elements.content[: rng.randrange(len(elements.content))]
    elif other == 4:
        elements.content += rng.randbytes(rng.choice([1, 4, 16, 1000]))
    else:
        order = max(i for i in find(tokens, text("order")) if i < place) + 2
        tokens[order : order + 2] = text(rng.choice(["F", "A", "K", "c", "", "C" * 300]))
    write_model(folder, assemble(tokens))


def change_elements(rng: random.Random, folder: Path, plain: Any) -> None:
    tokens = program(plain)
    element = rng.choice([token for token in tokens if isinstance(token, Elements)])
    content = bytearray(element.content)
    for _ in range(rng.choice([1, 4, 100])):
        place = rng.randrange(len(content))
        content[place] = rng.choice([0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)])
    element.content = bytes(content)
    write_model(folder, assemble(tokens))


def values(rng: random.Random) -> Any:
    """Something that belongs in few places."""
    array = rng.choice([0.5, np.nan, np.inf, -1e30, 3.0])
    strange = [
        None, True, False, -1, 0, 1, 2, 1 << 40, 1 << 62, 0.0, 0.5, -0.5, 7.5, float("nan"),
        float("inf"), 1e308, "", "\n", "a", "\n\n", "ộ" * 70_000, "x" * 3_000_000, "\ud800",
        "\x1b[2J", "os.system", [], {}, (), [[]], [[[[[[[[[[]]]]]]]]]], {"a": {"b": {}}},
        (1, 2), [None] * 3,
        np.zeros(0), np.zeros((0, 2)), np.zeros((3, 3)), np.zeros((2, 2, 2)), np.full((3,), array),
        np.full((3, 2), array), np.full(3, array, np.float32), np.full((3, 2), -1, np.int32),
        np.arange(6, dtype=np.int32).reshape(3, 2), np.asfortranarray(np.ones((3, 2))),
        np.arange(3, dtype=">f8"), np.array(["a", None], dtype=object), np.array("a"),
        np.array([Call()], dtype=object), np.zeros(3, [("a", "i4"), ("b", "O")]),
        np.zeros(3, [("a", "i4"), ("b", "f8")]), np.zeros(3, "M8[s]"), np.zeros(3, "S4"),
        np.float64(0.5), np.matrix([[1.0]]), Call(), {1: 2}, {1, 2}, b"abc", 1j, 1 << 100,
        bytearray(b"a"), frozenset([1]), Path("x"), range(3), np.dtype("f4"), np.ndarray,
    ]  # fmt: skip
    return rng.choice(strange)


def change_fields(rng: random.Random, folder: Path, plain: Any) -> None:
    for _ in range(rng.choice([1, 1, 1, 2])):
        changed = change_part(rng, plain, lambda: values(rng))
        plain = changed if isinstance(changed, dict) else plain
    with np.errstate(all="ignore"):
        joblib.dump(changed, folder / MODEL, protocol=rng.choice([4] * 9 + [2, 3, 5]))
    agree(folder)


def nest(rng: random.Random, folder: Path, plain: Any) -> None:
    size = rng.choice([9, 70, 3000, 200_000])
    deep: list[list[Token]] = [
        [pickle.EMPTY_TUPLE, *[b"\x85\x94"] * size],
        [*[b"]\x94"] * size, *[b"a"] * (size - 1)],
        [*[b"}\x94", *text("a")] * size, b"N", *[b"s"] * size],
        [b")", *[b"2\x86\x94"] * min(size, 60)],
        [b"]\x94", *[b"h\x00h\x00\x86\x94"] * min(size, 60)],
        [b"]\x94h\x00a"],
        [b"(" * size],
        [b"]\x94(", b"]\x94" * size * 5, b"e"],
        [b"]\x94(", b"}\x94" * size * 5, b"e"],
        [b"]\x94(", *text("a" * 200), b"h\x01" * size * 5, b"e"],
        [*text("a\n" * size * 10)],
        [*text("ộ" * size * 10)],
        [*text("a" * size * 40 + "\U0001f600")],
        [b"]\x94", *[b"(e"] * size * 5],
        [b"I" + b"1" * size + b"\n"],
    ]
    tokens = program(plain)
    place = rng.choice([0, rng.randrange(1, len(tokens))])
    made = rng.choice(deep)
    tokens = [tokens[0], *made, b"."] if place == 0 else [*tokens[:place], *made, *tokens[place:]]
    write_model(folder, assemble(tokens))


MUTATIONS: list[Mutation] = [
    change_instructions, change_instructions, change_arguments, insert_gadget, change_dtype,
    change_header, change_elements, change_fields, change_fields, change_fields, nest, change_bytes,
    change_manifest, change_manifest, change_json, change_folder,
]  # fmt: skip


def mutate(seed: str, folder: Path, plain: Any) -> str:
    """Change the bundle in a folder; the name of what was done."""
    rng = random.Random(seed)
    mutation = rng.choice(MUTATIONS)
    mutation(rng, folder, plain)
    return mutation.__name__
