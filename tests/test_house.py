"""Rules of the house that import-linter does not know."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ROOT

SOURCE = ROOT / "src" / "chude"
FILES = sorted(SOURCE.rglob("*.py"))
LONGEST = 300  # lines; a longer module is asking to be split


def imports(file: Path, top: bool = False) -> Iterator[tuple[str, str]]:
    """Modules and the names imported from them; top: only those at the top of the file."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in tree.body if top else ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_a_module(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST
    for module, name in imports(file):
        assert not (module.startswith("chude") and name.startswith("_")), f"{module}.{name}"
    if not file.stem.endswith("_numba"):
        for module, name in imports(file, top=True):
            assert not f"{module}.{name}".strip(".").endswith("_numba"), f"{module}.{name}"


def test_numba_is_imported_in_compiled_twins_alone() -> None:
    twins = {file for file in FILES if file.stem.endswith("_numba") or file.stem == "jit"}
    assert {f for f in FILES if any(m.split(".")[0] == "numba" for m, _ in imports(f))} <= twins


def test_the_hooks_are_those_of_make_check() -> None:
    hooks = re.findall(r"entry: \.venv/(bin/.+)", (ROOT / ".pre-commit-config.yaml").read_text())
    check = re.search(r"^check:.*\n((?:\t.+\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert check is not None
    assert hooks == [line.strip().replace("$(BIN)", "bin") for line in check[1].splitlines()]
