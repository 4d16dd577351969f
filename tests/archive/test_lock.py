"""One writer an output."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chude.archive.lock import only_writer
from chude.errors import ChudeError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks")


def test_the_lock_goes_with_its_block(tmp_path: Path) -> None:
    with only_writer(tmp_path / "deep" / "out"):
        assert [path.name for path in (tmp_path / "deep").iterdir()] == [".out.chude-lock"]
    assert list((tmp_path / "deep").iterdir()) == []
    (tmp_path / ".out.chude-lock").touch()  # of a run that was killed
    with only_writer(tmp_path / "out"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["deep"]


@pytest.mark.parametrize("kind", ["link", "broken link", "pipe", "folder", "hard link"])
def test_another_file_in_its_place_is_refused_and_stays(tmp_path: Path, kind: str) -> None:
    lock, other = tmp_path / ".out.chude-lock", tmp_path / "other.txt"
    other.write_text("của tôi")
    if kind == "link":
        lock.symlink_to(other)
    elif kind == "broken link":
        lock.symlink_to(tmp_path / "nowhere")
    elif kind == "pipe":
        os.mkfifo(lock)
    elif kind == "folder":
        lock.mkdir()
    else:
        os.link(other, lock)
    with pytest.raises(ChudeError, match="not a lock of chude's"), only_writer(tmp_path / "out"):
        pass
    assert other.read_text() == "của tôi"
    assert os.path.lexists(lock)
    assert not (tmp_path / "nowhere").exists()


RACE = """
import sys
from pathlib import Path
from chude.archive.lock import only_writer
from chude.errors import ChudeError

folder, rounds = Path(sys.argv[1]), int(sys.argv[2])
done = 0
while done < rounds:
    try:
        with only_writer(folder / "out"):
            (folder / "inside").touch(exist_ok=False)  # fails where two are inside
            (folder / "inside").unlink()
        done += 1
    except ChudeError:
        pass
"""


def test_two_are_never_inside_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", RACE, str(tmp_path), "500"]
    runs = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [run.communicate()[1] for run in runs] == [""] * 4
    assert list(tmp_path.iterdir()) == []
