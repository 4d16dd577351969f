"""Fixtures: a model trained once on a small invented corpus, and the command line."""

import gzip
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

import chude as face
from chude.bundle.folder import save
from chude.compute import backend
from chude.corpus.article import Article
from chude.model.model import Model
from chude.training.train import TrainOptions, train
from tests import ROOT
from tests.invented import TAXONOMY, make_articles, write_corpus

# No deadline: the first call of a compiled function, and of numba, takes seconds.
settings.register_profile("default", deadline=None, max_examples=150)
settings.register_profile("long", deadline=None, max_examples=5000)
settings.load_profile("default")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test, nor any process that it starts, reads or writes the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHUDE_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def articles() -> list[Article]:
    return make_articles(84)


@pytest.fixture(scope="session")
def small(articles: list[Article], tmp_path_factory: pytest.TempPathFactory) -> tuple[Model, Path]:
    """A small model, and its bundle, which no test changes."""
    trained = train(articles, TAXONOMY, TrainOptions(segmenter="syllable"))
    folder = tmp_path_factory.mktemp("models") / "small"
    save(trained, folder)
    return trained, folder


@pytest.fixture(scope="session")
def model(small: tuple[Model, Path]) -> Model:
    return small[0]


@pytest.fixture
def bundle(small: tuple[Model, Path], tmp_path: Path) -> Path:
    return shutil.copytree(small[1], tmp_path / "bundle")


@pytest.fixture(scope="session")
def press_counts(articles: list[Article], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Counts of words as the shipped corpus has them."""
    file = tmp_path_factory.mktemp("counts") / "press.counts.parquet"
    face.count(articles, file, TAXONOMY)
    return file


@pytest.fixture
def small_repository(
    small: tuple[Model, Path], press_counts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The working folder: everything that README, docs and examples name, but small."""
    articles = make_articles(84)
    write_corpus(articles, tmp_path / "data")
    shutil.copy(press_counts, tmp_path / "data")
    write_corpus(articles, tmp_path / "my-corpus")
    write_corpus(make_articles(28, seed=1), tmp_path / "held-out")
    shutil.copytree(ROOT / "data/examples", tmp_path / "data/examples")
    for name in ("themes", "mine"):
        shutil.copytree(small[1], tmp_path / "models" / name)
    rows = [
        {"id": a.id, "text": a.text, "topic": (*(a.themes or ()), "other")[0]} for a in articles
    ]
    (tmp_path / "labelled.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    content = (tmp_path / "labelled.jsonl").read_bytes()
    (tmp_path / "archive.jsonl.gz").write_bytes(gzip.compress(content))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Take the compiled functions for any batch; the caller undoes it to compare."""
    pytest.importorskip("numba")
    for work in ("count", "fit"):
        monkeypatch.setitem(backend.WHOLES, work, 0)
    monkeypatch.setitem(backend.STREAMS, "count", (0, 0))
    return monkeypatch


@dataclass(frozen=True)
class Result:
    status: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def chude(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line in this process, as the console script does."""
    from chude.cli.main import main

    def run(*arguments: object) -> Result:
        monkeypatch.setattr(sys, "argv", ["chude", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
            status = 0
        except SystemExit as stop:
            status = int(stop.code or 0)
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return Result(status, captured.out, captured.err)

    return run
