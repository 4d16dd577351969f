"""The lines of a source as text: UTF-8, UTF-16 and UTF-32, also with the line ends of Macintoshes.

A line that cannot be decoded, or is too long, costs itself alone.
"""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO, cast

from chude.corpus.encodings import decode
from chude.corpus.formats.limits import MAX_RECORD, bounded_lines, too_long
from chude.corpus.formats.source import Source, buffered
from chude.errors import Refusal

_WIDE = (  # the marks of UTF-32 begin like those of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PIECE = 1 << 16


def text_lines(source: Source) -> Iterator[str | Refusal]:
    """Each line with its end, or why it cannot be read; a byte-order mark is dropped."""
    for number, line in enumerate(bounded_lines(utf8_stream(source), source.forgive), 1):
        if line is None:
            yield too_long(f"{source.place}:{number}", "a line", MAX_RECORD)
            continue
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            yield _decode(line, f"{source.place}:{number}")


def _decode(line: bytes, where: str) -> str | Refusal:
    text = decode(line, where)
    return Refusal(where, text.problem, text.cure) if isinstance(text, Refusal) else text


def utf8_stream(source: Source) -> io.BufferedReader:
    """The source's bytes, those of UTF-16 and UTF-32 as UTF-8, each line with a line feed.

    Reading raises UnicodeDecodeError where UTF-16 is damaged, after which nothing can be told.
    """
    head = source.head
    stream: BinaryIO = source.stream
    for mark, encoding in _WIDE:
        if head.startswith(mark):
            stream = cast(BinaryIO, _Recoded(stream, encoding))
            head = b"\r\n"
            break
    if b"\r" in head and b"\n" not in head:
        stream = cast(BinaryIO, _LineFeeds(stream))
    return source.stream if stream is source.stream else buffered(stream)


class _Recoded(io.RawIOBase):
    """A stream of UTF-16 or UTF-32, read as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        while not self._rest:
            piece = self._stream.read(_PIECE)
            text = self._decoder.decode(piece, final=not piece)
            self._rest = text.encode("utf-8", "surrogatepass")
            if not piece:
                break
        if size < 0:
            size = len(self._rest)
        part, self._rest = self._rest[:size], self._rest[size:]
        return part


class _LineFeeds(io.RawIOBase):
    """A stream whose line ends are carriage returns, as line feeds."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        return self._stream.read(size).replace(b"\r", b"\n")
