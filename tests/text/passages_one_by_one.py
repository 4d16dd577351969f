"""Passages by regular expressions, text by text: what the arrays of `passages` are measured by."""

import re
from collections.abc import Iterator

from chude.text.passages import Span

_PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+")
LONGEST, WINDOW, SHORTEST = 150, 75, 40


def paragraphs_by_expression(text: str) -> list[Span]:
    spans = []
    for match in _PARAGRAPH.finditer(text):
        content = match[0]
        start = match.start() + len(content) - len(content.lstrip())
        spans.append((start, start + len(content.strip())))
    return spans


def passages_by_expression(text: str) -> list[Span]:
    spans: list[Span] = []
    held = SHORTEST
    for i, (start, end) in enumerate(paragraphs_by_expression(text)):
        syllables = _syllables(text, start, end)
        windows = [(start, end)]
        if syllables > LONGEST:
            windows = list(_windows(text, start, end))
            syllables = _syllables(text, *windows[-1])
        if held < SHORTEST:
            windows[0] = (spans.pop()[0], windows[0][1])
            syllables += held if len(windows) == 1 else 0
        spans.extend(windows)
        held = SHORTEST if i == 0 else syllables
    return spans or [(0, 0)]


def _syllables(text: str, start: int, end: int) -> int:
    return len(text[start:end].split())


def _windows(text: str, start: int, end: int) -> Iterator[Span]:
    begin, syllables, sentence = start, 0, start
    for match in _SENTENCE_END.finditer(text, start, end):
        syllables += _syllables(text, sentence, match.end())
        sentence = match.end()
        if syllables >= WINDOW:
            yield begin, match.start() + len(match[0].rstrip())
            begin, syllables = match.end(), 0
    if begin < end:
        yield begin, end
