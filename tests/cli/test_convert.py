"""chude convert: any format in, one out; what was found is done, refused or left out."""

import csv
import json
import os
import re
from pathlib import Path

import polars as pl
import pytest

from chude.corpus.read import read
from tests.conftest import Run, make_articles, write_corpus
from tests.corpus.formats.files import BODY, TEXT, TITLE, write_every_format

LIBRARIES = ("backports.zstd", "striprtf", "pypdfium2")


def counts(err: str) -> tuple[int, int, int, int]:
    match = re.search(
        r"(\d+) found = (\d+) done \+ (\d+) refused \+ (\d+) left out", err.replace(",", "")
    )
    assert match
    found, done, refused, left_out = map(int, match.groups())
    assert found == done + refused + left_out
    return found, done, refused, left_out


def test_a_folder_of_every_format_and_of_every_fault(chude: Run, tmp_path: Path) -> None:
    for library in LIBRARIES:
        pytest.importorskip(library)
    folder = tmp_path / "in"
    good = write_every_format(folder)
    bad = {
        "bad.docx": b"PK\x03\x04",
        "bad.pdf": b"%PDF-1.4",
        "bad.gz": b"\x1f\x8bbroken",
        "bad.png": b"\x89PNG\r\n\x1a\n\0",
        "empty.txt": b"",
        "title.txt": "Chỉ có tiêu đề".encode(),
        "bad.parquet": b"PAR1",
        "bad.bin": bytes(range(256)),
        "cut.json": b'[{"text": "a b"}, {"te',
    }
    for name, content in bad.items():
        (folder / name).write_bytes(content)
    rows = f'id,text\n1,{BODY[0]}, và\n2,"sai" rồi\n3,đúng\n'
    (folder / "rows.csv").write_text(rows, encoding="utf-8")
    os.mkfifo(folder / "pipe.txt")
    (folder / "gone.txt").symlink_to("nowhere")
    (folder / ".hidden").write_bytes(b"x")
    (folder / "themes.toml").write_bytes(b"")

    result = chude("convert", folder, "-o", tmp_path / "out.jsonl")
    assert result.status == 3
    refused = [line for line in result.err.splitlines() if line.startswith("refused: ")]
    # Of cut.json and rows.csv one article each is sound.
    assert counts(result.err) == (
        len(good) + 2 + len(refused) + 2, len(good) + 2, len(refused), 2,
    )  # fmt: skip
    for name in (*bad, "rows.csv", "pipe.txt", "gone.txt"):
        [first, *_] = [line for line in refused if str(folder / name) in line]
        assert re.search(r": .+\. [A-Z].+", first), first
    records = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert sum(r["title"] == TITLE and r["text"].split() == TEXT.split() for r in records) == len(
        good
    )


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "txt"])
def test_every_form_is_read_back(chude: Run, tmp_path: Path, form: str) -> None:
    articles = make_articles(30)
    corpus = write_corpus(articles, tmp_path / "corpus")
    output = tmp_path / ("out" if form == "txt" else f"OUT.{form.upper()}")
    result = chude("convert", corpus, "-o", output)
    assert (result.status, counts(result.err)) == (0, (30, 30, 0, 0))
    for before, after in zip(articles, read(output), strict=True):
        assert (after.id, after.title, after.body) == (before.id, before.title, before.body)
        assert (after.date, after.themes) == (before.date, before.themes)
        assert after.passages == (before.passages if form == "txt" else {})
    assert ("labelled passages" in result.err) == (form != "txt")


def test_csv_for_excel(chude: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{TITLE}\n\n{TEXT}", encoding="utf-8")
    result = chude("convert", tmp_path / "a.txt", "-o", tmp_path / "a.csv", "--bom")
    content = (tmp_path / "a.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfid,date,title,text,themes\r\n")
    assert "1 articles are not labelled" in result.err
    [row] = csv.DictReader(content.decode("utf-8-sig").splitlines(keepends=True))
    assert row["text"] == TEXT


def test_standard_output(chude: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{TITLE}\n\n{TEXT}", encoding="utf-8")
    result = chude("convert", tmp_path / "a.txt", "-o", "-")
    assert json.loads(result.out)["title"] == TITLE
    assert chude("convert", tmp_path, "-o", "-", "-f", "parquet").status == 2
    assert chude("convert", tmp_path, "-o", "-", "-f", "jsonl", "--bom").status == 2
    assert chude("convert", tmp_path, "-o", tmp_path / "a.xyz").status == 2


def test_an_input_is_never_overwritten(chude: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    source = tmp_path / "in" / "a.jsonl"
    source.write_text(json.dumps({"text": "Tin hay."}), encoding="utf-8")
    (tmp_path / "link.jsonl").symlink_to(source)
    (tmp_path / "hard.jsonl").hardlink_to(source)
    for given in (source, tmp_path / "in", tmp_path / "in" / "*.jsonl", tmp_path / "link.jsonl"):
        for output in (source, tmp_path / "link.jsonl", tmp_path / "hard.jsonl"):
            result = chude("convert", given, "-o", output)
            assert result.status == 2
            assert "input" in result.err
    assert json.loads(source.read_text()) == {"text": "Tin hay."}


def test_a_folder_that_is_there_is_left_alone(chude: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{TITLE}\n\n{TEXT}", encoding="utf-8")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "b.txt").write_text("giữ lại", encoding="utf-8")
    for arguments in (["-f", "txt"], []):
        result = chude("convert", tmp_path / "a.txt", "-o", tmp_path / "old", *arguments)
        assert result.status == 1
        assert (tmp_path / "old" / "b.txt").read_text(encoding="utf-8") == "giữ lại"
    assert chude("convert", tmp_path / "a.txt", "-o", tmp_path / "old", "-f", "csv").status == 2


def test_ids_that_are_no_names_of_files(chude: Run, tmp_path: Path) -> None:
    ids = [
        "../../etc/x",
        "/abs",
        "a/b",
        "a\\b",
        ".",
        "con:1",
        "A_B",
        "x" * 400,
        "ờ" * 300,
        "\u0007",
    ]
    rows = [{"id": name, "text": "Tin hay.", "themes": ["a"]} for name in ids]
    pl.DataFrame(rows).write_parquet(tmp_path / "a.parquet")
    result = chude("convert", tmp_path / "a.parquet", "-o", tmp_path / "out", "-f", "txt")
    assert result.status == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.parquet", "out"]
    assert len(list((tmp_path / "out" / "raw").iterdir())) == len(ids)
    assert "10 articles have no title" in result.err
    assert "no names of files" in result.err


def test_nothing_is_written_when_an_input_is_missing(chude: Run, tmp_path: Path) -> None:
    result = chude("convert", tmp_path / "missing", "-o", tmp_path / "out.csv")
    assert result.status == 1
    assert not list(tmp_path.iterdir())
