"""The files in a bundle's folder.

Each is a regular file. A link, a device, a pipe or a folder in the place of one is refused: none is
ever followed, waited for or read without end. The folder itself may be a link.
"""

import io
import os
import stat
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chude.errors import ChudeError
from chude.files import open_regular

_MOST_BYTES = 1 << 30  # of a table
_LARGE = 64 << 20  # bytes


def read_regular(path: Path, most: int, ending: bytes = b"") -> NDArray[np.uint8]:
    """The bytes of a regular file, uint8 (n_bytes,), writeable and aligned to 16 bytes.

    ending: what a large file has to end with, so that one that was only made long is not read.
    Raises ChudeError when it is not there, is anything but a regular file, has more than `most`
    bytes, ends otherwise or cannot be read.
    """
    return _read(path, most, ending)[0]


@dataclass(frozen=True)
class Unread:
    """A table of a loaded bundle, which `bytes()` reads, once, when a later save asks for it.

    stamp: what tells the file from another one at the same path.
    """

    path: Path
    stamp: tuple[int, int, int]

    @classmethod
    def at(cls, path: Path) -> "Unread | None":
        """The table at a path, None when there is nothing.

        Raises ChudeError when it is anything but a regular file, or too large.
        """
        if not os.path.lexists(path):
            return None
        path = path.absolute()  # the working folder may be another one later
        return cls(path, _stamp(_status(path, _MOST_BYTES)))

    def __bytes__(self) -> bytes:
        return self._content

    @cached_property
    def _content(self) -> bytes:
        """Raises ChudeError when the file went away or was changed since the bundle was loaded."""
        content, status = _read(self.path, _MOST_BYTES)
        if _stamp(status) != self.stamp:
            raise ChudeError(f"{self.path}: changed since the model was loaded. Load it again.")
        return content.tobytes()


def _read(path: Path, most: int, ending: bytes = b"") -> tuple[NDArray[np.uint8], os.stat_result]:
    _status(path, most)  # first, to say what is wrong with it
    try:
        with open_regular(path) as stream:
            status = _regular(path, os.fstat(stream.fileno()), most)  # no other one meanwhile
            if status.st_size > _LARGE and not _ends(stream, ending):
                raise ChudeError(f"{path}: damaged at its end. Copy it again, or train again.")
            content = np.empty(status.st_size, np.uint8)
            done = 0
            while done < len(content) and (size := stream.readinto(content[done:].data)):
                done += size
    except OSError as error:
        raise ChudeError(f"{path}: cannot be read ({error.strerror}). Check the path.") from None
    except MemoryError:
        raise ChudeError(f"{path}: larger than the free memory. Free some.") from None
    return content[:done], status


def _ends(stream: io.BufferedReader, ending: bytes) -> bool:
    stream.seek(-len(ending), os.SEEK_END)
    found = stream.read()
    stream.seek(0)
    return found == ending


def _status(path: Path, most: int) -> os.stat_result:
    try:
        return _regular(path, path.lstat(), most)
    except OSError as error:
        raise ChudeError(f"{path}: cannot be read ({error.strerror}). Check the path.") from None


def _regular(path: Path, status: os.stat_result, most: int) -> os.stat_result:
    if stat.S_ISLNK(status.st_mode):
        raise ChudeError(
            f"{path}: a link, which is not followed. Copy the file itself into the bundle (cp -L)."
        )
    if not stat.S_ISREG(status.st_mode):
        raise ChudeError(f"{path}: not a regular file. Copy the whole bundle, or train again.")
    if status.st_size > most:
        raise ChudeError(
            f"{path}: {status.st_size:,} bytes, at most {most:,} are read. Train again."
        )
    return status


def _stamp(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns
