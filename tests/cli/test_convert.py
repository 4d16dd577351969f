"""chude convert: any format in, one out; what was found is done, refused or left out."""

import csv
import json
import unicodedata
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from chude.corpus.article import Article
from chude.corpus.read import read
from tests.conftest import Run, make_articles, write_corpus
from tests.corpus.formats.files import BODY, TEXT, TITLE
from tests.invented import KEYS
from tests.odd_folder import counts


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


def test_dates_that_are_lost_are_told_once(chude: Run, tmp_path: Path) -> None:
    dates = [1710201600, "12/3/24", "March 12, 2024", "3/25/2024", "sắp đăng", None, ""]
    rows = [{"id": str(n), "text": TEXT, "date": date} for n, date in enumerate(dates)]
    source = tmp_path / "a.jsonl"
    source.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (tmp_path / "b.md").write_text(f"---\ntitle: A\ndate: mai\n---\n\n{TEXT}", encoding="utf-8")
    page = f"<meta name=date content=mai><title>A</title><p>{TEXT}</p>"
    (tmp_path / "c.html").write_text(page, encoding="utf-8")
    mail = f"MIME-Version: 1.0\nFrom: a@b\nDate: mai\nSubject: A\n\n{TEXT}"
    (tmp_path / "d.eml").write_text(mail, encoding="utf-8")
    result = chude("convert", tmp_path, "-o", "-", "-f", "jsonl")
    told = [json.loads(line)["date"] for line in result.out.splitlines()]
    assert told == ["2024-03-12"] * 3 + [None] * 7
    assert counts(result.err) == (10, 10, 0, 0)
    note = f"5 articles have a date that cannot be read, such as '3/25/2024' ({source}:4)"
    assert result.err.count("cannot be read") == result.err.count(note) == 1


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


def test_ids_that_other_systems_take_for_one_name(chude: Run, tmp_path: Path) -> None:
    ids = [unicodedata.normalize(form, "Bến cá") for form in ("NFC", "NFD")] + ["BẾN CÁ", "aux"]
    rows = [{"id": name, "title": "Tin", "text": "Tàu về.", "themes": [name]} for name in ids]
    pl.DataFrame(rows).write_parquet(tmp_path / "a.parquet")
    result = chude("convert", tmp_path / "a.parquet", "-o", tmp_path / "out", "-f", "txt")
    assert (result.status, "3 ids are no names of files" in result.err) == (0, True)
    found = {article.id: article.themes for article in read(tmp_path / "out")}
    assert [len(themes or ()) for themes in found.values()] == [1] * 4
    assert {unicodedata.normalize("NFC", name) for name in found} == {
        "Bến cá", "Bến cá~2", "BẾN CÁ~3", "_aux",
    }  # fmt: skip


@pytest.mark.parametrize("command", ["convert", "predict", "check", "evaluate", "explain"])
def test_an_empty_path_is_called_so(chude: Run, bundle: Path, tmp_path: Path, command: str) -> None:
    model = () if command == "convert" else ("--model", bundle)
    (tmp_path / "b.jsonl").write_text("giữ lại", encoding="utf-8")
    result = chude(command, "", *model, "-o", tmp_path / "b.jsonl")
    assert (result.status, "an empty path" in result.err) == (1, True)
    assert (tmp_path / "b.jsonl").read_text(encoding="utf-8") == "giữ lại"


def test_nothing_is_written_when_an_input_is_missing(chude: Run, tmp_path: Path) -> None:
    result = chude("convert", tmp_path / "missing", "-o", tmp_path / "out.csv")
    assert result.status == 1
    assert not list(tmp_path.iterdir())


def test_a_column_of_0_and_1_a_theme_of_the_taxonomy_beside_is_read(
    chude: Run, tmp_path: Path
) -> None:
    data = write_corpus([], tmp_path / "data")
    table = f'id,text,{",".join(KEYS)}\na,"{BODY[0]}",1,0,1\nb,"{BODY[1]}",0,0,0\n'
    (data / "raw" / "a.csv").write_text(table, encoding="utf-8")
    (data / "raw" / "b.jsonl").write_text(
        json.dumps({"id": "c", "text": BODY[0], "themes": ["chủ đề lạ"]}), encoding="utf-8"
    )
    result = chude("convert", data, "-o", "-", "-f", "jsonl")
    assert counts(result.err) == (3, 3, 0, 0)
    assert [json.loads(line)["themes"] for line in result.out.splitlines()] == [
        [KEYS[0], KEYS[2]], [], ["chủ đề lạ"],
    ]  # fmt: skip


MARKED = [
    Article("a", TITLE, TEXT, themes=KEYS[:1], spans={KEYS[0]: ((0, 5), (22, 40))}, by_chance=True),
    Article("b", "", TEXT, themes=(), spans={}),
    Article("c", TITLE, TEXT, unsettled=KEYS[1:]),
    Article("d", TITLE, TEXT, themes=KEYS[1:]),
]


def test_marks_beyond_themes_are_kept_in_jsonl(chude: Run, tmp_path: Path) -> None:
    marks: list[dict[str, object]] = [
        {"spans": {KEYS[0]: [[0, 5], [22, 40]]}, "drawn": "chance"},
        {"spans": {}},
        {"contested": list(KEYS[1:])},
        {},
    ]
    rows = [
        {"id": a.id, "title": a.title, "text": a.body, "themes": a.themes, **mark}
        for a, mark in zip(MARKED, marks, strict=True)
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    result = chude("convert", tmp_path / "a.jsonl", "-o", tmp_path / "b.jsonl")
    assert "marks" not in result.err
    assert [replace(article, source="") for article in read(tmp_path / "b.jsonl")] == MARKED
    lines = (tmp_path / "b.jsonl").read_text(encoding="utf-8").splitlines()
    written = [set(json.loads(line)) - {"id", "date", "title", "text", "themes"} for line in lines]
    assert written == [set(mark) for mark in marks]


@pytest.mark.parametrize("form", ["csv", "parquet", "txt"])
def test_marks_that_a_form_cannot_keep_are_told(chude: Run, tmp_path: Path, form: str) -> None:
    rows = [{"id": str(n), "title": TITLE, "text": TEXT, "drawn": d} for n, d in enumerate("xy")]
    rows[0]["drawn"] = "chance"
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    result = chude("convert", tmp_path / "a.jsonl", "-o", tmp_path / "b", "-f", form)
    assert "1 articles have marks beyond their themes" in result.err
    assert "Write JSONL to keep them" in result.err


def test_labels_that_cannot_be_read_are_told_once(chude: Run, tmp_path: Path) -> None:
    labels = [[{"name": "emulation"}], {"emulation": 1}, ["emulation"], None]
    rows = [{"id": str(n), "text": TEXT, "labels": label} for n, label in enumerate(labels)]
    source = tmp_path / "a.jsonl"
    source.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    result = chude("convert", source, "-o", "-")
    told = [json.loads(line)["themes"] for line in result.out.splitlines()]
    assert told == [None, None, ["emulation"], None]
    note = "2 articles have labels that cannot be read, such as \"[{'name': 'emulation'}]\" "
    assert result.err.count("cannot be read") == result.err.count(f"{note}({source}:1)") == 1


def test_labelled_passages_of_an_article_without_a_title_stay_where_they_are(
    chude: Run, tmp_path: Path
) -> None:
    data = write_corpus([], tmp_path / "data")
    (data / "raw" / "a.jsonl").write_text(json.dumps({"id": "a", "text": TEXT}), encoding="utf-8")
    rows = f"article,passage,themes\na,1,{KEYS[0]}\na,2,\n"
    (data / "labels.csv").write_text(rows, encoding="utf-8")
    assert chude("convert", data, "-o", tmp_path / "out", "-f", "txt").status == 0
    [article] = read(tmp_path / "out")
    assert (article.title, article.body) == BODY
    assert article.passages == {0: KEYS[:1], 1: ()}


def test_folders_named_after_themes_label_what_is_in_them(chude: Run, tmp_path: Path) -> None:
    for folder in ("emulation", "none", "2024"):
        (tmp_path / "in" / folder).mkdir(parents=True)
        (tmp_path / "in" / folder / "a.txt").write_text(f"{TITLE}\n\n{TEXT}", encoding="utf-8")
    (tmp_path / "in/themes.toml").write_text("[emulation]\n[mass_mobilization]\n", encoding="utf-8")
    assert chude("convert", tmp_path / "in", "-o", tmp_path / "a.jsonl").status == 0
    found = {article.id: article.themes for article in read(tmp_path / "a.jsonl")}
    assert found == {"2024/a": None, "emulation/a": ("emulation",), "none/a": ()}
