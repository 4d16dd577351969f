"""Distinct chunks, which are what stands between white space, and the tokens in them.

`encoder` says why the tokens of a text are those of its chunks.
"""

import re

import numpy as np
from numpy.typing import NDArray

from chude.compute.growing import GrowingArray
from chude.text.code_points import code_points, distinct
from chude.text.crf.lexicon import Lexicon
from chude.text.crf.reference import TokenRules, normalise, origins
from chude.text.crf.simple_chunks import Pieces, split_simple
from chude.text.string_table import StringTable

ENDS_IN_TH, STARTS_WITH_S = 1, 2
_ABBREVIATION = re.compile(r"[A-ZĐ]+\.")
_LONG = 32  # characters
_AT_A_TIME = 100_000  # tokens, of which each is a string for a moment
_DIGITS = str.maketrans("123456789", "0" * 9)


class ChunkTable(StringTable):
    """Numbers distinct chunks and holds their tokens.

    Looking up a new chunk adds it; `settle` has to be called before what is held of it is used.
    """

    def __init__(self, lexicon: Lexicon, rules: TokenRules) -> None:
        super().__init__()  # names are empty for chunks at the end of a text
        self._rules = rules
        self._shapes: dict[tuple[str, bool], NDArray[np.int32]] = {}
        self.tokens = TokenTable(lexicon, rules)
        self.size = 0  # number of chunks, of which long ones count as several
        self.first = GrowingArray(np.int32)  # chunk i has the pieces first[i]:first[i + 1]
        self.first.extend([0])
        self.pieces = GrowingArray(np.int32, 3)  # token, start and end in the chunk
        self.length, self.flags = GrowingArray(np.int32), GrowingArray(np.uint8)
        self.final = GrowingArray(np.int32)  # the chunk to take instead at the end of a text

    def settle(self) -> None:
        """Find the tokens of the chunks that were added."""
        known = len(self.length)
        new = self.names[known:]
        if not new:
            return
        # A line feed keeps characters apart in all that follows.
        given = "\n".join([*new, ""])
        text = normalise(given)
        codes = code_points(text)
        ends = np.flatnonzero(codes == ord("\n"))
        pieces, finals = self._split(text, codes, ends)
        sources = np.append(np.arange(len(new)), finals)  # numbers of the chunks without a name
        counts = np.bincount(pieces.chunks, minlength=len(sources))
        starts = np.append(0, ends[:-1] + 1)
        tokens = self.tokens.of(text, codes, pieces.starts, pieces.ends)
        base = starts[sources][pieces.chunks]
        places = np.stack([tokens, pieces.starts - base, pieces.ends - base], axis=1)
        if text != given:
            _restore_places(places, np.cumsum(counts) - counts, counts, sources, new, text)
        flags = _flags(codes, starts, ends)[sources]
        final = np.arange(known, known + len(sources))
        final[finals] = final[len(new) :]
        lengths = np.fromiter(map(len, new), np.int32, len(new))
        self.names.extend([""] * len(finals))
        self.first.extend(len(self.pieces) + np.cumsum(counts))
        self.pieces.extend(places.reshape(-1))
        self.length.extend(lengths[sources])
        self.flags.extend(flags)
        self.final.extend(final)
        self.size += len(new) + int((lengths // _LONG).sum())

    def _split(
        self, text: str, codes: NDArray[np.uint32], ends: NDArray[np.int64]
    ) -> tuple[Pieces, NDArray[np.int64]]:
        """Tokens of the chunks in `text`; of some, then, anew as at the end of a text.

        Also which chunks those are.
        """
        pieces, simple = split_simple(codes)
        found = [np.zeros((0, 2), np.int64)]
        numbers, finals = list[int](), list[int]()
        hard = np.flatnonzero(~simple)
        starts = np.append(0, ends + 1)[hard].tolist()
        for number, start, end in zip(hard.tolist(), starts, ends[hard].tolist(), strict=True):
            chunk = text[start:end]
            spans = self._spans(chunk, final=False)
            found.append(start + spans)
            numbers.append(number)
            # Nothing else is told from the end of a text, see `encoder`.
            if _ABBREVIATION.fullmatch(chunk, int(spans[-1, 0])):
                found.append(start + self._spans(chunk, final=True))
                numbers.append(len(ends) + len(finals))
                finals.append(number)
        places = np.concatenate(found).T
        more = np.repeat(np.array(numbers, np.int64), list(map(len, found[1:]))), *places
        chunks, starts, stops = (np.concatenate(pair) for pair in zip(pieces, more, strict=True))
        order = np.argsort(chunks, kind="stable")
        return Pieces(chunks[order], starts[order], stops[order]), np.array(finals, np.int64)

    def _spans(self, chunk: str, final: bool) -> NDArray[np.int32]:
        """Places of the tokens, found once for all chunks that differ in their digits alone.

        Underthesea's expression does not tell digits apart, save the 3 of `<3`.
        """
        shape = chunk.translate(_DIGITS)
        if shape == chunk or "<" in chunk:
            return self._rules.spans(chunk, final)
        spans = self._shapes.get((shape, final))
        if spans is None:
            spans = self._shapes[shape, final] = self._rules.spans(shape, final)
        return spans


class TokenTable(dict[str, int]):
    """Numbers of tokens by the pieces of chunks that they are spelled as."""

    def __init__(self, lexicon: Lexicon, rules: TokenRules) -> None:
        self._lexicon = lexicon
        self._rules = rules

    def of(
        self,
        text: str,
        codes: NDArray[np.uint32],
        starts: NDArray[np.integer],
        ends: NDArray[np.integer],
    ) -> NDArray[np.int32]:
        """The tokens that are the pieces of `text`, with these code points, at these places."""
        tokens = np.empty(len(starts), np.int32)
        single = ends - starts == 1
        tokens[single] = self._of_characters(codes[starts[single]])
        several = np.flatnonzero(~single)
        for at in range(0, len(several), _AT_A_TIME):
            inside = several[at : at + _AT_A_TIME]
            places = zip(starts[inside].tolist(), ends[inside].tolist(), strict=True)
            found = [text[start:end] for start, end in places]
            self._add(list(dict.fromkeys(found)))
            tokens[inside] = np.fromiter(map(self.__getitem__, found), np.int32, len(found))
        return tokens

    def _of_characters(self, codes: NDArray[np.uint32]) -> NDArray[np.int32]:
        """The tokens that are these characters, of which most stand there often."""
        found = distinct(codes)
        pieces = list(map(chr, found.tolist()))
        self._add(pieces)
        tokens = np.array([self[piece] for piece in pieces], np.int32)
        return tokens[np.searchsorted(found, codes)]

    def _add(self, pieces: list[str]) -> None:
        """Number those of distinct pieces that are new."""
        new = [piece for piece in pieces if piece not in self]
        spelled = list(map(self._rules.spell, new))
        self.update(zip(new, self._lexicon.tokens(spelled), strict=True))


def _restore_places(
    places: NDArray[np.int64],
    first: NDArray[np.int64],
    counts: NDArray[np.int64],
    sources: NDArray[np.int64],
    given: list[str],
    text: str,
) -> None:
    """Make the places of tokens in normalised chunks those in the chunks as given."""
    normalised = text.split("\n")
    for source, start, count in zip(sources.tolist(), first.tolist(), counts.tolist(), strict=True):
        if given[source] != normalised[source]:
            spans = origins(given[source], normalised[source])
            of_chunk = places[start : start + count]
            of_chunk[:, 1] = spans[of_chunk[:, 1], 0]
            of_chunk[:, 2] = spans[of_chunk[:, 2] - 1, 1]


def _flags(
    codes: NDArray[np.uint32], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.uint8]:
    """Flags of the chunks that are the code points from `starts` to `ends`."""
    flags = np.zeros(len(starts), np.uint8)
    flags[(codes[starts] | 32) == ord("s")] |= STARTS_WITH_S
    flags[(codes[ends - 1] == ord("h")) & (codes[ends - 2] == ord("T"))] |= ENDS_IN_TH
    return flags
