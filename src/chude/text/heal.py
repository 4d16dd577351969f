"""Heal the characters of a text: one Unicode form, one kind of quotes and spaces.

It comes before segmentation and keeps a map back to the text as it was written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chude.compute.backend import started
from chude.compute.growing import GrowingArray
from chude.text import compose_numpy
from chude.text.clusters import (
    MARK,
    SEVERAL,
    UNSURE,
    exchange,
    heal_clusters,
    is_healed,
    known_codes,
    settle,
)
from chude.text.code_points import JoinedTexts, code_points, to_string
from chude.text.compose_numpy import Composed
from chude.text.string_table import StringTable

_BLOCK = 1 << 16  # characters whose marks are looked at together; what that takes is little
_NEAR = 1 << 6  # characters among which one that begins a cluster is looked for at a time


@dataclass(frozen=True, slots=True)
class Healed:
    """A healed text and, where its length changed, the way back.

    starts, ends: integers (len(text),), for each character of `text` the span in the original text
        that it stands for; both None when every character kept its offset.
    """

    text: str
    starts: NDArray[np.integer] | None = None
    ends: NDArray[np.integer] | None = None

    def spans(self, spans: NDArray[np.integer]) -> NDArray[np.integer]:
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
    healed = heal_all([text])
    moved = healed.moved
    spans = (moved.starts, moved.ends) if moved else ()
    return Healed(healed.joined.string, *spans)


def heal_all(texts: Sequence[str]) -> HealedTexts:
    """What `heal` makes of each text.

    A table exchanges most characters. In texts with others, invisible characters are left out and
    a letter and its marks become one character, by arrays too. Only clusters for which that does
    not do, such as letters of other alphabets with marks, are healed one by one.
    """
    given = JoinedTexts.of(texts)
    joined, odd = _exchanged(given)
    places = np.flatnonzero(odd)
    if not len(places):
        return HealedTexts(joined)
    if len(places) == len(texts):
        moved = _moved(given, places)
        return HealedTexts(moved.healed, moved)
    moved = _moved(_taken(given, places), places)
    return HealedTexts(_with(joined, moved), moved)


def _exchanged(given: JoinedTexts) -> tuple[JoinedTexts, NDArray[np.bool_]]:
    """The texts with the table's code points, and in which there is more to do.

    Of these, not all may be exchanged. Numba is used if it is loaded anyway.
    """
    if not started():
        codes = known_codes().take(given.codes)
        if codes.max(initial=0) == UNSURE:
            settle(given.codes)
            codes = known_codes().take(given.codes)
        # Of each text with the line feed after it; of an empty one at the end, of that before it.
        starts = np.minimum(given.starts, len(codes) - 1)
        largest = np.maximum.reduceat(codes, starts) if len(codes) else np.zeros(len(given))
        return replace(given, codes=codes), largest >= MARK
    from chude.text import kernels_numba

    codes, odd = np.empty(len(given.codes), np.uint32), np.empty(len(given), np.bool_)
    if kernels_numba.exchange(given.codes, given.starts, known_codes(), codes, odd):
        settle(given.codes)
        kernels_numba.exchange(given.codes, given.starts, known_codes(), codes, odd)
    return replace(given, codes=codes), odd


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


def _moved(given: JoinedTexts, texts: NDArray[np.int64]) -> Moved:
    """Heal some texts of a batch: also what the table leaves in them; where characters were."""
    size = len(given.codes)
    places = np.int32 if size < 1 << 31 else np.int64
    columns = GrowingArray(np.uint32), GrowingArray(places), GrowingArray(places)
    for start, stop in _cuts(given.codes):
        composed = _composed(_block(given, start, stop), start, columns, size - start)
        healed = _with_clusters(given.codes, composed)
        for column, values in zip(columns, healed, strict=True):
            if values.base is column.memory:  # where they belong
                column.claim(len(column) + len(values))
            else:
                column.reserve(size - start)
                column.extend(values)
    codes, starts, ends = (column.array for column in columns)
    feeds = (given.starts[1:] - 1).astype(places)  # or all the starts would be made longer
    bases = np.append(0, np.searchsorted(starts, feeds) + 1)
    lengths = np.diff(bases, append=len(codes) + 1) - 1
    return Moved(texts, JoinedTexts(codes, bases, lengths), starts, ends, given.starts)


def _cuts(codes: NDArray[np.uint32]) -> Iterator[tuple[int, int]]:
    """Where blocks start and stop: before characters that no mark or invisible one joins.

    A block is longer than `_BLOCK` only where so many marks or invisible characters follow.
    """
    start = 0
    while start < len(codes):
        stop = start + _BLOCK
        while stop < len(codes):
            inside = codes[max(start + 1, stop - _NEAR) : stop + 1]
            settle(inside)
            inside = known_codes().take(inside)
            bases = np.flatnonzero((inside < MARK) | (inside == SEVERAL))
            if len(bases):
                stop += int(bases[-1]) + 1 - len(inside)
                break
            stop += _NEAR
        stop = min(stop, len(codes))
        yield start, stop
        start = stop


def _block(given: JoinedTexts, start: int, stop: int) -> JoinedTexts:
    """The texts, and parts of texts, between two places."""
    firsts = np.searchsorted(given.starts, [start, stop], "right")
    inside = slice(firsts[0] - 1, firsts[1])
    starts = np.maximum(given.starts[inside], start)
    stops = np.minimum(given.starts[inside] + given.lengths[inside], stop)
    return JoinedTexts(given.codes[start:stop], starts - start, np.maximum(stops - starts, 0))


def _composed(
    block: JoinedTexts, start: int, columns: Sequence[GrowingArray], room: int
) -> Composed:
    """What stands in a block, compiled in the room that is made behind the columns' values."""
    if not started():
        return compose_numpy.compose(block, start)
    from chude.text import compose_numba

    for column in columns:
        column.reserve(room)  # once as a rule: healing seldom makes texts longer
    return compose_numba.compose(block, start, [column.memory[len(column) :] for column in columns])


def _with_clusters(
    given: NDArray[np.uint32], composed: Composed
) -> tuple[NDArray[np.uint32], NDArray[np.integer], NDArray[np.integer]]:
    """Code points, starts and ends with the clusters that are left put in."""
    codes, starts, ends, left = composed
    if not len(left):
        return codes, starts, ends
    begins, stops, at = left.T
    text, first = to_string(given[begins[0] : stops[-1]]), begins[0]
    clusters = StringTable()  # each distinct one is healed once
    cuts = zip((begins - first).tolist(), (stops - first).tolist(), strict=True)
    ids = np.array([clusters[text[begin:stop]] for begin, stop in cuts])
    healed = heal_clusters(clusters.names)
    sizes, firsts = healed.sizes[ids], _before(healed.sizes)[ids]
    rows = np.repeat(firsts - _before(sizes), sizes)
    rows += np.arange(len(rows), dtype=rows.dtype)
    moves = np.repeat(begins - _before(list(map(len, clusters.names)))[ids], sizes)
    slots = np.repeat(at.astype(np.int32), sizes)
    slots += np.arange(len(slots), dtype=np.int32)
    others = np.ones(len(codes) + len(slots), np.bool_)
    others[slots] = False
    return (
        _inserted(codes, code_points(healed.text)[rows], slots, others),
        _inserted(starts, moves + healed.starts[rows], slots, others),
        _inserted(ends, moves + healed.ends[rows], slots, others),
    )


def _before(sizes: Sequence[int] | NDArray[np.int32]) -> NDArray[np.int32]:
    """Where each of things of these sizes, one after the other, starts."""
    return np.cumsum(sizes, dtype=np.int32) - np.asarray(sizes, np.int32)


def _inserted(
    column: NDArray[Any], values: NDArray[Any], slots: NDArray[np.int32], others: NDArray[np.bool_]
) -> NDArray[Any]:
    """The column with values put in at these slots; others: whether each slot is none of them."""
    made = np.empty(len(others), column.dtype)
    made[slots], made[others] = values, column
    return made
