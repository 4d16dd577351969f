"""The notebooks run from top to bottom, are short, and are committed without outputs."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from chude.bundle.folder import save
from chude.model.model import Model
from tests import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_outputs_are_stripped(path: Path) -> None:
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_the_library_draws_and_the_notebook_asks(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
    assert len(code) <= 10
    assert max(map(len, code)) <= 4


def test_they_run_and_are_rendered_offline(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("nbconvert")
    save(model, tmp_path / "model")
    monkeypatch.setenv("CHUDE_MODEL", str(tmp_path / "model"))
    monkeypatch.setenv("CHUDE_LANG", "vi")
    program = [sys.executable, ROOT / "notebooks/run.py", *NOTEBOOKS, tmp_path / "build"]
    subprocess.run(program, check=True)
    shown = {}
    for path in NOTEBOOKS:
        notebook = nbformat.read(tmp_path / "build" / path.name, as_version=4)
        outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
        shown[path.stem] = "".join(output.data.get("text/html", "") for output in outputs)
        page = (tmp_path / "build" / f"{path.stem}.html").read_text(encoding="utf-8")
        assert "cdnjs" not in page
    assert "Vì sao" in shown["explain_an_article"]
    assert "<svg" in shown["inspect_results"]
    assert "khi nói có, đúng" in shown["inspect_results"]
