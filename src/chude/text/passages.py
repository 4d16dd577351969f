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
    room = 0  # syllables that the last passage still lacks
    for i, (start, end) in enumerate(split_paragraphs(text)):
        windows = list(_windows(text, start, end))
        if room > 0:
            windows[0] = (spans.pop()[0], windows[0][1])
        spans.extend(windows)
        room = 0 if i == 0 else _SHORTEST - len(text[slice(*windows[-1])].split())
    return spans or [(0, 0)]


def _windows(text: str, start: int, end: int) -> Iterator[Span]:
    if len(text[start:end].split()) <= _LONGEST:
        yield start, end
        return
    begin, syllables, sentence = start, 0, start
    for match in _SENTENCE_END.finditer(text, start, end):
        syllables += len(text[sentence : match.end()].split())
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
