"""Labels in one spelling, and counts among the inputs: named, in a corpus folder, or by a glob."""

import json
import unicodedata
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

import chude
from chude.corpus.article import Article
from chude.corpus.labelled import find_counts, read_labelled, stream
from chude.corpus.read import Position
from chude.corpus.taxonomy import Taxonomy
from chude.errors import ChudeError
from tests.invented import KEYS, TAXONOMY, make_articles, write_corpus


def articles(*labels: tuple[str, ...]) -> list[Article]:
    return [Article(str(n), "Tin", "Thân bài", themes=keys) for n, keys in enumerate(labels)]


def test_spellings_of_one_theme_are_one_theme() -> None:
    spelt = ["văn hóa", "văn hóa", "Văn hóa", "văn hoá", unicodedata.normalize("NFD", "văn hóa ")]
    corpus = read_labelled(articles(*[(label,) for label in spelt], ("thể thao",)))
    assert corpus.taxonomy.keys == ("thể thao", "văn hóa")
    assert {a.themes for a in corpus.articles} == {("văn hóa",), ("thể thao",)}


def test_a_label_is_split_where_its_parts_occur_alone() -> None:
    given = articles(("văn hóa",), ("thể thao",), ("văn hóa|thể thao",), ("du lịch, ẩm thực",))
    corpus = read_labelled(given)
    assert corpus.articles[2].themes == ("văn hóa", "thể thao")
    assert corpus.taxonomy.keys == ("du lịch, ẩm thực", "thể thao", "văn hóa")


def test_exclusive_labels_are_not_split() -> None:
    given = articles(("văn hóa",), ("thể thao",), ("văn hóa, thể thao",))
    assert read_labelled(given, exclusive=True).taxonomy.keys[-1] == "văn hóa, thể thao"


def test_articles_at_hand_take_the_taxonomys_spelling() -> None:
    [article] = read_labelled(articles(("Thể Thao\u00a0",)), Taxonomy.of(["thể thao"])).articles
    assert article.themes == ("thể thao",)


def test_spans_and_unsettled_themes_are_spelt_as_the_taxonomy_does() -> None:
    [article] = articles(("Thể Thao",))
    article = replace(article, spans={"Thể Thao": ((0, 3),)}, unsettled=("THỂ THAO",))
    [found] = read_labelled([article], Taxonomy.of(["thể thao"])).articles
    assert found.spans == {"thể thao": ((0, 3),)}
    assert found.unsettled == ("thể thao",)


def test_articles_beside_a_path_take_its_taxonomys_spelling(tmp_path: Path) -> None:
    data = write_corpus(make_articles(4), tmp_path / "data")
    corpus = read_labelled([*articles(("Emulation",)), data])
    assert corpus.articles[0].themes == ("emulation",)
    assert len(corpus.articles) == 5


@pytest.mark.parametrize("name", ["labels.csv", "themes.toml"])
def test_a_file_of_a_corpus_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    corpus = write_corpus(make_articles(14), tmp_path / "corpus")
    (corpus / name).unlink()
    (corpus / name).symlink_to("nowhere")
    with pytest.raises(ChudeError, match=name):
        read_labelled(corpus)


def test_no_labels_end_in_one_message(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "Thân bài."}\n', encoding="utf-8")
    with pytest.raises(ChudeError, match="no labels found"):
        read_labelled(tmp_path / "a.jsonl")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_corpus(make_articles(28), tmp_path / "data")
    chude.count(
        make_articles(42, seed=1),
        tmp_path / "data/press.counts.parquet",
        TAXONOMY,
        segmenter="syllable",
    )
    return tmp_path


def test_counts_beside_raw_are_read_with_the_corpus(folder: Path) -> None:
    found = read_labelled(folder / "data")
    assert len(found.articles) == 28
    assert {name: len(counts) for name, counts in found.counts.items()} == {"press": 42}
    assert found.taxonomy.keys == KEYS
    assert len(list(chude.read(folder / "data"))) == 28


def test_hidden_counts_are_left_out(folder: Path) -> None:
    """As macOS leaves them beside a file, on a disk that is not its own."""
    (folder / "data/._press.counts.parquet").write_bytes(b"\x00\x05\x16\x07")
    assert list(read_labelled(folder / "data").counts) == ["press"]


def test_counts_alone_can_be_asked_to_be_exclusive(folder: Path) -> None:
    found = read_labelled(folder / "data/press.counts.parquet", exclusive=True)
    assert found.taxonomy.exclusive


def test_counts_can_be_named_given_as_a_glob_and_twice(folder: Path) -> None:
    file = folder / "data/press.counts.parquet"
    for paths in (
        [file],
        [folder / "*/*.counts.parquet"],
        [file, file.parent / "../data" / file.name],
    ):
        found = read_labelled(paths)
        assert (len(found.articles), list(found.counts)) == (0, ["press"])
        assert found.taxonomy.keys == KEYS
    assert list(find_counts([folder / "data", file])) == ["press"]


def test_a_glob_finds_articles_and_counts(folder: Path) -> None:
    rows = [{"text": a.text, "themes": list(a.themes or ())} for a in make_articles(14)]
    pl.DataFrame(rows).write_parquet(folder / "data/more.parquet")
    found = read_labelled(folder / "data/*.parquet")
    assert (len(found.articles), list(found.counts)) == (14, ["press"])


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    files = [
        tmp_path / f"{name}.counts.parquet" for name in ("a/x", "b/x", "c/x", "c/x-2", "d/x-3")
    ]
    assert list(find_counts(files)) == ["x", "x-2", "x-3", "x-2-2", "x-3-2"]
    assert list(find_counts([tmp_path / "written.counts.parquet"])) == ["written-2"]


def test_articles_that_are_there_go_with_paths(folder: Path) -> None:
    given = [replace(a, id=f"q{a.id}") for a in make_articles(14, seed=2)]
    found = read_labelled([*given, folder / "data"])
    assert (len(found.articles), list(found.counts)) == (42, ["press"])
    found = read_labelled([*given, folder / "data/press.counts.parquet"], TAXONOMY)
    assert (len(found.articles), list(found.counts)) == (14, ["press"])


def test_a_themes_toml_goes_with_counts_alone(folder: Path) -> None:
    file, themes = folder / "data/press.counts.parquet", folder / "data/themes.toml"
    assert read_labelled(file, themes).taxonomy == Taxonomy.load(themes)


def test_a_glob_of_counts_that_finds_none_is_named(folder: Path) -> None:
    with pytest.raises(ChudeError, match=r"none\*.counts.parquet: no such file"):
        read_labelled(folder / "none*.counts.parquet")


@pytest.mark.parametrize("themes", [None, TAXONOMY])
def test_where_no_labels_can_be_read_that_is_said(tmp_path: Path, themes: Taxonomy | None) -> None:
    path = tmp_path / "a.jsonl"
    rows = [{"text": "Bà con gặt lúa.", "label": {"emulation": n}} for n in (1, 0)]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    for read in (
        lambda: read_labelled(path, themes),
        lambda: [*stream(path, TAXONOMY, None, None, pytest.fail, Position())],
    ):
        with pytest.raises(ChudeError, match=r"no labelled articles: 2 articles have labels that"):
            read()
    path.write_text("\n".join(map(json.dumps, [*rows, ROW])), encoding="utf-8")
    assert any("2 articles have labels that" in note for note in read_labelled(path).notes())
    assert len([*stream(path, TAXONOMY, None, None, pytest.fail, Position())]) == 3


ROW = {"text": "Bà con gặt lúa.", "label": [KEYS[0]]}
