"""Healing as a loop over clusters: slow, plain, and what the arrays of `heal` are measured by."""

import re
import unicodedata

from chude.text.clusters import REMOVED, REPLACED

_MARKS = "\u0300-\u036f"
_CLUSTER = re.compile(rf"[{REMOVED}]|[^{_MARKS}{REMOVED}](?:[{REMOVED}]*[{_MARKS}])*|[{_MARKS}]+")


def heal_by_clusters(text: str) -> tuple[str, list[int], list[int]]:
    """The healed text, and for each of its characters the span that it stands for."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _CLUSTER.finditer(text):
        visible = "".join(c for c in match[0] if c not in REMOVED)
        piece = unicodedata.normalize("NFC", visible)
        if piece:
            start, end = match.span()
            pieces.append(piece)
            cuts = [min(start + i, end - 1) for i in range(len(piece))]
            starts.extend(cuts)
            ends.extend([*(cut + 1 for cut in cuts[:-1]), end])
    return "".join(pieces).translate(str.maketrans(REPLACED)), starts, ends
