r"""The tokens that underthesea's regular expression finds, in linear time.

Of its alternatives, those for URLs and e-mail addresses look far ahead from every place, and give
up in quadratic or even exponential time (`http:a` and some dozens of colons never end). They are
taken out of the expression; the places where they would match are found beforehand, each kind by
one pass over the text with possessive quantifiers, which never go back:

* an e-mail address starts anywhere in a run of its first characters that `@`, a domain and its
  ending follow;
* a naked domain starts at any letter or digit of labels joined by full stops and hyphens, and ends
  with the last label there that may be a top-level domain;
* a URL starts with its protocol, or anywhere in a domain before a solidus, and goes on as `_Bodies`
  tells.

All other alternatives look no further than the tokens that come of it. The rules were read from
the expression of the verified version (`installed`), and tests compare the two.
"""

import re
from array import array
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_MAIL = re.compile(r"[a-zA-Z0-9_.+-]++(?=(@[a-zA-Z0-9-]++\.[a-zA-Z0-9.-]++)?)")
_LABELS = re.compile(r"[a-z0-9]++(?:[.-][a-z0-9]++)*+")
_LAST_LABEL = re.compile(r"\.[a-z]{2,13}+(?![\w@])(?:/(?!@))?+")
_PROTOCOL = re.compile(r"(?:ftp|http)s?:")
_DOMAIN = re.compile(r"[a-z0-9.-]++(/)?+")  # without it, too: no run is looked through twice
_PLAIN = re.compile(r"[^\s()<>{}\[\]]*+")
_SOLID = re.compile(r"\S*+")
# Tokens that no other alternative can begin, tried first because they are the most.
_SMALL = "a-zàáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
_COMMON = rf"(?![ve])[{_SMALL}]++(?![\w'’-])|[^\w\s.:<=>°♥-]|\.(?!\.)|-(?![->])|=(?!>|=>|\)\))|"
_SPACE = re.compile(r"\s")
# What stands in an expression: a character class, an escaped character, what opens a group.
_PARTS = re.compile(r"(\[(?:\\.|[^\]\\])+\]|\\.)|\((?:\?P<\w+>|(?!\?))", re.DOTALL)
# Repetitions that would remember each round, though another way to end never helps.
_ROUNDS = "]+)+\\.?", "]++)++\\.?"
_FAR = 1 << 40  # past the end of any text
_BRACKETS = frozenset(")<>{}[]")
_NOT_LAST = "`!;:'\".,?«»“”‘’"  # of the characters of a URL
_SHORT = frozenset("abcdefghijklmnopqrstuvwxyz0123456789%")


class Near(NamedTuple):
    """The expression without its alternatives for URLs and e-mail addresses.

    tokens: all of it. first: the alternatives that are tried before URLs.
    """

    tokens: re.Pattern[str]
    first: re.Pattern[str]


class _Zone(NamedTuple):
    """Places from `start` to `stop` where an alternative matches, up to `end`."""

    start: int
    stop: int
    end: int


_NO_ZONE = _Zone(_FAR, _FAR, 0)


def without_far_looks(expression: str) -> Near:
    """The expression for `scan`, without groups, which cost time where nobody asks for them."""
    expression = expression.replace(*_ROUNDS)
    first, rest = (
        _PARTS.sub(lambda part: part[1] or "(?:", part_of)
        for part_of in (
            expression[: expression.index("|(?P<url>")],
            expression[expression.index("|(?P<phone>") :],
        )
    )
    return Near(re.compile(_COMMON + first + rest, re.VERBOSE), re.compile(first + ")", re.VERBOSE))


def scan(text: str, near: Near) -> NDArray[np.int32]:
    """Places (n_tokens, 2) of the tokens of `text`."""
    zones = _Zones(text)
    flat = array("i")
    at, size = 0, len(text)
    while at < size and zones.coming < size:
        start, at = at, size
        for match in near.tokens.finditer(text, start):
            begin, end = match.span()
            far = 0
            if begin >= zones.coming and not near.first.match(text, begin):
                far = zones.end(begin)
            flat.extend((begin, far or end))
            if (far and far != end) or zones.coming >= size:
                at = far or end
                break
    spans = np.array(flat, np.int32).reshape(-1, 2)
    return np.concatenate([spans, _near_spans(text, at, near.tokens)]) if at < size else spans


def _near_spans(text: str, at: int, tokens: re.Pattern[str]) -> NDArray[np.int32]:
    """Places of the tokens from a place on, where no alternative looks far ahead."""
    found = tokens.finditer(text, at)
    space = _SPACE.search(text, at)
    if space and space.end() < len(text):
        flat = np.fromiter(chain.from_iterable(map(re.Match.span, found)), np.int32)
        return flat.reshape(-1, 2)
    ends = np.fromiter(map(re.Match.end, found), np.int32)
    spans = np.empty((len(ends), 2), np.int32)
    spans[:1, 0], spans[1:, 0], spans[:, 1] = at, ends[:-1], ends
    return spans


class _Zones:
    """Where URLs and e-mail addresses match; to be asked for places in ascending order."""

    def __init__(self, text: str) -> None:
        self._text = text
        # In the order in which the expression tries them.
        self._kinds = [
            _protocols(text, _Bodies(text)) if ":" in text else iter(()),
            _domains(text, _Bodies(text)) if "/" in text else iter(()),
            _naked_domains(text) if "." in text else iter(()),
            _addresses(text) if "@" in text else iter(()),
        ]
        self._next = [next(kind, _NO_ZONE) for kind in self._kinds]
        self.coming = min(self._next).start  # no zone that is to come starts before

    def end(self, at: int) -> int:
        """Where the first alternative that matches at this place ends, 0 if none does."""
        for kind, zone in enumerate(self._next):
            while zone.stop <= at:
                zone = self._next[kind] = next(self._kinds[kind], _NO_ZONE)
        self.coming = min(self._next).start
        for kind, zone in enumerate(self._next):
            if zone.start <= at and self._may_start(kind, at):
                return zone.end
        return 0

    def _may_start(self, kind: int, at: int) -> bool:
        if kind != 2:
            return True
        return self._text[at] not in ".-" and (at == 0 or self._text[at - 1] != "@")


def _protocols(text: str, bodies: "_Bodies") -> Iterator[_Zone]:
    for match in _PROTOCOL.finditer(text):
        start, after = match.span()
        slashes = after
        while slashes < min(after + 3, len(text)) and text[slashes] == "/":
            slashes += 1
        begins = [*range(slashes, after, -1)]
        if text[after : after + 1] in _SHORT:
            begins.append(after + 1)
        end = next(filter(None, map(bodies.end, begins)), 0)
        if end:
            yield _Zone(start, start + 1, end)


def _domains(text: str, bodies: "_Bodies") -> Iterator[_Zone]:
    for match in _DOMAIN.finditer(text):
        start, stop = match.start(), match.start(1)
        dot = text.rfind(".", max(start, stop - 14), stop)
        if stop > start < dot and stop - dot > 2 and text[dot + 1 : stop].isalpha():
            end = bodies.end(stop + 1)
            if end:
                yield _Zone(start, dot, end)


def _naked_domains(text: str) -> Iterator[_Zone]:
    for match in _LABELS.finditer(text):
        start, stop = match.span()
        if text.find(".", start, stop) < 0:
            continue
        # Two characters more, so that what looks ahead sees what comes after the labels.
        ends = [found.span() for found in _LAST_LABEL.finditer(text, start, stop + 2)]
        if ends:
            yield _Zone(start, *ends[-1])


def _addresses(text: str) -> Iterator[_Zone]:
    for match in _MAIL.finditer(text):
        if match[1]:
            yield _Zone(*match.span(), match.end(1))


class _Bodies:
    """What follows the protocol or domain of a URL.

    That is plain characters and pairs of brackets, the last of them no punctuation, as long as can
    be.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._plain = (0, 0, 0)  # a run of plain characters, and where the last no punctuation ends
        self._solid = (0, 0)  # a run without white space, of which are the
        self._ends = array("i")

    def end(self, begin: int) -> int:
        """Where it ends when it begins here, 0 if it does not."""
        start, stop, last = self._plain
        if not start <= begin < stop:
            stop = _end(_PLAIN, self._text, begin)
            last = begin + len(self._text[begin:stop].rstrip(_NOT_LAST))
            self._plain = begin, stop, last
        if self._text[stop : stop + 1] != "(":
            return last if last > begin + 1 else 0
        start, stop = self._solid
        if not start <= begin < stop:
            start, stop = self._solid = begin, _end(_SOLID, self._text, begin)
            self._ends = _ends(self._text[start:stop])
        found = self._ends[begin - start]
        return found and found + start


def _end(run: re.Pattern[str], text: str, begin: int) -> int:
    match = run.match(text, begin)
    assert match is not None
    return match.end()


def _ends(run: str) -> "array[int]":
    """For each place of a run without white space, where a body that begins there ends, or 0.

    From the last place to the first. The expression takes characters or brackets as long as what
    comes then can go on or end; `going[i]` is where that leads once something has been taken.
    """
    size = len(run)
    nothing, never = array("i", [0]), array("i", [size])
    begun, going = nothing * (size + 1), nothing * (size + 1)
    bracket, closing, good = never * (size + 3), never * (size + 3), never * (size + 3)
    after = last = 0  # of the plain characters in hand: what the next bracket leads to, the last
    for i in range(size - 1, -1, -1):
        character = run[i]
        bracket[i] = i if character in "()" else bracket[i + 1]
        closing[i] = i if character == ")" else closing[i + 1]
        good[i] = i if character == ")" and going[i + 1] else good[i + 1]
        if character == "(":
            nested = _nested(run, i, bracket)
            more = (nested and going[nested]) or (good[i + 2] < size and going[good[i + 2] + 1])
            shortest = closing[i + 2] + 1 if closing[i + 2] < size else 0
            begun[i] = more or 0
            going[i] = more or nested or shortest
            after, last = going[i], 0
        elif character in _BRACKETS:
            after = last = 0
        else:
            begun[i] = after or last
            if not last and character not in _NOT_LAST:
                last = i + 1
            going[i] = after or last
    return begun


def _nested(run: str, start: int, bracket: "array[int]") -> int:
    """Where brackets with one pair of brackets inside, `(a(b)c)`, that start here end, or 0."""
    inner = bracket[start + 1]
    if inner < len(run) and run[inner] == "(":
        closed = bracket[inner + 1]
        outer = bracket[min(closed + 1, len(run))]
        if inner + 1 < closed < outer < len(run) and run[closed] == run[outer] == ")":
            return outer + 1
    return 0
