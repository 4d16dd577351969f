"""Files with strange names, and what looks like a file and gives nothing, cost themselves alone."""

import os
import sys
from pathlib import Path

import polars as pl
import pytest

from chude.corpus.formats.limits import read_at_most
from chude.corpus.formats.source import open_source
from chude.corpus.read import read
from chude.errors import Refusal
from tests.corpus.formats.files import packed

TEXT = "Bộ đội giúp dân gặt lúa."


@pytest.mark.parametrize("name", ["[1].parquet", "a*.parquet", "{a,b}.parquet", "\x1b[2J.parquet"])
def test_no_name_of_a_parquet_file_is_a_pattern(tmp_path: Path, name: str) -> None:
    pl.DataFrame({"text": [TEXT]}).write_parquet(tmp_path / "plain")
    (tmp_path / "plain").rename(tmp_path / name)
    [article] = read(tmp_path)
    assert article.body == TEXT


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_parquet_file_whose_name_is_not_utf8_is_refused(tmp_path: Path) -> None:
    pl.DataFrame({"text": [TEXT]}).write_parquet(tmp_path / "a.parquet")
    os.rename(tmp_path / "a.parquet", os.fsencode(tmp_path) + b"/\xff.parquet")
    (tmp_path / "b.txt").write_text(f"Tin\n\n{TEXT}\n", encoding="utf-8")
    refusals: list[Refusal] = []
    [article] = read(tmp_path, on_refusal=refusals.append)
    assert article.id == "b"
    assert [refusal.problem for refusal in refusals] == ["its name is not UTF-8"]


@pytest.mark.skipif(sys.platform == "win32", reason="pipes that do not wait are POSIX's")
def test_what_gives_nothing_now_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    reader = os.open(tmp_path / "a.txt", os.O_RDONLY | os.O_NONBLOCK)
    writer = os.open(tmp_path / "a.txt", os.O_WRONLY)
    try:
        with pytest.raises(OSError, match="unavailable"), open_source(tmp_path / "a.txt", tmp_path):
            pass
        with open(reader, "rb", closefd=False) as stream:
            assert read_at_most(stream, 100, "a text") == b""
    finally:
        os.close(reader)
        os.close(writer)


def test_an_empty_folder_among_others_costs_itself(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    (tmp_path / "b.txt").write_text(f"Tin\n\n{TEXT}\n", encoding="utf-8")
    refusals: list[Refusal] = []
    paths = [tmp_path / "none", tmp_path / "b.txt"]
    [article] = read(paths, on_refusal=refusals.append)
    assert article.id == "b"
    [by_pattern] = read(f"{tmp_path}/*", on_refusal=refusals.append)
    assert by_pattern == article
    assert [refusal.problem for refusal in refusals] == ["no articles in this folder"] * 2


def test_packed_folders_are_no_files_however_windows_writes_them(tmp_path: Path) -> None:
    members = {"thu muc\\": "", "thu muc\\a.txt": f"Tin\n\n{TEXT}\n", "bai_files\\": "", "b/": ""}
    (tmp_path / "a.zip").write_bytes(packed({**members}))
    refusals: list[Refusal] = []
    found = read(tmp_path / "a.zip", on_refusal=refusals.append)
    assert [article.id for article in found] == ["a/thu muc/a"]
    assert not refusals


def test_a_packed_file_without_a_name_costs_itself(tmp_path: Path) -> None:
    content = packed(dict.fromkeys(("a.txt", "b.txt", "c.txt"), f"Tin\n\n{TEXT}\n"))
    (tmp_path / "a.zip").write_bytes(content.replace(b"b.txt", b"\0.txt"))  # a name ends there
    refusals: list[Refusal] = []
    found = read(tmp_path / "a.zip", on_refusal=refusals.append)
    assert [article.id for article in found] == ["a/a", "a/c"]
    assert [refusal.problem for refusal in refusals] == ["a file without a name"]
