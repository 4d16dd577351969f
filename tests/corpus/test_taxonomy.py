from pathlib import Path

import pytest

from chude.corpus.taxonomy import Taxonomy
from chude.errors import ChudeError
from tests import ROOT


def test_the_shipped_themes_are_complete() -> None:
    taxonomy = Taxonomy.load(ROOT / "data/themes.toml")
    assert taxonomy.keys == ("border_security", "emulation", "mass_mobilization")
    assert not taxonomy.exclusive
    assert all(t.title_vi and t.title_en and t.definition for t in taxonomy.themes)


def test_bare_keys_are_sorted_and_distinct() -> None:
    assert Taxonomy.of(["b", "a", "b"], exclusive=True).keys == ("a", "b")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("exclusive = yes", "not a readable TOML file"),
        ("exclusive = true", "lists no themes"),
        ("exclusive = 1\n[a]", "`exclusive` must be true or false"),
        ("name = 'x'\n[a]", "lists no themes"),
    ],
)
def test_bad_files_end_in_one_message(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "themes.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ChudeError, match=problem):
        Taxonomy.load(path)


def test_a_missing_file_ends_in_one_message(tmp_path: Path) -> None:
    with pytest.raises(ChudeError, match="no such file"):
        Taxonomy.load(tmp_path / "themes.toml")
