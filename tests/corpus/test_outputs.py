"""A result is never written over what it is made from."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chude import count, read
from chude.corpus.counts import read_counts
from chude.corpus.outputs import check_output
from chude.errors import UsageError
from tests.conftest import Run

LINE = '{"id": "a", "text": "Bộ đội giúp dân gặt lúa.", "themes": ["emulation"]}\n'


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of articles, a file of them, and other names for these."""
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").write_text(LINE, encoding="utf-8")
    Path("folder/deep").mkdir(parents=True)
    Path("folder/deep/b.jsonl").write_text(LINE, encoding="utf-8")
    Path("link").symlink_to("a.jsonl")
    Path("folder link").symlink_to("folder")
    os.link("a.jsonl", "hard.jsonl")
    os.link("folder/deep/b.jsonl", "hard inside.jsonl")
    return tmp_path


SAME = [
    ("a.jsonl", "a.jsonl"), ("link", "a.jsonl"), ("a.jsonl", "./folder/../a.jsonl"),
    ("hard.jsonl", "a.jsonl"), ("a.jsonl", "*.jsonl"), ("link", "a.*"), ("a.jsonl", "."),
    ("folder/deep/b.jsonl", "folder"), ("folder/deep/b.jsonl", "folder link"),
    ("folder link/deep/b.jsonl", "folder"), ("hard inside.jsonl", "folder"),
    ("hard inside.jsonl", "f*"), ("folder/new.jsonl", "folder"), ("folder/new.json", "folder"),
]  # fmt: skip


@pytest.mark.parametrize(("output", "item"), SAME)
def test_an_output_that_is_an_input_is_refused(place: Path, output: str, item: str) -> None:
    with pytest.raises(UsageError, match=r"Name another --output"):
        check_output(output, [item])


def test_another_file_is_fine(place: Path) -> None:
    Path("old.jsonl").write_text("{}")
    Path("broken").symlink_to("nowhere")
    for output in ("new.jsonl", "old.jsonl", "deep/er/new.jsonl", "broken", "-"):
        check_output(output, ["a.jsonl", "folder", "-", "missing", "m*ng"], ["missing", None])


def test_what_is_no_file_is_refused(place: Path) -> None:
    os.mkfifo("pipe")
    Path("null").symlink_to("/dev/null")
    for output, problem in (
        ("folder", "a folder"),
        ("", "a folder"),
        ("pipe", "a device or a pipe"),
        ("/dev/null", "a device or a pipe"),
        ("null", "a device or a pipe"),
    ):
        with pytest.raises(UsageError, match=problem):
            check_output(output, ["a.jsonl"])


def test_a_folder_of_results_is_neither_in_an_input_nor_around_it(place: Path) -> None:
    check_output("new", ["folder"], folder=True)
    for output, problem in (
        ("folder", "the same as the input folder"),
        ("folder/new", "inside the input folder"),
        (".", "the input folder is in it"),
    ):
        with pytest.raises(UsageError, match=problem):
            check_output(output, ["folder"], folder=True)
    with pytest.raises(UsageError, match="a link"):
        check_output("folder link", [], folder=True)
    with pytest.raises(UsageError, match="a file"):
        check_output("a.jsonl", [], folder=True)


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "table"])
def test_every_command_looks_before_it_runs(
    chude: Run, place: Path, bundle: Path, form: str
) -> None:
    Path("labels.csv").write_text("article,passage,themes\n")
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    model = ("--model", bundle, "--format", form, "--output")
    for arguments in (
        ("predict", "a.jsonl", *model, "link"),
        ("predict", "*.jsonl", "--jobs", 2, *model, "a.jsonl"),
        ("predict", "folder", *model, "folder/deep/b.jsonl"),
        ("predict", "a.jsonl", *model, bundle / "manifest.json"),
        ("evaluate", "a.jsonl", *model, "hard.jsonl"),
        ("evaluate", "a.jsonl", "--labels", "labels.csv", *model, "labels.csv"),
        ("evaluate", "a.jsonl", *model, "folder"),
        ("convert", "folder", "--format", "txt", "--output", "folder/deep/new"),
        ("inspect", *model, bundle / "manifest.json"),
        ("inspect", *model, "/dev/full"),
        ("cache", "--clear", "--format", form, "--output", "folder"),
    ):
        result = chude(*arguments)
        assert (result.status, result.err.count("\n")) == (2, 1), result.err
    assert before == {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}


def test_counts_are_not_written_into_what_is_counted(chude: Run, place: Path) -> None:
    Path("old.counts.parquet").write_bytes(b"cu")
    Path("link.counts.parquet").symlink_to("a.jsonl")
    Path("labels.counts.parquet").write_text("article,passage,themes\n")
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    for arguments in (
        ("a.jsonl", "old.counts.parquet", "--output", "old.counts.parquet"),
        ("folder", "--output", "folder/deep/new.counts.parquet"),
        ("a.jsonl", "--output", "link.counts.parquet"),
        ("a.jsonl", "--labels", "labels.counts.parquet", "--output", "labels.counts.parquet"),
    ):
        result = chude("counts", *arguments)
        assert (result.status, result.err.count("\n")) == (2, 1), result.err
        assert "Name another --output" in result.err
    with pytest.raises(UsageError, match="also an input"):
        count("a.jsonl", "hard.jsonl")
    assert before == {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}


def test_articles_that_are_there_already_are_no_inputs(place: Path) -> None:
    articles = read("a.jsonl")  # a stream, of which nothing may be lost
    count(articles, "new.counts.parquet", segmenter="syllable", least=1)
    assert len(read_counts(Path("new.counts.parquet"))) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_pipes_in_the_place_of_counts_are_not_waited_for(chude: Run, place: Path) -> None:
    os.mkfifo("pipe\x1b[2J.counts.parquet")
    result = chude("train", "pipe\x1b[2J.counts.parquet", "--model", "model")
    assert (result.status, result.err.count("\n")) == (1, 1)
    assert r"pipe\x1b[2J.counts.parquet: cannot be read (not a regular file)" in result.err


def test_standard_streams_are_looked_at_too(place: Path, bundle: Path) -> None:
    script = Path(sys.executable).parent / "chude"
    predict = f"{script} predict --model {bundle} --format jsonl"
    for command in (f"{predict} a.jsonl >> a.jsonl", f"{predict} - -o a.jsonl < hard.jsonl"):
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
        assert (done.returncode, "also an input" in done.stderr) == (2, True), done.stderr
    assert Path("a.jsonl").read_text(encoding="utf-8") == LINE
