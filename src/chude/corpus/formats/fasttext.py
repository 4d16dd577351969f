"""Lines of fastText: `__label__a __label__b text`, one article a line."""

from collections.abc import Iterator

from chude.corpus.article import Article
from chude.corpus.formats.columns import ColumnNames, article_of
from chude.corpus.formats.lines import text_lines
from chude.corpus.formats.source import Source
from chude.errors import Refusal

_PREFIX = "__label__"


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
    themes: list[str] = []
    while line.startswith(_PREFIX):
        theme, _, line = line.partition(" ")
        themes.append(theme.removeprefix(_PREFIX))
        line = line.lstrip()
    return themes, line
