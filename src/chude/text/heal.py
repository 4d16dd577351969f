"""Heal the characters of a text: one Unicode form, one kind of quotes and spaces.

It comes before segmentation and keeps a map back to the text as it was written.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chude.compute.backend import started
from chude.text import compose_numpy
from chude.text.clusters import (
    MARK,
    UNSURE,
    exchange,
    heal_clusters,
    healed_code,
    healed_codes,
    is_healed,
)
from chude.text.code_points import JoinedTexts, code_points, to_string
from chude.text.compose_numpy import Composed

_FEW = 1000  # one of so many characters; inserting those one by one is faster than all at once


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
class Moved:
    """The texts of a batch whose characters may not have kept their offsets.

    texts: int64 (n_moved,), their places in the batch. healed: these alone. starts, ends: integers
        (n_codes of `healed`,), for each character the span that it stands for, in these texts as
        they were given, joined too. bases: int64 (n_moved,), where they began there.
    """

    texts: NDArray[np.int64]
    healed: JoinedTexts
    starts: NDArray[np.integer]
    ends: NDArray[np.integer]
    bases: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class HealedTexts:
    """A batch of healed texts; `moved` is None when every character kept its offset."""

    joined: JoinedTexts
    moved: Moved | None = None


def heal(text: str) -> Healed:
    """Unicode NFC, one kind of quotes and spaces, no invisible characters; line breaks stay."""
    if is_healed(text):
        return Healed(exchange(text))
    clusters = heal_clusters([text])
    return Healed(clusters.text, clusters.starts, clusters.ends)


def heal_all(texts: Sequence[str]) -> HealedTexts:
    """What `heal` makes of each text.

    A table exchanges most characters. In texts with others, invisible characters are left out and
    a letter and its marks become one character, by arrays too. Only clusters for which that does
    not do, such as letters of other alphabets with marks, are healed one by one.
    """
    given = JoinedTexts.of(texts)
    codes, odd = _exchanged(given)
    joined = replace(given, codes=codes)
    places = np.flatnonzero(odd)
    if not len(places):
        return HealedTexts(joined)
    if len(places) == len(texts):
        moved = _moved(given, joined, places)
        return HealedTexts(moved.healed, moved)
    moved = _moved(_taken(given, places), _taken(joined, places), places)
    return HealedTexts(_with(joined, moved), moved)


def _exchanged(given: JoinedTexts) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The table's code points, and how many of each text are none but what is in place of one.

    Numba is used if it is loaded anyway.
    """
    odd = np.empty(len(given), np.int64)
    if started():
        from chude.text import kernels_numba

        codes = np.empty(len(given.codes), np.uint32)
        largest = kernels_numba.exchange(given.codes, given.starts, healed_codes(), codes, odd)
        unsure = np.flatnonzero((codes if largest == UNSURE else codes[:0]) == UNSURE)
    else:
        codes = healed_codes().take(given.codes, mode="clip")
        places = np.flatnonzero(codes >= MARK)
        odd[:] = np.diff(np.searchsorted(places, np.append(given.starts, len(codes))))
        unsure = places[codes[places] == UNSURE]
    if len(unsure):
        distinct, which = np.unique(given.codes[unsure], return_inverse=True)
        codes[unsure] = np.array(list(map(healed_code, distinct.tolist())), np.uint32)[which]
        settled = unsure[codes[unsure] < MARK]
        texts = np.searchsorted(given.starts, settled, "right") - 1
        odd -= np.bincount(texts, minlength=len(odd))
    return codes, odd


def _taken(joined: JoinedTexts, texts: NDArray[np.int64]) -> JoinedTexts:
    """Some of the texts."""
    lengths = joined.lengths[texts]
    starts = np.cumsum(lengths + 1) - lengths - 1
    codes = np.full(int(lengths.sum()) + len(texts) - 1, ord("\n"), np.uint32)
    for at, text in zip(starts.tolist(), texts.tolist(), strict=True):
        codes[at : at + joined.lengths[text]] = _codes_of(joined, text)
    return JoinedTexts(codes, starts, lengths)


def _codes_of(joined: JoinedTexts, text: int) -> NDArray[np.uint32]:
    start = joined.starts[text]
    return joined.codes[start : start + joined.lengths[text]]


def _with(joined: JoinedTexts, moved: Moved) -> JoinedTexts:
    """The batch with the texts that have moved in place of what they were."""
    lengths = joined.lengths.copy()
    lengths[moved.texts] = moved.healed.lengths
    parts, done = [], 0
    for i, text in enumerate(moved.texts.tolist()):
        parts += [joined.codes[done : joined.starts[text]], _codes_of(moved.healed, i)]
        done = joined.starts[text] + joined.lengths[text]
    parts.append(joined.codes[done:])
    return JoinedTexts(np.concatenate(parts), np.cumsum(lengths + 1) - lengths - 1, lengths)


def _moved(given: JoinedTexts, exchanged: JoinedTexts, texts: NDArray[np.int64]) -> Moved:
    """Heal some texts of a batch: what the table left in them, and where their characters were."""
    if started():
        from chude.text import compose_numba

        composed = compose_numba.compose(exchanged)
    else:
        composed = compose_numpy.compose(exchanged)
    codes, starts, ends = _with_clusters(given.codes, composed)
    feeds = (given.starts[1:] - 1).astype(starts.dtype)  # or all the starts would be made longer
    bases = np.append(0, np.searchsorted(starts, feeds) + 1)
    lengths = np.diff(bases, append=len(codes) + 1) - 1
    return Moved(texts, JoinedTexts(codes, bases, lengths), starts, ends, given.starts)


def _with_clusters(
    given: NDArray[np.uint32], composed: Composed
) -> tuple[NDArray[np.uint32], NDArray[np.integer], NDArray[np.integer]]:
    """Code points, starts and ends with the clusters that are left put in."""
    codes, starts, ends, left = composed
    if not len(left):
        return codes, starts, ends
    begins, stops, at = left.T
    pieces = zip(begins.tolist(), stops.tolist(), strict=True)
    healed = heal_clusters([to_string(given[a:b]) for a, b in pieces])
    sizes = stops - begins
    moves = np.repeat(begins - np.cumsum(sizes) + sizes, healed.sizes)
    at = np.repeat(at, healed.sizes)
    return (
        _inserted(codes, at, code_points(healed.text)),
        _inserted(starts, at, healed.starts + moves),
        _inserted(ends, at, healed.ends + moves),
    )


def _inserted(column: NDArray[Any], at: NDArray[np.int64], values: NDArray[Any]) -> NDArray[Any]:
    """The column with values put in before these places, which are in order."""
    if len(at) * _FEW > len(column):
        return np.insert(column, at, values)
    first = np.flatnonzero(np.diff(at, prepend=-1))
    cuts = np.concatenate([[0], at[first], [len(column)]]).tolist()
    bounds = np.append(first, len(at)).tolist()
    parts = [column[: cuts[1]]]
    for begin, stop, start, end in zip(bounds, bounds[1:], cuts[1:], cuts[2:], strict=False):
        parts += [values[begin:stop], column[start:end]]
    return np.concatenate(parts, dtype=column.dtype, casting="same_kind")
