"""Atomic writes: what is at the destination is either the old content or the whole new one."""

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from chude.errors import ChudeError


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's bytes."""
    import hashlib

    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def cache_folder() -> Path:
    """The folder of what can be made anew: `CHUDE_CACHE_DIR`, or the platform's place for caches.

    It need not exist. Raises ChudeError when there is no home folder to put it in.
    """
    if named := os.environ.get("CHUDE_CACHE_DIR"):
        return Path(named)
    if (shared := os.environ.get("XDG_CACHE_HOME")) and Path(shared).is_absolute():
        return Path(shared) / "chude"
    try:
        home = Path.home()
    except RuntimeError:
        raise ChudeError("no home folder is known. Set CHUDE_CACHE_DIR to a folder.") from None
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "chude"
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "chude"


@contextlib.contextmanager
def atomic_path(destination: Path) -> Iterator[Path]:
    """Yield a temporary path beside `destination` that replaces it when the block succeeds.

    Raises ChudeError when the folder cannot be written to.
    """
    with readable_os_errors(destination):
        destination.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=destination.parent, prefix=f".{destination.name}-")
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            temporary.chmod(0o666 & ~_umask())
            with temporary.open("rb+") as stream:
                os.fsync(stream.fileno())  # a power cut must not leave an empty file
            temporary.replace(destination)
        finally:
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def atomic_folder(destination: Path) -> Iterator[Path]:
    """Yield a temporary folder that takes the place of `destination` when the block succeeds.

    An existing folder is moved aside first and put back if the exchange fails.
    Raises ChudeError when the parent folder cannot be written to.
    """
    with readable_os_errors(destination):
        destination.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=destination.parent, prefix=f".{destination.name}-"))
        try:
            yield temporary
            temporary.chmod(0o777 & ~_umask())
            replace_folder(temporary, destination)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def replace_folder(new: Path, destination: Path) -> None:
    """Rename the folder `new` to `destination`, which goes away if it is there.

    Raises OSError, after which `destination` is what it was.
    """
    if not destination.exists():
        new.rename(destination)
        return
    old = Path(tempfile.mkdtemp(dir=destination.parent, prefix=f".{destination.name}-old-"))
    destination.rename(old)
    try:
        new.rename(destination)
    except OSError:
        old.rename(destination)
        raise
    shutil.rmtree(old)


@contextlib.contextmanager
def readable_os_errors(destination: Path) -> Iterator[None]:
    """Raise ChudeError, with a cure, where `destination` or a file in it cannot be written."""
    try:
        yield
    except PermissionError as error:
        raise ChudeError(
            f"{destination}: cannot be written ({error.strerror}). "
            "Choose another place or change the folder's permissions."
        ) from error
    except OSError as error:
        raise ChudeError(
            f"{destination}: cannot be written ({error.strerror}). "
            "Check the path and the free space, then run again."
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
