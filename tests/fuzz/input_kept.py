"""What earlier runs left, damaged: parts beside an output."""

import json
import os
import random
import shutil
from pathlib import Path

from tests.fuzz.case import GOOD_TEXT, Case
from tests.fuzz.input_tables import bad_bytes

SENTINEL = b"not to be touched"


def parts(rng: random.Random, place: Path, kept: Path) -> Case:
    """The parts of a run that was stopped, damaged.

    kept: a folder with `in.jsonl`, the parts of `out.jsonl`, and `expected`, what comes of it.
    """
    shutil.copytree(kept, place, dirs_exist_ok=True, symlinks=True)
    folder = place / ".out.jsonl.chude-parts"
    outside = place / "outside"
    outside.mkdir()
    (outside / "000000.jsonl").write_bytes(SENTINEL)
    (outside / "lock").write_bytes(SENTINEL)
    for _ in range(rng.choice([1, 1, 2, 3])):
        _damage(rng, place, folder, outside)
    untouched = dict.fromkeys(outside.iterdir(), SENTINEL)
    expected = (place / "expected").read_bytes()
    inputs = [str(place / "in.jsonl")]
    return Case("parts", inputs, set(), 0, (place / "out.jsonl", expected), untouched)


def _damage(rng: random.Random, place: Path, folder: Path, outside: Path) -> None:
    lock = place / ".out.jsonl.chude-lock"
    names = [
        "000000.jsonl",
        "000001.jsonl",
        "run.json",
        "joined",
        "output",
        "lock",
        ".joined-abcdefgh",
    ]
    path = rng.choice([*(folder / name for name in names), folder, lock])
    if not folder.is_dir() or folder.is_symlink():
        path = lock
    kind = rng.randrange(8)
    if path.is_file() and not path.is_symlink() and kind < 4:
        if kind == 3 and path.name[0] == "0":
            path.write_bytes(_resealed(rng, path.read_bytes()))
        else:
            path.write_bytes(bad_bytes(rng, path.read_bytes()))
        return
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif os.path.lexists(path):
        path.unlink()
    if kind == 4:
        os.mkfifo(path)
    elif kind == 5:
        path.symlink_to(
            rng.choice([outside, outside / "lock", outside / "000000.jsonl", "/dev/zero"])
        )
    elif kind == 6:
        path.mkdir()
        (path / "of others").write_bytes(b"x")
    else:
        path.write_bytes(rng.choice([b"", b"x" * 1000, b"[" * 100_000, b'{"sha256": 1}\n']))


def _resealed(rng: random.Random, content: bytes) -> bytes:
    """A head of another kind, as of another program."""
    _, *rest = content.split(b"\n")
    head = rng.choice(
        [[], {}, {"sha256": "0" * 64}, {"digest": None, "records": -1, "refusals": 5}, GOOD_TEXT]
    )
    return b"\n".join([json.dumps(head).encode(), *rest])
