"""A saved web page: its title, its date and its paragraphs, without menus and links to others.

What is not the article is told by its elements (`nav`, `footer` …), by the names of their classes,
and by how much of a block's text is links (Kohlschütter, Fankhauser, Nejdl, "Boilerplate detection
using shallow text features", WSDM 2010).
"""

import datetime
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from chude.corpus.article import Article
from chude.corpus.dates import dateline, parse_date
from chude.corpus.encodings import decode_bytes
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.formats.limits import CURE_LONG, MAX_RECORD, InputError, read_at_most
from chude.corpus.formats.markup import BLOCKS, Tag, squeeze, tokens
from chude.corpus.formats.raw import document_article
from chude.corpus.formats.source import Source
from chude.errors import Refusal

_ASIDE = frozenset(("nav", "footer", "aside", "menu", "button", "select", "dialog"))
_FORM = "form"  # aside too, where it is not around the whole page, as ASP.NET has it
_HEART = ("h1", "article")  # what such a form has inside
_STATE = "__VIEWSTATE"  # the field that ASP.NET has in it
_MOST, _NEARLY_ALL = 0.5, 0.8  # the shares of a page's characters that such a form has, at least
_HARDLY = 0.05  # the share of a page's characters outside of its form that is no article
_CLASSES = """menu nav navbar navigation topbar breadcrumb breadcrumbs footer sidebar related
related-news tinlienquan tin-lien-quan comment comments binh-luan share social tags advertisement
ads quangcao banner copyright pagination popup cookie"""
_ASIDE_NAMES = frozenset(_CLASSES.split())
_OVER = re.compile("modal|popup")  # in the names of what lies over a page
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_HOLDERS = frozenset(("div", "ul", "ol", "section", "header", "table", "p", "span"))
_PROPERTIES = """article:published_time datepublished pubdate publishdate date dc.date
dc.date.issued dcterms.created og:published_time"""
_DATES = frozenset(_PROPERTIES.split())
_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]+)|encoding=[\"']([\w-]+)[\"']", re.I)
_LINKS = 0.5  # the share of a block's characters that are links, above which it is a menu
_SHORT = 40  # characters of a loose block without a sentence, such as "Đọc thêm"
_MOST_BLOCKS = 200_000
_DEEPEST = 10_000  # elements that are followed, one inside the other
_TEXT_TAGS = "p h2 h3 h4 h5 h6 li td blockquote pre figcaption dd"
_TEXTS = frozenset(_TEXT_TAGS.split())

_Holder = tuple[str, bool, bool]  # an open element; whether it is aside, and lies over the page


@dataclass(slots=True)
class _Block:
    tag: str
    texts: list[str] = field(default_factory=list)
    linked: int = 0
    in_article: bool = False
    aside: bool = False
    over: bool = False  # in what lies over the page, or is hidden
    form: int = 0  # which one it is in, from 1 on

    @property
    def text(self) -> str:
        lines = "".join(self.texts).split("\n")
        return "\n".join(line for line in (squeeze(line).strip() for line in lines) if line)


@dataclass(slots=True)
class _Page:
    blocks: list[_Block] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)  # what the head says
    hearts: set[int] = field(default_factory=set)  # the forms that have one; 0: outside of all
    states: set[int] = field(default_factory=set)  # the forms of ASP.NET


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
    page = _parse(text)
    written = _written_dates(page, text)
    title, date = _title(page) or title, _date(page, written) or date
    body = "\n\n".join(block.text for block in _article_blocks(page, title))
    item = document_article(source, title, body, date)
    return item if isinstance(item, Refusal) or not written else item.with_unread(written[0])


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


def _parse(text: str) -> _Page:
    page = _Page([_Block("")])
    stack: list[_Holder] = []
    aside = over = article = links = form = forms = 0
    for token in tokens(text):
        block = page.blocks[-1]
        if isinstance(token, str):
            if not token.strip() and not block.texts:
                continue
            block.texts.append(token.replace("\n", " "))
            block.linked += len(token.strip()) if links else 0
            continue
        name = token.name
        if name in _HEART:
            page.hearts.add(form)
        elif name == "input" and _STATE in token.rest:
            page.states.add(form)
        if name == "a":
            links = 0 if token.is_end else 1
        elif name == "br":
            block.texts.append("\n")
        elif name in ("meta", "time"):
            _note(token, page)
        elif name in ("article", "main"):
            article = max(0, article + (-1 if token.is_end else 1))
        elif name == _FORM:
            forms += not token.is_end
            form = 0 if token.is_end else forms
        if name in _ASIDE or name in _HOLDERS:
            more_aside, more_over = _hold(token, stack)
            aside += more_aside
            over += more_over
        if name in BLOCKS and name != "br":
            links = 0
            if not block.texts:
                page.blocks.pop()
            elif len(page.blocks) > _MOST_BLOCKS:
                raise InputError("a page of more blocks than an article has", CURE_LONG)
            tag = "" if token.is_end else name
            page.blocks.append(_Block(tag, [], 0, article > 0, aside > 0, over > 0, form))
    return page


def _hold(token: Tag, stack: list[_Holder]) -> tuple[int, int]:
    """How many more elements that are aside, and lie over the page, are open after this tag."""
    if not token.is_end:
        if len(stack) == _DEEPEST:
            return 0, 0
        aside, over = _is_aside(token), _is_over(token)
        stack.append((token.name, aside, over))
        return int(aside), int(over)
    for depth in range(len(stack) - 1, max(-1, len(stack) - 20), -1):
        if stack[depth][0] == token.name:
            closed = stack[depth:]
            del stack[depth:]
            return -sum(aside for _, aside, _ in closed), -sum(over for _, _, over in closed)
    return 0, 0


def _is_aside(tag: Tag) -> bool:
    if tag.name in _ASIDE:
        return True
    if "class" not in tag.rest.lower() and "id" not in tag.rest.lower():
        return False
    named = tag.attributes
    words = f"{named.get('class', '')} {named.get('id', '')} {named.get('role', '')}".lower()
    return not _ASIDE_NAMES.isdisjoint(words.split()) and len(words) < 200


def _is_over(tag: Tag) -> bool:
    """Whether an element is a dialog over the page, or hidden until it is one."""
    if tag.name == "dialog":
        return True
    rest = tag.rest.lower()
    if not any(word in rest for word in ("dialog", "modal", "popup", "hidden")):
        return False
    named = tag.attributes
    if named.get("role", "").lower().endswith("dialog") or "aria-modal" in named:
        return True
    names = f"{named.get('class', '')} {named.get('id', '')}".lower()
    bare = _QUOTED.sub("", rest).split()
    return _OVER.search(names) is not None or "hidden" in (*named, *bare)


def _note(tag: Tag, page: _Page) -> None:
    values = tag.attributes
    if tag.name == "time":
        page.named.setdefault("time", values.get("datetime", ""))
        return
    key = (values.get("property") or values.get("name") or values.get("itemprop") or "").lower()
    page.named.setdefault("date" if key in _DATES else key, values.get("content", ""))


def _title(page: _Page) -> str:
    heads = [block for block in page.blocks if block.tag == "h1" and block.text]
    own = _own_heads(page, heads)
    title = next((block.text for block in page.blocks if block.tag == "title"), "")
    # Beside others those of a menu are none, but some pages have theirs in what looks like one.
    texts = [block.text for block in sorted(own, key=lambda block: block.aside)]
    candidates = (*texts, page.named.get("og:title"), title, *(block.text for block in heads))
    return squeeze(next(filter(None, candidates), "")).strip()


def _own_heads(page: _Page, heads: list[_Block]) -> list[_Block]:
    """The headings that are not those of a form or a dialog, such as `Đăng nhập`.

    What holds most of the page's text is neither, whatever it is called.
    """
    if not any(block.form or block.over for block in heads):
        return heads
    texts = [block for block in page.blocks if not block.aside and _is_text(block)]
    over = sum(len(block.text) for block in texts if block.over)
    if 2 * over < sum(len(block.text) for block in texts):
        heads = [block for block in heads if not block.over]
    around = _forms_around(page, texts)
    return [block for block in heads if not block.form or block.form in around]


def _written_dates(page: _Page, text: str) -> list[str]:
    """What a page calls its date, the surest first."""
    published = _PUBLISHED.search(text)
    said = (page.named.get("date"), published and published[1], page.named.get("time"))
    return [value for value in said if value]


def _date(page: _Page, written: list[str]) -> datetime.date | None:
    if day := next(filter(None, map(parse_date, written)), None):
        return day
    return next(filter(None, (dateline(block.text[:100]) for block in page.blocks)), None)


def _article_blocks(page: _Page, title: str) -> list[_Block]:
    """The blocks of the article; all that have text where nothing else would be left."""
    filled = [b for b in page.blocks if b.tag != "title" and b.text and b.text != title]
    chosen = [block for block in filled if not block.aside and _is_text(block)]
    around = _forms_around(page, chosen)
    outside = [block for block in chosen if block.form in around]
    if _length(outside) > _HARDLY * _length(chosen):
        chosen = outside
    inner = [block for block in chosen if block.in_article]
    if inner and _length(inner) * 4 > _length(chosen):
        chosen = inner
    return chosen or [block for block in filled if _is_text(block)] or filled


def _forms_around(page: _Page, blocks: list[_Block]) -> set[int]:
    """The forms that are the page, not a part beside its article; 0: what is in none."""
    sizes: Counter[int] = Counter()
    for block in blocks:
        sizes[block.form] += len(block.text)
    around, total = {0, *page.states}, sizes.total()
    for form, size in sizes.items():
        least = _MOST if form in page.hearts else _NEARLY_ALL
        if size > least * total and (form in page.hearts or 0 not in page.hearts):
            around.add(form)
    return around


def _length(blocks: list[_Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _is_text(block: _Block) -> bool:
    text = block.text
    if block.linked > _LINKS * len(text) or dateline(text):
        return False
    if block.tag in _TEXTS:
        return True
    return len(text) >= _SHORT or text.endswith((".", "!", "?", "…", '"', "”"))
