"""What a result is written to must not be what it is made from."""

import contextlib
import glob
import io
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from chude.corpus.paths import Found, find_files
from chude.errors import ChudeError, UsageError

_STANDARD = "-"


def check_output(
    output: str | Path,
    inputs: Iterable[object],
    others: Iterable[object] = (),
    *,
    folder: bool = False,
) -> None:
    """Raise UsageError unless the result may be written to `output`; nothing is changed.

    It must be a file, old or new, of which nothing is read: it is none of the inputs, by whatever
    links or patterns, and in none of the folders that are read, since the next run would take it
    for an article. Standard output must not go into an input.

    inputs: articles, as `chude.corpus.read.read` takes them. others: what else is read, such as the
    model. What is no path, such as an article or None, is not read. folder: the result is a folder
    of files.
    """
    articles = _paths(inputs)
    if str(output) == _STANDARD:
        _check_file(_status_of(sys.stdout), "standard output", articles)
        return
    status = None
    with contextlib.suppress(OSError):  # not there yet
        status = Path(output).stat()
    _check_kind(output, status, folder)
    target = Path(output).resolve()
    for item in [*articles, *_paths(others)]:
        for found in _matches(item):
            if problem := _clash(target, found, folder):
                raise UsageError(f"{output}: {problem}. Name another --output.")
    _check_file(status, str(output), articles)


def _paths(items: Iterable[object]) -> list[str]:
    """Those of the items that are paths; whoever reads an empty one says so."""
    return [str(item) for item in items if isinstance(item, (str, Path)) and str(item)]


def _check_kind(output: str | Path, status: os.stat_result | None, folder: bool) -> None:
    if folder and os.path.islink(output):
        raise UsageError(f"{output}: a link. Name the folder itself.")
    if status is None:
        return
    if folder and not stat.S_ISDIR(status.st_mode):
        raise UsageError(f"{output}: a file. Name a folder to write to.")
    if not folder and stat.S_ISDIR(status.st_mode):
        raise UsageError(f"{output}: a folder. Name a file to write to.")
    if not folder and not stat.S_ISREG(status.st_mode):
        raise UsageError(f"{output}: a device or a pipe. Name a file, or - for standard output.")


def _clash(target: Path, found: Path, folder: bool) -> str | None:
    """What is wrong with a target beside one of the inputs."""
    real = found.resolve()
    if target == real:
        return f"the same as the input {found}"
    if real in target.parents and found.is_dir():
        return f"inside the input {found}, and the next run would read it"
    return f"the input {found} is in it" if folder and target in real.parents else None


def _check_file(status: os.stat_result | None, name: str, articles: list[str]) -> None:
    """Raise UsageError where a file that exists is one of the inputs, by whatever name."""
    if status is None or not stat.S_ISREG(status.st_mode):
        return
    for item in articles:
        if item == _STANDARD:
            read = _status_of(sys.stdin)
            same = read is not None and os.path.samestat(read, status)
        else:
            same = any(_is_file(found, status) for found in _files(item))
        if same:
            raise UsageError(f"{name}: also an input ({item}). Name another --output.")


def _is_file(file: Path, status: os.stat_result) -> bool:
    try:
        return os.path.samestat(file.stat(), status)
    except OSError:
        return False


def _files(item: str) -> Iterator[Path]:
    """The files that are read for an input; what is wrong with it is said when it is read."""
    with contextlib.suppress(ChudeError):
        for found in find_files(item):
            if isinstance(found, Found):
                yield found.file


def _matches(item: str) -> Iterator[Path]:
    if item == _STANDARD:
        return
    if os.path.lexists(item):
        yield Path(item)
    else:
        yield from map(Path, glob.iglob(item, recursive=True))


def _status_of(stream: object) -> os.stat_result | None:
    """That of the file behind a standard stream, if there is one."""
    try:
        return os.fstat(stream.fileno()) if isinstance(stream, io.IOBase) else None
    except (OSError, ValueError):
        return None
