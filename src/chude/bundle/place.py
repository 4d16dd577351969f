"""Where a bundle is written: never over anything else, and never half.

A new bundle is made in a hidden folder beside its place and then exchanged with what is there. The
hidden folder is locked as long as somebody works in it, so that one that a killed run has left is
known, and goes with the next save.
"""

import contextlib
import errno
import glob
import json
import os
import re
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from chude.bundle.manifest import MOST_MANIFEST
from chude.corpus.paths import articles_folder
from chude.errors import UsageError
from chude.files import (
    is_regular,
    open_regular,
    publish_folder,
    readable_os_errors,
    sync_file,
    sync_folder,
    umask,
)

FILES = ("manifest.json", "model.joblib", "out_of_fold.csv", "errors.jsonl", "report.html")


def check_place(path: str | Path, inputs: Iterable[str | Path] = ()) -> None:
    """Raise UsageError unless a bundle may be written to `path`, and can be.

    It may where nothing is, in an empty folder, and in the place of a bundle that holds nothing
    else. inputs: files, folders and globs that a run reads; none may be in `path`, nor `path` in a
    folder of articles, where the next run would read the report as one.
    """
    place = _absolute(Path(path))
    for item in inputs:
        for found in [item] if os.path.lexists(item) else glob.iglob(str(item), recursive=True):
            real = Path(found).resolve()
            if place == real or place in real.parents:
                raise UsageError(f"{path}: {found} is in it. Name another folder with --model.")
            if real.is_dir() and articles_folder(real) in place.parents:
                raise UsageError(
                    f"{path}: inside the input {found}, and the next run would read it. Name "
                    "another folder with --model."
                )
    _check_old(place, path)
    try:
        _check_writable(place)
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be written ({error.strerror}). "
            "Choose another place or change the folder's permissions."
        ) from None


@contextlib.contextmanager
def new_bundle(path: str | Path) -> Iterator[Path]:
    """Yield an empty folder that takes the place of the bundle at `path` when the block succeeds.

    At every moment `path` holds the old bundle or the whole new one, and what it holds is on the
    disk. Where the system cannot exchange two names (NFS, Windows), nothing is there for a moment;
    a run that is killed just then leaves the old bundle to the next one, which puts it back.

    Raises UsageError as `check_place` does, ChudeError when it cannot be written.
    """
    check_place(path)
    place = _absolute(Path(path))
    with readable_os_errors(Path(path)):
        place.parent.mkdir(parents=True, exist_ok=True)
        _sweep(place)
        with _locked_folder(place) as folder:
            try:
                yield folder
                _publish(folder, place, path)
            finally:
                _discard(folder)


def _publish(folder: Path, place: Path, path: str | Path) -> None:
    folder.chmod(0o777 & ~umask())
    for file in folder.iterdir():
        sync_file(file)
    sync_folder(folder)
    _check_old(place, path)  # again: somebody may have put a file there meanwhile
    try:
        publish_folder(folder, place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _move_files(folder, place)
    if folder.exists() and _strays(folder):  # at the very last moment
        publish_folder(folder, place)
        _check_old(place, path)


def _move_files(folder: Path, place: Path) -> None:
    """Replace the files one by one, where a folder of a container's image cannot be renamed.

    The manifest comes last: until then it does not fit the model, and no load takes both for one.
    """
    for name in reversed(FILES):
        if (folder / name).exists():
            (folder / name).replace(place / name)
        else:
            (place / name).unlink(missing_ok=True)
    sync_folder(place)


def _check_old(place: Path, path: str | Path) -> None:
    """Raise UsageError where something is that no bundle may replace."""
    try:
        mode = place.lstat().st_mode
    except OSError:
        return
    if stat.S_ISLNK(mode):
        raise UsageError(f"{path}: a link. Name the folder itself with --model.")
    if not stat.S_ISDIR(mode) or os.path.ismount(place):
        kind = "a mounted folder" if stat.S_ISDIR(mode) else "not a folder"
        raise UsageError(f"{path}: {kind}. Name a new folder, or a bundle, with --model.")
    try:
        strays = _strays(place)
        foreign = bool(os.listdir(place)) and not _is_bundle(place)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}). Name another.") from None
    if strays or foreign:
        what = f"holds {strays[0]}, which is no bundle's" if strays else "not a bundle of chude"
        raise UsageError(
            f"{path}: {what}, and would be lost. Name a new folder with --model, or clear this one."
        )


def _strays(folder: Path) -> list[str]:
    """What is in a folder and is no file of a bundle."""
    names = sorted(os.listdir(folder))
    return [name for name in names if name not in FILES or not is_regular(folder / name)]


def _is_bundle(folder: Path) -> bool:
    """Whether chude wrote the manifest, be the bundle whole or not."""
    try:
        with open_regular(folder / "manifest.json") as stream:
            manifest: Any = json.loads(stream.read(MOST_MANIFEST))
        return isinstance(manifest["sha256"], str) and "chude" in manifest["packages"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return False


def _check_writable(place: Path) -> None:
    """Raise OSError unless a folder can be made beside `place`, or where its parent will be."""
    above = next(parent for parent in place.parents if os.path.lexists(parent))
    os.rmdir(tempfile.mkdtemp(dir=above, prefix=_prefix(place)))
    if place.exists() and not os.access(place, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place))


def _absolute(path: Path) -> Path:
    """The path without links in what is above it; it may be one itself."""
    return path.resolve() if path.name in ("", "..") else path.parent.resolve() / path.name


def _prefix(place: Path) -> str:
    return f".{place.name}.chude-new-"


@contextlib.contextmanager
def _locked_folder(place: Path) -> Iterator[Path]:
    """A new hidden folder beside `place`, locked until the block is done."""
    while True:
        folder = Path(tempfile.mkdtemp(dir=place.parent, prefix=_prefix(place)))
        with _opened(folder) as handle:
            if handle is None or _lock(handle, wait=True) is None or folder.exists():
                yield folder
                return  # else another run took it for litter before it was locked


def _sweep(place: Path) -> None:
    """Remove what killed runs left beside `place`; put a bundle back that is nowhere else."""
    name = re.compile(re.escape(_prefix(place)) + r"\w{8}(-old)?")
    with contextlib.suppress(OSError):  # a folder may be written to and not listed
        for found in os.listdir(place.parent):
            if match := name.fullmatch(found):
                with contextlib.suppress(OSError):  # another run was faster
                    _sweep_one(place.parent / found, place, aside=match[1] is not None)


def _sweep_one(folder: Path, place: Path, aside: bool) -> None:
    with _opened(folder) as handle:
        if handle is None or not _lock(handle, wait=False) or _strays(folder):
            return
        if aside and _is_bundle(folder) and not os.path.lexists(place):
            folder.rename(place)
        else:
            _discard(folder)


def _discard(folder: Path) -> None:
    """Remove a folder that we made and the files of a bundle in it, nothing else."""
    with contextlib.suppress(OSError):
        for name in FILES:
            if is_regular(folder / name):
                (folder / name).unlink()
        folder.rmdir()


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[int | None]:
    """A handle of a folder; None where the system has none, or it is gone."""
    handle = None
    with contextlib.suppress(OSError):
        if sys.platform != "win32":
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield handle
    finally:
        if handle is not None:
            os.close(handle)


def _lock(handle: int, wait: bool) -> bool | None:
    """Whether we hold the lock of a folder now; None on a file system without locks."""
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True
