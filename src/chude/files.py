"""Atomic writes: what is at the destination is either the old content or the whole new one."""

import contextlib
import errno
import io
import os
import queue
import re
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from chude.errors import ChudeError

if TYPE_CHECKING:
    import polars as pl

# What a system answers when it, or the file system, does not know the exchange of names.
_CANNOT_EXCHANGE = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
_PATIENCE = 0.1  # seconds until it is asked again whether a thread still writes
_SYSTEM_SAID = re.compile(r"\(os error (\d+)\)|transport error")  # in the errors of polars


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


def hidden_beside(destination: Path) -> Path:
    """A hidden name beside a destination that nothing has.

    Unlike what `tempfile` makes, what bears it can be made where it is deleted whatever happens: a
    signal may come as soon as it is there.
    """
    return destination.parent / f".{destination.name}-{os.urandom(4).hex()}"


@contextlib.contextmanager
def atomic_path(destination: Path) -> Iterator[Path]:
    """Yield a temporary path beside `destination` that replaces it when the block succeeds.

    Raises ChudeError when the folder cannot be written to.
    """
    with readable_os_errors(destination):
        destination.parent.mkdir(parents=True, exist_ok=True)
        temporary = hidden_beside(destination)
        try:
            temporary.touch(0o600, exist_ok=False)
            yield temporary
            temporary.chmod(0o666 & ~umask())
            sync_file(temporary)  # a power cut must not leave an empty file
            temporary.replace(destination)
            sync_folder(destination.parent)
        finally:
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def atomic_folder(destination: Path) -> Iterator[Path]:
    """Yield a temporary folder that becomes `destination` when the block succeeds.

    An empty folder may be there. Raises ChudeError when it cannot be written, or when something is
    there, which stays.
    """
    with readable_os_errors(destination):
        destination.parent.mkdir(parents=True, exist_ok=True)
        temporary = hidden_beside(destination)
        try:
            temporary.mkdir(0o700)
            yield temporary
            temporary.chmod(0o777 & ~umask())
            for file in temporary.rglob("*"):
                (sync_folder if file.is_dir() else sync_file)(file)
            if destination.is_dir():
                destination.rmdir()  # fails where it is not empty
            temporary.rename(destination)
            sync_folder(destination.parent)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def publish_folder(new: Path, destination: Path) -> None:
    """Give the folder `new`, which is already on the disk, the name `destination`, for good.

    What was there, if anything, then bears the name of `new`. Where the system can exchange two
    names, `destination` is never missing; else it is for the moment between two renames.

    Raises OSError, after which `destination` is what it was.
    """
    if not os.path.lexists(destination):
        new.rename(destination)
    elif not exchange(new, destination):
        aside = new.with_name(f"{new.name}-old")
        destination.rename(aside)
        try:
            new.rename(destination)
        except OSError:
            aside.rename(destination)
            raise
        aside.rename(new)
    sync_folder(destination.parent)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two names of one file system in one step; False where the system cannot.

    Raises OSError when it can, but not these.
    """
    names = {"linux": "renameat2", "darwin": "renamex_np"}
    if sys.platform not in names:
        return False
    import ctypes

    call = getattr(ctypes.CDLL(None, use_errno=True), names[sys.platform], None)
    if call is None:
        return False
    first, second = os.fsencode(one), os.fsencode(other)
    exchanging = ctypes.c_uint(2)  # RENAME_EXCHANGE, and RENAME_SWAP on macOS
    here = ctypes.c_int(-100)  # AT_FDCWD
    linux = sys.platform == "linux"
    arguments = (here, first, here, second) if linux else (first, second)
    if call(*arguments, exchanging) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number), str(other))


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk, where the system does that."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):  # some file systems cannot
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sync_file(file: Path) -> None:
    """Have the content of a file on the disk. Raises OSError when it cannot be written there."""
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())


def open_regular(path: Path, follow: bool = False) -> io.BufferedReader:
    """Open a regular file to read, and never wait: a pipe, device or socket is refused.

    follow: whether `path` may be a link. Raises OSError when it is not there or not a regular file.
    """
    # Looked at first, as opening a device may do something already, and then again what was opened.
    _check_regular(path, os.stat(path, follow_symlinks=follow))
    flags = os.O_RDONLY
    for name in ("O_BINARY", "O_NONBLOCK", "O_NOCTTY"):  # not every system has them
        flags |= getattr(os, name, 0)
    if not follow:
        flags |= getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(path, flags)
    try:
        _check_regular(path, os.fstat(handle))
    except OSError:
        os.close(handle)
        raise
    return os.fdopen(handle, "rb")


def _check_regular(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", str(path))


def is_regular(path: Path) -> bool:
    """Whether it is a regular file and no link."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


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


@contextlib.contextmanager
def parquet_errors() -> Iterator[None]:
    """Raise OSError where polars wraps that of the system in one of its own, as on a full disk."""
    import polars as pl

    try:
        yield
    except pl.exceptions.ComputeError as error:
        if not (said := _SYSTEM_SAID.search(str(error))):
            raise
        code = int(said[1] or errno.EIO)
        raise OSError(code, os.strerror(code)) from error


def sink_parquet(frames: Iterable["pl.DataFrame"], schema: "pl.Schema", path: Path) -> None:
    """Write frames as they come, in bounded memory. Raises what making them raises, and OSError.

    A thread writes: this one hears of no signal, such as SIGTERM, while it is in polars.
    """
    from concurrent.futures import ThreadPoolExecutor

    from polars.io.plugins import register_io_source

    made: queue.Queue[pl.DataFrame | None] = queue.Queue(1)

    def source(*_: object) -> Iterator["pl.DataFrame"]:
        while (frame := made.get()) is not None:
            yield frame

    def write() -> None:
        with parquet_errors():
            register_io_source(source, schema=schema).sink_parquet(path)

    def hand_over(frame: "pl.DataFrame | None") -> bool:
        while not writing.done():  # as it is too early where the disk is full
            with contextlib.suppress(queue.Full):
                made.put(frame, timeout=_PATIENCE)
                return True
        return False

    with ThreadPoolExecutor(1) as thread:
        writing = thread.submit(write)
        try:
            for frame in frames:
                if not hand_over(frame):
                    break
        finally:
            hand_over(None)
        writing.result()


def umask() -> int:
    """The permissions that new files of this process do not get."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
