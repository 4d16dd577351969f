"""HTML as a stream of tags and texts, read without a tree.

The tree that browsers build is what makes HTML dangerous: selectolax (lexbor) takes 13.5 s for
50,000 nested tags of 250 kB, and html.parser of the standard library is quadratic in comments that
are not closed (CVE-2025-6069, open before Python 3.11.14). An article's text needs no tree, so tags
are found by expressions without backtracking, in time and memory linear in the page's length.
trafilatura would bring lxml and six more packages for one format of thirteen.
"""

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[A-Za-z][\w:-]*+)"
    r"(?P<rest>(?:\"[^\"]{0,5000}+\"|'[^']{0,5000}+'|[^\"'<>]|[\"'](?=[^<>]*+>))*+)>"
)
_ATTRIBUTE = re.compile(r"([\w:-]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))")
_UNREAD = ("script", "style", "noscript", "template", "svg", "math", "iframe", "object", "textarea")
_START = re.compile(
    r"(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body|meta|title|script|div|table|article|"
    r"section|header|main|p|h[1-6]|span|ul|ol|font|center|br|img|a|b|i|strong|em)\b[^<>]*>?",
    re.IGNORECASE,
)
_SPACES = re.compile(r"(?:[^\S\xa0]|(?<![ÃÂĂ])\xa0)+")
_CLOSING = re.compile(
    r"</(?:p|div|span|a|h[1-6]|strong|em|b|i|ul|ol|li|td|font|figure)>|<br ?/?>", re.IGNORECASE
)
_ENOUGH = 3  # of these make a text one with markup; one may be talked about
_BLOCK_TAGS = """address article aside blockquote body br caption center dd div dl dt fieldset
figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hr html legend li main nav ol option p
pre section select table tbody td tfoot th thead title tr ul"""
BLOCKS = frozenset(_BLOCK_TAGS.split())


class Tag(NamedTuple):
    """A tag in small letters; rest: its attributes as they are written."""

    name: str
    is_end: bool
    rest: str

    @property
    def attributes(self) -> dict[str, str]:
        """Their values by their names in small letters."""
        return {
            name.lower(): html.unescape(a or b or c)
            for name, a, b, c in _ATTRIBUTE.findall(self.rest)
        }


def looks_like_html(start: str, whole: bool = True) -> bool:
    """Whether a text is a page: begins as one or, where `whole`, has markup inside.

    start: the text without the spaces before it.
    """
    if not whole:  # a table, whose first column may begin with markup
        return start[:15].lower().startswith(("<!doctype html", "<html"))
    start = skip_comments(start)
    return bool(_START.match(start)) or has_markup(start)


def has_markup(text: str) -> bool:
    """Whether a text has closing tags or line breaks of HTML, as texts out of databases do."""
    return sum(1 for _, _ in zip(_CLOSING.finditer(text), range(_ENOUGH), strict=False)) >= (
        1 if _START.match(text.lstrip()) else _ENOUGH
    )


def skip_comments(text: str) -> str:
    """A text without the comments that it begins with."""
    while text.startswith("<!--") and (end := text.find("-->")) > 0:
        text = text[end + 3 :].lstrip()
    return text


def tokens(page: str) -> Iterator[Tag | str]:
    """Tags and the texts between them, with entities resolved; no scripts, styles and comments.

    What is not closed ends with the page, as in browsers. Spaces are as in the source.
    """
    page = _without_hidden(page)
    at = 0
    for match in _TAG.finditer(page):
        if match.start() > at:
            yield html.unescape(page[at : match.start()])
        yield Tag(match["name"].lower(), bool(match["end"]), match["rest"])
        at = match.end()
    if at < len(page):
        yield html.unescape(page[at:])


def plain_text(markup: str) -> str:
    """A text with markup as paragraphs with an empty line between them."""
    parts: list[str] = []
    for token in tokens(markup):
        if isinstance(token, str):
            parts.append(squeeze(token))
        elif token.name == "br":
            parts.append("\n")
        elif token.name in BLOCKS:
            parts.append("\n\n")
    text = re.sub(r" *\n *", "\n", "".join(parts))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def squeeze(text: str) -> str:
    """Spaces and line ends of a source as browsers show them: one space.

    A no-break space behind Ã, Â or Ă stays: of UTF-8 that was encoded twice it is half of a letter.
    """
    return _SPACES.sub(" ", text)


def _without_hidden(page: str) -> str:
    """Without comments, declarations and all that browsers do not show; linear in the length."""
    opening = re.compile(rf"<!--|<!\[CDATA\[|<[!?]|<({'|'.join(_UNREAD)})(?=[\s/>])", re.IGNORECASE)
    parts: list[str] = []
    at = 0
    while match := opening.search(page, at):
        parts.append(page[at : match.start()])
        parts.append(" ")
        if (at := _end(page, match)) < 0:
            break
    else:
        parts.append(page[at:])
    return "".join(parts)


def _end(page: str, opening: re.Match[str]) -> int:
    """Where what was opened ends; -1: with the page."""
    if name := opening[1]:
        closing = re.compile(rf"</{name}[^>]*+>", re.IGNORECASE).search(page, opening.end())
        return closing.end() if closing else -1
    mark = {"<!--": "-->", "<![cdata[": "]]>"}.get(opening[0].lower(), ">")
    end = page.find(mark, opening.end())
    return -1 if end < 0 else end + len(mark)
