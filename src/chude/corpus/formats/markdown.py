"""Markdown: the first heading is the title; marks of headings, emphasis and links are left out."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from chude.corpus.article import Article
from chude.corpus.dates import parse_date
from chude.corpus.encodings import decode
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.formats.limits import MAX_RECORD, read_at_most
from chude.corpus.formats.raw import parse_text
from chude.corpus.formats.source import Source
from chude.errors import Refusal

_BETWEEN_RULES = re.compile(r"---\n((?:(?!---\n)[^\n]*\n){0,50})---\n")
_BETWEEN_PLUSES = re.compile(r"\+\+\+[ \t]*\n((?:(?!\+\+\+)[^\n]*\n){0,50})\+\+\+[ \t]*(?:\n|\Z)")
# Fields are lines that all begin as such, the first one with a plain name; or anything whose
# paragraphs begin so, where one has the name of what is above articles and no later one is speech,
# as in an interview. Else it is the article's.
_FIELDS = re.compile(r"(?=[\w.-]+:)(?:(?:[\w.-]+:|[ \t#-])[^\n]*\n|\n)*")
_BEGINS = re.compile(r"""[ \t#\])}-]|["']?[^\W_][^:\n]{0,40}:(?:\s|$)""")
_SPEECH = re.compile(r"[^\n]*[.?!…][\"”’]?[ \t]*(?:\n|$)")
_NAMED = re.compile(
    r"""\A["']?(?:layout|author|tags|categories|slug|draft|tác giả|ngày đăng)["']?[ \t]*:"""
    r"""|^["']?(?:title|tiêu đề)["']?[ \t]*:""",
    re.MULTILINE | re.IGNORECASE,
)
_TITLE = re.compile(
    r"""^["']?(?:title|tiêu đề)["']?[ \t]*:\s*(.+)$""", re.MULTILINE | re.IGNORECASE
)
_FOLDED = re.compile(r"[>|][-+]?[ \t]*\n((?:[ \t]+\S[^\n]*\n)+)")  # on the lines below its name
_DATES = tuple(  # the former counts where both are there
    re.compile(rf"""^["']?(?:{names})["']?[ \t]*:[ \t]*["']?(.+)$""", re.MULTILINE | re.IGNORECASE)
    for names in ("date|ngày đăng", "pubdate|publishdate")
)
_TOML_DATES = ("date", "pubdate", "publishdate")
_LONGEST_TOML = 10_000  # characters
_LONGEST_FIELD = 200  # characters of a line
_MARKS = (
    (re.compile(r"(?<=[^\n]\n)[ ]{0,3}={2,}[ \t]*$", re.MULTILINE), ""),
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
    plain, date = _plain(text)
    item = parse_text(plain, source.id, source.place)
    yield item if isinstance(item, Refusal) else item.with_unread(date)


def _are_fields(lines: str) -> bool:
    """Whether lines between two rules are fields of the article below, and no text."""
    if _FIELDS.fullmatch(lines):
        return True
    paragraphs = re.split(r"\n\s*\n", lines.strip("\n"))
    is_long = any(len(line) > _LONGEST_FIELD for line in lines.split("\n"))
    if is_long or any(map(_SPEECH.match, paragraphs[1:])):
        return False
    return _NAMED.search(lines) is not None and all(map(_BEGINS.match, paragraphs))


def _plain(text: str) -> tuple[str, str]:
    """The text as a raw article, and what it calls its date."""
    text = text.lstrip("\ufeff \n")
    title, dates, text = _front_matter(text)
    date = next(filter(None, map(parse_date, dates)), None)
    head = f"date {date} " if date else ""
    if title:
        head += f"{title}\n\n"
    for pattern, plain in _MARKS:
        text = pattern.sub(plain, text)
    return head + text, dates[0] if dates else ""


def _front_matter(text: str) -> tuple[str, list[str], str]:
    """The title and the dates in the fields above an article, and the article."""
    if (front := _BETWEEN_RULES.match(text)) and _are_fields(front[1]):
        dates = [date for pattern in _DATES for date in pattern.findall(front[1])]
        return _title(front[1]), dates, text[front.end() :].lstrip()
    front = _BETWEEN_PLUSES.match(text)
    fields = _of_toml(front[1]) if front else None
    if front is None or fields is None:
        return "", [], text
    found = (fields.get(name) for name in _TOML_DATES)
    dates = [str(date) for date in found if date]
    return " ".join(str(fields.get("title", "")).split()), dates, text[front.end() :].lstrip()


def _title(fields: str) -> str:
    """The title in fields of YAML, on one line or folded."""
    found = _TITLE.search(fields)
    if found is None:
        return ""
    if folded := _FOLDED.match(fields, found.start(1)):
        return " ".join(folded[1].split())
    title = found[1].strip()
    if len(title) > 1 and title[0] == title[-1] == "'":
        return title[1:-1].replace("''", "'")
    return title.strip('"')


def _of_toml(fields: str) -> dict[str, Any] | None:
    """What fields of TOML say, their names in small letters; None where they are something else."""
    if len(fields) > _LONGEST_TOML:
        return None
    try:
        return {name.lower(): value for name, value in tomllib.loads(fields).items()}
    except (ValueError, RecursionError):
        return None
