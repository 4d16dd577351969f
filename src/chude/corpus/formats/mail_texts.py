"""The texts of a mail that are its own, of which there are several where pictures are between."""

import html
import re
from collections import Counter
from email.message import Message

from chude.corpus.encodings import decode_bytes
from chude.corpus.formats.markup import looks_like_html, plain_text
from chude.errors import Refusal

_KINDS = ("text/html", "text/plain")
_NOTHING = re.compile(rb"\s+|&nbsp;|&#160;|\xc2\xa0|<[^<>]*>|^\xef\xbb\xbf", re.IGNORECASE)
_SAME = 0.9  # the share of a text's words that are in a page too, where it is the same text


def own_texts(part: Message) -> list[Message]:
    """The parts to read one after the other; nothing that is attached, or that a page shows.

    Of forms of one text (multipart/alternative) all of the best one is read: that with a page, else
    the last (RFC 2046, 5.1.4).
    """
    if not part.is_multipart():
        return [part] if part.get_content_type() in _KINDS and is_filled(part) else []
    if part.get_content_maintype() != "multipart":
        return []
    kind = part.get_content_subtype()
    children = [child for child in part.get_payload() if isinstance(child, Message)]
    if kind == "related":  # what has an address is shown in the first
        children = children[:1] + [c for c in children[1:] if not _is_shown_in_another(c)]
    every = [own_texts(child) for child in children if not is_attached(child)]
    found = [texts for texts in every if texts]
    if kind == "alternative":
        return max(reversed(found), key=_has_page, default=[])
    return [text for texts in _without_copies(found) for text in texts]


def is_attached(part: Message) -> bool:
    """Whether a part has a name or is told to be attached, or is a mail of its own."""
    named = part.get_content_disposition() == "attachment" or part.get_filename() is not None
    return named or part.get_content_type() == "message/rfc822"


def is_filled(part: Message) -> bool:
    """Whether a part has a text, or a page more than empty elements."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes) or part.get_content_maintype() != "text":
        return False
    return bool(_NOTHING.sub(b"", content))


def part_text(part: Message, place: str) -> str | Refusal:
    """The text of a part, in the encoding that it names where its bytes do not tell."""
    body = part.get_payload(decode=True)
    if not isinstance(body, bytes):
        return Refusal(place, "no page in it", "Save the page as .html")
    found = decode_bytes(body, place)
    if not isinstance(found, Refusal):
        return found.text
    try:
        return body.decode(str(part.get_content_charset() or "utf-8"))
    except (LookupError, UnicodeDecodeError):
        return found


def is_page(part: Message, text: str) -> bool:
    """Whether the text of a part is HTML, whatever it is called."""
    return part.get_content_type() == "text/html" or looks_like_html(text.lstrip())


def as_page(texts: list[str], pages: list[bool]) -> bytes:
    """Texts, of which some are pages, one after the other as one page."""
    each = (text if page else _marked(text) for text, page in zip(texts, pages, strict=True))
    return "\n".join(each).encode("utf-8", "replace")


def _marked(text: str) -> str:
    paragraphs = re.split(r"\n\s*\n", html.escape(text, quote=False).replace("\r\n", "\n"))
    return "".join(f"<p>{part.strip()}</p>".replace("\n", "<br>") for part in paragraphs)


def _is_shown_in_another(part: Message) -> bool:
    return part["content-location"] is not None or part["content-id"] is not None


def _has_page(texts: list[Message]) -> bool:
    return any(text.get_content_type() == "text/html" for text in texts)


def _without_copies(found: list[list[Message]]) -> list[list[Message]]:
    """Without a plain text whose page follows: some programs call such forms mixed."""
    following = [*found[1:], []] if found else []
    pairs = zip(found, following, strict=True)
    return [texts for texts, after in pairs if not _is_copy(texts, after)]


def _is_copy(texts: list[Message], pages: list[Message]) -> bool:
    if len(texts) != 1 or len(pages) != 1 or _has_page(texts) or not _has_page(pages):
        return False
    text, page = (part_text(parts[0], "") for parts in (texts, pages))
    if isinstance(text, Refusal) or isinstance(page, Refusal):
        return False
    words = Counter(text.split())
    return (words & Counter(plain_text(page).split())).total() >= _SAME * words.total()
