import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import chude as face
from tests.conftest import Run
from tests.invented import TAXONOMY, make_articles, write_corpus


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_corpus(make_articles(84), tmp_path / "data")


def test_train_prints_quality_and_writes_the_bundle(chude: Run, data: Path, tmp_path: Path) -> None:
    result = chude("train", data, "--model", tmp_path / "m", "--segmenter", "syllable")
    assert result.status == 0
    assert result.err.startswith(
        "84 articles, 3 themes\n84 found = 84 done + 0 refused + 0 left out "
        "(60 labelled with themes, 24 labelled with no theme, 0 unlabelled)\n"
    )
    assert "macro F1" in result.out
    assert "border_security" in result.out
    assert max(len(line) for line in result.out.splitlines()[:-2]) <= 80
    wrong = len((tmp_path / "m/errors.jsonl").read_text(encoding="utf-8").splitlines())
    said = f"report in {tmp_path / 'm/report.html'}, {wrong} error{'s' * (wrong != 1)} to read"
    assert result.out.splitlines()[-1] == said
    assert sorted(path.name for path in (tmp_path / "m").iterdir()) == [
        "errors.jsonl",
        "manifest.json",
        "model.joblib",
        "out_of_fold.csv",
        "report.html",
    ]


@pytest.mark.parametrize("n_drawn", [0, 14, 84])
def test_what_thresholds_are_chosen_by_is_said_as_it_is(
    chude: Run, data: Path, tmp_path: Path, n_drawn: int
) -> None:
    press = [
        replace(article, by_chance=i < n_drawn)
        for i, article in enumerate(make_articles(84, seed=1))
    ]
    counts = tmp_path / "press.counts.parquet"
    face.count(press, counts, TAXONOMY, segmenter="syllable", least=2)
    options = ("--model", tmp_path / "m", "--segmenter", "syllable")
    said = chude("train", data, counts, *options).out
    how = " (thresholds are chosen by what was drawn by chance)" if n_drawn == 84 else ""
    assert f"\nsource by source{how}\n" in said
    few = "14 articles drawn by chance: too few"
    assert (few in said) == (n_drawn == 14)
    assert ("At least 20 with each theme" in " ".join(said.split())) == (n_drawn == 14)
    assert max(map(len, said.splitlines()[:-2])) <= 80


def test_too_few_texts_drawn_by_chance_are_told_too(chude: Run, tmp_path: Path) -> None:
    rows = [
        {"text": a.text, "themes": a.themes, "drawn": "chance" if i < 28 else None}
        for i, a in enumerate(make_articles(84))
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    said = chude("train", path, "--model", tmp_path / "m", "--segmenter", "syllable").out
    assert "28 articles drawn by chance: too few" in said
    assert "source by source" not in said


def test_verbose_says_when_each_step_is_done(chude: Run, data: Path, tmp_path: Path) -> None:
    options = ("--segmenter", "syllable", "--verbose")
    result = chude("train", data, "--model", tmp_path / "m", *options)
    for step in ("segmenting, 84 done", "cross-validating, 30 done", "fitting, 1 done"):
        assert step in result.err


def test_exclusive_corpora_train_from_a_column(chude: Run, tmp_path: Path) -> None:
    rows = [
        {"id": a.id, "content": a.text, "topic": (*(a.themes or ()), "Đời sống")[0]}
        for a in make_articles(84)
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    columns = ("--text-column", "content", "--label-column", "topic")
    options = ("--exclusive", "--segmenter", "syllable", "--quiet")
    model = ("--model", tmp_path / "m")
    trained = chude("train", path, *columns, *options, *model)
    assert (trained.status, trained.err) == (0, "")
    assert "accuracy" in trained.out
    figures = json.loads(chude("evaluate", path, *columns, *model, "--format", "json").out)
    assert figures["accuracy"] > 0.9
    assert set(figures["themes"]) >= {"Đời sống", "emulation"}


def test_refused_inputs_are_named_and_the_rest_is_done(
    chude: Run, data: Path, tmp_path: Path
) -> None:
    (data / "raw/empty.txt").write_text("")
    (data / "raw/bad.txt").write_bytes(b"Ti\xeau \xff\n\nTh\xe2n")
    with (data / "labels.csv").open("a", encoding="utf-8") as labels:
        labels.write("missing,,emulation\nt001,,sport\nt002,,emulation;border_security\n")
    result = chude("train", data, "--model", tmp_path / "m", "--segmenter", "syllable")
    assert result.status == 3
    refused = [line for line in result.err.splitlines() if line.startswith("refused: ")]
    assert len(refused) == 5
    for place in ("empty.txt", "bad.txt: reads as", "labels.csv:", "article 'missing'", "'sport'"):
        assert any(place in line for line in refused)
    assert "5 refused" in result.err
    assert (tmp_path / "m" / "manifest.json").exists()


def test_a_corpus_of_one_class_ends_in_one_message(chude: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,themes\n" + "Bộ đội giúp dân.,emulation\n" * 20, encoding="utf-8")
    result = chude("train", path, "--model", tmp_path / "m")
    assert result.status == 1
    assert "20 of 20 articles carry it" in result.err
    assert "no theme can be learnt" in result.err
    assert not (tmp_path / "m").exists()


def test_ctrl_c_leaves_nothing_half_written(data: Path, tmp_path: Path) -> None:
    script = Path(sys.executable).parent / "chude"
    command = [script, "train", data, "--model", tmp_path / "m", "--segmenter", "syllable"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    process.stderr.readline()  # "84 articles, 3 themes": the run is on its way
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err == "chude: stopped by Ctrl-C, nothing half-written is left. Run it again.\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_a_model_folder_in_a_bad_place_ends_in_one_message(
    chude: Run, data: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    result = chude("train", data, "--model", tmp_path / "file/m", "--segmenter", "syllable")
    assert result.status == 2
    assert "cannot be written" in result.err


def test_labels_that_cannot_be_read_are_told_once(chude: Run, data: Path, tmp_path: Path) -> None:
    row = {"id": "lạ", "text": "Bà con gặt lúa.", "label": [{"name": "emulation"}]}
    (data / "raw" / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    result = chude("train", data, "--model", tmp_path / "m", "--segmenter", "syllable")
    assert result.status == 0
    assert result.err.count("1 articles have labels that cannot be read, such as") == 1
