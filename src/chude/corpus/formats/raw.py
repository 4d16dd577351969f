"""The press desk's raw format: `date YYYY-MM-DD Title`, a blank line, paragraphs.

The date may also be `Date: 2024/03/12`, `date 12/3/2024` or `date 2024-03-12T10:00`.
"""

import datetime
import re
from collections.abc import Iterator

from chude.corpus.article import Article
from chude.corpus.dates import dateline, parse_date
from chude.corpus.encodings import decode
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.formats.limits import MAX_RECORD, MAX_TEXT, read_at_most, too_long
from chude.corpus.formats.source import Source
from chude.errors import Refusal

# A time without seconds counts behind a T alone: a title may begin with an hour.
_DATED = re.compile(
    r"date(?:\s*:\s*|\s+)(\d{4}([-/.])\d{1,2}\2\d{1,2}|\d{1,2}([-/.])\d{1,2}\3\d{4})"
    r"(?:(?:T| (?=\d\d?:\d\d:\d\d))\d\d?:\d\d[\d:.]*(?:Z|[+-]\d\d:?\d\d)?)?(?:\s+|$)(.*)",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_TITLE = 40  # syllables; a longer single line is a body that came without its title


def read(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """The one article of a raw file; it has no columns."""
    content = read_at_most(source.stream, MAX_RECORD, "a text")
    yield parse_raw(content, source.id, source.place)


def parse_raw(content: bytes, article_id: str, place: str) -> Article | Refusal:
    """Parse one raw article; leading spaces, a byte-order mark and a missing date are fine.

    A line under the title that is nothing but a date, as papers print it, is the article's date.
    Returns a Refusal for what is empty, binary, in no known encoding, has only a title or no such
    day.
    """
    text = decode(content, place)
    return text if isinstance(text, Refusal) else parse_text(text, article_id, place)


def parse_text(text: str, article_id: str, place: str) -> Article | Refusal:
    """The same for what is text already, of any document."""
    if len(text) > MAX_TEXT:
        return too_long(place, "a text", MAX_TEXT)
    if not text.isascii():
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            return Refusal(place, "half a UTF-16 pair in the text", "Write the text as UTF-8")
    head, _, body = text.strip().partition("\n")
    if not head:
        return Refusal(place, "empty", "Write a title line, a blank line and the paragraphs")
    title, date = head.strip(), None
    if dated := _DATED.match(title):
        date, title = parse_date(dated[1]), dated[4].strip()
        if date is None:
            return Refusal(f"{place}:1", f"no such day: {dated[1]}", "Write the date as YYYY-MM-DD")
    elif (day := dateline(title)) and body.strip():  # the date stands above the title
        date = day
        title, _, body = body.strip().partition("\n")
        title = title.strip()
    if date is None:
        date, body = _dateline_below(body)
    if not body.strip() and len(title.split()) > _LONGEST_TITLE:
        title, body = "", title
    if not body.strip():
        return Refusal(place, "only a title, no body", "Add the article's paragraphs below it")
    return Article(article_id, title, body.strip(), date, source=place)


def _dateline_below(body: str) -> tuple[datetime.date | None, str]:
    """The date that stands alone on the first line of a body, and the body without that line."""
    first, _, rest = body.lstrip().partition("\n")
    day = dateline(first)
    return (day, rest) if day is not None and rest.strip() else (None, body)


def document_article(
    source: Source, title: str, body: str, date: datetime.date | None = None
) -> Article | Refusal:
    """The article of a document; without a title its first line is one, as in a raw file."""
    healed = [decode(part.encode("utf-8", "replace"), source.place) for part in (title, body)]
    for part in healed:
        if isinstance(part, Refusal):
            return part
    title, body = (str(part).strip() for part in healed)
    if not title and "\n" in body:
        article = parse_text(body, source.id, source.place)
        if isinstance(article, Refusal) or date is None:
            return article
        return Article(article.id, article.title, article.body, date, source=source.place)
    if len(body) > MAX_TEXT:
        return too_long(source.place, "a text", MAX_TEXT)
    if not body and not title:
        return Refusal(source.place, "empty", "Give a document with text in it")
    if not body:
        problem = "only a title, no body"
        return Refusal(source.place, problem, "Save the whole article, or paste its text")
    day, below = _dateline_below(body)
    return Article(
        source.id, title, below.strip() if date is None else body, date or day, source=source.place
    )


def titled_article(
    source: Source, title: str, above: list[str], below: list[str]
) -> Article | Refusal:
    """The article of a document whose title is known though other paragraphs stand above it.

    They stay in the body. One that is nothing but a date, there or first below the title, is the
    article's date.
    """
    paragraphs, near = [*above, *below], len(above) + 1
    dates = [dateline(paragraph) for paragraph in paragraphs[:near]]
    at = next((number for number, date in enumerate(dates) if date), None)
    date = None
    if at is not None and len(paragraphs) > 1:
        date = dates[at]
        del paragraphs[at]
    return document_article(source, title, "\n\n".join(paragraphs), date)


def format_raw(article: Article) -> str:
    """The raw form of an article; `parse_raw` reads it back."""
    head = f"date {article.date.isoformat()} {article.title}" if article.date else article.title
    return f"{head}\n\n{article.body}\n"
