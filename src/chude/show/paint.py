"""Which words of a text are painted, and how strongly."""

import itertools
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from operator import itemgetter

import numpy as np

from chude.model.decide import Bools, Floats

HELD = 0.6  # of the points of one side that its painted words hold
_LEAST_AGAINST = 0.5  # of the weakest word painted for the theme
LEVELS = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text.

    points: those of a painted word, else None. level: 1 to 4, how strong, 0 where not painted.
    """

    text: str
    points: float | None = None
    level: int = 0


def painted(points: Floats) -> Bools:
    """Which words are painted, bool (n_words,).

    For the theme it is the smallest set that holds 60 % of the points for it. Against it the same,
    of words that have at least half the points of the weakest one painted for it.
    """
    for_theme = _fewest(points)
    against = _fewest(-points)
    if for_theme.any():
        against &= -points >= _LEAST_AGAINST * points[for_theme].min()
    return for_theme | against


def _fewest(points: Floats) -> Bools:
    """The fewest words that hold their share of the positive points."""
    chosen = np.zeros(len(points), dtype=bool)
    order = np.argsort(-points, kind="stable")[: int((points > 0).sum())]
    held = np.cumsum(points[order])
    if len(order):
        chosen[order[: int(np.searchsorted(held, HELD * held[-1])) + 1]] = True
    return chosen


def level(points: float, most: float) -> int:
    """1 to 4; most: the points of the strongest word, without sign."""
    return min(LEVELS, max(1, ceil(LEVELS * abs(points) / most))) if most else 1


def pieces(
    text: str, start: int, marks: Sequence[tuple[int, int, float]], most: float
) -> list[Piece]:
    """The text cut at its marks.

    start: the text's offset. marks: start, end and points, in order, not overlapping; they may
    reach beyond the text. most: the points of the strongest word of all the article.
    """
    found = []
    at = 0
    before = bisect_right(marks, start, key=itemgetter(1))  # of a whole article's marks
    for first, last, points in itertools.islice(marks, before, None):
        if first >= start + len(text):
            break
        low, high = max(first - start, at), min(last - start, len(text))
        marked = text[low:high]  # of an n-gram that is cut where another ends: no space is painted
        low += len(marked) - len(marked.lstrip())
        high -= len(marked) - len(marked.rstrip())
        if low >= high:
            continue
        if at < low:
            found.append(Piece(text[at:low]))
        found.append(Piece(text[low:high], points, level(points, most)))
        at = high
    return [*found, Piece(text[at:])] if at < len(text) else found


def merged(spans: Sequence[tuple[int, int, float]]) -> Iterator[tuple[int, int, float]]:
    """Spans that may overlap, cut where one begins or ends; a part has its share of each."""
    cuts = sorted({cut for first, last, _ in spans for cut in (first, last)})
    totals = dict.fromkeys(cuts, 0.0)
    places = {cut: i for i, cut in enumerate(cuts)}
    for first, last, points in spans:
        for i in range(places[first], places[last]):
            totals[cuts[i]] += points * (cuts[i + 1] - cuts[i]) / (last - first)
    covered = {cuts[i] for first, last, _ in spans for i in range(places[first], places[last])}
    for low, high in itertools.pairwise(cuts):
        if low in covered and totals[low]:
            yield low, high, totals[low]
