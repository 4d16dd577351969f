"""Consoles that are not UTF-8."""

import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from chude.model.model import Model
from tests.invented import make_articles, write_corpus

SCRIPT = Path(sys.executable).parent / "chude"
ID = "bài viết 1 😀"


def run(encoding: str, *arguments: object) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    return subprocess.run(
        [SCRIPT, *map(str, arguments)], capture_output=True, env=environment, check=True
    )


@pytest.fixture
def article(tmp_path: Path) -> Path:
    file = tmp_path / "tin tức.jsonl"
    row = {"id": ID, "text": "Bộ đội giúp bà con gặt lúa."}
    bad = '{"id": "ể", "text": ""}'
    file.write_text(json.dumps(row, ensure_ascii=False) + f"\n{bad}\n", encoding="utf-8")
    return file


@pytest.mark.parametrize("encoding", ["cp1258", "ascii", "utf-16"])
def test_csv_for_excel_is_utf_8(bundle: Path, tmp_path: Path, encoding: str) -> None:
    article = tmp_path / "a.txt"
    article.write_text("Tin ở bản Ế\n\nBộ đội giúp bà con gặt lúa.", encoding="utf-8")
    arguments = ("predict", article, "--model", bundle, "--titles", "--format", "csv", "--bom")
    out = run(encoding, *arguments).stdout
    assert out == run("utf-8", *arguments).stdout
    assert out.startswith("\ufeffid,title,".encode())


@pytest.mark.parametrize("encoding", ["cp1258", "cp1252", "ascii", "latin-1", "utf-16"])
@pytest.mark.parametrize("form", ["table", "jsonl", "json", "csv"])
def test_every_form_is_written_on_every_console(
    bundle: Path, article: Path, encoding: str, form: str
) -> None:
    arguments = ["predict", article, "--model", bundle, "--format", form]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    done = subprocess.run(
        [SCRIPT, *map(str, arguments)], capture_output=True, env=environment, check=False
    )
    assert done.returncode == 3
    err = done.stderr.decode("utf-8" if encoding == "ascii" else encoding)
    assert "fault in chude" not in err
    assert "refused: " in err
    out = done.stdout.decode(encoding)
    if form in ("json", "jsonl"):
        found = json.loads(out)
        assert (found[0] if form == "json" else found)["id"] == ID
    elif encoding == "cp1258":
        assert unicodedata.normalize("NFC", out).count("bài viết 1 ") == 1


def test_help_and_inspection_on_a_vietnamese_console(bundle: Path) -> None:
    for arguments in (["--help"], ["inspect", "--model", bundle], ["cache"]):
        assert run("cp1258", *arguments).stdout.decode("cp1258")


def test_a_training_with_vietnamese_themes(model: Model, tmp_path: Path) -> None:
    data = write_corpus(make_articles(84), tmp_path / "dữ liệu")
    options = ("--segmenter", "syllable", "--model", tmp_path / "mẫu", "--verbose")
    done = run("cp1258", "train", data, *options)
    assert "mẫu" in unicodedata.normalize("NFC", done.stdout.decode("cp1258"))


def test_a_closed_output_is_one_message(bundle: Path, article: Path) -> None:
    command = f"{SCRIPT} predict '{article}' --model {bundle} >&-"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert (done.returncode, "standard output is closed" in done.stderr) == (1, True), done.stderr
