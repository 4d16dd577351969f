r"""Words of long texts, piece by piece, so that what they take in memory is what comes of them.

A text is cut at white space, over which no token reaches (see `encoder`), save where `Th` stands
before it and `S` or `s` after it. Each piece is followed by a space, since one alternative of
underthesea's expression tells the end of the text from what else may follow. What cannot be cut for
long, which no language is written in, is looked through as a whole and not remembered.

The tags are found by blocks too (`tag_numpy.inside_words_of_long`), and the words are joined a
stretch at a time. All of it comes to the words of the whole text at once.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chude.text.code_points import JoinedTexts, code_points, to_string
from chude.text.crf.chunk_finder import IS_SPACE
from chude.text.crf.chunks import ChunkTable
from chude.text.crf.encoder import Encoder, Steps
from chude.text.crf.lexicon import Lexicon
from chude.text.crf.reference import TokenRules, normalise, origins
from chude.text.crf.tables import Tables
from chude.text.crf.tag_numpy import inside_words_of_long

LONG = 200_000  # characters; the largest press articles have some 100 kB
_PIECE = 1 << 16  # characters at most, where there is white space
_STRETCH = 1 << 16  # tokens, of which the words are made together


class Columns(NamedTuple):
    """Identifiers of tokens or words of one text, and their offsets, (n,) each."""

    ids: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]


class LongTexts:
    """Finds the words of texts of any length, one by one."""

    def __init__(
        self, tables: Tables, rules: TokenRules, chunks: ChunkTable, lexicon: Lexicon, steps: Steps
    ) -> None:
        self._tables = tables
        self._rules = rules
        self._chunks = chunks
        self._lexicon = lexicon
        self._steps = steps

    def words(self, codes: NDArray[np.uint32]) -> Columns:
        """The words of a text."""
        tokens = _joined(self._tokens(codes, *piece) for piece in _pieces(codes))
        inside = inside_words_of_long(self._tables, self._lexicon.rows, tokens.ids)
        inside[:1] = False
        return _joined(self._words(tokens, *stretch) for stretch in _stretches(inside))

    def whole(self, text: str) -> Columns:
        """The tokens of a text, or piece, that is not cut."""
        normalised = normalise(text)
        spans = self._rules.spans_of_text(normalised)
        tokens = self._chunks.tokens.of(normalised, code_points(normalised), *spans.T)
        if text != normalised:
            origin = origins(text, normalised)
            spans = np.stack([origin[spans[:, 0], 0], origin[spans[:, 1] - 1, 1]], axis=1)
        return Columns(tokens, spans[:, 0], spans[:, 1])

    def _tokens(self, codes: NDArray[np.uint32], start: int, stop: int) -> Columns:
        piece = codes[start : stop + 1]
        if stop < len(codes):
            piece = piece.copy()
            piece[-1] = ord(" ")
        if len(piece) <= _PIECE + 1:
            joined = JoinedTexts(piece, np.array([0]), np.array([len(piece)]))
            encoded = Encoder(self._chunks).encode(joined, self._steps)
            if not encoded.unsegmented:
                places = encoded.starts + np.int32(start), encoded.ends + np.int32(start)
                return Columns(encoded.tokens, *places)
        ids, starts, ends = self.whole(to_string(piece))
        return Columns(ids, starts + np.int32(start), ends + np.int32(start))

    def _words(self, tokens: Columns, start: int, bounds: NDArray[np.int64]) -> Columns:
        ids = self._steps.find_words(tokens.ids[start : start + bounds[-1]], bounds)
        bounds = bounds + start
        return Columns(ids, tokens.starts[bounds[:-1]], tokens.ends[bounds[1:] - 1])


def _pieces(codes: NDArray[np.uint32]) -> Iterator[tuple[int, int]]:
    """Where the pieces of a text start and stop; all but the last one stop at white space."""
    start = 0
    while start < len(codes):
        stop = len(codes)
        if stop - start > _PIECE:
            inside = _cuts(codes, start + 1, start + _PIECE)
            stop = int(inside[-1]) if len(inside) else _next_cut(codes, start + _PIECE)
        yield start, stop
        start = stop


def _next_cut(codes: NDArray[np.uint32], start: int) -> int:
    for at in range(start, len(codes), _PIECE):
        cuts = _cuts(codes, at, at + _PIECE)
        if len(cuts):
            return int(cuts[0])
    return len(codes)


def _cuts(codes: NDArray[np.uint32], start: int, stop: int) -> NDArray[np.int64]:
    """Where a text may be cut: at white space that does not stand between `h` and `s`.

    Nor is it the last character: a line feed there is as good as the end of the text.
    """
    stop = min(stop, len(codes) - 1)
    cuts = start + np.flatnonzero(np.take(IS_SPACE, codes[start:stop], mode="clip"))
    return cuts[(codes[cuts - 1] != ord("h")) | (codes[cuts + 1] | 32 != ord("s"))]


def _stretches(inside: NDArray[np.bool_]) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Where stretches of words start, and the bounds of the words, from there on."""
    start = 0
    while start < len(inside):
        stop = _next_begin(inside, start + _STRETCH)
        yield start, np.append(np.flatnonzero(~inside[start:stop]), stop - start)
        start = stop


def _next_begin(inside: NDArray[np.bool_], start: int) -> int:
    for at in range(start, len(inside), _STRETCH):
        begins = np.flatnonzero(~inside[at : at + _STRETCH])
        if len(begins):
            return at + int(begins[0])
    return len(inside)


def _joined(parts: Iterator[Columns]) -> Columns:
    """All parts, one after the other."""
    nothing = np.zeros(0, np.int32)
    columns = list(map(list, zip(Columns(nothing, nothing, nothing), *parts, strict=True)))
    return Columns(*(np.concatenate(columns.pop(0)) for _ in Columns._fields))
