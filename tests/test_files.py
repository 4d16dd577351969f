import hashlib
import os
import re
import sys
from pathlib import Path

import pytest

from chude.errors import ChudeError
from chude.files import (
    atomic_path,
    cache_folder,
    exchange,
    is_regular,
    open_regular,
    publish_folder,
    sha256,
)


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


def make_folder(path: Path, content: str) -> Path:
    path.mkdir()
    (path / "a").write_text(content)
    return path


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_folder_takes_the_name_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool
) -> None:
    if not can_exchange:
        monkeypatch.setattr("chude.files.exchange", lambda one, other: False)
    new, target = make_folder(tmp_path / "new", "first"), tmp_path / "folder"
    publish_folder(new, target)
    assert not new.exists()
    publish_folder(make_folder(new, "second"), target)
    assert (target / "a").read_text() == "second"
    assert (new / "a").read_text() == "first"
    assert sorted(tmp_path.iterdir()) == [target, new]
    with pytest.raises(OSError, match="No such file"):
        publish_folder(tmp_path / "missing", target)
    assert (target / "a").read_text() == "second"


@pytest.mark.skipif(sys.platform != "linux", reason="needs renameat2")
def test_two_names_are_exchanged_in_one_step(tmp_path: Path) -> None:
    one, other = make_folder(tmp_path / "một", "1"), make_folder(tmp_path / "hai", "2")
    assert exchange(one, other)
    assert ((one / "a").read_text(), (other / "a").read_text()) == ("2", "1")


def test_a_place_that_cannot_be_written_ends_in_one_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ChudeError, match="cannot be written"), atomic_path(tmp_path / "file" / "x"):
        pass


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_only_regular_files_are_opened_and_nothing_is_waited_for(tmp_path: Path) -> None:
    file, pipe, link = tmp_path / "file", tmp_path / "pipe", tmp_path / "link"
    file.write_bytes(b"x")
    os.mkfifo(pipe)
    link.symlink_to(file)
    with open_regular(file) as stream:
        assert stream.read() == b"x"
    with open_regular(link, follow=True) as stream:
        assert stream.read() == b"x"
    for other in (pipe, link, tmp_path, tmp_path / "missing", Path("/dev/zero")):
        assert not is_regular(other)
        with pytest.raises(OSError, match=re.escape(str(other))):
            open_regular(other)


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
