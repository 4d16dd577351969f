"""A source: one file as a stream of bytes, with what is to be known of it besides."""

import contextlib
import io
import os
import tempfile
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from chude.corpus.formats.limits import CURE_LONG, MAX_DISK, InputError, too_long

HEAD = 1 << 16  # bytes by which a format is told
_UNSEEN = ("desktop.ini", "thumbs.db")
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@dataclass(slots=True)
class Source:
    """What a format reads from.

    place: what messages call it. name: the path below the folder that was named, with its endings,
    `-` for standard input; a file in an archive is below the archive. stream: its bytes. path:
    where they lie as they are; None for what is unpacked and for standard input. folders: those
    that the file is in, below the one that was named. read_to: how many bytes of the file on the
    disk have been read, after so many articles. id: of an article that is the whole source.
    forgive: to be told how many bytes were passed over and cost nothing. leave_out: to be told of a
    file in an archive that is no article by rule.
    """

    place: str
    name: str
    stream: io.BufferedReader
    path: Path | None = None
    folders: tuple[str, ...] = ()
    read_to: Callable[[int], int] = lambda count: 0
    id: str = "-"
    forgive: Callable[[int], None] = lambda count: None
    leave_out: Callable[[object], None] = lambda file: None

    @property
    def head(self) -> bytes:
        """The first bytes, which stay to be read: `HEAD` of them, fewer only of a short source."""
        return self.stream.peek(HEAD)[:HEAD]


@contextlib.contextmanager
def open_source(file: Path, root: Path) -> Iterator[Source]:
    """A file as it lies there; root: the folder its name is told from.

    Raises OSError when it cannot be read, also for what is no regular file.
    """
    handle = os.open(file, _FLAGS)
    with open(handle, "rb", buffering=HEAD) as file_stream:
        stream = cast(io.BufferedReader, file_stream)
        if not stream.peek(1):
            os.read(handle, 1)  # fails where nothing comes now, as of the log of a kernel
        *folders, _ = parts = parts_below(file, root)
        name = "/".join(parts)
        yield Source(str(file), name, stream, file, tuple(folders), lambda count: stream.tell())


def read_short(file: Path) -> bytes | None:
    """All of a file of fewer than `HEAD` bytes, without a stream, which costs more than reading it.

    None for a longer one, and for what `open_source` is to say why it cannot be read.
    """
    try:
        handle = os.open(file, _FLAGS)
        try:
            content = os.read(handle, HEAD)
            # A file system in a program or a network may give less than there is.
            return None if len(content) == HEAD or os.read(handle, 1) else content
        finally:
            os.close(handle)
    except OSError:
        return None


def is_hidden(name: str) -> bool:
    """Whether a file or folder is one that its system does not show, and that is no article.

    Windows puts desktop.ini and Thumbs.db into folders, Office a `~$` file beside an open document.
    What iCloud leaves in place of a file is one, which is not there.
    """
    if name.endswith(".icloud"):
        return False
    return name.startswith((".", "~$")) or name.lower() in _UNSEEN


def is_of_page(folder: str, names: Container[str]) -> bool:
    """Whether a folder holds the scripts and pictures of a saved page, beside which it lies.

    names: what lies in the folder around it.
    """
    stem = folder.removesuffix("_files")
    return stem != folder and any(stem + ending in names for ending in (".html", ".htm"))


def parts_below(file: Path, root: Path) -> list[str]:
    """The parts of the path from a folder to a file in it."""
    above, below = str(root) + os.sep, str(file)
    if below.startswith(above):  # of many small files, `relative_to` takes a tenth of the time
        return below[len(above) :].split(os.sep)
    return list(file.relative_to(root).parts)


def buffered(stream: BinaryIO, first: bytes = b"") -> io.BufferedReader:
    """A stream whose `peek` shows as much as it can; first: bytes to be read before it."""
    return io.BufferedReader(cast(io.RawIOBase, _Filling(stream, first)), HEAD)


class _Filling(io.RawIOBase):
    """Reads from a stream until what is asked for is full, so that a slow pipe shows its head.

    What comes before damage is given first, and then the error.
    """

    def __init__(self, stream: BinaryIO, first: bytes) -> None:
        self._read, self._first = getattr(stream, "read1", stream.read), first
        self._error: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        size = len(buffer)
        content, self._first = self._first[:size], self._first[size:]
        buffer[: len(content)] = content
        done = len(content)
        try:
            while done < size and self._error is None and (part := self._read(size - done)):
                buffer[done : done + len(part)] = part
                done += len(part)
        except Exception as error:
            self._error = error
        if self._error is not None and not done:
            raise self._error
        return done


@contextlib.contextmanager
def on_disk(source: Source) -> Iterator[Path]:
    """The source as a file, a temporary one where it is not one already.

    Raises InputError when it would be larger than `MAX_DISK`, or than what is free.
    """
    if source.path is not None:
        yield source.path
        return
    # Without a buffer, whose bytes would be written once more when the file is closed.
    with tempfile.NamedTemporaryFile(prefix="chude-", buffering=0) as copy:
        written = 0
        while part := source.stream.read(1 << 20):
            written += len(part)
            if written > MAX_DISK:
                raise InputError(too_long("", "a packed table", MAX_DISK).problem, CURE_LONG)
            _write(part, copy)
        yield Path(copy.name)


def _write(part: bytes, copy: IO[bytes]) -> None:
    left = memoryview(part)
    try:
        while left:
            left = left[copy.write(left) :]
    except OSError as error:
        problem = f"no room to unpack it in {tempfile.gettempdir()} ({error.strerror})"
        raise InputError(problem, "Free some, or name another folder as TMPDIR") from error
