"""Which blocks of a web page are its article."""

import re
from collections import Counter

from chude.corpus.dates import dateline
from chude.corpus.formats.html_blocks import Block, Page

_MOST, _NEARLY_ALL = 0.5, 0.8  # the shares of a page's characters that a form around it has
_HARDLY = 0.05  # the share of a page's characters outside of its form that is no article
_LINKS = 0.5  # the share of a block's characters that are links, above which it is a menu
_SHORT = 40  # characters of a loose block without a sentence, such as "Đọc thêm"
_REST = 8  # letters that a paragraph has beside its links, at least
_SENTENCE = (".", "!", "?", "…", '"', "”")
_TEXT_TAGS = "p h2 h3 h4 h5 h6 li td blockquote pre figcaption dd"
_TEXTS = frozenset(_TEXT_TAGS.split())
# What stands among paragraphs and is none.
_LABEL = re.compile(
    r"\W*(?:(?:xem|đọc|tìm hiểu) (?:thêm|tiếp|ngay)|(?:các )?(?:tin|bài)(?: viết)? "
    r"(?:liên quan|cùng|khác|mới)|quảng cáo|chia sẻ|bình luận|theo dõi|gửi (?:bài|email|bình)"
    r"|in (?:bài|trang)|like|từ khóa|mời (?:bạn|quý)|đăng (?:ký|nhập)|advertisement|facebook|zalo"
    r"|nghe (?:bài|đọc)|trở (?:về|lại)|quay lại|chuyên mục)",
    re.IGNORECASE,
)


def article_blocks(page: Page, title: str) -> list[Block]:
    """The blocks of the article; all that have text where nothing else would be left."""
    filled = [b for b in page.blocks if b.tag != "title" and b.text and b.text != title]
    chosen = [block for block in filled if not block.aside and is_text(block)]
    around = forms_around(page, chosen)
    outside = [block for block in chosen if block.form in around]
    if length(outside) > _HARDLY * length(chosen):
        chosen = outside
    inner = [block for block in chosen if block.in_article]
    if inner and length(inner) * 4 > length(chosen):
        chosen = inner
    if not chosen:
        return [block for block in filled if is_text(block)] or filled
    return _with_lines(filled, chosen)


def forms_around(page: Page, blocks: list[Block]) -> set[int]:
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


def length(blocks: list[Block]) -> int:
    """The characters of blocks."""
    return sum(len(block.text) for block in blocks)


def is_text(block: Block) -> bool:
    """Whether a block by itself is a paragraph, a heading or an item, not a menu or a date."""
    text = block.text
    if block.linked > _LINKS * len(text) or dateline(text):
        return False
    return block.tag in _TEXTS or len(text) >= _SHORT or text.endswith(_SENTENCE)


def _with_lines(filled: list[Block], chosen: list[Block]) -> list[Block]:
    """With the short lines and the paragraphs of links that stand among the article's own."""
    own = {id(block) for block in chosen}
    parents = {block.parent for block in chosen if block.tag == "p"}
    blocks: list[Block] = []
    waiting: list[Block] = []  # lines, until the next paragraph shows whether they are among them
    last: Block | None = None  # the last paragraph
    for block in filled:
        if id(block) in own:
            blocks += [line for line in waiting if _is_among(line, last, block)]
            waiting.clear()
            blocks.append(block)
            last = block
        elif last is not None and not (block.aside or block.over) and block.form == last.form:
            if block.tag == "p" and block.parent in parents and _tells(block):
                blocks += [line for line in waiting if _is_among(line, last, block)]
                waiting.clear()
                blocks.append(block)
            elif block.tag == "div" and not block.linked:
                waiting.append(block)
    return blocks


def _is_among(line: Block, above: Block | None, below: Block) -> bool:
    """Whether a line is the neighbour of two paragraphs, in the same element and like them."""
    if above is None or not line.parent == above.parent == below.parent:
        return False
    alike = line.rest in (above.rest, below.rest) or not ("class" in line.rest or "id" in line.rest)
    return alike and " " in line.text and not _LABEL.match(line.text) and not dateline(line.text)


def _tells(block: Block) -> bool:
    """Whether a paragraph that is mostly links is a sentence, which goes on behind them."""
    if block.links and block.links[-1] == len(block.texts) - 1:
        return False
    said = block.unlinked
    letters = sum(map(str.isalpha, said))
    return letters >= _REST and said.endswith(_SENTENCE) and not _LABEL.match(block.text)
