"""Which files an input stands for: itself, those of a folder, those a glob matches."""

import contextlib
import glob
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from chude.corpus.counts import ENDING as COUNTS
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.formats.registry import ENDINGS, format_of, is_about
from chude.corpus.formats.sniff import sniff
from chude.corpus.formats.source import is_hidden, is_of_page, open_source
from chude.corpus.formats.unpack import is_packed
from chude.errors import ChudeError, Refusal

LABELS, THEMES = "labels.csv", "themes.toml"
_PART = re.compile(r"(?:train|test|dev|valid|validation|val)(?:[-_ .]?\w*)?", re.IGNORECASE)
_FILE, _FOLDER, _LINKED, _OTHER = "file", "folder", "link to a folder", "no file"


class Found(NamedTuple):
    """A file and the folder that its name is told from."""

    file: Path
    root: Path


def check_input(path: str) -> None:
    """Raise ChudeError unless the input is there and, if a file, of a format that can be read."""
    if path == "-":
        if sys.stdin is None:
            raise ChudeError("-: standard input is closed. Pipe articles into it, or name a file.")
        return
    if re.match(r"\w{2,}://", path):  # one letter is a drive of Windows
        raise ChudeError(f"{path}: an address. Save the page, and name its file.")
    if not path or not (_exists(path) or glob.glob(path, recursive=True)):
        raise ChudeError(f"{path or 'an empty path'}: no such file or folder. Check the path.")
    file = Path(path)
    if not file.is_file() or format_of(file) is not None:
        return
    try:
        with open_source(file, file.parent) as source:
            problem = sniff(source, ColumnNames()) if not is_packed(source) else None
    except OSError:
        return  # whoever reads it says why
    if isinstance(problem, Refusal):
        raise ChudeError(
            f"{path}: format unknown ({problem.problem}). {problem.cure}, or name a file that "
            f"ends in {', '.join(ENDINGS)}."
        )


def check_theme_folders(path: str) -> None:
    """Raise ChudeError where folders that should be named after themes are parts of a corpus.

    VNTC, for example, has a folder of themes in each of `Train_Full` and `Test_Full`.
    """
    root = Path(path)
    if path == "-" or not root.is_dir():
        return
    with contextlib.suppress(OSError), os.scandir(articles_folder(root)) as entries:
        names = sorted(e.name for e in entries if not e.name.startswith(".") and e.is_dir())
        parts = [name for name in names if _PART.fullmatch(name)]
        if parts and len(parts) * 2 > len(names):
            raise ChudeError(
                f"{path}: its folders {', '.join(parts)} are parts of a corpus, not themes. Name "
                f"one of them: {root / parts[0]}"
            )


def find_files(
    path: str, on_left_out: Callable[[Path], None] = lambda file: None, alone: bool = True
) -> Iterator[Found | Refusal]:
    """The files of one input in order of their names, a folder at a time.

    path: a file, a folder (its `raw/`, if there is one) or a glob, as `check_input` lets them in.
        Links to folders are followed, each folder once. What cannot be read is refused by name:
        folders that cannot be listed, pipes, broken links, folders that are read already.
    on_left_out: called with each file that is no article by rule: hidden ones, labels.csv,
        themes.toml, counts, README and LICENSE, and what a glob matches again by a link.
    alone: whether this is all the input there is.

    Raises ChudeError when a folder that is alone holds no article; one among others is refused.
    """
    root = Path(path)
    if root.is_dir():
        folder = articles_folder(root)
        empty = True
        for item in _walk(folder, _Tree.of(folder), on_left_out):
            empty = False
            yield item if isinstance(item, Refusal) else Found(item, folder)
        if empty:
            problem, cure = "no articles in this folder", f"Put {' or '.join(ENDINGS)} in"
            if alone:
                raise ChudeError(f"{path}: {problem}. {cure}.")
            yield Refusal(path, problem, cure)
    elif root.is_file():
        yield Found(root, root.parent)
    else:
        matches = [path] if root.is_symlink() or root.exists() else glob.glob(path, recursive=True)
        seen: set[str] = set()  # a link to a folder above leads a glob round and round
        for match in sorted(matches):
            file = os.path.realpath(match)
            if match.endswith(COUNTS) or file in seen:
                on_left_out(Path(match))
                continue
            seen.add(file)
            if Path(match).is_dir() or Path(match).is_file():
                yield from find_files(match, on_left_out, alone=False)
            else:
                yield _no_file(match)


def _exists(path: str) -> bool:
    try:
        return Path(path).exists() or Path(path).is_symlink()
    except OSError:  # a name that is too long
        return False


def beside(folder: Path, name: str) -> Path:
    """The file of that name in a folder, in capitals too, as on Windows; it need not be there."""
    exact = folder / name
    if os.path.lexists(exact):
        return exact
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        return min((Path(e.path) for e in entries if e.name.lower() == name), default=exact)
    return exact


def articles_folder(root: Path) -> Path:
    """The folder whose files are read for a folder that is named."""
    return root / "raw" if (root / "raw").is_dir() else root


def _no_file(path: str) -> Refusal:
    if os.path.islink(path) and not os.path.exists(path):
        return Refusal(path, "neither a file nor a folder, but a broken link", "Mend or delete it")
    return Refusal(path, "neither a file nor a folder", "Give a file, or pipe it into -")


def total_size(paths: Sequence[str]) -> int | None:
    """Bytes of all the files that inputs stand for; None where standard input is among them.

    Raises ChudeError as `find_files` does.
    """
    size = 0
    for path in paths:
        if path == "-":
            return None
        for found in find_files(path, alone=len(paths) == 1):
            if isinstance(found, Found):
                with contextlib.suppress(OSError):  # gone meanwhile
                    size += found.file.stat().st_size
    return size


@dataclass(slots=True)
class _Tree:
    """A folder that is walked, and which linked ones outside were."""

    root: str
    followed: set[str]

    @classmethod
    def of(cls, folder: Path) -> "_Tree":
        return cls(os.path.realpath(folder), set())

    def enter(self, link: Path) -> Refusal | bool:
        """Whether to follow a link to a folder; a Refusal where its articles would come twice."""
        target = os.path.realpath(link)
        above = os.path.realpath(link.parent)
        if _holds(target, above) and _holds(self.root, target):
            return False  # it goes in circles, and there is nothing new in it
        if _holds(target, self.root):
            return Refusal(str(link), f"a link to {target}, which holds it", "Delete the link")
        if self._is_read(target) or any(_holds(one, target) for one in self.followed):
            problem = f"a link to {target}, which is read already"
            return Refusal(str(link), problem, "Delete the link, or copy the folder")
        self.followed.add(target)
        return True

    def _is_read(self, target: str) -> bool:
        """Whether a folder is in the tree itself, not in a hidden part of it."""
        if not _holds(self.root, target):
            return False
        below = os.path.relpath(target, self.root).split(os.sep)
        return not any(part.startswith(".") for part in below)


def _holds(outer: str, inner: str) -> bool:
    return inner == outer or inner.startswith(outer.rstrip(os.sep) + os.sep)


def _walk(
    folder: Path, tree: _Tree, on_left_out: Callable[[Path], None]
) -> Iterator[Path | Refusal]:
    # Only one folder's names are held at a time, not those of a whole archive.
    try:
        with os.scandir(folder) as entries:
            kinds = {entry.name: _kind(entry) for entry in entries}
    except OSError as error:
        yield Refusal(str(folder), f"cannot be read ({error.strerror})", "Check its permissions")
        return
    for name, kind in sorted(kinds.items()):
        file = folder / name
        if is_hidden(name) or name.lower() in (LABELS, THEMES) or name.endswith(COUNTS):
            on_left_out(file)
        elif kind == _FILE:
            if is_about(name):
                on_left_out(file)
            else:
                yield file
        elif kind == _OTHER:
            yield _no_file(str(file))
        else:
            if is_of_page(name, kinds):
                on_left_out(file)
                continue
            entered = tree.enter(file) if kind == _LINKED else True
            if isinstance(entered, Refusal):
                yield entered
            elif entered:
                yield from _walk(file, tree, on_left_out)


def _kind(entry: "os.DirEntry[str]") -> str:
    try:
        if entry.is_dir():
            return _LINKED if entry.is_symlink() else _FOLDER
        return _FILE if entry.is_file() else _OTHER
    except OSError:
        return _OTHER
