"""How much of an input is taken at most, so that no file can fill the memory or never end.

Longer texts are refused alone, by name. The largest press articles have some 100 kB.
"""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from chude.errors import Refusal

MAX_TEXT = 10_000_000  # characters of an article's text
MAX_RECORD = 20_000_000  # bytes of a row, a line or a file of plain text
MAX_DOCUMENT = 64_000_000  # bytes of a document with pictures in it, or of a part of one, unpacked
MAX_DISK = 4_000_000_000  # bytes of a packed table that must be unpacked to a temporary file
RATIO = 100  # how many times its size a file may unpack to; text packs to a tenth, and ...
HARDEST = 1100  # ... what is one too long line, which costs nothing, to as much as deflate can
FREE = 16_000_000  # bytes that any file may unpack to
DEPTH = 3  # archives one inside the other
_MOST_EMPTY = 1_000_000
_FIRST = 1 << 16  # bytes, which few articles have
_SKIP = 1 << 20  # bytes passed over at a time

CURE_LONG = "Split it into its articles"


class InputError(Exception):
    """A source that cannot be read further; its message is a refusal's problem, `cure` its cure."""

    def __init__(self, problem: str, cure: str) -> None:
        super().__init__(problem)
        self.cure = cure


def too_long(place: str, what: str, limit: int) -> Refusal:
    """The refusal of something that is longer than a limit, in bytes or characters."""
    problem = f"{what} of more than {limit // 1_000_000} MB, longer than any article"
    return Refusal(place, problem, CURE_LONG)


def read_at_most(stream: BinaryIO, limit: int, what: str) -> bytes:
    """All of a stream.

    Raises InputError when it has more than `limit` bytes, of which no more are read than that.
    """
    # A buffer of the limit's size would cost more than the reading.
    content = stream.read(_FIRST) or b""
    if len(content) == _FIRST:
        content += stream.read(limit + 1 - _FIRST)
    if len(content) > limit:
        refusal = too_long("", what, limit)
        raise InputError(refusal.problem, refusal.cure)
    return content


def bounded_lines(
    stream: BinaryIO, on_skip: Callable[[int], None] = lambda count: None
) -> Iterator[bytes | None]:
    """The lines of a stream with their ends; None for one that is longer than `MAX_RECORD`.

    on_skip: called with how many bytes of such a line were passed over, again and again.
    Raises InputError for a million empty lines one behind the other, which nobody writes.
    """
    empty = 0
    while line := stream.readline(MAX_RECORD + 1):
        if len(line) <= 2 and line.isspace():
            empty += 1
            if empty > _MOST_EMPTY:
                raise InputError("a million empty lines, the rest is left out", "Delete them")
        else:
            empty = 0
        if len(line) <= MAX_RECORD:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            on_skip(len(line))
            line = stream.readline(_SKIP)
        yield None
