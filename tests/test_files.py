import hashlib
from pathlib import Path

import pytest

from chude.errors import ChudeError
from chude.files import atomic_folder, atomic_path, cache_folder, sha256


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "out.txt"
    with atomic_path(target) as temporary:
        temporary.write_text("new")
        assert not target.exists()
    assert target.read_text() == "new"
    with pytest.raises(KeyboardInterrupt), atomic_path(target) as temporary:
        temporary.write_text("half")
        raise KeyboardInterrupt
    assert target.read_text() == "new"
    assert list(target.parent.iterdir()) == [target]


def test_a_folder_is_exchanged_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    for content in ("old", "new"):
        with atomic_folder(target) as temporary:
            (temporary / "a").write_text(content)
    with pytest.raises(ZeroDivisionError), atomic_folder(target) as temporary:
        (temporary / "a").write_text("half")
        raise ZeroDivisionError
    assert (target / "a").read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_place_that_cannot_be_written_ends_in_one_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for write in (atomic_path, atomic_folder):
        with pytest.raises(ChudeError, match="cannot be written"), write(tmp_path / "file" / "x"):
            pass


def test_the_cache_folder_is_the_named_one_or_the_platforms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHUDE_CACHE_DIR", str(tmp_path / "own"))
    assert cache_folder() == tmp_path / "own"
    monkeypatch.setenv("CHUDE_CACHE_DIR", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "shared"))
    assert cache_folder() == tmp_path / "shared" / "chude"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")  # such a path counts as none
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    folders = {"linux": ".cache/chude", "darwin": "Library/Caches/chude"}
    for platform, folder in {**folders, "win32": "AppData/Local/chude"}.items():
        monkeypatch.setattr("sys.platform", platform)
        monkeypatch.delenv("LOCALAPPDATA", raising=False)
        assert cache_folder() == tmp_path / folder


def test_sha256_is_that_of_the_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256(tmp_path / "a") == hashlib.sha256(b"abc").hexdigest()
