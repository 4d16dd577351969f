"""Words on disk: a text that was segmented once is not segmented again.

A cache is a folder with one folder for each version of a segmenter, and blocks in it (see
`blocks`), each in a file of its own that is named after the digest of its bytes. So a block that
was damaged is known by its name, and processes that work at the same time never stand in each
other's way: a file is whole from the moment it has its name, and it never changes.
"""

import contextlib
import hashlib
import itertools
import os
import re
import stat
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from chude.errors import ChudeError
from chude.files import atomic_path, cache_folder, open_regular
from chude.text.cache.blocks import read_keys

_BLOCK = re.compile(r"[0-9a-f]{32}\.tokens")
_UNFINISHED = re.compile(rf"\.{_BLOCK.pattern}-\w+")
_ABANDONED = 3600  # seconds after which nobody writes an unfinished file any more
_MEGABYTE = 1_000_000
_MOST_MEGABYTES = 2_000
_MOST_FILES = 4096  # each is opened when a run looks for its texts


def cache_bound() -> int:
    """The most bytes the user's cache may hold: CHUDE_CACHE_SIZE, in megabytes, or 2,000 of them.

    Raises ChudeError when it is not a number.
    """
    given = os.environ.get("CHUDE_CACHE_SIZE") or str(_MOST_MEGABYTES)
    if not given.isdecimal():
        raise ChudeError(f"CHUDE_CACHE_SIZE is {given!r}. Give a number of megabytes, like 2000.")
    return int(given) * _MEGABYTE


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a cache holds of one version of a segmenter."""

    segmenter: str
    texts: int
    files: int
    bytes: int


class TokenCache:
    """A bounded folder of words; what was not used for the longest time goes first.

    folder, most_bytes: by default those of the user. on_note: takes a line when the folder cannot
    be used or holds damaged files; nothing worse comes of that.
    found, segmented: how many texts were on disk, and how many were not (see `CachedSegmenter`).
    """

    def __init__(
        self,
        folder: Path | None = None,
        most_bytes: int | None = None,
        on_note: Callable[[str], None] = warnings.warn,
    ) -> None:
        self.folder = cache_folder() if folder is None else folder
        self.most_bytes = cache_bound() if most_bytes is None else most_bytes
        self.found = self.segmented = 0
        self._counting = Lock()
        self._on_note = on_note
        self._notes: set[str] = set()
        self._writable = True

    def count(self, found: int, segmented: int) -> None:
        """Add to the numbers of texts that were on disk and that were not."""
        with self._counting:
            self.found += found
            self.segmented += segmented

    def shelves(self) -> list[Shelf]:
        """What is there, by version of the segmenter."""
        return [
            Shelf(folder.name, sum(map(len, keys)), len(keys), sum(map(_size, paths)))
            for folder in _listed(self.folder)
            for paths, keys in [self.blocks(folder.name)]
            if paths
        ]

    def clear(self) -> None:
        """Remove all blocks; other files of the folder stay.

        Raises ChudeError when they cannot be removed.
        """
        # The folders stay: another process may be about to write into them.
        try:
            for _, _, path in self._files():
                path.unlink(missing_ok=True)
        except OSError as error:
            raise ChudeError(
                f"{self.folder}: cannot be cleared ({error.strerror}). Remove the folder yourself."
            ) from error

    def blocks(self, shelf: str) -> tuple[list[Path], list[NDArray[np.bytes_]]]:
        """The files of one shelf, and the digests of the texts in each."""
        paths, keys = [], []
        for path in _listed(self.folder / shelf):
            if _BLOCK.fullmatch(path.name):
                with contextlib.suppress(OSError), open_regular(path) as stream:
                    keys.append(read_keys(stream))
                    paths.append(path)
        return paths, keys

    def read(self, path: Path) -> bytes | None:
        """A block; None when it is gone or damaged, and then it is removed."""
        try:
            with open_regular(path) as stream:
                data = stream.read()
        except OSError:
            return None
        if path.stem != _name(data):
            self._note(f"{self.folder}: damaged files of the cache are made anew")
            _remove(path)
            return None
        with contextlib.suppress(OSError):  # the folder may be read-only
            os.utime(path)
        return data

    def write(self, shelf: str, data: bytes) -> None:
        """Keep a block and remove what is too much; says so when the folder is not writable."""
        if not self._writable:
            return
        try:
            with atomic_path(self.folder / shelf / f"{_name(data)}.tokens") as temporary:
                temporary.write_bytes(data)
        except ChudeError as error:
            self._writable = False
            self._note(f"training goes on without keeping words for the next run: {error}")
        else:
            self._evict()

    def _evict(self) -> None:
        files = sorted(self._files())
        total, count = sum(size for _, size, _ in files), len(files)
        for _, size, path in files:
            if total <= self.most_bytes and count <= _MOST_FILES:
                return
            _remove(path)
            total, count = total - size, count - 1

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """When each block was last used, its size and its file; also what killed processes left."""
        for path in itertools.chain.from_iterable(map(_listed, _listed(self.folder))):
            whole = _BLOCK.fullmatch(path.name)
            if whole or _UNFINISHED.fullmatch(path.name):
                with contextlib.suppress(OSError):  # another process may have removed it
                    found = path.lstat()
                    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
                        continue  # a link or a pipe is none of ours
                    if whole or found.st_mtime < time.time() - _ABANDONED:
                        yield found.st_mtime, found.st_size, path

    def _note(self, message: str) -> None:
        if message not in self._notes:
            self._notes.add(message)
            self._on_note(message)


def open_cache(on_note: Callable[[str], None]) -> TokenCache | None:
    """The user's cache; a note and None where there is no place for it."""
    try:
        return TokenCache(on_note=on_note)
    except ChudeError as error:
        on_note(f"training goes on without a cache: {error}")
        return None


def _name(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _listed(folder: Path) -> list[Path]:
    """What is in a folder; nothing where it cannot be read."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _remove(path: Path) -> None:
    """Remove a file, if it is there and can be removed."""
    with contextlib.suppress(OSError):
        path.unlink()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
