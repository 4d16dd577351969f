"""From a row of a table to an article: which column is what."""

import datetime
import math
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from chude.corpus.article import Article
from chude.corpus.dates import from_serial, parse_date
from chude.corpus.encodings import decode, heal_fields
from chude.corpus.formats.annotations import ANNOTATIONS, annotate
from chude.corpus.formats.cells import themes_of, whole
from chude.corpus.formats.limits import MAX_TEXT, too_long
from chude.corpus.formats.markup import has_markup, plain_text
from chude.errors import Refusal


@dataclass(frozen=True, slots=True)
class ColumnNames:
    """Names of the columns; None means the usual name, and that it may be missing."""

    id: str | None = None
    text: str | None = None
    title: str | None = None
    date: str | None = None
    label: str | None = None


USUAL = {"id": ("id",), "text": ("text", "body"), "title": ("title",), "date": ("date",)}
USUAL["label"] = ("themes", "labels", "label")
_SURE = "themes"  # what is in another usual column of labels may be something else
_SHOWN = 40  # characters of a foreign name in a message
_LONGEST_HEADER = 1000  # names of columns, and characters of them, that are kept for the next row


@dataclass(frozen=True, slots=True)
class SharedRefusal(Refusal):
    """A refusal that many rows may share: it is said once, with their number."""


@dataclass(frozen=True, slots=True)
class Roles:
    """The columns of a table by what they are; None where there is none."""

    id: Any
    text: Any
    title: Any
    date: Any
    label: Any


def find_roles(names: Collection[str], columns: ColumnNames) -> Roles:
    """The column of each role among the names of a table.

    A name counts whatever its case, the spaces around it and its Unicode form, unless one has
    exactly that name.
    """
    names = tuple(names)
    if len(names) > _LONGEST_HEADER or sum(map(len, names)) > _LONGEST_HEADER * 10:
        return _roles.__wrapped__(names, columns)
    return _roles(names, columns)


@lru_cache(maxsize=64)
def _roles(names: tuple[str, ...], columns: ColumnNames) -> Roles:
    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(_fold(name), name)

    def find(role: str) -> str | None:
        given = getattr(columns, role)
        candidates = (given,) if given else USUAL[role]
        exact = next((name for name in candidates if name in names), None)
        return exact or next((folded[f] for f in map(_fold, candidates) if f in folded), None)

    return Roles(*map(find, ("id", "text", "title", "date", "label")))


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().strip("\ufeff").strip().casefold()


def lacking_column(names: Collection[str], columns: ColumnNames) -> tuple[str, str] | None:
    """Problem and cure when a column that is needed or asked for is not among `names`.

    Also when two columns have the name of one that is needed.
    """
    roles = find_roles(names, columns)
    for role, usual in USUAL.items():
        given = getattr(columns, role)
        found = getattr(roles, role)
        if found is None and (given or role == "text"):
            problem = f"no column {given or usual[0]!r}; there are: {_shown(names)}"
            return problem, f"Name the right one with --{role}-column"
        if found is not None and sum(name == found for name in names) > 1:
            return f"two columns {found!r}", "Give each column a name of its own"
    return None


def _shown(names: Iterable[str]) -> str:
    short = [str(name)[:_SHOWN] + ("…" if len(str(name)) > _SHOWN else "") for name in names]
    return ", ".join(short[:20]) + (", …" if len(short) > 20 else "")


def has_text_column(line: str, columns: ColumnNames, with_commas: bool) -> bool:
    """Whether a first line looks like the names of a table's columns, one of them the text's.

    with_commas: whether commas may stand between them; a title has commas too, but no tabs.
    """
    for mark in "\t;,|" if with_commas else "\t;":
        names = [name.strip().strip('"') for name in line.split(mark)]
        if len(names) > 1 and find_roles(names, columns).text is not None:
            return len(line) < _LONGEST_HEADER
    return line.startswith("sep=") and len(line) <= len("sep=,\r")


def row_article(row: Mapping[str, Any], place: str, columns: ColumnNames) -> Article | Refusal:
    """The article that a row of a table is, or why it is none; place: what messages call it."""
    roles = find_roles(row.keys(), columns)
    unsure = roles.text is None or columns != _USUAL_NAMES
    if unsure and (lacking := lacking_column(row.keys(), columns)):
        return SharedRefusal(place, *lacking)
    return article_of(
        place,
        row[roles.text],
        None if roles.title is None else row[roles.title],
        article_id=None if roles.id is None else row[roles.id],
        date=None if roles.date is None else row[roles.date],
        label=None if roles.label is None else row[roles.label],
        sure=columns.label is not None or roles.label == _SURE,
        annotations={name: row[name] for name in ANNOTATIONS if name in row},
    )


_USUAL_NAMES = ColumnNames()


def article_of(
    place: str,
    body: Any,
    title: Any = None,
    *,
    article_id: Any = None,
    date: Any = None,
    label: Any = None,
    sure: bool = True,
    annotations: Mapping[str, Any] | None = None,
) -> Article | Refusal:
    """An article of the values of a row, whatever their types.

    sure: whether `label` holds labels for certain, so that what cannot be one is refused.
    annotations: what the columns of `ANNOTATIONS` hold, of those that are there.
    """
    given = (title or "", body)
    body, title = _string(body, place), _string(title, place)
    if isinstance(body, Refusal) or isinstance(title, Refusal):
        return body if isinstance(body, Refusal) else title
    if len(body) + len(title) > MAX_TEXT:
        return too_long(place, "a text", MAX_TEXT)
    if not (body + title).isascii() and _has_surrogate(body + title):
        return Refusal(place, "half a UTF-16 pair in the text", "Write the text as UTF-8")
    if "</" in body and has_markup(body):
        body = plain_text(body)
    if not body.strip():
        empty = "only a title, no body" if title.strip() else "empty"
        return Refusal(place, empty, "Add the article's text or delete the row")
    healed = heal_fields([title, body], place)
    if isinstance(healed, Refusal):
        return healed
    title, body = healed
    themes = themes_of(label)
    if isinstance(themes, str):
        if sure:
            cure = "Write a list of names, a string or `;` between the themes"
            return SharedRefusal(place, themes, cure)
        themes = None
    article = Article(_id(article_id, place), title, body, _date(date), themes, source=place)
    return annotate(article, annotations, (title, body) != given) if annotations else article


def _string(value: Any, place: str) -> str | Refusal:
    if isinstance(value, str):
        return value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bytes):
        return decode(value, place)
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        return "\n\n".join(value)
    return SharedRefusal(place, "the article's text is not a string", "Correct the row")


def _has_surrogate(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _id(value: Any, place: str) -> str:
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return place
    return str(whole(value))


def _date(value: Any) -> datetime.date | None:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return from_serial(value)
    return parse_date(value) if isinstance(value, str) else None


def said_once(items: Iterable[Article | Refusal]) -> Iterator[Article | Refusal]:
    """The same items, but refusals that rows of one source share come once, at the end, counted."""
    shared: dict[tuple[str, str], list[SharedRefusal]] = {}
    counts: dict[tuple[str, str], int] = {}
    for item in items:
        if not isinstance(item, SharedRefusal):
            yield item
            continue
        key = (item.problem, item.cure)
        shared.setdefault(key, [item])
        counts[key] = counts.get(key, 0) + 1
        if len(counts) > _LONGEST_HEADER:  # each row has another problem
            yield from _said(shared, counts)
            shared, counts = {}, {}
    yield from _said(shared, counts)


def _said(
    shared: Mapping[tuple[str, str], list[SharedRefusal]], counts: Mapping[tuple[str, str], int]
) -> Iterator[Refusal]:
    for key, [first] in shared.items():
        rows = counts[key]
        where = f" (and in {rows - 1:,} more rows)" if rows > 1 else ""
        yield replace(first, problem=first.problem + where, count=rows)
