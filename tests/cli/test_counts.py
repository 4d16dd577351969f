"""chude counts, and chude train with what it writes."""

import json
from pathlib import Path

import pytest

from chude.corpus.counts import read_counts
from tests.conftest import Run
from tests.invented import make_articles, write_corpus

SYLLABLE = ("--segmenter", "syllable")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_corpus(make_articles(84), tmp_path / "data")


@pytest.fixture
def press(chude: Run, tmp_path: Path) -> Path:
    corpus = write_corpus(make_articles(56, seed=1), tmp_path / "press")
    path = tmp_path / "press.counts.parquet"
    assert chude("counts", corpus, "--output", path, *SYLLABLE).status == 0
    return path


def test_counts_are_written_and_told(chude: Run, data: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.counts.parquet"
    result = chude("counts", data, "--output", path, *SYLLABLE)
    counts = read_counts(path)
    assert (result.status, result.out) == (0, "")
    told = f"84 articles, {counts.lengths.sum()} passages, {len(counts.vocabulary)} n-grams\n"
    found, rest = result.err.split("\n", 1)
    assert found.startswith("84 found = 84 done + 0 refused + 0 left out (")
    assert rest == told
    assert chude("counts", data, "--output", path, *SYLLABLE, "--quiet").err == ""


def test_help_has_an_example(chude: Run) -> None:
    result = chude("counts", "--help")
    assert result.status == 0
    assert "Example: chude counts my-corpus --output mine.counts.parquet" in result.out
    assert "counts" in chude("--help").out


def test_least_and_seed_are_handed_on(chude: Run, data: Path, tmp_path: Path) -> None:
    sizes, contents = [], []
    for least, seed in ((5, 0), (20, 0), (5, 1)):
        path = tmp_path / "mine.counts.parquet"
        options = ("--least", least, "--seed", seed)
        assert chude("counts", data, "-o", path, *SYLLABLE, *options).status == 0
        sizes.append(len(read_counts(path).vocabulary))
        contents.append(path.read_bytes())
    assert sizes[0] == sizes[2] > sizes[1]
    assert contents[0] != contents[2]


def test_wrong_usage_is_named(chude: Run, data: Path, tmp_path: Path) -> None:
    result = chude("counts", data, "--output", tmp_path / "mine.parquet", *SYLLABLE)
    assert result.status == 2
    assert "must end in" in result.err
    assert chude("counts", data).status == 2
    assert chude("counts", data, "-o", "a.counts.parquet", "--least", 0).status == 2
    result = chude("counts", tmp_path / "none", "-o", tmp_path / "a.counts.parquet")
    assert (result.status, "no such file or folder" in result.err) == (1, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_refused_inputs_are_named_and_the_rest_is_counted(
    chude: Run, data: Path, tmp_path: Path
) -> None:
    (data / "raw/empty.txt").write_text("")
    with (data / "labels.csv").open("a", encoding="utf-8") as labels:
        labels.write("t001,,sport\n")
    path = tmp_path / "mine.counts.parquet"
    result = chude("counts", data, "--output", path, *SYLLABLE)
    assert result.status == 3
    assert "empty.txt" in result.err
    assert "'sport'" in result.err
    assert len(read_counts(path)) == 83
    assert "86 found = 84 done + 2 refused + 0 left out (" in result.err


def test_a_corpus_without_labels_ends_in_one_message(chude: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "Bà con gặt lúa."}\n', encoding="utf-8")
    result = chude("counts", tmp_path / "a.jsonl", "-o", tmp_path / "a.counts.parquet")
    assert result.status == 1
    assert "no labels found" in result.err
    assert not (tmp_path / "a.counts.parquet").exists()


def test_train_mixes_a_corpus_with_counts(
    chude: Run, data: Path, press: Path, tmp_path: Path
) -> None:
    result = chude("train", data, press, "--model", tmp_path / "m", *SYLLABLE)
    assert result.status == 0
    assert result.err.startswith("84 articles, 3 themes\npress: counts of 56 articles\n")
    assert "(60 labelled with themes, 24 labelled with no theme, 0 unlabelled)" in result.err
    manifest = json.loads((tmp_path / "m/manifest.json").read_text())
    assert manifest["training_data"]["articles"] == 140
    press.rename(data / "press.counts.parquet")
    again = chude("train", data, "--model", tmp_path / "again", *SYLLABLE)
    assert again.err == result.err
    assert (tmp_path / "again/model.joblib").read_bytes() == (
        tmp_path / "m/model.joblib"
    ).read_bytes()


def test_train_learns_from_counts_alone(chude: Run, press: Path, tmp_path: Path) -> None:
    result = chude("train", press, "--model", tmp_path / "m", *SYLLABLE)
    assert result.status == 0
    predicted = chude("predict", tmp_path / "press", "--model", tmp_path / "m", "--format", "jsonl")
    assert len(predicted.out.splitlines()) == 56


@pytest.mark.parametrize("option", [(), ("--segmenter", "underthesea")])
def test_counts_of_another_segmenter_end_in_one_message(
    chude: Run, data: Path, press: Path, tmp_path: Path, option: tuple[str, ...]
) -> None:
    result = chude("train", data, press, "--model", tmp_path / "m", *option)
    assert result.status == 1
    assert "press: counts of words cut by syllable-1, here it is underthesea" in result.err
    assert not (tmp_path / "m").exists()


def test_a_damaged_file_ends_in_one_message_and_nothing_is_trained(
    chude: Run, data: Path, press: Path, tmp_path: Path
) -> None:
    content = press.read_bytes()
    for damaged in (content[:-1], content[: len(content) // 2], b"", b"PAR1" + bytes(99) + b"PAR1"):
        press.write_bytes(damaged)
        result = chude("train", data, press, "--model", tmp_path / "m", *SYLLABLE)
        assert result.status == 1
        assert result.err.count("\n") == 1
        assert result.err.startswith(f"chude: {press}: damaged or changed by hand (")
        assert "make it again with: chude counts" in result.err
        assert not (tmp_path / "m").exists()
    result = chude("train", data, tmp_path / "none.counts.parquet", "--model", tmp_path / "m")
    assert (result.status, "no such file" in result.err) == (1, True)


def test_exclusive_corpora_are_not_counted_or_mixed(
    chude: Run, data: Path, press: Path, tmp_path: Path
) -> None:
    text = (data / "themes.toml").read_text(encoding="utf-8")
    (data / "themes.toml").write_text(text.replace("false", "true"), encoding="utf-8")
    path = tmp_path / "a.counts.parquet"
    result = chude("counts", data, "-o", path, *SYLLABLE)
    assert result.status == 1
    assert "Set exclusive = false" in result.err
    result = chude("train", data, press, "--model", tmp_path / "m", *SYLLABLE)
    assert result.status == 1
    assert "any number" in result.err
    assert not path.exists()
    assert not (tmp_path / "m").exists()
