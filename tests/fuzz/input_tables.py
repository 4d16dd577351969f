"""Files of articles with bad rows among good ones, or bad bytes."""

import csv
import gzip
import io
import json
import random
import struct
import zipfile
from pathlib import Path
from typing import Any

import polars as pl

from tests.corpus.formats.files import xlsx
from tests.fuzz.case import GOOD_TEXT, Case
from tests.fuzz.input_texts import text

Rows = list[dict[str, Any]]
CONTROLS = [
    "\x1b[2J\x1b]0;x\x07",
    "a\rb",
    "=1+1",
    "\u202egnp.exe",
    "\x9b31m",
    "<script>",
    "\0",
    "a\tb",
]
VALUES: list[Any] = [
    None, True, -1, 1.5, 10**400, "", [], {}, ["a", 1], {"a": {"b": 1}}, "0001-01-01", "9999-99-99",
    *CONTROLS, "x" * 200_000, " " * 30_000, "\ud800", 1 << 70, -(1 << 63), "NaN", "-",
    "e\u0301" * 99,
]  # fmt: skip
LINES = [
    b'{"id": "b", "text": ' + b"[" * 100_000, b'{"id": ' + b"9" * 5000 + b', "text": "x"}', b"{",
    b"[]",
    b'{"text": "a", "text": "b"}', b"null", b"NaN", b'"x"', b"\xff\xfe\x00", b"\x00", b"{}" * 1000,
    b'{"id": "b", "text": "x", "date": "99999-01-01"}', b'{"id": "b", "text": "\\ud800"}', b"1e999",
    b'{"id": "b", "text": "' + b"x" * 300_000 + b'"}', b'{"a":' * 5000, b"'", b'"' * 99, b"\x1b[2J",
    b"b;c,d\te" * 99, b'"b","x', b"," * 70_000, b'b,"' + b"y" * 200_000, b"\xef\xbb\xbf", b"\r",
    b"\x1a",
]  # fmt: skip


def table(rng: random.Random, folder: Path) -> Case:
    """A table with something wrong in it, packed or not."""
    form = rng.choice(list(WRITERS))
    rows: Rows = [{"id": f"g{i}", "text": GOOD_TEXT} for i in range(rng.choice([1, 3, 20]))]
    good = {row["id"] for row in rows}
    kind = rng.randrange(4)
    content, strict, count = b"", True, len(rows)
    if kind == 0 and form in ("csv", "tsv", "jsonl"):  # a bad line
        lines = WRITERS[form](rows).split(b"\n")
        lines.insert(rng.randrange(1, len(lines)), rng.choice(LINES))
        content, strict = b"\n".join(lines), form == "jsonl"
    elif kind < 3:  # a bad value
        bad = {
            "id": "b",
            "text": text(rng, 3000),
            rng.choice(["id", "text", "date", "title"]): rng.choice(VALUES),
        }
        rows.insert(rng.randrange(len(rows) + 1), bad)
        try:
            content, count = WRITERS[form](rows), len(rows)
        except (pl.exceptions.PolarsError, TypeError, ValueError, OverflowError, UnicodeError):
            content = WRITERS["jsonl"](rows)
            form, count = "jsonl", len(rows)
    else:
        content, strict = bad_bytes(rng, WRITERS[form](rows)), False
    name = rng.choice(["a", "a", "\x1b[31ma", "=a", "a b"]) + f".{form}"
    file = packed(rng, folder, name, content) if rng.random() < 0.5 else folder / name
    if file == folder / name:
        file.write_bytes(content)
    elif rng.random() < 0.3:
        file.write_bytes(bad_bytes(rng, file.read_bytes()))
        strict = False
    return Case("table", [str(file)], good if strict else set(), count if strict else 0)


def bad_bytes(rng: random.Random, content: bytes) -> bytes:
    """Bytes changed, left out, put in or said again."""
    made = bytearray(content)
    for _ in range(rng.choice([1, 1, 2, 8, 60])):
        place, kind = rng.randrange(len(made) + 1), rng.randrange(6)
        if kind == 0 and made:
            del made[place : place + rng.choice([1, 4, 100, 10**6])]
        elif kind == 1:
            made[place:place] = rng.choice([b"\0" * 8, b'"', b"\n", b"\xff" * 4, rng.randbytes(20)])
        elif kind == 2 and place < len(made):
            made[place] ^= 1 << rng.randrange(8)
        elif kind == 3:
            made[place : place + 4] = struct.pack("<I", rng.choice([0, 1, 1 << 31, (1 << 32) - 1]))
        elif kind == 4 and made:  # the footer of Parquet, the directory of zip
            made[-rng.randrange(1, min(len(made), 400) + 1)] ^= 1 << rng.randrange(8)
        else:
            made[place:place] = made[place : place + 500]
    return bytes(made)


def packed(rng: random.Random, folder: Path, name: str, content: bytes) -> Path:
    kind = rng.choice(["gz", "zip", "zip", "zst"])
    file = folder / f"{name}.{kind}"
    if kind == "gz":
        file.write_bytes(gzip.compress(content, 1) * rng.choice([1, 1, 2]))
    elif kind == "zip":
        with zipfile.ZipFile(file, "w", rng.choice([0, 8])) as archive:
            for other in rng.choice([[], ["../out.txt", "/etc/x.txt"], ["\x1b[2J.txt", "a/" * 50]]):
                archive.writestr(other, GOOD_TEXT)
            archive.writestr(name, content)
    else:
        from backports import zstd

        file.write_bytes(zstd.compress(content, 1))
    return file


def _delimited(rows: Rows, delimiter: str) -> bytes:
    stream = io.StringIO()
    columns = list(dict.fromkeys(key for row in rows for key in row))
    writer = csv.DictWriter(stream, columns, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8", "surrogatepass")


def _json(rows: Any) -> bytes:
    return json.dumps(rows, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _parquet(rows: Rows) -> bytes:
    stream = io.BytesIO()
    pl.DataFrame(rows, infer_schema_length=None, strict=False).write_parquet(stream)
    return stream.getvalue()


def _xlsx(rows: Rows) -> bytes:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    cells = [[_cell(row.get(key)) for key in columns] for row in rows]
    return xlsx([[*columns], *cells])


def _cell(value: Any) -> Any:
    return value if isinstance(value, str | int | float) or value is None else str(value)


WRITERS = {
    "csv": lambda rows: _delimited(rows, ","),
    "tsv": lambda rows: _delimited(rows, "\t"),
    "jsonl": lambda rows: b"\n".join(map(_json, rows)) + b"\n",
    "json": _json,
    "parquet": _parquet,
    "xlsx": _xlsx,
}
