"""The lines of a file as text, one encoding holding for the whole of it."""

import codecs
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO

from chude.corpus.encodings.charts import charts
from chude.corpus.encodings.decode import decode_as, decode_bytes, guess_bytes
from chude.errors import Refusal

_HEAD = 1 << 14  # bytes by which a file's encoding is told


def text_lines(lines: IO[bytes], place: str) -> Iterator[str | Refusal]:
    """Each line decoded, in the encoding of the file's first lines; for formats with a syntax.

    A line that is neither UTF-8 nor in that encoding is a Refusal, and the lines behind it go on.
    Line ends stay; byte-order marks do not.
    """
    head = _head(lines)
    encoding = guess_bytes(b"".join(head), place)
    if isinstance(encoding, str) and encoding.lower().startswith(("utf-16", "utf-32")):
        yield from _wide_lines(chain(head, lines), encoding, place)
        return
    if not any(b"\n" in line for line in head):  # line ends of old Macintoshes; this is all of it
        head = b"".join(head).replace(b"\r", b"\n").splitlines(keepends=True)
    known = encoding if isinstance(encoding, str) and encoding in charts() else None
    for number, line in enumerate(chain(head, lines), 1):
        yield _line(line, known, f"{place}:{number}")


def _head(lines: IO[bytes]) -> list[bytes]:
    head: list[bytes] = []
    size = 0
    for line in lines:
        head.append(line)
        size += len(line)
        if size >= _HEAD:
            break
    return head


def _line(line: bytes, known: str | None, where: str) -> str | Refusal:
    found = decode_bytes(line, where, known)
    if not isinstance(found, Refusal):
        return found.text
    if known and b"\0" not in line:
        return decode_as(line, known)
    return Refusal(where, found.problem, found.cure)


def _wide_lines(pieces: Iterable[bytes], encoding: str, place: str) -> Iterator[str | Refusal]:
    """Lines of UTF-16 or UTF-32, of which a byte with the value of a line end is no end."""
    decoder = codecs.getincrementaldecoder(encoding)()
    rest, number = "", 1
    broken: Refusal | None = None
    try:
        for piece in chain(pieces, (b"",)):
            *whole, rest = (rest + decoder.decode(piece, final=not piece)).split("\n")
            number += len(whole)
            yield from (f"{line}\n" for line in whole)
    except UnicodeDecodeError as error:
        problem = f"not {encoding.upper()} ({error.reason}), the rest of the file is left out"
        broken = Refusal(f"{place}:{number}", problem, "Save it again as UTF-8")
    if rest:
        yield rest
    if broken:
        yield broken
