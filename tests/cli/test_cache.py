import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Result, Run
from tests.invented import make_articles, write_corpus


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_corpus(make_articles(84), tmp_path / "data")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHUDE_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def train(chude: Run, data: Path, *options: str) -> Result:
    model = ("--model", data.parent / "m", "--verbose")
    result = chude("train", data, *model, "--segmenter", "syllable", *options)
    assert result.status == 0
    return result


def bundle(data: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (data.parent / "m").iterdir()}


def test_a_second_training_segments_nothing_and_writes_the_same_bytes(
    chude: Run, data: Path, folder: Path
) -> None:
    assert "the cache" not in train(chude, data, "--no-cache").err
    assert not folder.exists()
    without = bundle(data)
    # The three golden articles are whole articles of the corpus: segmented once.
    assert "3 texts found in the cache, 84 segmented" in train(chude, data).err
    assert bundle(data) == without
    assert "87 texts found in the cache, 0 segmented" in train(chude, data).err
    assert bundle(data) == without


def test_a_training_on_more_articles_segments_those_that_are_new(
    chude: Run, data: Path, folder: Path, tmp_path: Path
) -> None:
    train(chude, data, "--no-cache")
    without = bundle(data)
    (tmp_path / "fewer").mkdir()
    fewer = write_corpus(make_articles(60), tmp_path / "fewer" / "data")
    assert "60 segmented" in train(chude, fewer).err
    assert "63 texts found in the cache, 24 segmented" in train(chude, data).err
    assert bundle(data) == without


def test_the_second_training_does_not_even_load_the_tables(
    chude: Run, data: Path, folder: Path
) -> None:
    model = data.parent / "m"
    assert chude("train", data, "--model", model).status == 0
    cold = bundle(data)
    code = (
        "import sys\n"
        "from chude.cli.main import main\n"
        "try: main()\n"
        "except SystemExit as stop: assert not stop.code\n"
        "loaded = {'underthesea', 'chude.text.crf.segmenter'} & set(sys.modules)\n"
        "print('loaded', loaded)"
    )
    command = [sys.executable, "-c", code, "train", data, "--model", model]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "loaded set()" in done.stdout
    assert bundle(data) == cold


def test_two_trainings_at_the_same_time(chude: Run, data: Path, folder: Path) -> None:
    script = Path(sys.executable).parent / "chude"
    models = [data.parent / "one", data.parent / "two"]
    started = [
        subprocess.Popen(
            [script, "train", data, "--model", model, "--segmenter", "syllable"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for model in models
    ]
    for process in started:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0
        assert err.startswith("84 articles, 3 themes\n84 found = ")
    contents = [(model / "model.joblib").read_bytes() for model in models]
    assert contents[0] == contents[1]
    assert "87 texts found in the cache, 0 segmented" in train(chude, data).err


def test_training_goes_on_without_a_cache_that_cannot_be_written(
    chude: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CHUDE_CACHE_DIR", str(tmp_path / "file"))
    notes = train(chude, data).err.splitlines()
    [note] = [note for note in notes if "without" in note]
    assert note.startswith("training goes on without keeping words for the next run: ")
    monkeypatch.setenv("CHUDE_CACHE_SIZE", "2 GB")
    err = train(chude, data).err
    assert "training goes on without a cache: CHUDE_CACHE_SIZE is '2 GB'. Give" in err


def test_a_damaged_cache_is_one_note(chude: Run, data: Path, folder: Path) -> None:
    train(chude, data)
    without = bundle(data)
    for path in folder.glob("*/*"):
        path.write_bytes(path.read_bytes()[:-1])
    err = train(chude, data).err
    assert err.count("damaged files of the cache are made anew") == 1
    assert "3 texts found in the cache, 84 segmented" in err
    assert bundle(data) == without
    assert "87 texts found in the cache, 0 segmented" in train(chude, data).err


def test_the_cache_is_shown_and_cleared(chude: Run, data: Path, folder: Path) -> None:
    empty = chude("cache")
    assert empty.out.startswith(f"{folder}\n0.0 MB of at most 2,000.0 MB\n\nempty")
    train(chude, data)
    shown = chude("cache").out
    assert "syllable-1-r1-unicode" in shown
    facts = json.loads(chude("cache", "--format", "json").out)
    [shelf] = facts["segmenters"]
    assert (facts["folder"], facts["most_bytes"]) == (str(folder), 2_000_000_000)
    assert (shelf["texts"], shelf["files"]) == (84, 1)
    assert chude("cache", "--format", "csv").out.startswith("segmenter,texts,files,bytes\n")
    assert chude("cache", "--clear").out == empty.out
    assert "84 segmented" in train(chude, data).err


def test_a_cache_that_cannot_be_cleared_ends_in_one_message(
    chude: Run, data: Path, folder: Path
) -> None:
    train(chude, data)
    block = next(folder.glob("*/*.tokens"))
    block.unlink()
    block.mkdir()
    result = chude("cache", "--clear")
    assert result.status == 1
    assert "cannot be cleared" in result.err
