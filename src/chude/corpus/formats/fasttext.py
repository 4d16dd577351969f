"""Lines of fastText: `__label__a __label__b text`, one article a line."""

import re
from collections.abc import Iterator

from chude.corpus.article import Article
from chude.corpus.formats.columns import ColumnNames, article_of
from chude.corpus.formats.lines import text_lines
from chude.corpus.formats.source import Source
from chude.errors import Refusal

_PREFIX = "__label__"
_LABELS = re.compile(r"(?<!\S)__label__\S*")


def read(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """One article a line; a line without labels is labelled with no theme."""
    for number, line in enumerate(text_lines(source), 1):
        where = f"{source.place}:{number}"
        if isinstance(line, Refusal):
            yield line
        elif line.strip():
            themes, text = _split(line.strip())
            yield article_of(where, text, label=themes)


def _split(line: str) -> tuple[list[str], str]:
    """The labels of a line, wherever they stand, also joined by commas, and what is left."""
    themes = [
        theme.strip(",;") for labels in _LABELS.findall(line) for theme in labels.split(_PREFIX)
    ]
    return [theme for theme in themes if theme], _LABELS.sub(" ", line).strip()
