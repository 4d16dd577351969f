"""Cut articles into passages of a few sentences.

A theme is present when a passage reports on it, so passages are what is scored and shown. Papers
differ in what they call a paragraph: some give each sentence one, some the whole article. So short
paragraphs are joined and long ones cut, until passages are of one size; the first line, which is
the title where there is one, stands alone.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import overload

import numpy as np
from numpy.typing import NDArray

from chude.compute.backend import started
from chude.corpus.passage_sizes import SIZES, Sizes
from chude.text.code_points import JoinedTexts, tested
from chude.text.tokens import Tokens

_LINE = re.compile(r"[^\n]+")
_STOPS, _CLOSERS = ".!?…", "\"'”’)]"
_OTHER, _SPACE, _STOP, _CLOSER = range(4)  # kinds of characters
_LAST_SPACE = 0x3000

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passages(Sequence[list[Span]]):
    """The passages of a batch of texts; as a sequence, the spans of each text.

    starts, ends: int64 (n_passages,), offsets into each text. indptr: int64 (n_texts + 1,); the
    passages of text i are indptr[i]:indptr[i + 1].
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    indptr: NDArray[np.int64]

    @classmethod
    def of(cls, spans: Sequence[Sequence[Span]]) -> "Passages":
        """Those of each text."""
        if isinstance(spans, Passages):
            return spans
        flat = np.array([span for some in spans for span in some], np.int64).reshape(-1, 2)
        return cls(flat[:, 0], flat[:, 1], np.cumsum([0, *map(len, spans)]))

    def __len__(self) -> int:
        return len(self.indptr) - 1

    @overload
    def __getitem__(self, text: int) -> list[Span]: ...
    @overload
    def __getitem__(self, text: slice) -> list[list[Span]]: ...
    def __getitem__(self, text: int | slice) -> list[Span] | list[list[Span]]:
        if isinstance(text, slice):
            return [self[i] for i in range(*text.indices(len(self)))]
        first, last = self.indptr[range(len(self))[text] :][:2]
        starts, ends = self.starts[first:last].tolist(), self.ends[first:last].tolist()
        return list(zip(starts, ends, strict=True))

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Passages of each text, (n_texts,)."""
        return np.diff(self.indptr)

    def places(self, texts: NDArray[np.integer]) -> NDArray[np.int64]:
        """Where the passages of these texts are among those of all."""
        lengths = self.lengths[texts]
        ends = np.cumsum(lengths)
        firsts = np.repeat(self.indptr[texts] - (ends - lengths), lengths)
        return firsts + np.arange(len(firsts))

    def take(self, texts: NDArray[np.integer]) -> "Passages":
        """Those of the texts at these places, in this order."""
        places = self.places(texts)
        indptr = np.concatenate([[0], np.cumsum(self.lengths[texts])])
        return Passages(self.starts[places], self.ends[places], indptr)


def split_paragraphs(text: str) -> list[Span]:
    """Offsets of the lines that are not blank, without the spaces around them."""
    spans = []
    for match in _LINE.finditer(text):
        content = match[0].strip()
        if content:
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            spans.append((start, start + len(content)))
    return spans


def split_passages(text: str, sizes: Sizes = SIZES) -> list[Span]:
    """Offsets of the passages of a text, in order and without overlap.

    A text that holds no letter has one empty passage, so that every article has a passage.
    """
    return split_all([text], sizes)[0]


def split_all(texts: Sequence[str], sizes: Sizes = SIZES) -> Passages:
    """The passages of each of the texts, see `split_passages`."""
    joined = JoinedTexts.of(texts)
    if started():
        from chude.text import kernels_numba

        # No passage is shorter than a character and a space, but the empty ones.
        spans = np.empty((2, len(joined.codes) // 2 + 1 + len(texts)), np.int64)
        indptr = np.zeros(len(texts) + 1, np.int64)
        limits = sizes.longest, sizes.window, sizes.shortest
        kernels_numba.split(
            joined.codes, joined.starts, joined.lengths, kinds(), limits, spans, indptr
        )
        starts, ends = spans[:, : indptr[-1]].copy()
        return Passages(starts, ends, indptr)
    return _split(joined, sizes)


@cache
def kinds() -> NDArray[np.uint8]:
    """Kinds of characters, the last one that of all further ones."""
    table = np.full(_LAST_SPACE + 2, _OTHER, np.uint8)
    table[tested(str.isspace, len(table))] = _SPACE
    table[list(map(ord, _STOPS))] = _STOP
    table[list(map(ord, _CLOSERS))] = _CLOSER
    return table


def _split(joined: JoinedTexts, sizes: Sizes) -> Passages:
    """What `kernels_numba.split` does, by arrays down to the paragraphs."""
    of_codes = kinds().take(joined.codes, mode="clip")
    edges = np.flatnonzero(np.diff(of_codes != _SPACE, prepend=False, append=False))
    starts, ends = edges[::2], edges[1::2]  # of the syllables
    feeds = np.flatnonzero(joined.codes == ord("\n"))
    first = np.searchsorted(starts, np.append(0, feeds))  # syllable of each line
    lines = np.flatnonzero(np.diff(first, append=len(starts)))
    first = first[lines]
    text = np.searchsorted(joined.starts, starts[first], side="right") - 1
    sentences = np.flatnonzero(_sentence_ends(of_codes, ends)).tolist()
    begins, stops, of_text = _join(first.tolist(), len(starts), text.tolist(), sentences, sizes)
    return _with_empty(joined, starts[begins], ends[np.array(stops, np.int64) - 1], of_text)


def _with_empty(
    joined: JoinedTexts, starts: NDArray[np.int64], ends: NDArray[np.int64], of_text: list[int]
) -> Passages:
    """The passages, with an empty one for each text that has none."""
    sizes = np.bincount(of_text, minlength=len(joined)) if of_text else np.zeros(len(joined), int)
    bases = joined.starts[of_text] if of_text else joined.starts[:0]
    empty = np.flatnonzero(sizes == 0)
    at = np.searchsorted(of_text, empty)
    sizes[empty] = 1
    indptr = np.concatenate([[0], np.cumsum(sizes)])
    return Passages(np.insert(starts - bases, at, 0), np.insert(ends - bases, at, 0), indptr)


def _sentence_ends(of_codes: NDArray[np.uint8], ends: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a sentence ends with each syllable: with a stop, closing marks after it or none."""
    last = of_codes[ends - 1]
    closed = np.flatnonzero(last == _CLOSER)
    closers = np.flatnonzero(of_codes == _CLOSER)
    first = np.flatnonzero(np.diff(closers, prepend=-2) != 1)  # of those in a row
    rows = np.searchsorted(closers[first], ends[closed] - 1, side="right") - 1
    found = last == _STOP
    found[closed] = of_codes[closers[first[rows]] - 1] == _STOP
    return found


def _join(
    first: list[int], size: int, text: list[int], sentences: list[int], sizes: Sizes
) -> tuple[list[int], list[int], list[int]]:
    """First syllables of the passages, those behind them, and the texts.

    first: syllables that begin a paragraph, of so many in all. text: of each paragraph.
    sentences: syllables that end a sentence.
    """
    begins: list[int] = []
    stops: list[int] = []
    of_text: list[int] = []
    before, held = -1, sizes.shortest  # text of the last paragraph, syllables of the last passage
    for number, (begin, stop) in zip(text, pairwise([*first, size]), strict=True):
        syllables = stop - begin
        cuts = [stop]
        if syllables > sizes.longest:
            cuts = list(_windows(begin, stop, sentences, sizes.window))
            syllables = stop - (cuts[-2] if len(cuts) > 1 else begin)
        new = number != before
        if held < sizes.shortest and not new:
            stops.pop()
            of_text.pop()
            syllables += held if len(cuts) == 1 else 0
        else:
            begins.append(begin)
        begins += cuts[:-1]
        stops += cuts
        of_text += [number] * len(cuts)
        before, held = number, sizes.shortest if new else syllables
    return begins, stops, of_text


def _windows(begin: int, stop: int, sentences: list[int], window: int) -> Iterator[int]:
    """The syllables behind the windows of a paragraph."""
    while True:
        at = bisect_left(sentences, begin + window - 1)
        if at == len(sentences) or sentences[at] >= stop - 1:
            break
        begin = sentences[at] + 1
        yield begin
    yield stop


def passage_bounds(tokens: Tokens, passages: Sequence[Sequence[Span]]) -> NDArray[np.int64]:
    """Where the words of each passage begin, int64 (n_passages + 1,), the last one where they end.

    passages: of each text, as `split_all` gives them; a word belongs to the last passage that
    begins before it ends.
    """
    spans = Passages.of(passages)
    sizes = np.diff(tokens.indptr)
    last = np.append(0, tokens.ends)[np.where(sizes, tokens.indptr[1:], 0)].astype(np.int64)
    bases = np.cumsum(last + 1) - last - 1  # makes the ends of all texts one ascending column
    ends = tokens.ends + np.repeat(bases, sizes)
    begins = np.minimum(spans.starts, np.repeat(last, spans.lengths))
    bounds = np.searchsorted(ends, begins + np.repeat(bases, spans.lengths), side="right")
    bounds[spans.indptr[:-1]] = tokens.indptr[:-1]
    return np.append(bounds, tokens.indptr[-1])


def passage_tokens(tokens: Tokens, passages: Sequence[Sequence[Span]]) -> Tokens:
    """The same words with a row for each passage instead of each text, see `passage_bounds`."""
    indptr = passage_bounds(tokens, passages)
    return Tokens(tokens.vocabulary, tokens.ids, tokens.starts, tokens.ends, indptr)
