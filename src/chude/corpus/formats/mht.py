"""Web pages saved as one file (.mht, .mhtml), and mails: the page among its parts."""

from collections.abc import Iterator
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

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


def read(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """The one article of a message."""
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
        return
    yield _article(body, part, source)


def _part(message: Message, kind: str) -> Message | None:
    for number, part in enumerate(message.walk()):
        if number > _MOST_PARTS:
            return None
        if part.get_content_type() == kind and not part.is_multipart():
            return part
    return None


def _article(body: bytes, part: Message, source: Source) -> Article | Refusal:
    found = decode_bytes(body, source.place)
    if isinstance(found, Refusal):
        try:
            body = body.decode(str(part.get_content_charset() or "utf-8")).encode()
        except (LookupError, UnicodeDecodeError):
            return found
    text = body.decode() if isinstance(found, Refusal) else found.text
    if part.get_content_type() == "text/html" or looks_like_html(text.lstrip()):
        return page_article(body, source)
    return document_article(source, "", text)
