"""The lines of a source as text, in any encoding, also with the line ends of Macintoshes.

A line that cannot be decoded, or is too long, costs itself alone.
"""

import codecs
import io
import re
from collections.abc import Iterator
from typing import BinaryIO, cast

from chude.corpus.encodings import decode_as, decode_bytes, guess_bytes
from chude.corpus.encodings.charts import charts
from chude.corpus.formats.limits import MAX_RECORD, bounded_lines, too_long
from chude.corpus.formats.source import Source, buffered
from chude.errors import Refusal

_WIDE = (  # the marks of UTF-32 begin like those of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SEPARATOR = re.compile(r'"?sep="?([,;\t|])"?\1*\s*', re.IGNORECASE)
_PIECE = 1 << 16
_LOOKED_AT = 1 << 14  # bytes by which a file's encoding is told


def text_lines(source: Source) -> Iterator[str | Refusal]:
    """Each line with its end, or why it cannot be read; a byte-order mark is dropped.

    A file is in the encoding of its first lines; any line may be in UTF-8.
    """
    known = chart_of(source)
    for number, line in enumerate(bounded_lines(utf8_stream(source), source.forgive), 1):
        if line is None:
            yield too_long(f"{source.place}:{number}", "a line", MAX_RECORD)
            continue
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            yield _decode(line, f"{source.place}:{number}", known)
            continue
        yield text.replace("\0", "") if "\0" in text else text


def told_separator(line: str) -> str | None:
    """The mark in `sep=;`, a line by which Excel is told what stands between the fields.

    Other programs take it for a row: they put it in quotes, or marks behind it.
    """
    match = _SEPARATOR.fullmatch(line)
    return match[1] if match else None


def chart_of(source: Source) -> str | None:
    """The 8-bit encoding that a source's first lines are in; None: Unicode, or no telling."""
    head = source.head[:_LOOKED_AT]
    head = head[: max(head.rfind(b"\n"), head.rfind(b"\r")) + 1] or head
    try:
        head.decode("utf-8")
    except UnicodeDecodeError:
        found = guess_bytes(head, source.place)
        return found if isinstance(found, str) and found in charts() else None
    return None


def _decode(line: bytes, where: str, known: str | None) -> str | Refusal:
    found = decode_bytes(line, where, known)
    if not isinstance(found, Refusal):
        return found.text
    if known and b"\0" not in line:
        return decode_as(line, known)
    return Refusal(where, found.problem, found.cure)


def utf8_stream(source: Source) -> io.BufferedReader:
    """The source's bytes, those of UTF-16 and UTF-32 as UTF-8, each line with a line feed.

    Reading raises UnicodeDecodeError where UTF-16 is damaged, after which nothing can be told.
    """
    head = source.head
    stream: BinaryIO = source.stream
    if encoding := _wide_encoding(head, source.place):
        stream = cast(BinaryIO, _Recoded(stream, encoding))
        head = head.replace(b"\0", b"")
    if b"\r" in head and b"\n" not in head:
        stream = cast(BinaryIO, _LineFeeds(stream))
    return source.stream if stream is source.stream else buffered(stream)


def _wide_encoding(head: bytes, place: str) -> str | None:
    """UTF-16 or UTF-32 in one of their forms, with or without a mark; None: neither."""
    for mark, encoding in _WIDE:
        if head.startswith(mark):
            return encoding
    if b"\0" not in head:
        return None
    found = guess_bytes(head[:_LOOKED_AT], place)
    wide = isinstance(found, str) and found.lower().startswith(("utf-16", "utf-32"))
    return str(found).lower() if wide else None


class _Recoded(io.RawIOBase):
    """A stream of UTF-16 or UTF-32, read as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        # Halves of pairs become bytes that are not UTF-8, and cost their line alone.
        self._decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        while not self._rest:
            piece = self._stream.read(_PIECE)
            text = self._decoded(piece)
            self._rest = text.encode("utf-8", "surrogatepass")
            if not piece:
                break
        if size < 0:
            size = len(self._rest)
        part, self._rest = self._rest[:size], self._rest[size:]
        return part

    def _decoded(self, piece: bytes) -> str:
        try:
            return self._decoder.decode(piece, final=not piece)
        except UnicodeDecodeError:
            if piece:
                raise
            self._decoder.reset()
            return "\ud800"  # the file ends amid a character


def from_chart(stream: BinaryIO, encoding: str) -> io.BufferedReader:
    """A stream in an 8-bit encoding of `charts()`, as UTF-8."""
    return buffered(cast(BinaryIO, _FromChart(stream, encoding)))


class _FromChart(io.RawIOBase):
    """A stream in an 8-bit encoding, read as UTF-8, whole words at a time: letters take several."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream, self._encoding = stream, encoding
        self._packed = self._rest = b""

    def read(self, size: int = -1) -> bytes:
        while not self._rest:
            piece = self._stream.read(_PIECE)
            self._packed += piece
            end = max(map(self._packed.rfind, (b" ", b'"', b"\n"))) + 1
            whole = self._packed[: end if piece else None]
            self._packed = self._packed[len(whole) :]
            self._rest = decode_as(whole, self._encoding).encode()
            if not piece:
                break
        size = len(self._rest) if size < 0 else size
        part, self._rest = self._rest[:size], self._rest[size:]
        return part


class _LineFeeds(io.RawIOBase):
    """A stream whose line ends are carriage returns, as line feeds."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        return self._stream.read(size).replace(b"\r", b"\n")
