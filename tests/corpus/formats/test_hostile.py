"""Files made to fill the memory, to never end, or to lead elsewhere: refused alone, the rest read.

Each kind is read by a process of its own with an address space that the bomb would burst.
"""

import gzip
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from chude.corpus.formats.columns import ColumnNames
from chude.corpus.formats.source import Source, open_source
from chude.corpus.read import Position, read
from chude.errors import Refusal
from tests.corpus.formats.files import docx, packed, page, xlsx

GOOD = json.dumps({"id": "g", "text": "Bộ đội giúp dân gặt lúa."}, ensure_ascii=False).encode()
ADDRESSES = 2_500_000_000  # bytes; polars and its threads take more than half of it
LIMIT = 240  # seconds, for a machine that does much else; idle, each takes less than 10
READER = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({ADDRESSES}, {ADDRESSES}))
from chude.corpus.read import read
found, refused = [], []
for article in read(sys.argv[1], on_refusal=refused.append):
    found.append(article.id)
with open("/proc/self/status") as status:
    peak = next(line.split()[1] for line in status if line.startswith("VmHWM"))
print(len(found), sum(r.count for r in refused), peak, "|".join(map(str, refused[:5])))
"""


def lines_of(folder: Path, middle: bytes) -> bytes:
    return GOOD + b"\n" + middle + b"\n" + GOOD + b"\n"


def long_line(folder: Path) -> Path:
    with gzip.open(folder / "a.jsonl.gz", "wb", compresslevel=9) as stream:
        stream.write(GOOD + b'\n{"id": "b", "text": "')
        for _ in range(16):
            stream.write(b"x" * (1 << 24))
        stream.write(b'"}\n' + GOOD + b"\n")
    return folder / "a.jsonl.gz"


def zip_bomb(folder: Path) -> Path:
    with (
        zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.jsonl", "w") as stream,
    ):
        for _ in range(16):
            stream.write(b"\n" * (1 << 24))
    return folder / "a.zip"


def zstd_bomb(folder: Path) -> Path:
    zstd = pytest.importorskip("backports.zstd")
    with zstd.ZstdFile(folder / "a.jsonl.zst", "w") as stream:
        for _ in range(200):
            stream.write((GOOD[:-1] + b', "x": "' + b"x" * 900 + b'"}\n') * 1000)
    return folder / "a.jsonl.zst"


def word_bomb(folder: Path) -> Path:
    with (
        zipfile.ZipFile(folder / "a.docx", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w") as stream,
    ):
        stream.write(b'<w:document xmlns:w="w"><w:body>')
        for _ in range(40):
            stream.write(b"<w:p><w:r><w:t>" + b"a" * 10_000_000 + b"</w:t></w:r></w:p>")
    return folder / "a.docx"


def entities(folder: Path) -> Path:
    declared = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    document = (
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a0 "thi đua">{declared}]>'
        '<w:document xmlns:w="w"><w:p><w:r><w:t>&a9;</w:t></w:r></w:p></w:document>'
    )
    (folder / "a.docx").write_bytes(packed({"word/document.xml": document}))
    return folder / "a.docx"


def strings_referred_to(folder: Path) -> Path:
    """4,000 cells that are one string of 30,000 characters, 240 MB of them in some kilobytes."""
    sheet = xlsx([["text"], ["bài viết dài lắm " * 1800]])
    (folder / "a.xlsx").write_bytes(sheet)
    with zipfile.ZipFile(folder / "a.xlsx") as archive:
        members: dict[str, str | bytes] = {n: archive.read(n) for n in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    content = members[name]
    assert isinstance(content, bytes)
    row = b'<row><c t="s"><v>1</v></c></row>'
    members[name] = content.replace(b"</sheetData>", row * 4_000 + b"</sheetData>")
    (folder / "a.xlsx").write_bytes(packed(members))
    return folder / "a.xlsx"


def long_field(folder: Path) -> Path:
    rows = (
        b"id,text",
        b"1,mot",
        b"2," + b"a b " * 12_500_000,
        b'3,"' + b"c d\n" * 6_000_000 + b'"',
    )
    (folder / "a.csv").write_bytes(b"\n".join(rows) + b"\n4,bon\n")
    return folder / "a.csv"


def many_values(folder: Path) -> Path:
    (folder / "a.jsonl").write_bytes(
        lines_of(folder, b'{"text":"a","x":[' + b"[]," * 5_000_000 + b"0]}")
    )
    return folder / "a.jsonl"


def same_text(folder: Path) -> Path:
    """2 kB of Parquet that hold 400 articles of a megabyte."""
    pl.DataFrame({"text": ["ố " * 300_000] * 400}).write_parquet(folder / "a.parquet")
    return folder / "a.parquet"


def long_cell(folder: Path) -> Path:
    pl.DataFrame({"text": ["Tin hay.", "x " * 20_000_000]}).write_parquet(folder / "a.parquet")
    return folder / "a.parquet"


def nested_tags(folder: Path) -> Path:
    (folder / "a.html").write_bytes(b"<html>" + b"<div>" * 300_000 + b"Tin hay.")
    return folder / "a.html"


def open_comments(folder: Path) -> Path:
    (folder / "a.html").write_bytes(page() + b"<!--" * 500_000 + b"<a b='" * 100_000)
    return folder / "a.html"


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from /proc")
@pytest.mark.parametrize(
    ("make", "found", "refused", "problem", "most"),
    [
        (long_line, 2, 1, "a line of more than 20 MB", 150),
        (zip_bomb, 0, 1, "a million empty lines", 150),
        (zstd_bomb, None, 1, "unpacks to more than", 300),
        (word_bomb, 0, 1, "more than", 200),
        (entities, 0, 1, "declares entities", 150),
        (strings_referred_to, 4_001, 0, "", 150),
        (long_field, 2, 2, "more than 20 MB", 400),
        (many_values, 2, 1, "more values than an article has", 300),
        (same_text, 400, 0, "", 400),
        (long_cell, 1, 1, "more than 10 MB", 500),
        (nested_tags, 1, 0, "", 150),
        (open_comments, 1, 0, "", 200),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_memory_and_time_are_bounded(
    tmp_path: Path,
    make: Callable[[Path], Path],
    found: int | None,
    refused: int | None,
    problem: str,
    most: int,
) -> None:
    path = make(tmp_path)
    environment = {**os.environ, "POLARS_MAX_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    run = subprocess.run(
        [sys.executable, "-c", READER, str(path)],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        env=environment,
        check=True,
    )
    counts, _, said = run.stdout.strip().partition("|")[0], "", run.stdout
    articles, refusals, peak, *_ = counts.split()
    assert found is None or int(articles) == found, said
    assert refused is None or int(refusals) == refused, said
    assert problem in said
    assert int(peak) < most * 1000, said


def test_paths_that_lead_out_of_an_archive(tmp_path: Path) -> None:
    raw = "Tin trong ngày\n\nGiá cà phê giảm."
    names = ["../up.txt", "/etc/abs.txt", "C:\\x.txt", "..\\w.txt", "a/../../b.txt"]
    members: dict[str, str | bytes] = dict.fromkeys([*names, "in/a.txt", ".h/b.txt"], raw)
    (tmp_path / "a.zip").write_bytes(packed({**members, "labels.csv": "a", "__MACOSX/x": "b"}))
    refused: list[Refusal] = []
    position = Position()
    found = list(
        read(
            tmp_path / "a.zip",
            columns=ColumnNames(labelled=False),
            on_refusal=refused.append,
            position=position,
        )
    )
    assert [article.id for article in found] == ["a/in/a"]
    assert len(refused) == len(names) == position.refused
    assert position.left_out == 3
    assert {refusal.problem for refusal in refused} == {"a path that leads out of the archive"}
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_a_damaged_member_costs_itself(tmp_path: Path) -> None:
    raw = "Tin trong ngày\n\n" + "Giá cà phê giảm. " * 50
    content = bytearray(packed({f"{name}.txt": raw + name for name in "abc"}))
    place = content.index(b"b.txt") + 30
    content[place : place + 8] = b"\xff" * 8
    (tmp_path / "a.zip").write_bytes(content)
    refused: list[Refusal] = []
    found = list(read(tmp_path / "a.zip", on_refusal=refused.append))
    assert [article.id for article in found] == ["a/a", "a/c"]
    assert [refusal.place for refusal in refused] == [f"{tmp_path / 'a.zip'}/b.txt"]


@pytest.mark.parametrize("library", ["gzip", "backports.zstd"])
def test_what_stands_before_damage_is_read(tmp_path: Path, library: str) -> None:
    pack = pytest.importorskip(library).compress
    (tmp_path / "a.jsonl.gz").write_bytes(pack(GOOD + b"\n") + pack(GOOD + b"\n") + b"?" * 30)
    refused: list[Refusal] = []
    found = list(read(tmp_path, on_refusal=refused.append))
    assert [article.id for article in found] == ["g", "g"]
    [refusal] = refused
    assert "damaged" in refusal.problem
    assert "the rest is left out" in refusal.problem


def test_archives_inside_archives_end(tmp_path: Path) -> None:
    content = GOOD
    for depth in range(5):
        content = gzip.compress(content) if depth % 2 else packed({"a.jsonl": content})
        (tmp_path / "a").write_bytes(content)
        refused: list[Refusal] = []
        found = list(read(tmp_path / "a", on_refusal=refused.append))
        assert (len(found), len(refused)) == ((1, 0) if depth < 3 else (0, 1))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", b"PK\x03\x04 no archive"),
        ("a.docx", docx("Tin", "Bai")[:-30]),
        ("a.docx", packed({"word/document.xml": "<w:p xmlns:w='w'><w:t>x"})),
        ("a.docx", docx()),
        ("a.xlsx", packed({"xl/workbook.xml": "<x/>"})),
        ("a.pdf", b"%PDF-1.4 nothing"),
        ("a.rtf", b"{\\rtf1\\u99999999999?}"),
        ("a.rtf", b"{\\rtf1}"),
        ("a.mht", b"MIME-Version: 1.0\nContent-Type: image/png\n\nx"),
        ("a.html", b""),
        ("a.parquet", b"PAR1PAR1"),
        ("a.jsonl.zst", b"\x28\xb5\x2f\xfdbroken"),
        ("a.jsonl.gz", gzip.compress(GOOD)[:-12]),
        ("a.zip", b"no archive"),
        ("a.zip", packed({"a.txt": "x"})[:-10]),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 500),
        ("a.bin", bytes(range(256)) * 3),
        ("a.jsonl", b"\xff\xfe{\x00\x00\xd8\x00"),
    ],
)
def test_a_broken_file_is_refused_by_name_and_with_a_cure(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "z.jsonl").write_bytes(GOOD)
    refused: list[Refusal] = []
    assert [article.id for article in read(tmp_path, on_refusal=refused.append)] == ["g"]
    [refusal] = refused
    assert refusal.place.startswith(str(tmp_path / name))
    assert refusal.cure


def test_parquet_days_that_no_calendar_has(tmp_path: Path) -> None:
    days = pl.Series([19_000, 10**8, None, -(10**8), 19_001], dtype=pl.Int32)
    times = pl.Series([0, 2**62, None, -(2**62), 1], dtype=pl.Int64)
    for day in (days.cast(pl.Date), *(times.cast(pl.Datetime(unit)) for unit in ("ms", "us"))):
        pl.DataFrame({"text": ["Tin hay."] * 5, "date": day}).write_parquet(tmp_path / "a.parquet")
        refused: list[Refusal] = []
        found = list(read(tmp_path / "a.parquet", on_refusal=refused.append))
        assert [article.date is None for article in found] == [False, True, False]
        assert [refusal.place.rpartition(":")[2] for refusal in refused] == ["2", "4"]


def test_damaged_parquet_is_refused_without_a_sound(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    import random

    frame = pl.DataFrame({"text": [f"Tin {i}." for i in range(60)], "themes": [["a"]] * 60})
    frame.write_parquet(tmp_path / "a.parquet")
    whole = (tmp_path / "a.parquet").read_bytes()
    footer = int.from_bytes(whole[-8:-4], "little")
    rng = random.Random(7)
    for _ in range(150):
        content = bytearray(whole)
        for _ in range(rng.randint(1, 4)):
            content[len(whole) - 8 - rng.randint(1, footer)] = rng.randrange(256)
        (tmp_path / "a.parquet").write_bytes(content)
        refused: list[Refusal] = []
        found = list(read(tmp_path / "a.parquet", on_refusal=refused.append))
        assert len(found) + sum(refusal.count for refusal in refused) > 0
    assert "panicked" not in capfd.readouterr().err


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    with open_source(tmp_path / "a.txt", tmp_path) as source:
        assert isinstance(source, Source)
        assert source.head == b""
