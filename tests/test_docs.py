"""The site that `make docs` builds: its pages are there, and nothing comes from another host."""

import re

from tests import ROOT

CONFIG = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


def test_nav_names_every_page_and_no_other() -> None:
    named = re.findall(r"^  - [^:\n]+: (\S+\.md)$", CONFIG, re.MULTILINE)
    assert sorted(named) == sorted(path.name for path in (ROOT / "docs").glob("*.md"))


def test_names_in_the_reference_are_there() -> None:
    from importlib import import_module

    text = (ROOT / "docs/reference.md").read_text(encoding="utf-8")
    names = re.findall(r"^::: (\S+)$", text, re.MULTILINE)
    assert len(names) >= 8
    for name in names:
        module, _, attribute = name.rpartition(".")
        if not attribute[0].isupper():
            module, attribute = name, "__name__"
        assert hasattr(import_module(module), attribute), name


def test_nothing_comes_from_another_host() -> None:
    assert "http" not in CONFIG
    assert "highlightjs: false" in CONFIG
