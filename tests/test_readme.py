"""What README and docs show runs as it stands, on a small corpus in place of the large."""

import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest

import chude as face
from chude.cli.app import COMMANDS
from chude.corpus.formats.registry import FORMATS
from chude.model.model import Model
from tests import ROOT
from tests.conftest import Run

DOCS = sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))
PAGES = ["README.md", "README.vi.md", "CONTRIBUTING.md", *DOCS]
ALL_PAGES = [*PAGES, "CHANGELOG.md", "data/README.md", "models/README.md", "tests/data/README.md"]


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text_of(page), re.DOTALL | re.MULTILINE)


def with_block(language: str) -> list[str]:
    return [page for page in PAGES if blocks(page, language)]


def command_lines(page: str) -> list[list[str]]:
    lines = [line for block in blocks(page, "sh") for line in block.splitlines()]
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def expanded(arguments: list[str]) -> list[str]:
    """The arguments as a shell would give them."""
    files = [sorted(map(str, Path().glob(a))) if "*" in a else [a] for a in arguments]
    return [argument for group in files for argument in group]


def test_the_blocks_are_of_the_kinds_that_are_run() -> None:
    for page in ALL_PAGES:
        kinds = set(re.findall(r"^```(\w*)\n(?:.*?)^```", text_of(page), re.DOTALL | re.MULTILINE))
        assert kinds <= {"sh", "python", "json", "text"}, page


@pytest.mark.parametrize("page", with_block("sh"))
def test_commands_run(chude: Run, small_repository: Path, page: str) -> None:
    for program, *arguments in command_lines(page):
        assert program in ("chude", "make"), f"not run by any test: {program}"
        if program == "chude":
            result = chude(*expanded(arguments))
            assert result.status == 0, (arguments, result.err)


def test_every_format_command_and_extra_is_told() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    for form in FORMATS:
        assert f"`{form.endings[0]}`" in text_of("docs/files.md")
    for page in ("README.md", "README.vi.md"):
        for extra in project["optional-dependencies"]:
            assert f"`{extra}`" in text_of(page), (page, extra)
        for command in COMMANDS:
            assert f"chude {command} " in text_of(page), (page, command)


def test_make_targets_are_there() -> None:
    makefile = text_of("Makefile")
    for page in ALL_PAGES:
        named = re.findall(r"`make ([\w-]+)", text_of(page))
        named += [words[1] for words in command_lines(page) if words[0] == "make"]
        for target in named:
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), (page, target)


@pytest.mark.parametrize("page", with_block("python"))
def test_python_runs(small_repository: Path, page: str) -> None:
    for block in blocks(page, "python"):
        exec(block, {})


@pytest.mark.parametrize("page", with_block("json"))
def test_json_is_a_prediction_or_an_article(model: Model, page: str, tmp_path: Path) -> None:
    [prediction] = model.predict("Bộ đội giúp dân.")
    for block in blocks(page, "json"):
        shown = json.loads(block)
        if "text" in shown:
            (tmp_path / "shown.jsonl").write_text(block, encoding="utf-8")
            [article] = face.read(tmp_path / "shown.jsonl")
            assert article.title == shown["title"]
        else:
            assert list(shown) == list(prediction.record())


@pytest.mark.parametrize("page", ALL_PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", text_of(page)):
        if target.startswith("https://"):
            continue
        file, _, anchor = target.partition("#")
        path = (ROOT / page).parent / file if file else ROOT / page
        assert path.exists(), target
        if anchor:
            heads = re.findall(r"^#+ (.+)", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in [re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in heads]


def test_files_that_the_pages_name_are_there() -> None:
    """A path may be told from its room on: `solvers/fitted.py`."""
    tops = ("src", "tests", "docs", "examples", "data", "notebooks")
    there = [path.as_posix() for top in tops for path in (ROOT / top).rglob("*")]
    for page in ("docs/architecture.md", "CONTRIBUTING.md"):
        for name in re.findall(r"`((?:[\w.]+/)+[\w.]*)`", text_of(page)):
            if any(placeholder in name for placeholder in ("X", "NAME", "odt", "build")):
                continue
            assert any(path.endswith(f"/{name.rstrip('/')}") for path in there), (page, name)
