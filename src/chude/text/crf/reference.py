"""Underthesea's own word segmenter: its rules, and the slow, general way through it.

`segment_text` asks underthesea itself for the words of a text and finds out where in the text they
stand.
"""

import re
import unicodedata
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chude.text.crf.scanner import Near, scan, without_far_looks
from chude.text.nfc import nfc

_LETTERS = re.compile("Th|ʺ")
_EXCHANGED = str.maketrans("ðÐ", "đĐ")
_LONG = 6  # characters; longer tokens are spelled as they are


@dataclass(frozen=True, slots=True)
class TextWords:
    """Words of one text with their places in it, in code points."""

    words: list[str]
    starts: list[int]
    ends: list[int]


def segment_text(text: str) -> TextWords:
    """Words of `text` according to underthesea itself."""
    regex = _regex_tokenize()
    pieces = regex.tokenize(text, use_token_normalize=False)
    tokens = regex.tokenize(text)
    spans = _locate(text, pieces)
    words, starts, ends, done = [], [], [], 0
    for word in _word_tokenize(text):
        count, size = 0, -1
        while size < len(word):  # a word is its tokens joined by single spaces
            size += len(tokens[done + count]) + 1
            count += 1
        words.append(word.replace(" ", "_"))
        starts.append(spans[done][0])
        ends.append(spans[done + count - 1][1])
        done += count
    return TextWords(words, starts, ends)


def _locate(text: str, pieces: list[str]) -> list[tuple[int, int]]:
    """Places in `text` of the pieces of its normalised form, which leave only white space out."""
    from underthesea.pipeline.text_normalize.character_normalize import (
        normalize_characters_in_text,  # that of the installed version, whichever it is
    )

    normalised = normalize_characters_in_text(text)
    origin = origins(text, normalised, normalize_characters_in_text).tolist()
    spans, at = [], 0
    for piece in pieces:
        while not normalised.startswith(piece, at):
            at += 1
        start, at = at, at + len(piece)
        spans.append((origin[start][0], origin[at - 1][1]))
    return spans


def normalise(text: str) -> str:
    """What the verified underthesea makes of the characters: NFC, and two letters exchanged."""
    text = nfc(text)
    for letter, other in _EXCHANGED.items():  # much faster than translate() where there is none
        text = text.replace(chr(letter), chr(other))
    return text


def origins(
    text: str, normalised: str, normalise: Callable[[str], str] = normalise
) -> NDArray[np.int32]:
    """For each character of `normalised`, the span of `text` that it comes from, (n, 2).

    `text` is cut wherever both sides normalise separately; inside an uncut stretch, which is a
    base character with combining marks as a rule, characters are matched in proportion.
    """
    if text == normalised:
        places = np.arange(len(text), dtype=np.int32)
        return np.stack([places, places + 1], axis=1)
    spans = array("i")
    for start, stop in _stretches(text):
        size, new = stop - start, len(normalise(text[start:stop]))
        for i in range(new):
            begin = start + i * size // new
            spans.extend((begin, max(start + (i + 1) * size // new, begin + 1)))
    return np.array(spans, np.int32).reshape(-1, 2)


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Shortest stretches of `text` that normalise independently of each other."""
    start = 0
    for at in range(1, len(text)):
        if not _combines(text[at]) and _separable(text[start:at], text[at]):
            yield start, at
            start = at
    if text:
        yield start, len(text)


@lru_cache(1 << 16)
def _combines(character: str) -> bool:
    """Whether `character` may move into what stands before it."""
    return unicodedata.combining(unicodedata.normalize("NFD", character)[0]) != 0


def _separable(before: str, character: str) -> bool:
    """Whether `character`, which does not move, does not join what stands before it either."""
    if len(before) < _LONG:
        return _separable_short(before, character)
    return nfc(before + character) == nfc(before) + nfc(character)


@lru_cache(1 << 16)
def _separable_short(before: str, character: str) -> bool:
    return nfc(before + character) == nfc(before) + nfc(character)


def _regex_tokenize() -> Any:
    from underthesea.pipeline.word_tokenize import regex_tokenize

    return regex_tokenize


def _word_tokenize(text: str) -> list[str]:
    from underthesea import word_tokenize

    words: list[str] = word_tokenize(text)
    return words


@dataclass(frozen=True)
class TokenRules:
    """Underthesea's rules for a token: its regular expression, and spellings that it exchanges."""

    expression: str
    spellings: dict[str, str]

    @classmethod
    def of_underthesea(cls) -> "TokenRules":
        """The rules of the installed version."""
        from underthesea.pipeline.text_normalize.text_normalizer import token_map

        return cls(_regex_tokenize().regex_patterns_combine, dict(token_map))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The expression, compiled anew: words fixed by some caller change underthesea's own."""
        return re.compile(self.expression, re.VERBOSE | re.UNICODE)

    @cached_property
    def near(self) -> Near:
        """The expression for `scanner.scan`."""
        return without_far_looks(self.expression)

    def spans(self, chunk: str, final: bool) -> NDArray[np.int32]:
        r"""Places (n_tokens, 2) of the tokens of the normalised `chunk`.

        White space follows the chunk, or if `final` the end of the text. All alternatives of the
        expression but `\w+` need a character that is no letter, save `Th.S`, `Th.s`, `ʺ`.
        """
        if chunk.isalpha() and not _LETTERS.search(chunk):
            return np.array([[0, len(chunk)]], np.int32)
        return scan(chunk if final else chunk + " ", self.near)

    def spans_of_text(self, normalised: str) -> NDArray[np.int32]:
        """Places (n_tokens, 2) of the tokens of a whole normalised text."""
        return scan(normalised, self.near)

    def spell(self, token: str) -> str:
        """The spelling that underthesea uses for the normalised `token`."""
        return token if len(token) > _LONG else self.spellings.get(token, token)
