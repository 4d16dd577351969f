"""The values of a JSON array, read in a stream: one of them is held at a time."""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from chude.corpus.formats.json_keys import DECODER
from chude.corpus.formats.limits import MAX_RECORD, too_long
from chude.errors import Refusal

_PIECE = 1 << 16
_BETWEEN = re.compile(r"[ \t\r\n,]*")
_INSIDE = re.compile(r'"(?:[^"\\]|\\.)*+("|\Z)|[\[\]{}]', re.DOTALL)
_NEXT = re.compile(r"[}\]]\s*,\s*(?=\{\s*\")")
_LIST = re.compile(r"\[\s*\{")
_TAIL = 64  # characters at the end of what was read, behind which an error is one for certain
_SCANNED = 10_000_000  # characters of bad items of a file that are searched for their ends
_CURE = "Write one JSON object a line"


def array_items(stream: BinaryIO, start: int, place: str) -> Iterator[tuple[str, Any]]:
    """`place:number` and the value of each item, or a Refusal in its place.

    start: where the first item may begin, behind the bracket. Further arrays, one behind the other
    or in the same document, are read on. An item that cannot be parsed costs
    itself alone where its end can be told, by its brackets or by an object that begins behind it;
    otherwise what is left is left out.
    """
    window = _Window(stream, start)
    number = 0
    while (first := window.skip()) != "":
        if first == "]":
            if not window.next_list():
                break
            continue
        number += 1
        where = f"{place}:{number}"
        try:
            yield where, window.take()
        except _TooLong:
            yield where, too_long(where, "an item", MAX_RECORD)
            return
        except (ValueError, RecursionError) as error:
            problem = "nested too deeply" if isinstance(error, RecursionError) else str(error)
            problem = f"not an item of JSON ({problem.partition(': line')[0]})"
            left = not window.resume()
            yield where, Refusal(where, problem + ", the rest is left out" * left, _CURE)
            if left:
                return
    if first == "" and window.inside:
        yield place, Refusal(place, "the array is not closed, it was cut off", "Export it again")
    elif window.skip():
        yield place, Refusal(place, "what is behind the array is left out", _CURE)


class _TooLong(Exception):
    """An item of more than `MAX_RECORD` characters."""


class _Window:
    """A part of the text, read on as it is needed."""

    def __init__(self, stream: BinaryIO, start: int) -> None:
        stream.read(start)
        self._stream = stream
        # A row with wrong bytes is refused alone, for the half pairs that they become.
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._text = ""
        self._at = 0
        self._ended = False
        self._wrong = 0  # where the last item could not be parsed
        self._scans = _SCANNED
        self.inside = True  # of a list, and not behind it

    def skip(self) -> str:
        """The first character of the next item; empty: the text ends."""
        if self._at > 2 * _PIECE:
            self._text, self._at = self._text[self._at :], 0
        while True:
            if match := _BETWEEN.match(self._text, self._at):
                self._at = match.end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self) -> Any:
        """The next item. Raises ValueError, RecursionError and `_TooLong`."""
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
                if end < len(self._text) or self._ended:
                    self._at = end
                    return value
            except json.JSONDecodeError as error:
                self._wrong = error.pos
                inside = error.pos < len(self._text) - _TAIL and "Unterminated" not in error.msg
                if self._ended or inside:
                    raise
            except (ValueError, RecursionError):
                self._wrong = self._at
                raise
            if len(self._text) - self._at > MAX_RECORD:
                raise _TooLong
            for _ in range(max(1, (len(self._text) - self._at) // _PIECE)):  # twice as much
                self._more()

    def resume(self) -> bool:
        """Go behind an item that cannot be parsed; False: no telling where it ends."""
        end = self._closing()
        while end is None:
            if match := _NEXT.search(self._text, self._wrong):
                end = match.end()
            elif not self._more():
                break
            elif len(self._text) > MAX_RECORD:
                return False
        if end is None:
            return False
        self._at = max(end, self._at + 1)
        return True

    def next_list(self) -> bool:
        """Go behind a closing bracket, up to the next list of objects; False: there is none.

        What else a document around the lists has, such as their number, is passed over.
        """
        self._at += 1
        self.inside = False
        try:
            while (first := self.skip()) in ("}", '"'):
                if first == "}":
                    self._at += 1
                    continue
                self.take()
                if self.skip() != ":":
                    return False
                self._at += 1
                self.skip()
                if self._at_list():
                    self._at += 1
                    self.inside = True
                    return True
                self.take()
        except (_TooLong, ValueError, RecursionError):
            return False
        self.inside = first == "["
        self._at += self.inside
        return first in ("[", "{")

    def _at_list(self) -> bool:
        while len(self._text) - self._at < _TAIL and self._more():
            pass
        return _LIST.match(self._text, self._at) is not None

    def _closing(self) -> int | None:
        """The end of the item by its brackets; None where they are not closed in the window."""
        depth = 0
        stop = min(len(self._text), self._at + MAX_RECORD)
        if self._scans < 0:
            return None
        self._scans -= stop - self._at
        for match in _INSIDE.finditer(self._text, self._at, stop):
            if match[0][0] == '"':
                if not match[1]:
                    return None
                continue
            depth += 1 if match[0] in "[{" else -1
            if depth <= 0 and match.end() > self._wrong:
                self._scans += stop - match.end()
                return match.end() if depth == 0 else match.start()
        return None

    def _more(self) -> bool:
        if self._ended:
            return False
        piece = self._stream.read(_PIECE)
        self._ended = not piece
        self._wrong -= self._at
        self._text = self._text[self._at :] + self._decoder.decode(piece, final=self._ended)
        self._at = 0
        return not self._ended
