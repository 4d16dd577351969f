"""Which files an input stands for: itself, those of a folder, those a glob matches."""

import glob
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from chude.errors import ChudeError, Refusal

FORMATS = (".txt", ".jsonl", ".ndjson", ".csv", ".parquet")


class Found(NamedTuple):
    """A file and the folder that its name is told from."""

    file: Path
    root: Path


def kind(file: Path) -> str:
    """The ending that says the format, without `.gz`."""
    return Path(file.stem).suffix if file.suffix == ".gz" else file.suffix


def find_files(path: str) -> Iterator[Found | Refusal]:
    """The files of one input in order of their names, a folder at a time; hidden ones are left out.

    path: a file, a folder (its `raw/`, if there is one) or a glob. A folder inside that cannot be
        listed is refused.

    Raises ChudeError when there is nothing, or no article in a folder.
    """
    root = Path(path)
    if root.is_dir():
        folder = root / "raw" if (root / "raw").is_dir() else root
        empty = True
        for item in _walk(folder):
            empty = False
            yield item if isinstance(item, Refusal) else Found(item, folder)
        if empty:
            raise ChudeError(f"{path}: no articles in this folder. Put {' or '.join(FORMATS)} in.")
    elif root.is_file():
        yield Found(root, root.parent)
    elif matches := sorted(glob.glob(path, recursive=True)):
        for match in matches:
            yield from find_files(match)
    else:
        raise ChudeError(f"{path}: no such file or folder. Check the path.")


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
        elif name != "labels.csv" and kind(file) in FORMATS and file.is_file():
            yield file
