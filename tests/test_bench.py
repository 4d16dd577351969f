"""The comparison with peers runs, and says what failed, what leaked and which targets are met."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import ROOT
from tests.invented import KEYS, SENTENCES, make_articles, write_corpus

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="pins processes to cores")


def write_articles(path: Path, count: int, start: int = 0) -> Path:
    """Invented articles of one theme each."""
    with path.open("w", encoding="utf-8") as stream:
        for i in range(start, start + count):
            theme = KEYS[i % len(KEYS)]
            sentences = SENTENCES[theme]
            text = " ".join([f"Tin số {i}.", sentences[i % 5], sentences[(i // 5 + 1) % 5]])
            stream.write(json.dumps({"id": f"{i}", "text": text, "theme": theme}) + "\n")
    return path


@pytest.fixture
def one_core(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half the work."""
    first = sorted(os.sched_getaffinity(0))[:1]
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(first))


@pytest.mark.usefixtures("one_core")
def test_systems_are_measured_and_a_failure_is_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from benchmarks.peers.__main__ import main

    train = write_articles(tmp_path / "train.jsonl", 60)
    test = write_articles(tmp_path / "test.jsonl", 40, start=59)  # one of them leaked
    out = tmp_path / "out" / "bench.md"
    only = ["chude-syllable", "core-same", "fasttext"]
    command = ["peers", str(train), str(test), "--output", str(out), "--only", *only]
    monkeypatch.setattr(sys, "argv", command)
    assert main() == 1  # fastText is in the peers' environment alone
    assert out.with_suffix(".png").stat().st_size > 10_000
    figures = json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))["rows"]["topics"]
    assert figures["articles"] == {"train": 60, "test": 40, "leaked": 1}
    systems = figures["systems"]
    assert list(systems) == only
    assert "fasttext" in systems["fasttext"]["failed"]
    # So small a corpus has no more n-grams than chude takes.
    assert 0 < systems["core-same"]["features"] <= systems["chude-syllable"]["features"]
    assert systems["chude-syllable"]["accuracy_all"] == 1
    assert len(systems["chude-syllable"]["train"]["1"]["seconds"]) == 3
    table = out.read_text(encoding="utf-8")
    assert "| fastText, word bigrams | failed: ModuleNotFoundError" in table
    assert table in capsys.readouterr().out


def write_headlines(path: Path, count: int) -> Path:
    """Invented headlines with topics, as DANeS is exported."""
    tasks = []
    for i in range(count):
        topics = [KEYS[i % 3], KEYS[(i + 1) % 3]][: 1 + i % 2]
        text = " ".join([f"Tin số {i}.", *(SENTENCES[key][i % 5] for key in topics)])
        given = [("sentiment", ["Trung tính"]), ("topic", topics)]
        annotations = [
            {"type": "choices", "from_name": name, "value": {"choices": choices}}
            for name, choices in given
        ]
        data = {"text": text, "meta": {"description": SENTENCES[""][i % 6]}}
        tasks.append({"id": i, "annotations": annotations, "data": data})
    tasks.append({"id": count, "annotations": [], "data": {"text": "Tin lẻ", "meta": {}}})
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return path


@pytest.mark.usefixtures("one_core")
def test_rows_of_several_themes(
    bundle: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from benchmarks.peers.__main__ import main

    archive = write_articles(tmp_path / "archive.jsonl", 20)
    danes = write_headlines(tmp_path / "danes.json", 80)
    corpus = write_corpus(make_articles(42), tmp_path / "data")
    out = tmp_path / "bench.md"
    only = ["themes-chude", "themes-sklearn", "themes-core", "themes-fasttext"]
    command = ["peers", "--archive", archive, "--danes", danes, "--model", bundle]
    command += ["--corpus", corpus, "--sample", "12", "--rounds", "1", "--output", out, "--only"]
    monkeypatch.setattr(sys, "argv", [*map(str, command), *only])
    assert main() == 1  # fastText is in the peers' environment alone
    table = out.read_text(encoding="utf-8")
    assert table in capsys.readouterr().out
    rows = json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))["rows"]
    assert list(rows) == ["themes", "danes", "scaling"]
    themes = rows["themes"]["systems"]
    assert rows["themes"]["articles"] == 12
    assert set(themes["themes-fasttext"]) == {"predict", "failed"}
    for key in only[:3]:
        assert all(len(themes[key]["predict"]["1"][v]) == 1 for v in ("clean", "NFD", "as it is"))
    assert themes["themes-chude"]["same"]["NFD"] == 1
    assert themes["themes-sklearn"]["same"]["NFD"] < 1  # it takes a mark for the end of a word
    assert rows["danes"]["articles"] == {"train": 60, "test": 20, "leaked": 0}
    found = rows["danes"]["systems"]
    for key in only[:3]:
        assert len(found[key]["train"]["1"]["seconds"]) == 1
        assert found[key]["average_precision"] > 0.9
    assert found["themes-chude"]["macro_f1"] > 0.9
    assert list(rows["scaling"]["sizes"]) == ["12"]
    assert len(rows["scaling"]["sizes"]["12"]["seconds"]) == 1


def test_rows_are_chosen_by_name_or_by_their_files() -> None:
    from benchmarks.peers.rows import selected

    from chude.errors import ChudeError

    assert selected(None, ["TRAIN", "TEST", "DANES"]) == ["topics", "danes"]
    assert selected(["scaling"], ["TRAIN", "TEST", "ARCHIVE"]) == ["scaling"]
    with pytest.raises(ChudeError, match="row topics: needs TEST"):
        selected(["danes", "topics"], ["TRAIN", "DANES"])
    with pytest.raises(ChudeError, match="nothing to measure"):
        selected(None, ["TRAIN"])


def test_a_noisy_machine_tells_nothing() -> None:
    from benchmarks.peers.verdicts import at_least, cell, verdict

    steady, wild, short = [2.0, 2.1, 1.9, 2.0, 9.0], [1.0, 2.0, 3.0, 2.0, 1.0], [2.0, 2.0]
    assert at_least("rate", "one core", steady, 1.5)[2:] == ("2.00", "≥ 1.5", "met")
    assert at_least("rate", "one core", steady, 2.5)[4] == "**missed**"
    assert at_least("rate", "one core", wild, 1.5)[4] == "too noisy to tell"
    assert at_least("rate", "one core", short, 1.5)[4] == "too few rounds to tell"
    assert verdict(True, steady, [30.0]) == "met"  # what takes long is done once
    assert verdict(True, steady, wild) == "too noisy to tell"
    assert verdict(True) == "met"  # not timed
    assert (cell(steady), cell(wild)) == ("2.00", "too noisy to tell")


def test_a_missing_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from benchmarks.peers.__main__ import main

    monkeypatch.setattr(sys, "argv", ["peers", str(tmp_path / "none.parquet"), "x"])
    assert main() == 1
    assert "none.parquet: no such file" in capsys.readouterr().err


def test_leaked_texts_may_differ_in_spaces_and_marks() -> None:
    from benchmarks.peers.corpus import Corpus, leaked

    train = Corpus(["Giá cà phê giảm. Tin vắn"], ["kinh_doanh"])
    texts = ["Giá cà phê giảm\n\nTin vắn", "Giá cà phê tăng. Tin vắn"]
    assert leaked(train, Corpus(texts, ["kinh_doanh"] * 2)) == [True, False]


def result(rate: float, seconds: float, accuracy: float) -> dict[str, Any]:
    """Figures of a system that went well."""
    times = [seconds * 1.1, seconds, seconds / 1.1]
    train = {"seconds": times, "memory": 1, "texts_memory": 1, "extrapolated": False}
    return {
        "train": {"1": train, "2": train},
        "predict": {"1": {"batch": [rate, rate, rate * 3], "single": [rate], "memory": 1}},
        "accuracy_all": accuracy,
    }


def test_targets_are_ratios_of_one_run() -> None:
    from benchmarks.peers.report import targets

    systems = {
        "chude": result(2000, 30, 0.94),
        "fasttext": result(1000, 90, 0.92),
        "sklearn": result(900, 20, 0.93),
        "sklearn-words": result(60, 900, 0.93),
        "core-20k": {"failed": "no memory"},
    }
    found = {tuple(cell.strip("*") for cell in row[2:]) for row in targets({"systems": systems})}
    assert found == {
        ("2.00", "≥ 1.0", "met"),
        ("33.33", "≥ 40.0", "missed"),
        ("1.50", "≤ 1.0", "missed"),
        ("0.9400", "≥ 0.935", "met"),
        ("0.9400", "> 0.9300, the best peer's", "met"),
    }


def test_peers_are_pinned_with_hashes() -> None:
    lock = (ROOT / "benchmarks/peers/requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert all(line.startswith(" ") or "==" in line for line in lock.splitlines())


@pytest.mark.usefixtures("one_core")
def test_explanations_are_measured(
    bundle: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from benchmarks.explain import main

    archive = write_articles(tmp_path / "archive.jsonl", 12)
    corpus = write_corpus(make_articles(42), tmp_path / "data")
    out = tmp_path / "out" / "explain.md"
    command = ["explain", str(archive), "--model", str(bundle), "--corpus", str(corpus)]
    monkeypatch.setattr(sys, "argv", [*command, "--output", str(out)])
    monkeypatch.setattr(os, "sched_setaffinity", lambda *_: None)  # of this process and its tests
    assert main() == 0
    table = out.read_text(encoding="utf-8")
    assert table in capsys.readouterr().out
    assert table.startswith("11 articles of ")
    rows = {
        line.split("|")[1].strip(): line.split("|")[2].strip() for line in table.splitlines()[4:]
    }
    assert len(rows) == 5
    assert rows["1,000 articles, all themes"].endswith(" s")
    share = float(rows["the clearest passage carries the theme"].split()[0])
    chance = float(rows["the clearest passage carries the theme"].split()[-1])
    assert 0 < chance < 0.9 < share <= 1
    monkeypatch.setattr(sys, "argv", ["explain", str(tmp_path / "none"), "--model", str(bundle)])
    assert main() == 1
