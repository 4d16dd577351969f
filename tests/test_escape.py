"""Text of others on a terminal, in CSV, JSON and HTML."""

import csv
import html
import io
import json
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.escape import csv_cell, html_text, json_text, shown
from chude.records import write_records
from tests.conftest import Run

HOSTILE = "\x1b]0;tên\x07\x9b31m\u202eđảo\u2066\r\n\x00\x7f\u2028\udcff"
ANY = st.text(st.characters())  # half pairs too


@given(ANY)
def test_nothing_that_is_shown_moves_the_cursor(text: str) -> None:
    line = shown(text)
    assert all(unicodedata.category(letter) not in ("Cc", "Cs", "Zl", "Zp") for letter in line)
    assert not set(line) & set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_vietnamese_is_shown_as_it_is() -> None:
    text = "Đường biên giới – “mốc 217” (thế kỷ XX) 100 % e\u0302\u0301 \U0001f600"
    assert shown(text) == csv_cell(text) == text
    assert html_text("a < b") == "a &lt; b"
    assert shown("a\x1b[2J\u202e\n") == r"a\x1b[2J\u202e\n"


@given(st.dictionaries(ANY, ANY))
def test_json_says_the_same_strings(value: dict[str, str]) -> None:
    for text in (json_text(value), json_text(value, indent=1, ascii_only=True)):
        assert json.loads(text) == value
        text.encode("utf-8")
        assert all(unicodedata.category(c) != "Cc" or c == "\n" for c in text)


@given(st.lists(st.tuples(ANY, ANY), min_size=1))
def test_each_row_is_one_record_of_csv_and_no_cell_a_formula(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    file = tmp_path_factory.mktemp("csv") / "a.csv"
    records = [{"id": one, "themes": other} for one, other in rows]
    write_records(records, "csv", file, flat=dict, table=lambda _: iter(()))
    with file.open(encoding="utf-8", newline="") as stream:
        found = list(csv.reader(stream))
    assert found == [["id", "themes"], *([csv_cell(a), csv_cell(b)] for a, b in rows)]
    assert all(not cell.startswith(tuple("=+-@\t\r\n＝")) for row in found for cell in row)


def test_numbers_stay_numbers() -> None:
    assert [csv_cell(value) for value in (-1, -0.5, None, "-1", "=1", "１")] == [
        -1, -0.5, None, "'-1", "'=1", "１",
    ]  # fmt: skip


@given(ANY)
def test_a_page_holds_text_and_no_tag(text: str) -> None:
    seen: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: seen.append(tag)  # type: ignore[method-assign]
    parser.feed(f"{html_text(text)}\n")
    parser.close()
    assert seen == []
    assert "'" not in html_text(text)
    assert html.unescape(html_text("<b>&")) == "<b>&"


def test_a_cell_does_not_go_back_to_where_its_line_began() -> None:
    assert csv_cell("a\rb") == "a\\rb"
    assert csv_cell("a\r\nb\tc") == "a\r\nb\tc"


@pytest.mark.parametrize("form", ["table", "jsonl", "json", "csv"])
def test_hostile_ids_reach_no_terminal(chude: Run, bundle: Path, tmp_path: Path, form: str) -> None:
    row = {"id": HOSTILE[:-1], "text": "Bộ đội giúp dân."}
    (tmp_path / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    result = chude("predict", tmp_path / "a.jsonl", "--model", bundle, "--format", form)
    assert result.status == 0
    assert not set(result.out) & set(HOSTILE) - set("tênđảo ]0;31m\r\n")
    if form == "jsonl":
        assert json.loads(result.out)["id"] == HOSTILE[:-1]
    if form == "csv":
        assert len(list(csv.reader(io.StringIO(result.out, newline="")))) == 2
    if form == "table":
        assert result.out.count("\n") == 2


def test_hostile_names_in_messages(chude: Run, bundle: Path, tmp_path: Path) -> None:
    folder = tmp_path / "a\x1b[2J\u202e\nrefused: b"
    folder.mkdir()
    (folder / "c\x9b.jsonl").write_text("{\n")
    (folder / "d.csv").write_text("text\x1b[31m,\x9b\nx,y\n", encoding="utf-8")
    result = chude("predict", folder, "--model", bundle)
    assert result.status == 3
    missing = chude("predict", folder / "missing.jsonl", "--model", folder)
    assert missing.err.count("\n") == 1
    for err in (result.err, missing.err):
        assert not set(err) & set("\x1b\x9b\u202e")
        assert r"a\x1b[2J\u202e\nrefused: b" in err
    # two refusals, how many articles, what became of them, how many refusals
    assert result.err.count("\n") == 5
    option = chude("predict", "--\x1b[2J.jsonl")
    assert (option.status, option.err.count("\n"), "\x1b" in option.err) == (2, 1, False)
