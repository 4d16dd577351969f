"""Files of a bundle that are wrong as bytes, as JSON or as files; see `mutations`."""

import copy
import json
import lzma
import os
import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

MODEL, MANIFEST = "model.joblib", "manifest.json"
TABLES = ["out_of_fold.csv", "errors.jsonl"]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to all parts of plain data."""
    if not isinstance(value, (dict, list)):
        return [path]
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return [path, *(way for key, part in items for way in places(part, (*path, key)))]


def change_part(rng: random.Random, plain: Any, new: Callable[[], Any]) -> Any:
    """Plain data with one part changed, taken away, doubled or given another name."""
    plain = copy.deepcopy(plain)
    path = rng.choice(places(plain))
    if not path:
        return new()
    inside = plain
    for key in path[:-1]:
        inside = inside[key]
    kind = rng.randrange(6)
    if kind == 0:
        del inside[path[-1]]
    elif kind == 1 and isinstance(inside, list):
        inside.insert(path[-1], inside[path[-1]])
    elif kind == 1:
        inside[f"{path[-1]}_"] = new()
    elif kind == 2 and isinstance(inside[path[-1]], np.ndarray):
        array = inside[path[-1]]
        inside[path[-1]] = rng.choice(
            [array[1:], array.T, array.astype("f8"), array.astype("i8"), array[..., None], -array,
             array * np.nan, array.ravel(), array[:0], array[:, :1] if array.ndim > 1 else array]
        )  # fmt: skip
    else:
        inside[path[-1]] = new()
    return plain


def change_bytes(rng: random.Random, folder: Path, plain: Any) -> None:
    content = bytearray((folder / MODEL).read_bytes())
    kind = rng.randrange(7)
    if kind == 0:
        del content[rng.randrange(len(content)) :]
    elif kind == 1:
        content += rng.choice([b".", b"\0" * 1000, bytes(content)])
    elif kind == 2:
        content = bytearray(rng.choice([zlib.compress, lzma.compress])(bytes(content)))
    elif kind == 3:
        frame = b"\x95" + struct.pack("<Q", rng.choice([0, 1, 2, len(content), 1 << 63]))
        place = rng.randrange(2, 200)
        content[place:place] = frame
    elif kind == 4:
        content = bytearray(rng.randbytes(rng.randrange(200)))
    else:
        for _ in range(rng.choice([1, 2, 8, 100])):
            place = rng.randrange(min(3000, len(content)))
            content[rng.choice([place, -1 - place])] ^= 1 << rng.randrange(8)
    write_model(folder, bytes(content), rng.random() < 0.9)


def json_values(rng: random.Random) -> Any:
    return rng.choice(
        [None, True, -1, 0, 1, 7, 1 << 62, 1 << 70, 0.5, -0.5, 1e300, "", "a", "\ud800", "\x1b[2J",
         "x" * 100_000, [], {}, [[]], [1, 2], [0.1, 0.9], {"a": 1}, ["a"], "0" * 64, [{}],
         " " * 30_000, "a." * 9000]
    )  # fmt: skip


def change_manifest(rng: random.Random, folder: Path, plain: Any) -> None:
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    for _ in range(rng.choice([1, 1, 2])):
        changed = change_part(rng, manifest, lambda: json_values(rng))
        manifest = changed if isinstance(changed, dict) else manifest
    (folder / MANIFEST).write_text(json.dumps(changed), encoding="utf-8")


def change_json(rng: random.Random, folder: Path, plain: Any) -> None:
    content = (folder / MANIFEST).read_text(encoding="utf-8")
    place = rng.randrange(len(content))
    strange = [
        "[" * 100_000, '{"a":' * 100_000, "9" * 6000, "NaN", "-Infinity", "1e999", "\ufeff", "\0",
        '"\\ud800"', '{"a": 1, "a": 2}', "[[]," * 1000, ",", "}", '"', "\\",
        "[" + "{}," * 1_300_000, " " * 5_000_000, "1" * 19, "-", "\udcff", "null",
    ]  # fmt: skip
    kind = rng.randrange(4)
    if kind == 0:
        content = content[:place]
    elif kind == 1:
        content = rng.choice(strange)
    elif kind == 2:
        content = content[:place] + rng.choice(strange) + content[place:]
    else:
        start = content.index(":", place // 2) + 1
        content = content[:start] + rng.choice(strange) + content[start:].partition(",")[2]
    (folder / MANIFEST).write_bytes(content.encode("utf-8", "surrogateescape"))


def change_folder(rng: random.Random, folder: Path, plain: Any) -> None:
    path = folder / rng.choice([MODEL, MANIFEST, *TABLES])
    kind = rng.randrange(8)
    if kind == 0:
        os.truncate(path, rng.choice([0, 1, 1 << 30, (1 << 30) + 1, 1 << 42]))
        return
    content = path.read_bytes()
    path.unlink()
    if kind == 1:
        os.mkfifo(path)
    elif kind == 2:
        path.mkdir()
    elif kind == 3:
        path.symlink_to(rng.choice(["/dev/zero", "/dev/stdin", "/proc/self/mem", "nowhere"]))
    elif kind == 4:
        (folder / "other").write_bytes(content)
        path.symlink_to("other")
    elif kind == 5:
        path.symlink_to(path.name)
    elif kind == 6:
        path.write_bytes(b"")


def write_model(folder: Path, content: bytes, agreeing: bool = True) -> None:
    (folder / MODEL).write_bytes(content)
    if agreeing:
        agree(folder)


def agree(folder: Path) -> None:
    """Make the manifest agree with the model file."""
    import hashlib

    digest = hashlib.sha256((folder / MODEL).read_bytes()).hexdigest()
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    manifest["sha256"] = digest
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
