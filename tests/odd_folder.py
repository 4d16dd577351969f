"""A folder with a file of every format and encoding, and a broken one of each kind."""

import gzip
import html
import json
import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from chude.corpus.encodings.charts import charts
from tests.corpus.formats.files import (
    BODY,
    ROW,
    TEXT,
    TITLE,
    docx,
    every_format,
    packed,
    parquet,
    pdf,
    xlsx,
)
from tests.invented import KEYS

RAW = f"{TITLE}\n\n{TEXT}\n"
LINE = json.dumps(ROW, ensure_ascii=False).encode() + b"\n"


@dataclass(frozen=True)
class Broken:
    """A file that is not all sound, or no article; sound: how many articles in it are."""

    content: bytes
    sound: int = 0


def every_encoding() -> dict[str, bytes]:
    """A raw article in each encoding, and saved wrongly in each way that can be undone."""
    old = {f"{name}.txt": chart.encode(RAW) for name, chart in charts().items()}
    again = {
        f"{name}-as-utf8.txt": chart.encode(RAW).decode("latin-1").encode()
        for name, chart in charts().items()
    }
    return {
        **old,
        **again,
        "mark.txt": RAW.encode("utf-8-sig"),
        "utf16be.txt": RAW.encode("utf-16-be"),
        "utf16le.txt": RAW.encode("utf-16-le"),
        "utf32.txt": RAW.encode("utf-32"),
        "decomposed.txt": unicodedata.normalize("NFD", RAW).encode(),
        "twice.txt": RAW.encode().decode("latin-1").encode(),
        "entities.txt": html.escape(RAW).encode("ascii", "xmlcharrefreplace"),
        "returns.txt": RAW.replace("\n", "\r").encode(),
        "zeros.txt": RAW.encode().replace(b"\n", b"\n\0", 1),
    }


def every_fault() -> dict[str, Broken]:
    """A broken file of each kind by its name."""
    from backports.zstd import compress

    table = f'id,text\n1,{BODY[0]}, và\n2,"sai" rồi\n3,{BODY[1]}\n'
    return {
        "bad.docx": Broken(b"PK\x03\x04"),
        "no-text.docx": Broken(docx()),
        "bad.xlsx": Broken(xlsx([["id", "text"], ["1", TEXT]])[:300]),
        "no-column.xlsx": Broken(xlsx([["stt", "bài"], ["1", TEXT]])),
        "bad.pdf": Broken(b"%PDF-1.4"),
        "scan.pdf": Broken(pdf()),
        "bad.rtf": Broken(b"{\\rtf1\\ansi }"),
        "bad.mht": Broken(b"MIME-Version: 1.0\r\nContent-Type: image/png\r\n\r\niVBORw0KGgo=\r\n"),
        "bad.html": Broken(b"<html><body><script>x = 1</script></body></html>"),
        "bad.md": Broken(b"# \n"),
        "bad.parquet": Broken(b"PAR1"),
        "hot.parquet": Broken(parquet([{"text": TEXT, "labels": [0.0, 0.0, 1.0]}])),
        "bad.jsonl": Broken(LINE + b'{"id": "x", "text"\n', 1),
        "cut.json": Broken(b"[" + LINE + b', {"te', 1),
        "turned.json": Broken(json.dumps({"text": {"0": TEXT}, "id": {"0": 1}}).encode()),
        "rows.csv": Broken(table.encode(), 1),
        "names.tsv": Broken(f"stt\tbài\n1\t{BODY[0]}\n".encode()),
        "bad.ft": Broken(f"__label__border_security\n{BODY[0]}\n".encode(), 1),
        "bad.gz": Broken(b"\x1f\x8bbroken"),
        "cut.jsonl.gz": Broken(gzip.compress(LINE * 3)[:-12], 2),
        "bad.zst": Broken(compress(RAW.encode())[:-8]),
        "bad.zip": Broken(b"PK\x03\x04" + b"\0" * 30),
        "out.zip": Broken(packed({"../up.txt": RAW, "in.txt": RAW}), 1),
        "bad.png": Broken(b"\x89PNG\r\n\x1a\n\0"),
        "old.doc": Broken(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        "bad.bin": Broken(bytes(range(256))),
        "empty.txt": Broken(b""),
        "title.txt": Broken("Chỉ có tiêu đề".encode()),
        "day.txt": Broken(f"date 2024-02-30 {RAW}".encode()),
        "lost.txt": Broken(RAW.encode("ascii", "replace")),
        "foreign.txt": Broken(f"Mèo\n\n{BODY[0]}".encode("utf-16")[:-1]),
    }


@dataclass(frozen=True)
class OddFolder:
    """folder: where it lies; whole: names of sound files; broken: of others.

    sound: articles that can be read. unlabelled: names of files with an article each that can be
    read where labels are not wanted. left_out: files that are no articles by rule.
    """

    folder: Path
    whole: tuple[str, ...]
    broken: tuple[str, ...]
    sound: int
    unlabelled: tuple[str, ...] = ("hot.parquet",)
    left_out: int = 2


def write_odd_folder(folder: Path) -> OddFolder:
    """All of these, and what is no file: a pipe, a broken link, a link in circles, hidden files."""
    whole = {**every_format(), **every_encoding()}
    faults = every_fault()
    folder.mkdir()
    for name, content in whole.items():
        (folder / name).write_bytes(content)
    for name, fault in faults.items():
        (folder / name).write_bytes(fault.content)
    os.mkfifo(folder / "pipe.txt")
    (folder / "gone.txt").symlink_to("nowhere")
    (folder / "above").symlink_to("..", target_is_directory=True)
    (folder / ".hidden").write_bytes(b"x")
    (folder / "themes.toml").write_text("".join(f"[{key}]\n" for key in KEYS), encoding="utf-8")
    sound = len(whole) + sum(fault.sound for fault in faults.values())
    return OddFolder(folder, (*whole,), (*faults, "pipe.txt", "gone.txt", "above"), sound)


def counts(err: str) -> tuple[int, int, int, int]:
    """Found, done, refused and left out, as a command says them; they must add up."""
    match = re.search(
        r"(\d+) found = (\d+) done \+ (\d+) refused \+ (\d+) left out", err.replace(",", "")
    )
    assert match, err
    found, done, refused, left_out = map(int, match.groups())
    assert found == done + refused + left_out
    return found, done, refused, left_out
