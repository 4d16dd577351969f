"""One writer an output: a lock beside it, which is never the way to another file."""

import contextlib
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from chude.errors import ChudeError
from chude.files import readable_os_errors


@contextlib.contextmanager
def only_writer(output: Path) -> Iterator[None]:
    """Keep other processes from `output` as long as the block lasts; a killed process lets go.

    Raises ChudeError when another process is at it, or something else bears the lock's name.
    """
    if sys.platform == "win32":
        yield
        return
    file = output.parent / f".{output.name}.chude-lock"
    with readable_os_errors(file):
        output.parent.mkdir(parents=True, exist_ok=True)
        handle = _locked(file, output)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            file.unlink()  # before it is let go: who waits for it sees that its name is gone
        os.close(handle)


def _locked(file: Path, output: Path) -> int:
    while True:
        handle = _open(file)
        try:
            _lock(handle, output)
            if _is_at(handle, file):
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # the run before has just removed it


def _open(file: Path) -> int:
    """Open the lock without following a link, waiting for a pipe or changing what is there."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        handle = os.open(file, flags, 0o600)
    except OSError:
        if os.path.lexists(file) and not stat.S_ISREG(file.lstat().st_mode):
            raise _foreign(file) from None
        raise
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode) or status.st_size:
        os.close(handle)
        raise _foreign(file)
    return handle


def _lock(handle: int, output: Path) -> None:
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ChudeError(
            f"{output}: another run is writing it. Wait for it, or name another --output."
        ) from None
    except OSError:
        return  # a file system without locks


def _is_at(handle: int, file: Path) -> bool:
    """Whether the file that is locked still bears the name."""
    try:
        return os.path.samestat(os.fstat(handle), file.lstat())
    except OSError:
        return False


def _foreign(file: Path) -> ChudeError:
    return ChudeError(f"{file}: not a lock of chude's. Remove it, or name another --output.")
