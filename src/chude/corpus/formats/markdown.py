"""Markdown: the first heading is the title; marks of headings, emphasis and links are left out."""

import re
from collections.abc import Iterator

from chude.corpus.article import Article
from chude.corpus.encodings import decode
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.formats.limits import MAX_RECORD, read_at_most
from chude.corpus.formats.raw import parse_text
from chude.corpus.formats.source import Source
from chude.errors import Refusal

# Fields between two rules, the first line being one; what else stands there is the article's.
_FRONT = re.compile(r"\A---\n(?=[\w.-]+:)(?:(?:[\w.-]+:|[ \t#-])[^\n]*\n|\n){0,50}?---\n")
_TITLE = re.compile(r"^title:\s*(.+)$", re.MULTILINE)
_DATE = re.compile(r"^date:\s*(\d{4}-\d{1,2}-\d{1,2})", re.MULTILINE)
_MARKS = (
    (re.compile(r"^[ ]{0,3}#{1,6}[ \t]++", re.MULTILINE), ""),
    (re.compile(r"!\[[^\]\n]{0,300}\]\([^)\n]{0,2000}\)"), ""),
    (re.compile(r"(?<!!)\[([^\]\[\n]{1,300})\]\([^)\n]{0,2000}\)"), r"\1"),
    (re.compile(r"(\*\*|__)(?=\S)([^\n*_]{1,2000}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])([*_])(?=\S)([^\n*_]{1,2000}?)(?<=\S)\1(?![\w*])"), r"\2"),
    (re.compile(r"^[ ]{0,3}>[ ]?", re.MULTILINE), ""),
    (re.compile(r"^[ ]{0,3}(?:[-*_][ ]*){3,}$", re.MULTILINE), ""),
)


def read(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """The one article of a file; title and date of a front matter count."""
    content = read_at_most(source.stream, MAX_RECORD, "a text")
    text = decode(content, source.place)
    if isinstance(text, Refusal):
        yield text
        return
    yield parse_text(_plain(text), source.id, source.place)


def _plain(text: str) -> str:
    """The text as a raw article."""
    text = text.lstrip("\ufeff \n")
    head = ""
    if front := _FRONT.match(text):
        title, date = _TITLE.search(front[0]), _DATE.search(front[0])
        text = text[front.end() :].lstrip()
        head = f"date {date[1]} " if date else ""
        if title:
            head += f"{title[1].strip().strip(chr(34))}\n\n"
    for pattern, plain in _MARKS:
        text = pattern.sub(plain, text)
    return head + text
