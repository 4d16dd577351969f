"""Heal the characters of a text: one Unicode form, one kind of quotes and spaces.

It comes before segmentation and keeps a map back to the text as it was written.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from chude.compute.backend import started
from chude.text.code_points import JoinedTexts, code_points

_REPLACED = {
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"',
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "ʼ": "'", "′": "'", "´": "'",
    "ð": "đ", "Ð": "Đ",
    **dict.fromkeys("\u00a0\u1680\u202f\u205f\u3000\t\v\f\x1c\x1d\x1e\x1f\x85", " "),
    **{chr(code): " " for code in range(0x2000, 0x200B)},
    "\u2028": "\n", "\u2029": "\n",
}  # fmt: skip
_REMOVED = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\x00"
_TABLE = str.maketrans(_REPLACED)
_ODD = re.compile("[" + re.escape("".join(_REPLACED)) + "]")
_MARKS = "\u0300-\u036f"
_CLUSTER = re.compile(
    rf"[{_REMOVED}]|[^{_MARKS}{_REMOVED}](?:[{_REMOVED}]*[{_MARKS}])*|[{_MARKS}]+"
)
_INVISIBLE = re.compile(f"[{_REMOVED}]")
_SURE = [(0, 0x2FF), (0x1E00, 0x1EFF), (0x2002, 0x20CF), (0x2100, 0x2125), (0x2190, 0x2328),
         (0x232B, 0x27FF)]  # fmt: skip
_UNSURE = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Healed:
    """A healed text and, where its length changed, the way back.

    starts, ends: int64 (len(text),), for each character of `text` the span in the original text
        that it stands for; both None when every character kept its offset.
    """

    text: str
    starts: NDArray[np.int64] | None = None
    ends: NDArray[np.int64] | None = None

    def spans(self, spans: NDArray[np.int64]) -> NDArray[np.int64]:
        """Offsets in the original text of spans of the healed one; both (n, 2)."""
        if self.starts is None or self.ends is None:
            return spans
        return np.stack([self.starts[spans[:, 0]], self.ends[spans[:, 1] - 1]], axis=1)


@dataclass(frozen=True, slots=True)
class HealedTexts:
    """A batch of healed texts.

    moved: those whose characters have not kept their offsets, by their places in the batch.
    """

    joined: JoinedTexts
    moved: dict[int, Healed]


def heal_all(texts: Sequence[str]) -> HealedTexts:
    """What `heal` makes of each text.

    A table exchanges most characters at once; only texts with others, those which the table does
    not hold, are healed one by one.
    """
    joined = JoinedTexts.of(texts)
    codes = _exchanged(joined.codes)
    unsure = np.flatnonzero(codes == _UNSURE)
    if not len(unsure):
        return HealedTexts(replace(joined, codes=codes), {})
    places = np.unique(np.searchsorted(joined.starts, unsure, side="right") - 1).tolist()
    alone = {place: heal(texts[place]) for place in places}
    moved = {place: one for place, one in alone.items() if one.starts is not None}
    if moved:
        texts = [moved[i].text if i in moved else text for i, text in enumerate(texts)]
        joined = JoinedTexts.of(texts)
        codes = _exchanged(joined.codes)
    for place, one in alone.items():
        start = joined.starts[place]
        codes[start : start + len(one.text)] = code_points(one.text)
    return HealedTexts(replace(joined, codes=codes), moved)


def _exchanged(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """What the table has for the code points; without numba if it is not loaded anyway."""
    if started():
        from chude.text import kernels_numba

        healed = np.empty(len(codes), np.uint32)
        kernels_numba.exchange(codes, _healed_codes(), healed)
        return healed
    return _healed_codes().take(codes, mode="clip")


@cache
def _healed_codes() -> NDArray[np.uint32]:
    """What healing makes of each code point; _UNSURE where that depends on those around it.

    The last entry is that of all further ones. Sure are letters of Vietnamese and neighbouring
    alphabets, punctuation, arrows and symbols: in any order they are in normal form NFC.
    """
    codes = np.full(0x2801, _UNSURE, np.uint32)
    for first, last in _SURE:
        codes[first : last + 1] = np.arange(first, last + 1)
    for character, healed in _REPLACED.items():
        if codes[min(ord(character), 0x2800)] != _UNSURE:
            codes[ord(character)] = ord(healed)
    codes[[ord(character) for character in _REMOVED if ord(character) < len(codes)]] = _UNSURE
    return codes


def heal(text: str) -> Healed:
    """Unicode NFC, one kind of quotes and spaces, no invisible characters; line breaks stay."""
    healed = Healed(text)
    if _INVISIBLE.search(text) or not unicodedata.is_normalized("NFC", text):
        healed = _compose(text)
    if _ODD.search(healed.text):
        healed = replace(healed, text=healed.text.translate(_TABLE))
    return healed


def _compose(text: str) -> Healed:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _CLUSTER.finditer(text):
        piece = unicodedata.normalize("NFC", _INVISIBLE.sub("", match[0]))
        if piece:
            start, end = match.span()
            pieces.append(piece)
            # What does not compose into one character keeps the order of its characters.
            cuts = [min(start + i, end - 1) for i in range(len(piece))]
            starts.extend(cuts)
            ends.extend([*(cut + 1 for cut in cuts[:-1]), end])
    return Healed("".join(pieces), np.array(starts, np.int64), np.array(ends, np.int64))
