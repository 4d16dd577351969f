"""Web pages saved as one file (.mht, .mhtml), and mails: the page among its parts."""

import contextlib
import datetime
import itertools
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parsedate_to_datetime

from chude.corpus.article import Article
from chude.corpus.dates import day_of, parse_date
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.formats.html_page import page_article
from chude.corpus.formats.limits import MAX_DOCUMENT, read_at_most
from chude.corpus.formats.mail_texts import (
    as_page,
    is_attached,
    is_filled,
    is_page,
    own_texts,
    part_text,
)
from chude.corpus.formats.raw import document_article
from chude.corpus.formats.source import Source
from chude.errors import Refusal

_MOST_PARTS = 10_000
_DOCUMENTS = ("application", "text", "message")  # pictures belong to the page
# Signatures, invitations and cards hold no article, by their types or, where these say nothing,
# by their names.
_NO_DOCUMENT = re.compile(
    r"(?:application/(?:(?:x-)?pkcs7-signature|pgp-signature|pgp-keys|ics)"
    r"|text/(?:calendar|(?:x-)?vcard|directory))$|.*\.(?:p7s|asc|sig|ics|vcf)$",
    re.IGNORECASE | re.DOTALL,
)


def read(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """The one article of a message, and a refusal of each document that is attached to it."""
    content = read_at_most(source.stream, MAX_DOCUMENT, "a saved page")
    try:
        message = BytesParser(policy=compat32).parsebytes(content)
        parts = _shown(message)
        attached = list(_attached(message, parts))
    except (MessageError, RecursionError, ValueError, LookupError) as error:
        yield Refusal(source.place, f"not a readable saved page ({error})", "Save it as .html")
        return
    if not parts:
        yield Refusal(source.place, "no page in it", "Save the page as .html")
    else:
        yield _article(parts, message, source)
    for name in attached:
        problem, cure = "attached to a mail, and not read", "Save it as a file of its own"
        yield Refusal(f"{source.place}/{name}", problem, cure)


def _shown(message: Message) -> list[Message]:
    """The parts that are the article: the message's own texts; where it has none, an attached one.

    A page that a browser saved has the pages of its frames beside it.
    """
    if not _is_saved(message) and (texts := own_texts(message)):
        return texts
    own = [part for part in _own(message) if is_filled(part)]
    every = itertools.islice(message.walk(), _MOST_PARTS)
    single = [part for part in every if not part.is_multipart()]
    for parts in (own, [part for part in single if is_filled(part)], single):
        for kind in ("text/html", "text/plain"):
            if part := next((part for part in parts if part.get_content_type() == kind), None):
                return [part]
    return []


def _own(message: Message) -> Iterator[Message]:
    """The parts of a message that are neither attached nor in what is attached."""
    inside = itertools.islice(message.walk(), _MOST_PARTS)
    for part in inside:
        if part is not message and is_attached(part):
            skipped = sum(1 for _ in itertools.islice(part.walk(), _MOST_PARTS)) - 1
            next(itertools.islice(inside, skipped, skipped), None)
        elif not part.is_multipart():
            yield part


def _attached(message: Message, shown: list[Message]) -> Iterator[str]:
    """The names of the documents that are attached, but the one in which the article is."""
    read = {id(part) for part in shown}
    for part in itertools.islice(message.walk(), _MOST_PARTS):
        attached = part is not message and is_attached(part)
        inside = itertools.islice(part.walk() if attached else (), _MOST_PARTS)
        is_read = any(id(one) in read for one in inside)
        if attached and not is_read and part.get_content_maintype() in _DOCUMENTS:
            name = part.get_filename() or part.get_content_type()
            if not (_NO_DOCUMENT.match(part.get_content_type()) or _NO_DOCUMENT.match(name)):
                yield _plain(name)


def _header(message: Message, name: str) -> str:
    """A header in letters; empty where there is none."""
    return next((_plain(text) for key, text in message.raw_items() if key.lower() == name), "")


def _plain(text: str) -> str:
    """A header as it is meant; what cannot be decoded stays as it is written."""
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    with contextlib.suppress(MessageError, LookupError, UnicodeError, ValueError):
        text = str(make_header(decode_header(text)))
    return " ".join(text.split())


def _article(parts: list[Message], message: Message, source: Source) -> Article | Refusal:
    texts = []
    for part in parts:
        text = part_text(part, source.place)
        if isinstance(text, Refusal):
            return text
        texts.append(text)
    title, sent = _header(message, "subject"), _sent(message)
    pages = [is_page(part, text) for part, text in zip(parts, texts, strict=True)]
    if any(pages):
        content = as_page(texts, pages)
        item = page_article(content, source, title, _date(sent))
    else:
        item = document_article(source, title, "\n\n".join(map(str.strip, texts)), _date(sent))
    return item if isinstance(item, Refusal) else item.with_unread(sent)


def _sent(message: Message) -> str:
    """When a mail was sent; of a saved page, when that was saved, which tells nothing."""
    return "" if _is_saved(message) else _header(message, "date")


def _is_saved(message: Message) -> bool:
    """Whether a message is a page that a browser saved."""
    is_page = _header(message, "snapshot-content-location")
    return bool(is_page) or "saved by" in _header(message, "from").casefold()


def _date(sent: str) -> datetime.date | None:
    try:
        return day_of(parsedate_to_datetime(sent))
    except (ValueError, OverflowError):  # an hour or a zone that is none
        return parse_date(sent)
