"""What healing does to single characters, and to clusters: a character and the marks after it.

A cluster is healed the same whatever stands around it. Invisible characters between its marks
belong to it, others stand alone; marks at the beginning of a text have nothing to belong to.
"""

import re
import sys
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chude.text.code_points import distinct
from chude.text.nfc import nfc

REPLACED = {
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"',
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "ʼ": "'", "′": "'", "´": "'",
    "ð": "đ", "Ð": "Đ",
    **dict.fromkeys("\u00a0\u1680\u202f\u205f\u3000\t\v\f\x1c\x1d\x1e\x1f\x85", " "),
    **{chr(code): " " for code in range(0x2000, 0x200B)},
    "\u2028": "\n", "\u2029": "\n",
}  # fmt: skip
REMOVED = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\x00"
_TABLE = str.maketrans(REPLACED)
_ODD = re.compile("[" + re.escape("".join(REPLACED)) + "]")
_INVISIBLE = re.compile(f"[{REMOVED}]")
_FIRST_MARK, _LAST_MARK = 0x0300, 0x036F
_MARKS = f"{chr(_FIRST_MARK)}-{chr(_LAST_MARK)}"
# Possessive, so that nothing is kept of a long cluster to go back to.
_CLUSTER = re.compile(
    rf"[{REMOVED}]|[^{_MARKS}{REMOVED}](?:[{REMOVED}]*+[{_MARKS}])*+|[{_MARKS}]++"
)
_VIETNAMESE = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"  # marks
_LATIN = _VIETNAMESE + "\u0304\u0307\u0308\u030a\u030b\u030c\u0327\u0328"  # of names from elsewhere
_LAST_LETTER = 0x1EFF
_SURE = [(0, 0x2FF), (0x1E00, 0x1EFF), (0x2002, 0x20CF), (0x2100, 0x2125), (0x2190, 0x2328),
         (0x232B, 0x27FF)]  # fmt: skip
# In place of code points: marks, of which this is the first; characters that become several, that
# are left out, and of which the table does not know what they become.
MARK, SEVERAL, LEFT_OUT, UNSURE = 0xFFFFFF00, 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF


class HealedClusters(NamedTuple):
    """The healed characters of several strings, one after the other.

    starts, ends: int32 (len(text),), their spans in the strings, put together. sizes: int32
        (n_strings,), healed characters of each.
    """

    text: str
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    sizes: NDArray[np.int32]


@cache
def healed_codes() -> NDArray[np.uint32]:
    """What each code point becomes, or what is in place of that.

    The last entry, UNSURE, is that of all further ones. Sure are letters of Vietnamese and
    neighbouring alphabets, punctuation, arrows and symbols: in any order they are in NFC.
    """
    codes = np.full(0x2801, UNSURE, np.uint32)
    for first, last in _SURE:
        codes[first : last + 1] = np.arange(first, last + 1)
    for character, healed in REPLACED.items():
        if codes[min(ord(character), 0x2800)] != UNSURE:
            codes[ord(character)] = ord(healed)
    codes[[ord(character) for character in REMOVED if ord(character) < len(codes)]] = LEFT_OUT
    codes[_FIRST_MARK : _LAST_MARK + 1] = MARK + np.arange(_LAST_MARK - _FIRST_MARK + 1)
    return codes


@cache
def known_codes() -> NDArray[np.uint32]:
    """`healed_codes` for all code points, with those that `settle` has found out about."""
    codes = np.full(sys.maxunicode + 1, UNSURE, np.uint32)
    sure = healed_codes()[:-1]
    codes[: len(sure)] = sure
    return codes


def settle(codes: NDArray[np.uint32]) -> None:
    """Find out what these code points become, those of which the table does not know it."""
    known = known_codes()
    for code in distinct(codes[known.take(codes) == UNSURE]).tolist():
        known[code] = _healed_code(code)


def _healed_code(code: int) -> int:
    """What one code point becomes when no mark stands after it, or what is in place of that."""
    if chr(code) in REMOVED:
        return LEFT_OUT
    healed = nfc(chr(code)).translate(_TABLE)
    return ord(healed) if len(healed) == 1 else SEVERAL


@cache
def composed_letters() -> tuple[NDArray[np.intp], NDArray[np.uint32]]:
    """The column of each mark, counted from `MARK`, and what letters (rows) become with it.

    0 stands for what does not compose; the first column, that of rarer marks,
    and the last row, that of further letters, hold nothing else.
    """
    columns = np.zeros(_LAST_MARK - _FIRST_MARK + 1, np.intp)
    composed = np.zeros((_LAST_LETTER + 2, len(_LATIN) + 1), np.uint32)
    letters = [chr(code) for code in range(_LAST_LETTER + 1) if chr(code).isalpha()]
    for column, mark in enumerate(_LATIN, 1):
        columns[ord(mark) - _FIRST_MARK] = column
        for letter in letters:
            one = unicodedata.normalize("NFC", letter + mark).translate(_TABLE)
            composed[ord(letter), column] = ord(one) if len(one) == 1 else 0
    return columns, composed


def is_healed(text: str) -> bool:
    """Whether healing exchanges nothing but single characters of the text."""
    return not _INVISIBLE.search(text) and unicodedata.is_normalized("NFC", text)


def exchange(text: str) -> str:
    """The text with one kind of quotes and spaces."""
    return text.translate(_TABLE) if _ODD.search(text) else text


def heal_clusters(strings: Sequence[str]) -> HealedClusters:
    """Heal strings cluster by cluster, each distinct cluster once."""
    found = [_CLUSTER.findall(string) for string in strings]
    clusters = list(chain.from_iterable(found))
    healed = {one: nfc(_INVISIBLE.sub("", one)).translate(_TABLE) for one in set(clusters)}
    pieces = [healed[one] for one in clusters]
    old = np.fromiter(map(len, clusters), np.int32, len(clusters))
    new = np.fromiter(map(len, pieces), np.int32, len(pieces))
    after = np.cumsum(new, dtype=np.int32)
    ends = np.repeat(np.cumsum(old, dtype=np.int32), new)
    # What does not compose into one character keeps the order of its characters.
    inner = np.arange(len(ends), dtype=np.int32) - np.repeat(after - new, new)
    starts = np.minimum(ends - np.repeat(old, new) + inner, ends - 1)
    last = inner == np.repeat(new, new) - 1
    bounds = np.cumsum([0, *map(len, found)])
    sizes = np.diff(np.append(np.int32(0), after)[bounds])
    return HealedClusters("".join(pieces), starts, np.where(last, ends, starts + 1), sizes)
