"""A web page cut into blocks, each with what is told of it by the elements that it stands in."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from chude.corpus.formats.limits import CURE_LONG, InputError
from chude.corpus.formats.markup import BLOCKS, Tag, squeeze, tokens

_ASIDE = frozenset(("nav", "footer", "aside", "menu", "button", "select", "dialog"))
_FORM = "form"  # aside too, where it is not around the whole page, as ASP.NET has it
_HEART = ("h1", "article")  # what such a form has inside
_STATE = "__VIEWSTATE"  # the field that ASP.NET has in it
_CLASSES = """menu nav navbar navigation topbar breadcrumb breadcrumbs footer sidebar related
related-news tinlienquan tin-lien-quan comment comments binh-luan share social tags advertisement
ads quangcao banner copyright pagination popup cookie"""
_ASIDE_NAMES = frozenset(_CLASSES.split())
# Themes of weblogs name the article itself by these, for what its buttons or its tags look like.
_SHARING = frozenset(("share", "social", "tags", "banner"))
_CONTENT = re.compile(
    r"(?:^|\s)(?:(?:entry|post|article|detail|news|story|page)[-_]?(?:content|body|text|detail)"
    r"|content[-_]?detail|noi-?dung)(?=\s|$)"
)
_HEADER = frozenset(("header", "top-header", "header-top", "site-header", "masthead", "top-bar"))
_OVER = re.compile("modal|popup")  # in the names of what lies over a page
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_HOLDERS = frozenset(("div", "ul", "ol", "section", "header", "table", "p", "span"))
_HELD = _HOLDERS | _ASIDE
_PROPERTIES = """article:published_time datepublished pubdate publishdate date dc.date
dc.date.issued dcterms.created og:published_time"""
_DATES = frozenset(_PROPERTIES.split())
_MOST_BLOCKS = 200_000
_DEEPEST = 10_000  # elements that are followed, one inside the other


class _Around(NamedTuple):
    """What a place in a page is in; aside and header by their numbers, 0: in none."""

    aside: int = 0
    is_over: bool = False
    header: int = 0


class _Holder(NamedTuple):
    """An open element, and what was around it."""

    name: str
    number: int
    around: _Around


@dataclass(slots=True)
class Block:
    """A stretch of text between two tags of block elements.

    rest: the attributes of its own element. over: whether it is in what lies over the page, or is
    hidden. form, article, header: the number of the one it is in, from 1 on; 0: in none. parent:
    the number of the element around its own. time: what a `<time>` in it says to programs.
    """

    tag: str
    rest: str = ""
    in_article: bool = False
    article: int = 0
    over: bool = False
    header: int = 0
    form: int = 0
    parent: int = 0
    part: int = 0  # the innermost element that is aside
    aside: bool = False
    time: str = ""
    linked: int = 0
    texts: list[str] = field(default_factory=list)
    links: list[int] = field(default_factory=list)  # which texts are links
    _text: str | None = None

    @property
    def text(self) -> str:
        """Its lines as browsers show them."""
        if self._text is None:
            self._text = _lines("".join(self.texts))
        return self._text

    @property
    def unlinked(self) -> str:
        """The same without its links."""
        links = set(self.links)
        return _lines("".join(text for at, text in enumerate(self.texts) if at not in links))


@dataclass(slots=True)
class Page:
    """The blocks of a page, and what its head says by name."""

    blocks: list[Block] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)
    hearts: set[int] = field(default_factory=set)  # the forms that have one; 0: outside of all
    states: set[int] = field(default_factory=set)  # the forms of ASP.NET
    # Elements that are aside, from 1 on: the one around it; whether its class alone says so.
    parts: list[tuple[int, bool]] = field(default_factory=lambda: [(0, False)])
    headers: int = 0
    holders: int = 0


def parse(text: str) -> Page:
    """The blocks of a page, in the order in which they stand there."""
    page = Page([Block("")])
    stack: list[_Holder] = []
    around = _Around()
    articles: list[int] = []
    count = main = links = form = forms = 0
    for token in tokens(text):
        block = page.blocks[-1]
        if isinstance(token, str):
            if not token.strip() and not block.texts:
                continue
            if links:
                block.links.append(len(block.texts))
                block.linked += len(token.strip())
            block.texts.append(token.replace("\n", " "))
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
        elif name == "time":
            block.time = block.time or token.attributes.get("datetime", "")
        elif name == "meta":
            _note(token, page)
        elif name == "article":
            count += not token.is_end
            if token.is_end:
                del articles[-1:]
            else:
                articles.append(count)
        elif name == "main":
            main = max(0, main + (-1 if token.is_end else 1))
        elif name == _FORM:
            forms += not token.is_end
            form = 0 if token.is_end else forms
        if name in _HELD:
            around = _hold(token, stack, around, page)
        if name in BLOCKS and name != "br":
            links = 0
            if not block.texts and not block.time:
                page.blocks.pop()
            elif len(page.blocks) > _MOST_BLOCKS:
                raise InputError("a page of more blocks than an article has", CURE_LONG)
            block = Block("" if token.is_end else name)
            block.rest = "" if token.is_end else token.rest
            block.part, block.over, block.header = around
            block.in_article = main > 0 or bool(articles)
            block.article = articles[-1] if articles else 0
            block.form, block.parent = form, _parent(token, stack)
            page.blocks.append(block)
    _set_aside(page)
    return page


def _parent(tag: Tag, stack: list[_Holder]) -> int:
    """The number of the element that the block that this tag begins is in."""
    own = 1 if tag.name in _HELD and not tag.is_end else 0
    return stack[-1 - own].number if len(stack) > own else 0


def _hold(token: Tag, stack: list[_Holder], around: _Around, page: Page) -> _Around:
    """What is around what follows this tag."""
    name = token.name
    if token.is_end:
        for depth in range(len(stack) - 1, max(-1, len(stack) - 20), -1):
            if stack[depth].name == name:
                around = stack[depth].around
                del stack[depth:]
                return around
        return around
    if name != "span" and stack and stack[-1].name == "p":  # which another block ends
        around = stack.pop().around
    if len(stack) == _DEEPEST:
        return around
    page.holders += 1
    stack.append(_Holder(name, page.holders, around))
    is_aside, by_class = _is_aside(token)
    if is_aside:
        page.parts.append((around.aside, by_class))
        around = around._replace(aside=len(page.parts) - 1)
    if not around.is_over and _is_over(token):
        around = around._replace(is_over=True)
    if _is_header(token):
        page.headers += 1
        around = around._replace(header=page.headers)
    return around


def _names(tag: Tag) -> str:
    """Its classes, its id and its role; empty where it has none."""
    rest = tag.rest.lower()
    if "class" not in rest and "id" not in rest:
        return ""
    named = tag.attributes
    words = f"{named.get('class', '')} {named.get('id', '')} {named.get('role', '')}".lower()
    return words if len(words) < 200 else ""


def _is_aside(tag: Tag) -> tuple[bool, bool]:
    """Whether an element is beside the article; whether only a class of buttons says so."""
    if tag.name in _ASIDE:
        return True, False
    names = _names(tag)
    found = _ASIDE_NAMES.intersection(names.split())
    by_class = found <= _SHARING
    if not found or (by_class and _CONTENT.search(names)):
        return False, False
    return True, by_class


def _is_header(tag: Tag) -> bool:
    if tag.name == "header":
        return True
    rest = tag.rest.lower()
    if "head" not in rest and "top" not in rest:
        return False
    return not _HEADER.isdisjoint(_names(tag).split())


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


def _note(tag: Tag, page: Page) -> None:
    values = tag.attributes
    key = (values.get("property") or values.get("name") or values.get("itemprop") or "").lower()
    page.named.setdefault("date" if key in _DATES else key, values.get("content", ""))


def _set_aside(page: Page) -> None:
    """Tell which blocks are aside: not those of an element with most of the text of the page.

    Elements come behind those that they are in, so each way through them is one loop.
    """
    if len(page.parts) == 1:
        return
    sizes: Counter[int] = Counter()
    for block in page.blocks:
        if block.tag != "title":
            sizes[block.part] += max(0, len(block.text) - block.linked)
    total = sizes.total()
    for number in range(len(page.parts) - 1, 0, -1):
        sizes[page.parts[number][0]] += sizes[number]
    aside = [False]
    for number, (around, by_class) in enumerate(page.parts[1:], 1):
        is_page = by_class and 2 * sizes[number] > total
        aside.append(aside[around] or not is_page)
    for block in page.blocks:
        block.aside = aside[block.part]


def _lines(text: str) -> str:
    lines = (squeeze(line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
