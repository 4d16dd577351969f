"""What means the same in every command."""

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.invented import make_articles, write_corpus


@pytest.mark.parametrize("command", ["predict", "evaluate", "check", "explain", "inspect"])
def test_the_ending_of_the_output_names_its_form(
    chude: Run, bundle: Path, tmp_path: Path, command: str
) -> None:
    data = [] if command == "inspect" else [write_corpus(make_articles(28), tmp_path / "data")]
    arguments = [command, *data, "--model", bundle, "--output"]
    named = chude(*arguments, tmp_path / "named", "--format", "csv")
    told = chude(*arguments, tmp_path / "told.CSV")
    assert (named.status, told.status) == (0, 0)
    assert (tmp_path / "told.CSV").read_bytes() == (tmp_path / "named").read_bytes()
    assert chude(*arguments, tmp_path / "a.json").status == 0
    json.loads((tmp_path / "a.json").read_bytes())
    assert chude(*arguments, tmp_path / "a.parquet").status == 0
    assert (tmp_path / "a.parquet").read_bytes().startswith(b"PAR1")
    assert chude(*arguments, tmp_path / "a.txt").status == 0
    for ending in ("xlsx", "jsonl.gz"):
        refused = chude(*arguments, tmp_path / f"a.{ending}")
        assert (refused.status, refused.out) == (2, "")
        assert "end it in .json, .jsonl" in refused.err
        assert not (tmp_path / f"a.{ending}").exists()


@pytest.mark.parametrize(
    "command", ["predict", "evaluate", "check", "explain", "inspect", "cache", "convert"]
)
def test_csv_for_excel(chude: Run, bundle: Path, tmp_path: Path, command: str) -> None:
    corpus = write_corpus(make_articles(28), tmp_path / "data")
    data = [] if command in ("inspect", "cache") else [corpus]
    model = [] if command in ("convert", "cache") else ["--model", bundle]
    arguments = [command, *data, *model]
    plain = chude(*arguments, "--format", "csv", "--output", "-")
    marked = chude(*arguments, "--format", "csv", "--output", "-", "--bom")
    assert (marked.status, marked.out) == (0, f"\ufeff{plain.out}")
    file = tmp_path / "a.csv"
    assert chude(*arguments, "--output", file, "--bom").status == 0
    assert file.read_bytes().decode() == marked.out
    for form, output in (("jsonl", "-"), ("jsonl", file), ("parquet", tmp_path / "a.parquet")):
        refused = chude(*arguments, "--format", form, "--output", output, "--bom")
        assert (refused.status, refused.out) == (2, "")
        assert "--bom is for CSV: add --format csv" in " ".join(refused.err.split())
    assert file.read_bytes().decode() == marked.out


def test_a_page_is_told_by_its_ending(chude: Run, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Tin\n\nBộ đội giúp bà con gặt lúa.", encoding="utf-8")
    page = tmp_path / "why.html"
    assert chude("explain", tmp_path / "a.txt", "--model", bundle, "-o", page).status == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_numbers_of_any_length_end_in_no_fault(chude: Run, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Tin\n\nBộ đội giúp bà con gặt lúa.", encoding="utf-8")
    many = "1" + 30 * "0"
    explain = ("explain", tmp_path / "a.txt", "--model", bundle, "--format", "json")
    found = chude(*explain, "--limit", many, "--words", many)
    assert (found.status, len(json.loads(found.out))) == (0, 1)
    refused = chude("train", tmp_path, "--model", tmp_path / "model", "--seed", many)
    assert (refused.status, refused.out) == (2, "")
    assert "'--seed'" in refused.err
