import datetime
import gzip
import io
import json
import tempfile
import unicodedata
import zipfile
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chude.corpus.article import Article
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.paths import total_size
from chude.corpus.read import Position, read
from chude.corpus.taxonomy import Taxonomy
from chude.errors import ChudeError, Refusal
from tests.corpus.formats.files import xlsx
from tests.invented import make_articles, write_corpus

TAXONOMY = Taxonomy.of(["border_security", "emulation", "mass_mobilization"])
ROWS = [
    {"id": "1", "title": "Tuần tra", "text": "Tổ tuần tra lên cột mốc.", "themes": ["emulation"]},
    {"id": "2", "title": "Giá cà phê", "text": "Giá giảm nhẹ.", "themes": []},
]


def collect(path: object, **options: object) -> tuple[list[Article], list[Refusal]]:
    refused: list[Refusal] = []
    return list(read(path, on_refusal=refused.append, **options)), refused  # type: ignore[arg-type]


def write_jsonl(path: Path, rows: list[object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_corpus_folder_brings_its_labels(tmp_path: Path) -> None:
    written = make_articles(14)
    found, refused = collect(write_corpus(written, tmp_path / "data"), taxonomy=TAXONOMY)
    assert not refused
    for before, after in zip(written, found, strict=True):
        assert (after.id, after.text, after.date) == (before.id, before.text, before.date)
        assert (after.themes, after.passages) == (before.themes, before.passages)


@pytest.mark.parametrize("name", ["labels.csv", "Labels.csv", "LABELS.CSV"])
def test_labels_are_found_as_windows_names_them(tmp_path: Path, name: str) -> None:
    corpus = write_corpus(make_articles(14), tmp_path / "Corpus")
    (corpus / "labels.csv").rename(corpus / name)
    found, refused = collect(corpus, taxonomy=TAXONOMY)
    assert not refused
    assert all(article.themes is not None for article in found)


def test_labels_that_lie_elsewhere_are_named(tmp_path: Path) -> None:
    rows = "article,passage,themes\na,,emulation\n"
    folders = [tmp_path / "năm 2024", tmp_path / "năm 2025"]
    for folder in folders:
        folder.mkdir()
        (folder / "labels.csv").write_text(rows)
        (folder / "a.txt").write_text("Bến cá\n\nTàu về.", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("kho/labels.csv", rows)
        archive.writestr("labels.csv", rows)
        archive.writestr("kho/a.txt", "Bến cá\n\nMưa.")
    found, refused = collect(tmp_path)
    assert [article.themes for article in found] == [None] * 3
    assert [one.place for one in refused] == [
        f"{tmp_path / 'b.zip'}/kho/labels.csv",
        f"{tmp_path / 'b.zip'}/labels.csv",
        *(str(folder / "labels.csv") for folder in folders),
    ]
    for options in (
        {"columns": ColumnNames(labelled=False)},
        {"labels": folders[0] / "labels.csv"},
    ):
        position = Position()
        collect(tmp_path, position=position, **options)
        assert position.left_out == 4
    assert [one.place for one in collect(tmp_path / "b.zip")[1]] == [
        f"{tmp_path / 'b.zip'}/{name}labels.csv" for name in ("kho/", "")
    ]
    named, refused = collect(folders)
    assert ([article.themes for article in named], refused) == ([("emulation",)] * 2, [])


@pytest.mark.parametrize("name", ["none", "None", "NONE"])
def test_the_folder_of_articles_without_a_theme(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "a.txt").write_text("Bến cá\n\nTàu về.", encoding="utf-8")
    assert [a.themes for a in collect(tmp_path, folders_are_themes=True)[0]] == [()]
    themes = Taxonomy.of([name, "emulation"])
    assert [a.themes for a in collect(tmp_path, taxonomy=themes)[0]] == [(name,)]


def test_folders_named_after_themes_label_their_articles(tmp_path: Path) -> None:
    for folder in ("emulation", "none", "2024"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_text("Tiêu đề\n\nThân bài", encoding="utf-8")
    found, _ = collect(tmp_path, taxonomy=TAXONOMY)
    themes = {article.id: article.themes for article in found}
    assert themes == {"2024/x": None, "emulation/x": ("emulation",), "none/x": ()}
    assert [a.themes for a in collect(tmp_path, folders_are_themes=True)[0]] == [
        ("2024",),
        ("emulation",),
        (),
    ]


def test_folders_named_as_hive_names_them_label_their_articles(tmp_path: Path) -> None:
    folders = ["label=emulation", "Theme=Bi%C3%AAn gi%E1%BB%9Bi", "themes=none"]
    unlabelled = ["label=__HIVE_DEFAULT_PARTITION__", "year=2025"]
    for number, folder in enumerate([*folders, *unlabelled]):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{number}.txt").write_text("Bến cá\n\nTàu về.", encoding="utf-8")
    found, _ = collect(tmp_path, taxonomy=Taxonomy.of(["biên giới", "emulation"]))
    themes = {article.id[-1]: article.themes for article in found}
    assert themes == {"0": ("emulation",), "1": ("biên giới",), "2": (), "3": None, "4": None}
    (tmp_path / "year=2025/4.txt").unlink()
    found, _ = collect(tmp_path, folders_are_themes=True)
    themes = {article.id[-1]: article.themes for article in found}
    assert themes == {"0": ("emulation",), "1": ("Biên giới",), "2": (), "3": None}


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz", ".csv", ".csv.gz", ".parquet"])
def test_tables_hold_the_same_articles(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    rows = [{**row, "date": "2024-05-06", "themes": ";".join(row["themes"])} for row in ROWS]
    frame = pl.DataFrame(rows)
    content = {".jsonl": frame.write_ndjson, ".csv": frame.write_csv}
    if suffix == ".parquet":
        frame.write_parquet(path)
    else:
        text = content[suffix.removesuffix(".gz")]().encode()
        path.write_bytes(gzip.compress(text) if suffix.endswith(".gz") else text)
    found, refused = collect(path)
    assert not refused
    assert [a.themes for a in found] == [("emulation",), ()]
    assert [(a.id, a.title, a.body) for a in found] == [
        (row["id"], row["title"], row["text"]) for row in ROWS
    ]
    assert str(found[0].date) == "2024-05-06"


def test_a_table_may_hold_its_letters_as_bytes(tmp_path: Path) -> None:
    row = {"id": "bài-1", "text": "Tàu về bến.", "date": "2024-05-06", "label": "thi đua"}
    columns: dict[str, list[object]] = {name: [value.encode()] for name, value in row.items()}
    pl.DataFrame(columns).write_parquet(tmp_path / "a.parquet")
    columns["labels"] = [[b"a", b"b"]]
    pl.DataFrame(columns).write_parquet(tmp_path / "b.parquet")
    found, refused = collect(tmp_path)
    assert [(a.id, a.body, str(a.date)) for a in found] == [
        ("bài-1", "Tàu về bến.", "2024-05-06")
    ] * 2
    assert [a.themes for a in found] == [("thi đua",), ("a", "b")]
    assert not refused


@pytest.mark.parametrize(
    "missing", ["nan", "NaN", "None", "Null", "<NA>", "#N/A", "N/A", "NaT", "\\N", ""]
)
def test_what_programs_write_for_a_missing_text_is_no_article(tmp_path: Path, missing: str) -> None:
    rows = f"id,title,text\nnan,{missing},Tàu về bến.\n2,Giá giảm,{missing}\n"
    (tmp_path / "a.csv").write_text(rows, encoding="utf-8")
    [article], [refusal] = collect(tmp_path)
    assert (article.id, article.title) == (f"{tmp_path / 'a.csv'}:2", "")
    assert refusal.problem == "only a title, no body"


@pytest.mark.parametrize("title", ["na", "Na", "NA"])
def test_a_title_may_be_a_word_that_programs_write_too(tmp_path: Path, title: str) -> None:
    (tmp_path / "a.csv").write_text(f"title,text\n{title},Na chín rộ.\n", encoding="utf-8")
    [article], refused = collect(tmp_path)
    assert (article.title, refused) == (title, [])


def test_an_id_of_spaces_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text\n ,Tàu về.\n\u00a0,Giá giảm.\n", encoding="utf-8")
    assert [article.id for article in collect(tmp_path)[0]] == [
        f"{tmp_path / 'a.csv'}:{line}" for line in (2, 3)
    ]


def test_columns_can_be_named(tmp_path: Path) -> None:
    row = {"key": 7, "content": "Thân bài.", "head": "Tiêu đề", "topic": "the thao"}
    path = write_jsonl(tmp_path / "a.jsonl", [row])
    columns = ColumnNames(id="key", text="content", title="head", label="topic")
    [article] = collect(path, columns=columns)[0]
    assert (article.id, article.title, article.themes) == ("7", "Tiêu đề", ("the thao",))


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_missing_column_names_those_that_are_there(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    frame = pl.DataFrame({"id": ["1"], "content": ["Thân bài."]})
    frame.write_csv(path) if suffix == ".csv" else frame.write_parquet(path)
    found, [refusal] = collect(path)
    assert not found
    assert refusal.problem == "no column 'text'; there are: id, content"
    assert "--text-column" in refusal.cure


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "not a line of JSON"),
        ("[1]", "not a JSON object"),
        ('{"id": "x"}', "no column 'text'"),
        ('{"text": ""}', "empty"),
        ('{"title": "Chỉ tiêu đề", "text": " "}', "only a title"),
        ('{"text": 5}', "not a string"),
        ('{"text": "a \\ud800"}', "UTF-16"),
        ('{"text": "a", "themes": {"x": 1}}', "themes of an unknown form"),
        ('{"text": "a", "themes": ["sport"]}', "theme 'sport' is not in the taxonomy"),
        ('{"text": "a", "themes": "sport"}', "theme 'sport' is not in the taxonomy"),
        ("[" * 100_000, "not a line of JSON"),
    ],
)
def test_bad_lines_are_refused_and_the_rest_is_read(
    tmp_path: Path, line: str, problem: str
) -> None:
    path = tmp_path / "a.jsonl"
    good = json.dumps(ROWS[0])
    path.write_text(f"{good}\n{line}\n\n{good}\n", encoding="utf-8")
    found, refused = collect(path, taxonomy=TAXONOMY)
    assert len(found) == 2
    assert [r.place for r in refused] == [f"{path}:2"]
    assert problem in refused[0].problem


def test_a_line_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "\xff"}\n' + json.dumps(ROWS[0]).encode() + b"\n")
    found, refused = collect(path)
    assert (len(found), refused[0].place) == (1, f"{path}:1")


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl.gz", "a.txt.gz"])
def test_damaged_files_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b'id,text\n1,"open' if name == "a.csv" else b"\x1f\x8b\x08\x00broken")
    found, refused = collect(path)
    assert not found
    assert len(refused) == 1
    assert refused[0].place.startswith(str(path))


def test_csv_that_is_not_closed_costs_the_line_where_it_opens(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,một\n2,"hai\n3,ba\n', encoding="utf-8")
    found, [refusal] = collect(path)
    assert [article.id for article in found] == ["1", "3"]
    assert refusal.place == f"{path}:3"


def test_csv_that_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,text\n1,m\xc3\xb4t\n2,\xff\n")
    found, [refusal] = collect(path)
    assert [article.body for article in found] == ["môt"]
    assert refusal.place == f"{path}:3"
    assert "not UTF-8" in refusal.problem


def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1 not really")
    found, [refusal] = collect(path)
    assert not found
    assert "not a readable Parquet file" in refusal.problem


@pytest.mark.parametrize(
    ("path", "problem"),
    [("missing.txt", "no such file"), ("*.nothing", "no such file"), ("a.bin", "format unknown")],
)
def test_bad_paths_end_in_one_message(tmp_path: Path, path: str, problem: str) -> None:
    (tmp_path / "a.bin").write_bytes(b"\x00\x01\x02" * 50)
    with pytest.raises(ChudeError, match=problem):
        collect(tmp_path / path)


def test_a_title_may_be_a_number_and_nothing_else(tmp_path: Path) -> None:
    titles: list[object] = [2024, 2024.0, 1.5, {"vi": "Bến cá"}, None, float("nan")]
    rows = [{"title": title, "text": "Tàu về."} for title in titles]
    found, [refusal] = collect(write_jsonl(tmp_path / "a.jsonl", list(rows)))
    assert [article.title for article in found] == ["2024", "2024", "1.5", "", ""]
    assert refusal.problem == "the article's title is not a string"


def test_an_address_is_no_path() -> None:
    with pytest.raises(ChudeError, match="an address"):
        collect("https://muonglo.vn/tin.html")
    with pytest.raises(ChudeError, match="no such file"):
        collect("C://Users/bai.txt")


def test_paths_are_checked_before_anything_is_read(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", ROWS)
    with pytest.raises(ChudeError, match=r"missing\.jsonl: no such file"):
        next(read([path, tmp_path / "missing.jsonl"]))
    with pytest.raises(ChudeError, match="an empty path"):
        next(read(""))


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    unseen = (".git/a.txt", ".b.txt", "~$c.docx", "desktop.ini", "Thumbs.db")
    for name in (*unseen, "c.txt"):
        (tmp_path / name).write_text("Tiêu đề\n\nThân bài", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        for name in (*unseen, "e.txt"):
            archive.writestr(name, "Tiêu đề\n\nThân bài")
    position = Position()
    assert [article.id for article in read(tmp_path, position=position)] == ["c", "d/e"]
    assert (position.refused, position.left_out) == (0, 5 + 5)


def test_an_empty_folder_ends_in_one_message(tmp_path: Path) -> None:
    with pytest.raises(ChudeError, match="no articles in this folder"):
        collect(tmp_path)


def test_globs_and_lists_keep_their_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "c.txt"):
        (tmp_path / name).write_text("Tiêu đề\n\nThân bài", encoding="utf-8")
    paths = [tmp_path / "c.txt", tmp_path / "[ab].txt"]
    assert [article.id for article in collect(paths)[0]] == ["c", "a", "b"]


def test_exclusive_labels_must_be_one(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", ROWS)
    found, refused = collect(path, taxonomy=Taxonomy(TAXONOMY.themes, exclusive=True))
    assert [article.id for article in found] == ["1"]
    assert "0 themes where the taxonomy asks for exactly one" in refused[0].problem


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        ("\ufeffdate 2024-05-06 Tiêu đề\n\nThân bài", ["-"]),
        ('\n{"id": "1", "text": "Thân"}\n{"id": "2", "text": "bài"}\n', ["1", "2"]),
    ],
)
def test_standard_input_is_a_raw_article_or_jsonl(
    monkeypatch: pytest.MonkeyPatch, content: str, ids: list[str]
) -> None:
    stream = io.TextIOWrapper(io.BufferedReader(io.BytesIO(content.encode())))  # type: ignore[arg-type]
    monkeypatch.setattr("sys.stdin", stream)
    assert [article.id for article in collect("-")[0]] == ids


def test_closed_standard_input_ends_in_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(ChudeError, match="standard input is closed"):
        collect("-")


def test_by_default_the_first_refusal_is_raised(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [{"text": ""}])
    with pytest.raises(ChudeError, match="empty"):
        list(read(path))


def test_the_position_goes_from_file_to_file_to_the_last_byte(tmp_path: Path) -> None:
    rows = [{"id": str(i), "text": f"Tin số {i} ở bến sông Lăng."} for i in range(5000)]
    write_jsonl(tmp_path / "a.jsonl", [*rows, 5])
    pl.DataFrame(rows).write_csv(tmp_path / "b.csv")
    pl.DataFrame(rows).write_parquet(tmp_path / "c.parquet")
    (tmp_path / "d.jsonl.gz").write_bytes(gzip.compress((tmp_path / "a.jsonl").read_bytes())[:-50])
    (tmp_path / "e.parquet").write_bytes(b"no Parquet")
    (tmp_path / "f.txt").write_bytes(b"")
    (tmp_path / "g.txt").write_text("Tin\n\nGiá cà phê giảm.", encoding="utf-8")
    total, position, before = total_size([str(tmp_path)]), Position(), 0
    ends: dict[str, int] = {}
    for article in read(tmp_path, on_refusal=lambda refusal: None, position=position):
        assert position.bytes >= before
        before = position.bytes
        ends[Path(article.source.split(":")[0]).name] = before
    assert position.bytes == total
    size = 0
    for path in sorted(tmp_path.iterdir()):
        size += path.stat().st_size
        assert size - 2 <= ends.get(path.name, size) <= size  # one line of a.jsonl is refused


def test_a_column_a_theme_is_read(tmp_path: Path) -> None:
    rows: list[object] = [
        {"text": "Đồn biên phòng giúp dân gặt lúa.", "Emulation": 9, **flags}
        for flags in (
            {"border_security": 1, "emulation": 0, "mass_mobilization": 1},
            {"border_security": 0, "emulation": 0, "mass_mobilization": 0},
        )
    ]
    pl.DataFrame(rows).write_parquet(tmp_path / "b.parquet")
    for path in (write_jsonl(tmp_path / "a.jsonl", rows), tmp_path / "b.parquet"):
        found, refused = collect(path, taxonomy=TAXONOMY)
        assert [a.themes for a in found] == [("border_security", "mass_mobilization"), ()]
        assert not refused


@pytest.mark.parametrize("form", ["a.csv", "a.parquet"])
def test_a_column_a_theme_is_found_in_any_spelling(tmp_path: Path, form: str) -> None:
    taxonomy = Taxonomy.of(["thi đua", "văn hoá"])
    names = [unicodedata.normalize("NFD", "Thi Đua"), " VĂN HÓA "]
    frame = pl.DataFrame({"text": ["Tàu về.", "Mưa."], names[0]: [1, 0], names[1]: [0.0, 1.0]})
    getattr(frame, f"write_{form[2:]}")(tmp_path / form)
    found, refused = collect(tmp_path, taxonomy=taxonomy)
    assert ([a.themes for a in found], refused) == ([("thi đua",), ("văn hoá",)], [])


def test_a_column_for_the_only_theme(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,thi đua\nTàu về.,1\nMưa.,0\n", encoding="utf-8")
    found, refused = collect(tmp_path, taxonomy=Taxonomy.of(["thi đua"]))
    assert ([a.themes for a in found], refused) == ([("thi đua",), ()], [])


@pytest.mark.parametrize("marks", [("x", ""), ("có", "không"), ("0.9", "0.1")])
def test_other_marks_in_columns_of_themes_are_said_once(
    tmp_path: Path, marks: tuple[str, str]
) -> None:
    rows = "".join(f"Tàu về {i}.,{marks[0]},{marks[1]}\n" for i in range(9))
    (tmp_path / "a.csv").write_text(f"text,thi đua,văn hoá\n{rows}", encoding="utf-8")
    found, [refusal] = collect(tmp_path, taxonomy=Taxonomy.of(["thi đua", "văn hoá"]))
    assert (found, refusal.count) == ([], 9)
    assert "is neither 0 nor 1 (9 articles, this is the first)" in refusal.problem
    assert "1 and 0 where each theme has a column" in refusal.cure
    unlabelled, refused = collect(tmp_path, columns=ColumnNames(labelled=False))
    assert (len(unlabelled), refused) == (9, [])


def test_other_marks_in_several_columns_of_themes_are_one_fault(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,thi đua,văn hoá\nTàu về.,x,0\nMưa.,0,x\n", "utf-8")
    found, [refusal] = collect(tmp_path, taxonomy=Taxonomy.of(["thi đua", "văn hoá"]))
    assert (found, refusal.count, refusal.place) == ([], 2, f"{tmp_path / 'a.csv'}:2")
    assert "(2 articles, this is the first)" in refusal.problem


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet", "jsonl"])
def test_empty_cells_beside_a_theme_that_is_marked_are_0(tmp_path: Path, form: str) -> None:
    names = ["thi đua", "văn hoá", "đời sống"]
    cells = [(1, None, None), (None, 1, None), (None, None, 1), (None,) * 3]
    rows: list[list[object]] = [[f"Tàu về bến {i}.", *row] for i, row in enumerate(cells)]
    if form == "xlsx":
        (tmp_path / "a.xlsx").write_bytes(xlsx([["text", *names], *rows]))
    else:
        frame = pl.DataFrame(rows, schema=["text", *names], orient="row")
        write = {"csv": frame.write_csv, "jsonl": frame.write_ndjson}.get(form, frame.write_parquet)
        write(tmp_path / f"a.{form}")
    found, refused = collect(tmp_path, taxonomy=Taxonomy.of(names))
    assert not refused
    nothing = () if form == "csv" else None  # where an empty string and no cell are the same
    assert [article.themes for article in found] == [*((name,) for name in names), nothing]


def test_cells_of_themes_that_are_missing_are_0_beside_a_1_alone(tmp_path: Path) -> None:
    rows = "Tàu về.,NA,1\nMưa.,NA,\nGió.,NA,NA\nNắng.,,\nRét.,NA,0\nẤm.,,0\n"
    (tmp_path / "a.csv").write_text(f"text,thi đua,văn hoá\n{rows}", encoding="utf-8")
    found, [refusal] = collect(tmp_path, taxonomy=Taxonomy.of(["thi đua", "văn hoá"]))
    assert [article.themes for article in found] == [("văn hoá",), None, None, (), ()]
    assert refusal.place == f"{tmp_path / 'a.csv'}:6"
    assert "is neither 0 nor 1" in refusal.problem


@pytest.mark.parametrize("themes", [[0, 0, 1], [{"label": "emulation"}], 1.5])
def test_a_fault_of_a_column_is_said_once(tmp_path: Path, themes: object) -> None:
    hot = [{"text": "Thân bài.", "themes": themes} for _ in range(40)]
    path = write_jsonl(tmp_path / "a.jsonl", [*hot, {"text": "Thân bài.", "themes": []}])
    position = Position()
    found, [refusal] = collect(path, position=position)
    assert len(found) == 1
    assert (refusal.count, position.refused) == (40, 40)
    assert "40 articles" in refusal.problem
    assert refusal.place == f"{path}:1"


def test_labels_can_be_left_unread(tmp_path: Path) -> None:
    write_corpus(make_articles(4), tmp_path / "data")
    (tmp_path / "data" / "labels.csv").write_text("no,header\n", encoding="utf-8")
    found, refused = collect(tmp_path / "data", columns=ColumnNames(labelled=False))
    assert [a.themes for a in found] == [None] * 4
    assert not refused
    path = write_jsonl(tmp_path / "a.jsonl", [{"text": "Thân bài.", "themes": {"x": 1}}])
    assert not collect(path, columns=ColumnNames(labelled=False))[1]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json", "a.parquet", "a.txt", "a"])
def test_an_empty_file_is_named_and_a_table_without_rows_is_fine(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    (tmp_path / "b.txt").write_text("Bến cá\n\nTàu về.", encoding="utf-8")
    (tmp_path / "c.csv").write_text("id,text\n")
    refused: list[Refusal] = []
    assert [article.id for article in read(tmp_path, on_refusal=refused.append)] == ["b"]
    assert [(one.place, one.problem) for one in refused] == [(str(tmp_path / name), "empty")]


BEGINNINGS = [
    b"", b" \n", b"\xef\xbb\xbf", b"\xff\xfe", b"\0", b"<p>", b"</a></b></c>", b'{"text": "',
    b'[{"', b"__label__emulation ", b"sep=;\n", b"id,text\n1,", b"id;text\n1;", b"date 2024-03-12 ",
    b"PK\x03\x04", b"PAR1", b"%PDF-", b"{\\rtf", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"BZh",
    b"-- 1\nINSERT INTO t ", b'Tin,"a"\n"b",', b"Tin\tA\n1\t", b"From a 2024\nTo: ", b"<doc>\n</",
    b'"sep=,"\n', b"a.txt\nb.", b"MIME-Version: 1.0\n", b"Received: ", b"Tin: ",
    b"\xc3\x83\xc2\xa1 ", b"Vi\xd6t Nam ",
]  # fmt: skip
ENDS = [b"", b"\n", "\n\nBà con gặt lúa.".encode(), "\r\rNgày 12-3-2024\rTàu về bến.".encode()]


@given(
    st.sampled_from(BEGINNINGS),
    st.text(max_size=30) | st.binary(max_size=30),
    st.sampled_from(ENDS),
)
@example(b"", "ờ" * 30_000, b"\nTin")
def test_a_file_alone_is_read_as_one_in_an_archive(
    beginning: bytes, middle: str | bytes, end: bytes
) -> None:
    text = middle if isinstance(middle, bytes) else middle.encode("utf-8", "surrogatepass")
    content = beginning + text + end
    with tempfile.TemporaryDirectory() as folder:
        (file := Path(folder) / "a.txt").write_bytes(content)
        with zipfile.ZipFile(packed := Path(folder) / "b.zip", "w") as archive:
            archive.writestr("a.txt", content)
        alone, refused = collect(file)
        inside, refused_inside = collect(packed)

    def as_alone(article: Article) -> Article:
        place, name = f"{packed}/a.txt", article.id.removeprefix("b/")
        return replace(
            article,
            id=name.replace(place, str(file)),
            source=article.source.replace(place, str(file)),
        )

    assert alone == list(map(as_alone, inside))
    assert [(r.problem, r.cure) for r in refused] == [(r.problem, r.cure) for r in refused_inside]


def test_times_with_a_zone_are_of_the_day_in_vietnam(tmp_path: Path) -> None:
    night = datetime.datetime(2024, 3, 11, 18, 30)
    for zone in ("UTC", "Asia/Ho_Chi_Minh", None):
        dates = pl.Series([night]).dt.replace_time_zone(zone)
        frame = pl.DataFrame({"text": ["Đêm qua trời mưa to."], "date": dates})
        frame.write_parquet(tmp_path / "a.parquet")
        [article] = read(tmp_path / "a.parquet")
        assert article.date == datetime.date(2024, 3, 12 if zone == "UTC" else 11)
