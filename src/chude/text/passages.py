"""Cut an article into passages of a few sentences.

A theme is present when a passage reports on it, so passages are what is scored and shown. Papers
differ in what they call a paragraph: some give each sentence one, some the whole article. So short
paragraphs are joined and long ones cut, until passages are of one size; the first line, which is
the title where there is one, stands alone.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from chude.text.tokens import Tokens

_PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+")
_LONGEST = 150  # syllables; a longer paragraph is cut into windows
_WINDOW = 75  # syllables after which a window ends with its sentence
_SHORTEST = 40  # syllables; a shorter paragraph goes on with the next one

Span = tuple[int, int]


def split_paragraphs(text: str) -> list[Span]:
    """Offsets of the lines that are not blank, without the spaces around them."""
    spans = []
    for match in _PARAGRAPH.finditer(text):
        content = match[0]
        start = match.start() + len(content) - len(content.lstrip())
        spans.append((start, start + len(content.strip())))
    return spans


def split_passages(text: str) -> list[Span]:
    """Offsets of the passages of a text, in order and without overlap.

    A text that holds no letter has one empty passage, so that every article has a passage.
    """
    spans: list[Span] = []
    held = _SHORTEST  # syllables of the last passage
    for i, (start, end) in enumerate(split_paragraphs(text)):
        syllables = _syllables(text, start, end)
        windows = [(start, end)]
        if syllables > _LONGEST:
            windows = list(_windows(text, start, end))
            syllables = _syllables(text, *windows[-1])
        if held < _SHORTEST:
            windows[0] = (spans.pop()[0], windows[0][1])
            syllables += held if len(windows) == 1 else 0
        spans.extend(windows)
        held = _SHORTEST if i == 0 else syllables
    return spans or [(0, 0)]


def _syllables(text: str, start: int, end: int) -> int:
    return len(text[start:end].split())


def _windows(text: str, start: int, end: int) -> Iterator[Span]:
    begin, syllables, sentence = start, 0, start
    for match in _SENTENCE_END.finditer(text, start, end):
        syllables += _syllables(text, sentence, match.end())
        sentence = match.end()
        if syllables >= _WINDOW:
            yield begin, match.start() + len(match[0].rstrip())
            begin, syllables = match.end(), 0
    if begin < end:
        yield begin, end


def passage_tokens(tokens: Tokens, passages: Sequence[Sequence[Span]]) -> Tokens:
    """The same words with a row for each passage instead of each text.

    passages: for each text its passages, as `split_passages` gives them; a word belongs to the
    last passage that begins before it ends.
    """
    bounds: list[NDArray[np.int64]] = []
    for i, spans in enumerate(passages):
        first, last = tokens.indptr[i], tokens.indptr[i + 1]
        begins = np.array([start for start, _ in spans[1:]], dtype=np.int64)
        inner = first + np.searchsorted(tokens.ends[first:last], begins, side="right")
        bounds.append(np.concatenate([[first], inner]))
    indptr = np.concatenate([*bounds, tokens.indptr[-1:]])
    return Tokens(tokens.vocabulary, tokens.ids, tokens.starts, tokens.ends, indptr)
