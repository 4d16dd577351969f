"""Web pages saved as one file (.mht, .mhtml), and mails: the page among its parts."""

import contextlib
import datetime
import itertools
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parsedate

from chude.corpus.article import Article
from chude.corpus.encodings import decode_bytes
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.formats.html_page import page_article
from chude.corpus.formats.limits import MAX_DOCUMENT, read_at_most
from chude.corpus.formats.markup import looks_like_html
from chude.corpus.formats.raw import document_article
from chude.corpus.formats.source import Source
from chude.errors import Refusal

_MOST_PARTS = 10_000
_DOCUMENTS = ("application", "text", "message")  # pictures belong to the page


def read(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """The one article of a message, and a refusal of each document that is attached to it."""
    content = read_at_most(source.stream, MAX_DOCUMENT, "a saved page")
    try:
        message = BytesParser(policy=compat32).parsebytes(content)
        part = _part(message, "text/html") or _part(message, "text/plain")
        body = part.get_payload(decode=True) if part is not None else None
    except (MessageError, RecursionError, ValueError, LookupError) as error:
        yield Refusal(source.place, f"not a readable saved page ({error})", "Save it as .html")
        return
    if not isinstance(body, bytes) or part is None:
        yield Refusal(source.place, "no page in it", "Save the page as .html")
    else:
        yield _article(body, part, message, source)
    for name in _attached(message, part):
        problem, cure = "attached to a mail, and not read", "Save it as a file of its own"
        yield Refusal(f"{source.place}/{name}", problem, cure)


def _part(message: Message, kind: str) -> Message | None:
    for number, part in enumerate(message.walk()):
        if number > _MOST_PARTS:
            return None
        if part.get_content_type() == kind and not part.is_multipart():
            return part
    return None


def _attached(message: Message, shown: Message | None) -> Iterator[str]:
    """The names of the documents that are attached, but the part that is the article."""
    for part in itertools.islice(message.walk(), _MOST_PARTS):
        attached = part.get_content_disposition() == "attachment" or part.get_filename()
        if attached and part is not shown and part.get_content_maintype() in _DOCUMENTS:
            yield _plain(part.get_filename() or part.get_content_type())


def _header(message: Message, name: str) -> str:
    """A header in letters; empty where there is none."""
    return next((_plain(text) for key, text in message.raw_items() if key.lower() == name), "")


def _plain(text: str) -> str:
    """A header as it is meant; what cannot be decoded stays as it is written."""
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    with contextlib.suppress(MessageError, LookupError, UnicodeError, ValueError):
        text = str(make_header(decode_header(text)))
    return " ".join(text.split())


def _article(body: bytes, part: Message, message: Message, source: Source) -> Article | Refusal:
    found = decode_bytes(body, source.place)
    if isinstance(found, Refusal):
        try:
            body = body.decode(str(part.get_content_charset() or "utf-8")).encode()
        except (LookupError, UnicodeDecodeError):
            return found
    text = body.decode() if isinstance(found, Refusal) else found.text
    title, date = _header(message, "subject"), _date(message)
    if part.get_content_type() == "text/html" or looks_like_html(text.lstrip()):
        return page_article(body, source, title, date)
    return document_article(source, title, text, date)


def _date(message: Message) -> datetime.date | None:
    parts = parsedate(_header(message, "date"))
    try:
        return None if parts is None else datetime.date(*parts[:3])
    except ValueError:
        return None
