"""The notebooks run from top to bottom and are committed without outputs."""

import json
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from chude.bundle.folder import save
from chude.model.model import Model
from tests import ROOT
from tests.invented import make_articles, write_corpus

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_outputs_are_stripped(path: Path) -> None:
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_inspect_results_runs_and_draws(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(model, tmp_path / "model")
    corpus = write_corpus(make_articles(84), tmp_path / "data")
    monkeypatch.setenv("CHUDE_MODEL", str(tmp_path / "model"))
    monkeypatch.setenv("CHUDE_CORPUS", str(corpus))
    notebook = nbformat.read(ROOT / "notebooks/inspect_results.ipynb", as_version=4)
    NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": ROOT / "notebooks"}}
    ).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(pictures) == 3
    assert "border_security" in outputs[-1]["data"]["text/html"]
