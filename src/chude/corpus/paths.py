"""Which files an input stands for: itself, those of a folder, those a glob matches."""

import contextlib
import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from chude.corpus.counts import ENDING as COUNTS
from chude.corpus.formats.registry import ENDINGS, format_of
from chude.errors import ChudeError, Refusal


class Found(NamedTuple):
    """A file and the folder that its name is told from."""

    file: Path
    root: Path


def check_input(path: str) -> None:
    """Raise ChudeError unless the input is there and, if a file, of a format that can be read."""
    if path == "-":
        return
    if not path or not (Path(path).exists() or glob.glob(path, recursive=True)):
        raise ChudeError(f"{path or 'an empty path'}: no such file or folder. Check the path.")
    if Path(path).is_file() and format_of(Path(path)) is None:
        raise ChudeError(f"{path}: format unknown. Name a file that ends in {', '.join(ENDINGS)}.")


def find_files(path: str) -> Iterator[Found | Refusal]:
    """The files of one input in order of their names, a folder at a time; hidden ones are left out.

    path: a file, a folder (its `raw/`, if there is one) or a glob, as `check_input` lets them in. A
        folder inside that cannot be listed is refused, and so is a pipe or a broken link.

    Raises ChudeError when a folder holds no article.
    """
    root = Path(path)
    if root.is_dir():
        folder = root / "raw" if (root / "raw").is_dir() else root
        empty = True
        for item in _walk(folder):
            empty = False
            yield item if isinstance(item, Refusal) else Found(item, folder)
        if empty:
            raise ChudeError(f"{path}: no articles in this folder. Put {' or '.join(ENDINGS)} in.")
    elif root.is_file():
        yield Found(root, root.parent)
    else:
        for match in sorted(glob.glob(path, recursive=True)):
            if match.endswith(COUNTS):
                continue  # no articles
            if Path(match).is_dir() or Path(match).is_file():
                yield from find_files(match)
            else:
                yield Refusal(
                    match, "neither a file nor a folder", "Give a file, or pipe it into -"
                )


def total_size(paths: Iterable[str]) -> int | None:
    """Bytes of all the files that inputs stand for; None where standard input is among them.

    Raises ChudeError as `find_files` does.
    """
    size = 0
    for path in paths:
        if path == "-":
            return None
        for found in find_files(path):
            if isinstance(found, Found):
                with contextlib.suppress(OSError):  # gone meanwhile
                    size += found.file.stat().st_size
    return size


def _walk(folder: Path) -> Iterator[Path | Refusal]:
    # Only one folder's names are held at a time, not those of a whole archive.
    try:
        with os.scandir(folder) as entries:
            names = sorted(
                (entry.name, entry.is_dir(follow_symlinks=False))
                for entry in entries
                if not entry.name.startswith(".")
            )
    except OSError as error:
        yield Refusal(str(folder), f"cannot be read ({error.strerror})", "Check its permissions")
        return
    for name, is_folder in names:
        file = folder / name
        if is_folder:
            yield from _walk(file)
        elif (
            name != "labels.csv"
            and not name.endswith(COUNTS)
            and format_of(file)
            and file.is_file()
        ):
            yield file
