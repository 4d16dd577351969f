"""The title of a web page's article, and its date."""

import datetime
import re
from collections.abc import Iterator

from chude.corpus.dates import dateline, parse_date
from chude.corpus.formats.html_blocks import Block, Page
from chude.corpus.formats.html_body import forms_around, is_text
from chude.corpus.formats.markup import squeeze

_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_BESIDE = 3  # blocks between a date and the heading below it
_BELOW = 2  # blocks between the last paragraph and a date below it, such as the author
_LAST = 4  # the rank of a date that is nowhere near the article


def find_title(page: Page) -> str:
    """The heading of the article; where it has none, what the page is called."""
    heads = [block for block in page.blocks if block.tag == "h1" and block.text]
    names = [page.named.get("og:title") or "", _called(page)]
    own = sorted(_own_heads(page, heads), key=lambda block: _title_rank(block, names))
    # A link that the page is not called by is the logo.
    logos = [block.text for block in own if _is_link(block) and not _is_named(block, names)]
    texts = [block.text for block in own if block.text not in logos]
    candidates = (*texts, names[0], *logos, names[1], *(block.text for block in heads))
    return squeeze(next(filter(None, candidates), "")).strip()


def _called(page: Page) -> str:
    return next((block.text for block in page.blocks if block.tag == "title"), "")


def _title_rank(head: Block, names: list[str]) -> tuple[bool, bool, bool, bool, bool, int]:
    """Lowest for the heading that is most likely the article's.

    Those of a menu are none beside others, but some pages have theirs in what looks like one. A
    page's name has the paper's in it too, so that of two the longer is meant, and no link.
    """
    named, linked = _is_named(head, names), _is_link(head)
    sure = named and not linked
    length = -len(head.text) if named else 0
    return head.aside, not head.in_article, not sure, linked, head.header > 0 and not named, length


def _is_named(head: Block, names: list[str]) -> bool:
    """Whether a page is called by a heading, or by a part of it."""
    text = head.text.casefold()
    return any(name and (name in text or text in name) for name in map(str.casefold, names))


def _is_link(block: Block) -> bool:
    return 0 < len(block.text) <= block.linked


def _own_heads(page: Page, heads: list[Block]) -> list[Block]:
    """The headings that are not those of a form or a dialog, such as `Đăng nhập`.

    What holds most of the page's text is neither, whatever it is called.
    """
    if not any(block.form or block.over for block in heads):
        return heads
    texts = [block for block in page.blocks if not block.aside and is_text(block)]
    over = sum(len(block.text) for block in texts if block.over)
    if 2 * over < sum(len(block.text) for block in texts):
        heads = [block for block in heads if not block.over]
    around = forms_around(page, texts)
    return [block for block in heads if not block.form or block.form in around]


def find_date(
    page: Page, text: str, title: str, body: list[Block]
) -> tuple[datetime.date | None, str]:
    """The day of a page's article, and what the page calls its date.

    What a page tells programs is surest; then what stands in or beside the article. text: the
    page as it is written. body: the blocks of the article.
    """
    published = _PUBLISHED.search(text)
    written = [page.named.get("date") or "", published[1] if published else ""]
    if day := next(filter(None, map(parse_date, written)), None):
        return day, ""
    for block in _by_nearness(page, title, body):
        written.append(block.time)
        if day := (block.time and parse_date(block.time)) or dateline(block.text[:100]):
            return day, ""
    return None, next(filter(None, written), "")


def _by_nearness(page: Page, title: str, body: list[Block]) -> Iterator[Block]:
    """The blocks that may hold the date, those in the article and beside its heading first."""
    ranked: list[list[Block]] = [[] for _ in range(_LAST + 1)]
    main = max(body, key=lambda block: len(block.text), default=Block(""))
    places = [at for at, b in enumerate(page.blocks) if b.tag != "title" and b.text == title]
    start = next((at for at in places if page.blocks[at].tag == "h1"), next(iter(places), -1))
    head = page.blocks[start] if start >= 0 else main
    ends = {id(block) for block in body if block.parent == main.parent}
    end = max((at for at, b in enumerate(page.blocks) if id(b) in ends), default=0) + _BELOW
    headers, articles = {0, head.header, main.header}, {head.article, main.article} - {0}
    for at, block in enumerate(page.blocks):
        # A clock, or the date of another article.
        outside = block.header not in headers and block.article not in articles
        if block.tag == "title" or outside or (block.aside and not main.aside) or block.over:
            continue
        if block.article in articles or (head.header and block.header == head.header):
            rank = 0
        elif block.article:
            rank = _LAST
        elif at >= start:
            rank = 1 if at <= end else _LAST - 1
        else:
            rank = 2 if start - at <= _BESIDE else _LAST
        ranked[rank].append(block)
    return (block for blocks in ranked for block in blocks)
