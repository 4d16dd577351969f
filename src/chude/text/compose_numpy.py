"""Leave invisible characters out and compose letters with their marks, by NumPy."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from chude.text.clusters import LEFT_OUT, MARK, SEVERAL, composed_letters, known_codes
from chude.text.code_points import JoinedTexts


class Composed(NamedTuple):
    """The characters of a batch, save clusters that are left to be healed one by one.

    codes: uint32 (n,), code points. starts, ends: integers (n,), the spans that they stand for.
    left: int64 (n_left, 3), spans of the clusters and the places where they belong in `codes`.
    """

    codes: NDArray[np.uint32]
    starts: NDArray[np.integer]
    ends: NDArray[np.integer]
    left: NDArray[np.int64]


def compose(texts: JoinedTexts, place: int) -> Composed:
    """Heal texts of which all code points are in `clusters.known_codes`.

    place: where the texts stand, which is added to the spans.
    """
    codes = known_codes().take(texts.codes)
    small = place + len(codes) < 1 << 31
    places: NDArray[Any] = np.arange(len(codes), dtype=np.int32 if small else np.int64)
    places += place
    special = np.flatnonzero(codes >= MARK)
    out = special[codes.take(special) == LEFT_OUT]
    if len(out):
        inside = np.ones(len(codes), np.bool_)
        inside[out] = False
        codes, places = codes[inside], places[inside]
        special = np.flatnonzero(codes >= MARK) if len(out) < len(special) else special[:0]
    ends = places + 1
    if not len(special):
        return Composed(codes, places, ends, np.zeros((0, 3), np.int64))
    several = codes.take(special) == SEVERAL
    marks, several = special[~several], special[several]
    first = np.flatnonzero(np.diff(marks, prepend=-2) != 1)  # of the marks in a row
    lengths = np.diff(first, append=len(marks))
    bases = marks.take(first) - 1
    feeds = np.zeros(len(texts.codes), np.bool_)
    feeds[texts.starts[1:] - 1] = True
    alone = feeds[places[bases] - place] | (bases < 0)  # at the beginning of a text
    letters = _letters(codes[bases], codes.take(bases + 1))
    two = np.flatnonzero(lengths > 1)
    letters[two] = _letters(letters.take(two), codes.take(bases.take(two) + 2))
    done = (letters > 0) & (lengths <= 2) & ~alone
    codes[bases[done]] = letters[done]
    ends[bases[done]] = ends[(bases + lengths)[done]]
    kept = np.ones(len(codes), np.bool_)
    kept[special] = False
    kept[bases[~done & ~alone]] = False
    begins = np.concatenate([(bases + alone)[~done], several])
    stops = np.concatenate([(bases + lengths + 1)[~done], several + 1])
    order = np.lexsort((-stops, begins))
    # A character that becomes several may have marks; then the longer span comes first.
    order = order[np.diff(begins[order], prepend=-1) > 0]
    begins, stops = begins[order], stops[order]
    rows = np.flatnonzero(kept)
    left = [places[begins], places[stops - 1] + 1, np.searchsorted(rows, begins)]
    return Composed(codes[rows], places[rows], ends[rows], np.stack(left, axis=1))


def _letters(letters: NDArray[np.uint32], marks: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """What letters compose into with one mark each, 0 where that is not known."""
    columns, composed = composed_letters()
    rows = np.minimum(letters, len(composed) - 1).astype(np.intp)
    # Faster than by two arrays.
    return composed.ravel().take(rows * composed.shape[1] + columns.take(marks - MARK))
