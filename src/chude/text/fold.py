"""Fold the spelling of words: lower case and one convention of tone marks.

It comes after segmentation, on the distinct words only, so its cost does not grow with the
length of the text.
"""

import re
from collections.abc import Sequence

_TONES = dict(zip(
        "aăâeêioôơuưy",
        ("àáảãạ", "ằắẳẵặ", "ầấẩẫậ", "èéẻẽẹ", "ềếểễệ", "ìíỉĩị",
         "òóỏõọ", "ồốổỗộ", "ờớởỡợ", "ùúủũụ", "ừứửữự", "ỳýỷỹỵ"),
        strict=True,
    ))  # fmt: skip
_MARK = {toned: (plain, mark) for plain, row in _TONES.items() for mark, toned in enumerate(row)}
_TONED_O, _TONED_U, _TONED_I = _TONES["o"], _TONES["u"], _TONES["i"]
_LETTER = "[^\\W\\d_]"
_MISPLACED = re.compile(
    # One set of first letters, and what stands before them told by looking back: that is searched
    # for five times as fast as alternatives with first letters of their own.
    rf"[ou{_TONED_O}{_TONED_U}{_TONED_I}](?:"
    # open oa, oe, uy: the mark stands on the first vowel (hoà → hòa); qu- is an initial (quý)
    rf"(?<=o)[{_TONES['a']}{_TONES['e']}](?!{_LETTER})|(?<=u)(?<!qu)[{_TONES['y']}](?!{_LETTER})"
    # closed oa, oe, uy: on the second (hòan → hoàn)
    rf"|(?<=[{_TONED_O}])[ae](?={_LETTER})|(?<=[{_TONED_U}])(?<!q[{_TONED_U}])y(?=[^\W\d_ê])"
    # qu- and gi- before a vowel are initials and carry no mark (qúy → quý, gìa → già)
    rf"|(?<=q[{_TONED_U}])[aăâeêioơy]|(?<=g[{_TONED_I}])[aăâeêoôơuư])"
)


def fold(word: str) -> str:
    """Lower case and one convention of tone marks: hoà → hòa, thuỷ → thủy, qúy → quý, gìa → già.

    The convention is the traditional one, mark on the first vowel of open oa, oe, uy, which most
    newspapers use; its length is the word's, but for the few letters whose lower case is longer.
    """
    return _MISPLACED.sub(_move_mark, word.lower())


def fold_all(words: Sequence[str]) -> list[str]:
    """`fold` of each word, by one pass over all of them."""
    folded = _MISPLACED.sub(_move_mark, "\n".join(words).lower()).split("\n")
    # A word may hold a line feed; and without any word, there is one empty string.
    return folded if len(folded) == len(words) else [fold(word) for word in words]


def _move_mark(match: re.Match[str]) -> str:
    first, second = match[0][0], match[0][1]
    if first in _MARK:
        plain, mark = _MARK[first]
        return plain + _TONES[second][mark]
    plain, mark = _MARK[second]
    return _TONES[first][mark] + plain
