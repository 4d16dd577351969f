"""Counts among the inputs of a training: named, in a corpus folder, or by a glob."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

import chude
from chude.corpus.labelled import find_counts, read_labelled
from chude.corpus.taxonomy import Taxonomy
from chude.errors import ChudeError
from tests.invented import KEYS, TAXONOMY, make_articles, write_corpus


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
