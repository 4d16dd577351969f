"""The README's commands and Python run as they stand, on a small corpus in place of the large."""

import gzip
import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from chude.bundle.folder import save
from chude.model.model import Model
from tests import ROOT
from tests.conftest import Run
from tests.invented import make_articles, write_corpus

PAGES = ["README.md", "README.vi.md"]


@pytest.fixture
def place(model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that holds everything the README names."""
    articles = make_articles(84)
    write_corpus(articles, tmp_path / "data")
    write_corpus(articles, tmp_path / "my-corpus")
    shutil.copytree(ROOT / "data/examples", tmp_path / "data/examples")
    save(model, tmp_path / "models/themes")
    rows = [
        {"id": a.id, "text": a.text, "topic": (*(a.themes or ()), "other")[0]} for a in articles
    ]
    (tmp_path / "labelled.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    content = (tmp_path / "labelled.jsonl").read_bytes()
    (tmp_path / "archive.jsonl.gz").write_bytes(gzip.compress(content))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def blocks(page: str, language: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_commands_run(chude: Run, place: Path, page: str) -> None:
    lines = [line for block in blocks(page, "sh") for line in block.splitlines()]
    commands = [shlex.split(line, comments=True) for line in lines if line.startswith("chude ")]
    assert len(commands) >= 6
    for _, *arguments in commands:
        expanded: list[str] = []
        for argument in arguments:
            expanded += sorted(map(str, Path().glob(argument))) if "*" in argument else [argument]
        result = chude(*expanded)
        assert result.status == 0, (arguments, result.err)


def test_make_targets_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        for target in re.findall(r"^make (\w+)|`make (\w+)", text, re.MULTILINE):
            assert re.search(rf"^{''.join(target)}:", makefile, re.MULTILINE), target


def test_python_runs(place: Path) -> None:
    for block in blocks("README.md", "python"):
        exec(block, {})


def test_the_record_shown_has_the_fields_of_a_record(model: Model) -> None:
    [shown] = [json.loads(block) for block in blocks("README.md", "json")]
    [record] = [prediction.record() for prediction in model.predict("Bộ đội giúp dân.")]
    assert list(shown) == list(record)
