"""The examples run as they stand, on a small corpus in place of the large."""

import runpy
from pathlib import Path

import pytest

from tests import ROOT

EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


def test_there_are_three() -> None:
    assert len(EXAMPLES) >= 3


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example(path: Path, small_repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(path), run_name="__main__")
    assert capsys.readouterr().out
