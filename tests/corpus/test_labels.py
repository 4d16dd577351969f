import contextlib
import os
import tempfile
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.corpus.article import Article
from chude.corpus.labels import Labels, load_labels
from chude.corpus.taxonomy import Taxonomy
from chude.errors import ChudeError, Refusal

TAXONOMY = Taxonomy.of(["border_security", "emulation"])


def load(tmp_path: Path, rows: str) -> tuple[Labels, list[Refusal]]:
    path = tmp_path / "labels.csv"
    path.write_text(f"article,passage,themes\n{rows}", encoding="utf-8")
    refused: list[Refusal] = []
    return load_labels(path, TAXONOMY, refused.append), refused


def article(id: str) -> Article:
    return Article(id, "Gặt lúa", "Sáng nay mưa.\n \nBộ đội ra đồng.\nBà con mừng.")


def test_whole_articles_and_passages(tmp_path: Path) -> None:
    labels, refused = load(tmp_path, "a,,emulation; border_security\na,1,emulation\nb,,\nb,0,\n")
    assert labels.apply(article("a")).themes == ("emulation", "border_security")
    assert labels.apply(article("a")).passages == {1: ("emulation",)}
    assert labels.apply(article("b")).themes == ()
    assert labels.apply(article("c")).themes is None
    assert not refused


def test_themes_of_passages_alone_make_those_of_the_article(tmp_path: Path) -> None:
    labels, _ = load(tmp_path, "a,1,emulation\na,2,\na,3,border_security;emulation\n")
    assert labels.apply(article("a")).themes == ("emulation", "border_security")


@pytest.mark.parametrize(
    ("rows", "line", "problem"),
    [
        ("a,,sport\n", 2, "theme 'sport' is not in the taxonomy"),
        ("a,,emulation\na,,\n", 3, "contradicts line 2"),
        ("a,x,emulation\n", 2, "passage 'x' is not a number"),
        (f"a,{'1' * 5000},emulation\n", 2, "is not a number"),
    ],
)
def test_bad_rows_leave_the_article_unlabelled(
    tmp_path: Path, rows: str, line: int, problem: str
) -> None:
    labels, refused = load(tmp_path, rows + "b,,emulation\n")
    assert labels.apply(article("a")).themes is None
    assert labels.apply(article("b")).themes == ("emulation",)
    assert [refusal.place for refusal in refused] == [f"{labels.path}:{line}"]
    assert problem in refused[0].problem


def test_the_same_row_twice_is_no_contradiction(tmp_path: Path) -> None:
    labels, refused = load(tmp_path, "a,,emulation\na,,emulation\n")
    assert labels.apply(article("a")).themes == ("emulation",)
    assert not refused


def test_ids_of_another_kind_are_said_once(tmp_path: Path) -> None:
    labels, refused = load(tmp_path, "raw/a,,emulation\nraw/b,,\nraw/b,0,\n")
    labels.apply(article("a"))
    labels.refuse_unused(refused.append)
    [refusal] = refused
    assert (refusal.place, refusal.count) == (f"{labels.path}:2", 2)
    assert "'raw/a', which is not there (none of the 2 of this file is)" in refusal.problem


def test_a_label_for_a_missing_article_is_named(tmp_path: Path) -> None:
    labels, refused = load(tmp_path, "a,,emulation\nb,,\n")
    labels.apply(article("a"))
    labels.refuse_unused(refused.append)
    assert [refusal.place for refusal in refused] == [f"{labels.path}:3"]
    assert "'b'" in refused[0].problem


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"id,label\na,b\n",
        b"article,th\xffemes\na,b\n",
        b"article,themes,themes\na,b,c\n",
        b'"article,themes\na,b\n',
        b"\xff\xfe\0",
    ],
)
def test_unreadable_files_end_in_one_message(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes(content)
    with pytest.raises(ChudeError, match=r"labels\.csv"):
        load_labels(path, TAXONOMY, lambda _: None)


@pytest.mark.parametrize("magic", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_a_workbook_is_to_be_saved_as_csv(tmp_path: Path, magic: bytes) -> None:
    path = tmp_path / "labels.xlsx"
    path.write_bytes(magic + bytes(range(256)))
    with pytest.raises(ChudeError, match="Save the table as CSV"):
        load_labels(path, TAXONOMY, lambda _: None)


@pytest.mark.parametrize(
    ("row", "problem", "cure"),
    [
        (b'a,,"emulation', "a quote that is not closed", "Quote the fields"),
        (b'a,,"""', "a quote that is not closed", "Quote the fields"),
        (b'a,,"emulation"x', "expected after", "Quote the fields"),
        (b"a,,emu\xfflation", "not UTF-8 (byte 0xff", "Save it as UTF-8"),
    ],
)
@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_a_bad_quote_or_byte_costs_its_row(
    tmp_path: Path, row: bytes, problem: str, cure: str, ends: bytes
) -> None:
    rows = [b"article,passage,themes", b"b,,emulation", row, b"a,0,border_security"]
    rows += [b'c,,"emulation"', b"d,,border_security;emulation"]
    (path := tmp_path / "labels.csv").write_bytes(ends.join(rows) + ends)
    refused: list[Refusal] = []
    labels = load_labels(path, TAXONOMY, refused.append)
    found = [labels.apply(article(id)).themes for id in "abcd"]
    assert found == [None, ("emulation",), ("emulation",), ("border_security", "emulation")]
    [refusal] = refused
    assert refusal.place == f"{path}:3"
    assert problem in refusal.problem
    assert cure in refusal.cure


def test_a_quote_that_another_row_closes_costs_both_rows_alone(tmp_path: Path) -> None:
    rows = 'a,,"""\nb,,emulation\nc,,"""\nd,,"emulation\nborder_security"\n'
    labels, refused = load(tmp_path, rows)
    found = [labels.apply(article(id)).themes for id in "abcd"]
    assert found == [None, ("emulation",), None, ("emulation", "border_security")]
    assert [refusal.place for refusal in refused] == [f"{labels.path}:{n}" for n in (2, 4)]


@given(st.binary(max_size=60), st.sampled_from([b"", b"\xff\xfe", b"sep=;\n"]), st.booleans())
def test_any_bytes_are_read_or_end_in_one_message(
    content: bytes, start: bytes, header: bool
) -> None:
    names = b"article,passage,themes\n" * header
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "labels.csv"
        path.write_bytes(start + names + content)
        refused: list[Refusal] = []
        with contextlib.suppress(ChudeError):
            load_labels(path, TAXONOMY, refused.append).refuse_unused(refused.append)
        assert all(one.place.startswith(f"{path}:") and one.cure for one in refused)


def test_a_field_of_any_length_is_read(tmp_path: Path) -> None:
    _, [refusal] = load(tmp_path, f"a,,{'x' * 200_000}\n")
    assert "is not in the taxonomy" in refusal.problem


def test_a_missing_file_ends_in_one_message(tmp_path: Path) -> None:
    with pytest.raises(ChudeError, match="cannot be read"):
        load_labels(tmp_path / "labels.csv", TAXONOMY, lambda _: None)


@pytest.mark.parametrize("name", ["pasage", "Passages"])
def test_a_misspelt_column_of_passages_is_named(tmp_path: Path, name: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(f"article,{name},themes\na,1,emulation\n", encoding="utf-8")
    with pytest.raises(ChudeError, match=f"no column 'passage', but '{name.lower()}'"):
        load_labels(path, TAXONOMY, lambda _: None)
    path.write_text("article,message,themes\na,Đã xem lại,emulation\n", encoding="utf-8")
    labelled = load_labels(path, TAXONOMY, lambda _: None).apply(article("a"))
    assert isinstance(labelled, Article)
    assert labelled.themes == ("emulation",)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("a,,emulation,border_security\n", "4 fields where the header has 3"),
        ("a,emulation\n", "fewer fields than the 3 of the header"),
    ],
)
def test_a_row_is_named_and_not_cut(tmp_path: Path, rows: str, problem: str) -> None:
    labels, [refusal] = load(tmp_path, rows)
    assert labels.apply(article("a")).themes is None
    assert problem in refusal.problem
    assert ";" in refusal.cure


def test_a_second_article_of_one_id_is_refused(tmp_path: Path) -> None:
    labels, refused = load(tmp_path, "a,,emulation\n")
    first, second = (replace(article("a"), source=name) for name in ("a.txt", "a.docx"))
    assert labels.apply(first).themes == ("emulation",)
    assert labels.apply(first).themes == ("emulation",)  # the same one, given twice
    problem = labels.apply(second)
    assert isinstance(problem, Refusal)
    assert (problem.place, "the id of a.txt too" in problem.problem) == ("a.docx", True)
    others = [replace(article("b"), source=name) for name in ("b.txt", "b.docx")]
    assert [labels.apply(other) for other in others] == others  # without labels
    assert not refused


def test_ids_match_in_any_unicode_form(tmp_path: Path) -> None:
    labels, refused = load(tmp_path, "bản tin,,emulation\nlễ hội,,\n")
    for name in ("bản tin", "lễ hội"):
        written = unicodedata.normalize("NFD", name)
        assert labels.apply(article(written)).themes is not None
    labels.refuse_unused(refused.append)
    assert not refused


def test_themes_are_found_however_they_are_spelt(tmp_path: Path) -> None:
    labels, refused = load(
        tmp_path, "a,,Emulation\u00a0\nb,,\"['emulation', 'border_security']\"\nc,,nan\nd,,[]\n"
    )
    assert [labels.apply(article(id)).themes for id in "abcd"] == [
        ("emulation",),
        ("emulation", "border_security"),
        None,
        (),
    ]
    assert not refused


@pytest.mark.parametrize("first", ["", "sep=;\n", '"sep=;"\n', "sep=;;\n"])
def test_a_file_that_excel_saved(tmp_path: Path, first: str) -> None:
    path = tmp_path / "labels.csv"
    rows = f'{first}Article;Passage;Themes\na;;"emulation;border_security"\n ; ;\n'
    path.write_text(rows, encoding="utf-16")
    labels = load_labels(path, TAXONOMY, lambda _: None)
    assert labels.apply(article("a")).themes == ("emulation", "border_security")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_labels_are_a_file_or_a_link_to_one(tmp_path: Path) -> None:
    load(tmp_path, "a,,emulation\n")
    (tmp_path / "link.csv").symlink_to("labels.csv")
    labels = load_labels(tmp_path / "link.csv", TAXONOMY, pytest.fail)
    assert labels.apply(article("a")).themes == ("emulation",)
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(ChudeError, match=r"pipe\.csv: cannot be read \(not a regular file\)"):
        load_labels(tmp_path / "pipe.csv", TAXONOMY, pytest.fail)


@pytest.mark.parametrize(
    ("rows", "title", "problem"),
    [
        ("a,3,emulation\na,4,\na,9,\n", "Gặt lúa", "passage 4 of article 'a', which has 3 para"),
        ("a,1,emulation\na,0,\n", "", "passage 0 of article 'a', which has no title"),
    ],
)
def test_a_passage_that_the_article_lacks_is_refused(
    tmp_path: Path, rows: str, title: str, problem: str
) -> None:
    labels, refused = load(tmp_path, f"{rows}b,0,emulation\nb,3,\n")
    given = replace(article("a"), title=title)
    assert labels.apply(given, refused.append) == given  # not labelled
    [refusal] = refused
    assert refusal.place == f"{labels.path}:3"
    assert problem in refusal.problem
    assert "Correct the number" in refusal.cure
    assert labels.apply(article("b")).passages == {0: ("emulation",), 3: ()}


def test_semicolons_between_columns_ask_for_quotes_around_themes(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("article;passage;themes\na;;emulation;border_security\n", encoding="utf-8")
    refused: list[Refusal] = []
    load_labels(path, TAXONOMY, refused.append)
    [refusal] = refused
    assert refusal.place == f"{path}:2"
    assert refusal.cure.startswith('Put quotes around several themes ("a;b")')
