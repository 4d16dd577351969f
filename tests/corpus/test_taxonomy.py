import os
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
        ('["a"]\n[" "]', "a theme without a name"),
        ("exclusive = 1\n[a]", "`exclusive` must be true or false"),
        ("name = 'x'", "lists no themes"),
        ("name = 'x'\n[a]", "the key 'name' above the themes is not known"),
        ("exclusiv = true\n[a]", "may stand there is exclusive = true"),
        ("[a]\nexclusive = true", "'a' is not known. What may stand above"),
        ("[kinh-te.gia]", r'in quotes: \["kinh-te.gia"\]'),
    ],
)
def test_bad_files_end_in_one_message(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "themes.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ChudeError, match=problem):
        Taxonomy.load(path)


def test_a_misspelt_key_is_named_with_the_one_that_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "themes.toml"
    path.write_text('[a]\ntitle_vi = "Biên giới"\n[b]\ntitel_en = "Border"\n', encoding="utf-8")
    with pytest.raises(ChudeError) as raised:
        Taxonomy.load(path)
    assert str(raised.value) == (
        f"{path}: the key 'titel_en' of the theme 'b' is not known. Write 'title_en'? "
        "The keys are title_vi, title_en, definition."
    )


def test_keys_of_the_users_own_are_no_misspelt_ones(tmp_path: Path) -> None:
    path = tmp_path / "themes.toml"
    path.write_text(
        '[a]\nowner = "Ban Thời sự"\ntitle = "Biên giới"\ntitle_de = "Grenze"\n', encoding="utf-8"
    )
    assert Taxonomy.load(path).keys == ("a",)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
def test_what_editors_of_windows_save_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "themes.toml"
    text = 'exclusive = true\r\n["giáo dục"]\r\ntitle_vi = "Giáo dục"\r\n["y tế"]\r\n'
    path.write_bytes(text.encode(encoding))
    taxonomy = Taxonomy.load(path)
    assert (taxonomy.keys, taxonomy.exclusive) == (("giáo dục", "y tế"), True)
    assert taxonomy.themes[0].title_vi == "Giáo dục"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_what_cannot_be_read_ends_in_one_message(tmp_path: Path) -> None:
    path = tmp_path / "themes.toml"
    path.write_bytes("[đời sống]".encode())
    with pytest.raises(ChudeError, match="stands in quotes"):
        Taxonomy.load(path)
    path.write_bytes(b"[a]\n# \xea")
    with pytest.raises(ChudeError, match=r"themes\.toml:2: not UTF-8"):
        Taxonomy.load(path)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(ChudeError, match="not a regular file"):
        Taxonomy.load(path)


def test_a_missing_file_ends_in_one_message(tmp_path: Path) -> None:
    with pytest.raises(ChudeError, match="no such file"):
        Taxonomy.load(tmp_path / "themes.toml")
