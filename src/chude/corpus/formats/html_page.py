"""A saved web page: its title, its date and its paragraphs, without menus and links to others.

What is not the article is told by its elements (`nav`, `footer` …), by the names of their classes,
and by how much of a block's text is links (Kohlschütter, Fankhauser, Nejdl, "Boilerplate detection
using shallow text features", WSDM 2010).
"""

import datetime
import re
from collections.abc import Iterator

from chude.corpus.article import Article
from chude.corpus.encodings import decode_bytes
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.formats.html_blocks import parse
from chude.corpus.formats.html_body import article_blocks
from chude.corpus.formats.html_head import find_date, find_title
from chude.corpus.formats.limits import MAX_RECORD, read_at_most
from chude.corpus.formats.raw import document_article
from chude.corpus.formats.source import Source
from chude.errors import Refusal

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]+)|encoding=[\"']([\w-]+)[\"']", re.I)


def read(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """The one article of a page."""
    content = read_at_most(source.stream, MAX_RECORD, "a page")
    yield page_article(content, source)


def page_article(
    content: bytes, source: Source, title: str = "", date: datetime.date | None = None
) -> Article | Refusal:
    """The article of a page's bytes; title, date: where the page does not tell."""
    text = decode_page(content, source.place)
    if isinstance(text, Refusal):
        return text
    page = parse(text)
    title = find_title(page) or title
    blocks = article_blocks(page, title)
    day, written = find_date(page, text, title, blocks)
    body = "\n\n".join(block.text for block in blocks)
    item = document_article(source, title, body, day or date)
    return item if isinstance(item, Refusal) else item.with_unread(written)


def decode_page(content: bytes, place: str) -> str | Refusal:
    """The text of a page in the encoding that it names, unless its bytes say another."""
    text = _decode(content, place)
    declared = _CHARSET.search(content[:4096])
    if isinstance(text, Refusal) and declared is not None:
        try:
            return content.decode((declared[1] or declared[2]).decode("ascii"))
        except (LookupError, UnicodeDecodeError, ValueError):
            pass
    return text


def _decode(content: bytes, place: str) -> str | Refusal:
    """The text; its entities stay, which may stand for what would be a tag."""
    found = decode_bytes(content, place)
    return found if isinstance(found, Refusal) else found.text
