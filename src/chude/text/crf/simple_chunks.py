r"""Tokens of chunks of simple shapes, without underthesea's regular expression.

A chunk is simple when no alternative of the expression can match in it but `\w+`, `\d+`,
`\.`, `\.{2,}` and those of any other single character. Each other one needs something that a
simple chunk does not have (tests compare with the expression):

* one of `= > < - & @ _ ° ♥`: so do `->`, `<3`, `H&M`, plates, hyphened words, e-mail
  addresses and phone numbers;
* `Th`, any character, and `S` or `s`;
* a full stop with a letter or digit right after it: so do domains, `T.Ư`, `v.v`, numbers and
  dates with full stops; or right after a whole word of capitals, or one of `Tp`, `Mr`, `Mrs`,
  `Ms`, `Dr` and `ThS`;
* a digit with a letter after it: so do `4K` and `3x4`; or digits on both sides of a comma or
  solidus;
* a colon with anything after it in the chunk: so do URLs, times and emoticons;
* an apostrophe with letters on both sides.

So every run of letters and digits, every run of full stops and every other character is a token,
whether the text ends after the chunk or not.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chude.text.code_points import tested

_END, _ODD, _SINGLE, _COLON, _BETWEEN, _APOSTROPHE, _STOP, _DIGIT, _LETTER = range(9)
_KNOWN = 0x2100  # characters from here on are odd
_CAPITALS = np.array([ord(letter) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZĐ"], np.uint32)
_TITLES = [np.array([*map(ord, of)], np.uint32) for of in ("TMD", "prsS")]  # first, last letters
_T, _H, _S, _SMALL_S = map(ord, "ThSs")


class Pieces(NamedTuple):
    """Tokens: the numbers of their chunks, and their places in the text of all chunks."""

    chunks: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


@cache
def _kinds() -> NDArray[np.uint8]:
    """Kinds of characters; the last one is that of all further characters."""
    kinds = np.full(_KNOWN + 1, _SINGLE, np.uint8)
    kinds[:_KNOWN][tested(str.isalnum, _KNOWN)] = _ODD
    kinds[:_KNOWN][tested(str.isalpha, _KNOWN)] = _LETTER
    kinds[_KNOWN] = _ODD
    given = {
        _END: "\n", _ODD: "=><-&@_°ʺ", _COLON: ":", _BETWEEN: ",/", _APOSTROPHE: "'’", _STOP: ".",
        _DIGIT: "0123456789",
    }  # fmt: skip
    for kind, characters in given.items():
        kinds[[ord(character) for character in characters]] = kind
    return kinds


@cache
def _bad_pairs() -> NDArray[np.bool_]:
    """By two kinds, 16 times the first and the second: whether no simple chunk has them so."""
    bad = np.zeros((16, 16), np.bool_)
    bad[_ODD] = True
    bad[_COLON, _ODD:] = True
    bad[_STOP, [_DIGIT, _LETTER]] = True
    bad[_DIGIT, _LETTER] = True
    return bad.reshape(-1)


def split_simple(codes: NDArray[np.uint32]) -> tuple[Pieces, NDArray[np.bool_]]:
    """Tokens of the simple ones among chunks, after each of which `codes` has a line feed.

    Also which chunks are simple (n_chunks,).
    """
    kinds = _kinds().take(codes, mode="clip")
    ends = kinds == _END
    runs = (kinds >= _DIGIT) + 2 * (kinds == _STOP)
    begins = ~ends
    begins[1:] &= (runs[1:] != runs[:-1]) | (runs[1:] == 0)
    starts = np.flatnonzero(begins)
    stops = np.flatnonzero(~ends[:-1] & (begins[1:] | ends[1:])) + 1
    chunk_ends = np.flatnonzero(ends)
    simple = np.ones(len(chunk_ends), np.bool_)
    simple[np.searchsorted(chunk_ends, _oddities(codes, kinds))] = False
    simple[np.searchsorted(chunk_ends, _abbreviations(codes, kinds, starts, stops))] = False
    chunks = np.searchsorted(chunk_ends, starts)
    taken = simple[chunks]
    return Pieces(chunks[taken], starts[taken], stops[taken]), simple


def _oddities(codes: NDArray[np.uint32], kinds: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Places of characters that no simple chunk has in these surroundings."""
    pairs = np.flatnonzero(_bad_pairs()[kinds[:-1] * np.uint8(16) + kinds[1:]])
    # Before the first character is the last one: a line feed.
    between = np.flatnonzero((kinds == _BETWEEN) | (kinds == _APOSTROPHE))
    before, after = kinds[between - 1], kinds[between + 1]
    digits = (before == _DIGIT) & (after == _DIGIT)
    words = (before >= _DIGIT) & (after >= _DIGIT)
    between = between[digits | (words & (kinds[between] == _APOSTROPHE))]
    th = np.flatnonzero((codes[:-3] == _T) & (codes[1:-2] == _H))
    th = th[(codes[th + 3] == _S) | (codes[th + 3] == _SMALL_S)]
    return np.concatenate([pairs, between, th])


def _abbreviations(
    codes: NDArray[np.uint32],
    kinds: NDArray[np.uint8],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Where words start that may be abbreviations with a full stop."""
    before_stop = (kinds[stops] == _STOP) & (kinds[starts] == _LETTER)
    starts, stops = starts[before_stop], stops[before_stop]
    capitals = np.append(0, np.cumsum(_among(codes, _CAPITALS)))
    all_capitals = capitals[stops] - capitals[starts] == stops - starts
    title = (stops - starts <= 3) & _among(codes[starts], _TITLES[0])
    title &= _among(codes[stops - 1], _TITLES[1])
    return starts[all_capitals | title]


def _among(codes: NDArray[np.uint32], some: NDArray[np.uint32]) -> NDArray[np.bool_]:
    # Any other kind imports numpy.ma, for which `chude predict` of one file would have to wait.
    return np.isin(codes, some, kind="table")
