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
from bisect import bisect_left
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_MAIL = re.compile(r"(?<![a-zA-Z0-9_.+-])[a-zA-Z0-9_.+-]++(?=(@[a-zA-Z0-9-]++\.[a-zA-Z0-9.-]++))")
_LABELS = re.compile(r"[a-z0-9]++(?:[.-][a-z0-9]++)*+")
_LAST_LABEL = re.compile(r"\.[a-z]{2,13}+(?![\w@])(?:/(?!@))?+")
_PROTOCOL = re.compile(r"(?:ftp|http)s?:")
_DOMAIN = re.compile(r"[a-z0-9.-]++/?+")  # without it, too: no run is looked through twice
_PLAIN = re.compile(r"[^\s()<>{}\[\]]*+")
_SOLID = re.compile(r"\S*+")
_BRACKET = re.compile(r"[()<>{}\[\]]")
# Tokens that no other alternative can begin, tried first because they are the most.
_SMALL = "a-zàáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
_COMMON = rf"(?![ve])[{_SMALL}]++(?![\w'’-])|[^\w\s.:<=>°♥-]|\.(?!\.)|-(?![->])|=(?!>|=>|\)\))|"
_SPACE = re.compile(r"\s")
# What stands in an expression: a character class, an escaped character, what opens a group.
_PARTS = re.compile(r"(\[(?:\\.|[^\]\\])+\]|\\.)|\((?:\?P<\w+>|(?!\?))", re.DOTALL)
# Repetitions that would remember each round, though another way to end never helps.
_ROUNDS = "]+)+\\.?", "]++)++\\.?"
_FAR = 1 << 40  # past the end of any text
_NOT_LAST = "`!;:'\".,?«»“”‘’"  # of the characters of a URL
_SHORT = frozenset("abcdefghijklmnopqrstuvwxyz0123456789%")


class Near(NamedTuple):
    """The expression without its alternatives for URLs and e-mail addresses.

    tokens: all of it. first: the alternatives that are tried before URLs.
    """

    tokens: re.Pattern[str]
    first: re.Pattern[str]


# Places from a first one to a second one where an alternative matches, up to a third one.
_Zone = tuple[int, int, int]
_NO_ZONE = _FAR, _FAR, 0


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
        self._naked = _naked_domains(text) if "." in text else None
        kinds = [  # in the order in which the expression tries them
            _protocols(text, _Bodies(text)) if ":" in text else None,
            _domains(text, _Bodies(text)) if "/" in text else None,
            self._naked,
            _addresses(text) if "@" in text else None,
        ]
        self._kinds = [kind for kind in kinds if kind is not None]
        self._next = [next(kind, _NO_ZONE) for kind in self._kinds]
        self.coming = min(self._next, default=_NO_ZONE)[0]  # none that is to come starts before

    def end(self, at: int) -> int:
        """Where the first alternative that matches at this place ends, 0 if none does."""
        found, self.coming = 0, _FAR
        for kind, (start, stop, end) in enumerate(self._next):
            while stop <= (found or at):
                start, stop, end = self._next[kind] = next(self._kinds[kind], _NO_ZONE)
            if not found and start <= at and self._may_start(kind, at):
                found = end
                while stop <= found:  # nothing is asked for before that
                    start, stop, _ = self._next[kind] = next(self._kinds[kind], _NO_ZONE)
            if start < self.coming:
                self.coming = start
        return found

    def _may_start(self, kind: int, at: int) -> bool:
        if self._kinds[kind] is not self._naked:
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
            yield start, start + 1, end


def _domains(text: str, bodies: "_Bodies") -> Iterator[_Zone]:
    for match in _DOMAIN.finditer(text):
        start, stop = match.span()
        stop -= 1
        if text[stop] != "/":
            continue
        dot = text.rfind(".", max(start, stop - 14), stop)
        if dot > start and stop - dot > 2 and text[dot + 1 : stop].isalpha():
            end = bodies.end(stop + 1)
            if end:
                yield start, dot, end


def _naked_domains(text: str) -> Iterator[_Zone]:
    for match in _LABELS.finditer(text):
        start, stop = match.span()
        dot = text.rfind(".", start, stop)
        if dot < 0:
            continue
        # Two characters more, so that what looks ahead sees what comes after the labels.
        last = _LAST_LABEL.match(text, dot, stop + 2)
        if not last:
            for last in _LAST_LABEL.finditer(text, start, dot):  # noqa: B007
                pass
        if last:
            yield start, *last.span()


def _addresses(text: str) -> Iterator[_Zone]:
    for match in _MAIL.finditer(text):
        yield *match.span(), match.end(1)


class _Bodies:
    """What follows the protocol or domain of a URL.

    That is plain characters and pairs of brackets, the last of them no punctuation, as long as can
    be.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._plain = (0, 0, 0)  # a run of plain characters, and where the last no punctuation ends
        self._run = _Run(text, 0, 0)

    def end(self, begin: int) -> int:
        """Where it ends when it begins here, 0 if it does not."""
        start, stop, last = self._plain
        if not start <= begin < stop:
            stop = last = begin
            if self._text[begin : begin + 1] != "(":
                stop = _end(_PLAIN, self._text, begin)
                last = begin + len(self._text[begin:stop].rstrip(_NOT_LAST))
                self._plain = begin, stop, last
        found = 0
        if self._text[stop : stop + 1] == "(":
            if not self._run.start <= begin < self._run.stop:
                self._run = _Run(self._text, begin, _end(_SOLID, self._text, begin))
            found = self._run.end(stop, going=begin < stop)
        return found or (last if last > begin + 1 else 0)


def _end(run: re.Pattern[str], text: str, begin: int) -> int:
    match = run.match(text, begin)
    assert match is not None
    return match.end()


class _Run:
    """A run without white space, with brackets in it.

    The expression takes characters or brackets as long as what comes then can go on or end. So for
    each bracket, from the last to the first, it is found where a body ends that begins there, or
    goes on there once something has been taken; or 0.
    """

    def __init__(self, text: str, start: int, stop: int) -> None:
        self.start, self.stop = start, stop
        closed = text.rfind(")", start, stop) + 1  # no pair of brackets ends after that
        self._places = array("i", (m.start() for m in _BRACKET.finditer(text, start, closed)))
        self._begun = array("i", [0]) * (len(self._places) + 1)
        self._going = self._begun[:]
        if closed:
            following = _BRACKET.search(text, closed, stop)
            self._find(text, following.start() if following else stop)

    def end(self, place: int, going: bool) -> int:
        """Where a body ends of which a bracket at this place is the first, or goes on there."""
        return (self._going if going else self._begun)[bisect_left(self._places, place)]

    def _find(self, text: str, following: int) -> None:
        places, going, size = self._places, self._going, len(self._places)
        # The next bracket, from each on, that is round, closing, closing and followed by something.
        never = array("i", [size]) * (size + 3)
        bracket, closing, good = never, never[:], never[:]
        after = array("i", [0]) * (size + 1)  # where what comes after a bracket ends
        for i in range(size - 1, -1, -1):
            place, character = places[i], text[places[i]]
            after[i] = going[i + 1]
            if not after[i]:
                last = place + 1 + len(text[place + 1 : following].rstrip(_NOT_LAST))
                after[i] = last if last > place + 1 else 0
            bracket[i], closing[i], good[i] = bracket[i + 1], closing[i + 1], good[i + 1]
            if character == "(":
                bracket[i] = i
                nested = self._nested(text, i, bracket)
                further = i + 1 if following > place + 1 else i + 2  # something is in between
                more = (nested and after[nested]) or after[good[further]]
                shortest = closing[further] < size and places[closing[further]] + 1
                self._begun[i] = more
                going[i] = more or (nested and places[nested] + 1) or shortest
            elif character == ")":
                bracket[i] = closing[i] = i
                good[i] = i if after[i] else good[i]
            following = place

    def _nested(self, text: str, start: int, bracket: "array[int]") -> int:
        """Where brackets with one pair of brackets inside, `(a(b)c)`, that start here end, or 0."""
        places, size = self._places, len(self._places)
        inner = bracket[start + 1]
        if inner < size and text[places[inner]] == "(":
            closed = bracket[inner + 1]
            outer = bracket[closed + 1]
            if outer < size and text[places[closed]] == text[places[outer]] == ")":
                return outer if places[closed] > places[inner] + 1 else 0
        return 0
