"""What is packed: gzip and Zstandard streams, and the files of zip archives, as sources.

Nothing is written to the disk. What unpacks to far more than a text does is a bomb and is read no
further (Fifield, "A better zip bomb", WOOT 2019): what counts is the sum over an archive, so that
files that overlap help nothing. Zstandard is read by backports.zstd, which is what Python itself
has from 3.14 on.
"""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from chude.corpus.formats.extra import needs
from chude.corpus.formats.foreign import foreign_archive, unfinished
from chude.corpus.formats.limits import DEPTH, FREE, HARDEST, MAX_DISK, RATIO, InputError
from chude.corpus.formats.registry import is_about
from chude.corpus.formats.source import Source, buffered, is_hidden, is_of_page, on_disk
from chude.errors import Refusal

GZIP, ZSTD, ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
PACKED = (".gz", ".zst", ".zip")
_WINDOW = 27  # log2 of the bytes that Zstandard may look back, its own default limit
_OFFICE = ("word/document.xml", "xl/workbook.xml")
_SAYS_UTF8 = 0x800  # flag of a file in an archive
_AGAIN = "Pack it again"

DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError)


class _Budget:
    """How many bytes may still come out of one file on the disk, through all its layers."""

    def __init__(self, packed: int) -> None:
        self._left = FREE + RATIO * packed
        self._hard = FREE + HARDEST * packed

    def forgive(self, count: int) -> None:
        """These bytes cost nothing: they were passed over."""
        self._left += count

    def spend(self, count: int) -> None:
        self._left -= count
        self._hard -= count
        if min(self._left, self._hard) < 0:
            raise InputError(
                f"unpacks to more than {RATIO} times its size, the rest is left out",
                "Unpack it yourself if you trust it",
            )


class _Counted(io.RawIOBase):
    """A stream that spends of a budget as it is read."""

    def __init__(self, stream: BinaryIO, budget: _Budget) -> None:
        self._stream, self._budget = stream, budget

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        # What stands before damage comes by itself.
        part = getattr(self._stream, "read1", self._stream.read)(size)
        self._budget.spend(len(part))
        return part


def is_packed(source: Source) -> bool:
    """Whether there are sources inside, or it is a document that is a zip archive."""
    return source.head.startswith((GZIP, ZSTD, ZIP, EMPTY_ZIP))


def unpacked(source: Source) -> Iterator[Source | Refusal]:
    """The source itself, or one after another what is packed in it.

    A source must be read before the next one is asked for. Reading one may raise what is in
    `DAMAGED`, `zstd_error()` or InputError.
    """
    if not is_packed(source):
        yield source
        return
    packed = source.path.stat().st_size if source.path is not None else MAX_DISK // RATIO
    yield from _layers(source, 0, _Budget(packed))


def _layers(source: Source, depth: int, budget: _Budget) -> Iterator[Source | Refusal]:
    head = source.head
    if not is_packed(source):
        yield source
    elif told := unfinished(source.name):
        yield Refusal(source.place, *told)
    elif depth == DEPTH:
        yield Refusal(source.place, f"packed more than {DEPTH} times", "Unpack it first")
    elif head.startswith(GZIP):
        yield from _stream(source, gzip.GzipFile(fileobj=source.stream), ".gz", depth, budget)
    elif head.startswith(ZSTD):
        yield from _zstd(source, depth, budget)
    else:
        yield from _zip(source, depth, budget)


def zstd_error() -> type[Exception]:
    """What a damaged Zstandard stream raises; EOFError where the reader is not installed."""
    try:
        from backports.zstd import ZstdError
    except ImportError:
        return EOFError
    return ZstdError


def without_packing(name: str) -> str:
    """A file's name without the ending of what it is packed in."""
    return name.rpartition(".")[0] if name.lower().endswith(PACKED) else name


def _zstd(source: Source, depth: int, budget: _Budget) -> Iterator[Source | Refusal]:
    try:
        from backports.zstd import DecompressionParameter, ZstdFile
    except ImportError:
        yield needs(source.place, "a file packed by Zstandard")
        return
    options = {int(DecompressionParameter.window_log_max): _WINDOW}
    yield from _stream(source, ZstdFile(source.stream, options=options), ".zst", depth, budget)


def _stream(
    source: Source, stream: object, ending: str, depth: int, budget: _Budget
) -> Iterator[Source | Refusal]:
    counted = cast(BinaryIO, _Counted(cast(BinaryIO, stream), budget))
    name = source.name[: -len(ending)] if source.name.lower().endswith(ending) else source.name
    inside = replace(source, name=name, path=None, stream=buffered(counted))
    inside.forgive = budget.forgive
    yield from _layers(inside, depth + 1, budget)


def _zip(source: Source, depth: int, budget: _Budget) -> Iterator[Source | Refusal]:
    """The files of an archive; documents that are archives themselves stay as they are."""
    with on_disk(source) as path, path.open("rb") as file:
        try:
            archive = zipfile.ZipFile(file)
            told = foreign_archive(archive)
        except (*DAMAGED, ValueError, OSError) as error:
            yield Refusal(source.place, f"not a readable zip archive ({error})", _AGAIN)
            return
        if told is not None:
            yield Refusal(source.place, *told)
            return
        if any(name in archive.NameToInfo for name in _OFFICE):
            with path.open("rb") as stream:
                yield replace(source, path=path, stream=stream)
            return
        names = frozenset(map(_name, archive.infolist()))
        for info in archive.infolist():
            if _is_of_page(_name(info), names):
                source.leave_out(f"{source.place}/{_name(info)}")
            else:
                yield from _member(source, archive, info, budget, depth)


def _member(
    source: Source, archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: _Budget, depth: int
) -> Iterator[Source | Refusal]:
    name = _name(info)
    parts = PurePosixPath(name).parts
    place = f"{source.place}/{name}"
    if not name:
        yield Refusal(place, "a file without a name", _AGAIN)
        return
    if name.endswith("/"):
        return
    if _is_left_out(parts):
        source.leave_out(place)
        return
    if name.startswith("/") or ".." in parts or ":" in parts[0]:
        yield Refusal(place, "a path that leads out of the archive", "Leave it out, or rename it")
        return
    if info.flag_bits & 1:
        yield Refusal(place, "locked with a password", "Unpack the archive first")
        return
    try:
        stream = archive.open(info)
    except (*DAMAGED, ValueError, OSError) as error:
        yield Refusal(place, f"not readable in its archive ({error})", _AGAIN)
        return
    with stream:
        inside = Source(
            place,
            f"{without_packing(source.name)}/{name}",
            buffered(cast(BinaryIO, _Counted(cast(BinaryIO, stream), budget))),
            None,
            source.folders + parts[:-1],
            lambda count: info.header_offset,
            forgive=budget.forgive,
            leave_out=source.leave_out,
        )
        try:
            _ = inside.head  # a damaged one costs itself, not the archive
        except DAMAGED as error:
            yield Refusal(place, f"not readable in its archive ({error})", _AGAIN)
            return
        yield from _layers(inside, depth + 1, budget)


def _name(info: zipfile.ZipInfo) -> str:
    """The name of a file in an archive; macOS writes UTF-8 without saying so.

    Old programs of Windows write `\\` between folders.
    """
    name = info.filename.replace("\\", "/")
    if info.flag_bits & _SAYS_UTF8 or name.isascii():
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _is_of_page(name: str, names: frozenset[str]) -> bool:
    """Whether a file is in the folder of a saved page; names: those of all files."""
    if name.endswith("/"):
        return False
    parts = name.split("/")
    folders = ("/".join(parts[:depth]) for depth in range(1, len(parts)))
    return any(is_of_page(folder, names) for folder in folders)


def _is_left_out(parts: tuple[str, ...]) -> bool:
    """Hidden files, README and such, as in folders, and what macOS adds to its archives."""
    return (
        not parts
        or parts[-1].lower() in ("labels.csv", "themes.toml")
        or is_about(parts[-1])
        or any(part == "__MACOSX" or (part != ".." and is_hidden(part)) for part in parts)
    )
