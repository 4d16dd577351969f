"""The press desk's raw format: `date YYYY-MM-DD Title`, a blank line, paragraphs."""

import re
from collections.abc import Iterator

from chude.corpus.article import Article
from chude.corpus.dates import parse_date
from chude.corpus.encodings import decode
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.formats.source import Source
from chude.errors import Refusal

_DATED = re.compile(r"date\s+(\d{4}-\d{1,2}-\d{1,2})(?:\s+|$)(.*)", re.IGNORECASE | re.DOTALL)
_LONGEST_TITLE = 40  # syllables; a longer single line is a body that came without its title


def read(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """The one article of a raw file; it has no columns."""
    yield parse_raw(source.stream.read(), source.id, source.place)


def parse_raw(content: bytes, article_id: str, place: str) -> Article | Refusal:
    """Parse one raw article; leading spaces, a byte-order mark and a missing date are fine.

    Returns a Refusal for what is empty, binary, not UTF-8, has only a title or no such day.
    """
    text = decode(content, place)
    if isinstance(text, Refusal):
        return text
    head, _, body = text.strip().partition("\n")
    if not head:
        return Refusal(place, "empty", "Write a title line, a blank line and the paragraphs")
    title, date = head.strip(), None
    if dated := _DATED.match(title):
        date, title = parse_date(dated[1]), dated[2].strip()
        if date is None:
            return Refusal(f"{place}:1", f"no such day: {dated[1]}", "Write the date as YYYY-MM-DD")
    if not body.strip() and len(title.split()) > _LONGEST_TITLE:
        title, body = "", title
    if not body.strip():
        return Refusal(place, "only a title, no body", "Add the article's paragraphs below it")
    return Article(article_id, title, body.strip(), date, source=place)


def format_raw(article: Article) -> str:
    """The raw form of an article; `parse_raw` reads it back."""
    head = f"date {article.date.isoformat()} {article.title}" if article.date else article.title
    return f"{head}\n\n{article.body}\n"
