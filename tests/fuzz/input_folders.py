"""Folders of links, pipes and strange names with good articles among them."""

import os
import random
import socket
from pathlib import Path

from tests.fuzz.case import GOOD_TEXT, Case
from tests.fuzz.input_tables import bad_bytes
from tests.fuzz.input_texts import text

NAMES = [
    b"\x1b[2J\x1b[31m.txt", b"\xff\xfe.txt", b"=cmd.txt", b"-rf.txt", b"a\nb.txt", b"a\rb.txt",
    "\u202egpj.txt".encode(), b" .txt", b"..txt", b"*.txt", b"[a].txt", b"x" * 240 + b".txt",
    b"\x9b.txt",
    b"labels.csv", b"themes.toml", b"raw", b"a.docx", b"a.pdf", b"a.html", b"a.xlsx", b"a.parquet",
    b"a.zip", b"a.gz", b"a.zst", b"a.json", b"a.md", b"a.rtf", b"a.xml", b"a.mht", b"a.tsv", b"a",
]  # fmt: skip
TARGETS = [
    b"/dev/zero", b"/dev/random", b"/dev/stdin", b"/dev/tty", b"/proc/self/mem",
    b"/proc/self/environ",
    b"nowhere", b".", b"..", b"self.txt", b"/dev/full", b"/proc/kmsg",
]  # fmt: skip


def folder(rng: random.Random, place: Path) -> Case:
    """A folder, or what is in it, or a pattern."""
    root = place / "in"
    root.mkdir()
    good = set()
    for i in range(rng.choice([1, 2, 5])):
        (root / f"g{i}.txt").write_text(f"Tin {i}\n\n{GOOD_TEXT}", encoding="utf-8")
        good.add(f"g{i}")
    for _ in range(rng.choice([1, 2, 6, 12])):
        inside = root / rng.choice(["", "", "s", "s/t"])
        inside.mkdir(parents=True, exist_ok=True)
        _strange(rng, os.fsencode(inside) + b"/" + rng.choice(NAMES))
    inputs = rng.choice([[str(root)], [str(root)], [f"{root}/*"], [str(root), str(root)]])
    if rng.random() < 0.2:
        inputs = [str(path) for path in sorted(root.iterdir())]
    return Case("folder", inputs, good if inputs == [str(root)] else set(), 0)


def _strange(rng: random.Random, path: bytes) -> None:
    if os.path.lexists(path):
        return
    kind = rng.randrange(8)
    if kind == 0:
        os.mkfifo(path)
    elif kind == 1:
        os.mkdir(path)
        os.chmod(path, rng.choice([0o000, 0o444, 0o755]))
    elif kind == 2:
        os.symlink(rng.choice(TARGETS), path)
    elif kind == 3:
        os.symlink(os.path.basename(path), path)
    elif kind == 4:
        _socket(path)
    elif kind == 5:
        _write(path, rng.randbytes(rng.choice([0, 1, 50, 5000])))
    elif kind == 6:
        _write(path, text(rng, 5000).encode(rng.choice(["utf-8", "utf-16"])))
    else:
        start = rng.choice(
            [b"PK\x03\x04", b"PAR1", b"\x1f\x8b\x08", b"%PDF-1.4\n", b"{\\rtf1", b"<html>"]
        )
        _write(path, bad_bytes(rng, start + rng.randbytes(200) + start))


def _socket(path: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        here = os.getcwd()
        os.chdir(os.path.dirname(path))  # its address may not be long
        try:
            made.bind(os.path.basename(path))
        except OSError:
            pass
        finally:
            os.chdir(here)


def _write(path: bytes, content: bytes) -> None:
    with open(path, "wb") as stream:
        stream.write(content)
