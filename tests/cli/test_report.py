import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.invented import KEYS, make_articles, write_corpus
from tests.show.pages import parse


def test_the_page_is_that_of_the_bundle(chude: Run, bundle: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    result = chude("report", "--model", bundle, "--lang", "vi", "-o", page)
    assert (result.status, result.out, result.err) == (0, "", "")
    assert page.read_bytes() == (bundle / "report.html").read_bytes()
    assert chude("report", "--model", bundle, "-o", page).status == 0
    assert parse(page.read_text(encoding="utf-8")).all("html")[0].attributes["lang"] == "en"


def test_figures_and_a_model_card(chude: Run, bundle: Path, tmp_path: Path) -> None:
    facts = json.loads(chude("report", "--model", bundle, "-f", "json").out)
    assert list(facts["themes"]) == list(KEYS)
    assert facts["data"]["years"] == {"2024": 84}
    corpus = write_corpus(make_articles(7), tmp_path / "data")
    described = json.loads(
        chude("report", "--model", bundle, "-f", "json", "--corpus", corpus, "--texts", "none").out
    )
    assert described["data"]["years"] == {"2024": 7}
    card = chude("report", "--model", bundle, "-f", "markdown").out
    assert card.startswith("---\nlanguage: vi\n")


def test_a_bad_article_costs_the_description_of_a_corpus_itself_alone(
    chude: Run, bundle: Path, tmp_path: Path
) -> None:
    corpus = write_corpus(make_articles(7), tmp_path / "data")
    (corpus / "raw" / "hỏng.txt").write_bytes(b"\xff\xfe\0")
    result = chude("report", "--model", bundle, "-f", "json", "--corpus", corpus)
    assert (result.status, json.loads(result.out)["data"]["years"]) == (3, {"2024": 7})
    assert "refused: " in result.err
    assert "hỏng.txt" in result.err


def test_a_page_needs_a_file(chude: Run, bundle: Path) -> None:
    result = chude("report", "--model", bundle)
    assert result.status == 2
    assert "--output" in result.err


def test_the_ending_of_the_output_names_the_form(chude: Run, bundle: Path, tmp_path: Path) -> None:
    begins = {"r.JSON": "{", "r.md": "---", "r.htm": "<!doctype html>", "r": "<!doctype html>"}
    for name, start in begins.items():
        assert chude("report", "--model", bundle, "-o", tmp_path / name).status == 0
        assert (tmp_path / name).read_text(encoding="utf-8").lower().startswith(start)
    result = chude("report", "--model", bundle, "-o", tmp_path / "r.pdf")
    assert (result.status, (tmp_path / "r.pdf").exists()) == (2, False)
    assert "end it in .html, .json or .md" in result.err


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("errors.jsonl", b'{"theme": "x"}\n', "errors.jsonl, line 1: damaged"),
        ("errors.jsonl", b"\xff\n", "errors.jsonl, line 1: damaged"),
        ("out_of_fold.csv", b"article\n", "out_of_fold.csv: not the table of these themes"),
    ],
)
def test_what_is_damaged_is_named(
    chude: Run, bundle: Path, name: str, content: bytes, message: str
) -> None:
    (bundle / name).write_bytes(content)
    result = chude("report", "--model", bundle, "-f", "json")
    assert result.status == 1
    assert message in result.err
