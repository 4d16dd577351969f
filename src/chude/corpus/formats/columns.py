"""From a row of a table to an article: which column is what."""

import datetime
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chude.corpus.article import Article
from chude.corpus.dates import parse_date
from chude.corpus.encodings import heal_fields
from chude.corpus.themes_of import parse_themes
from chude.errors import Refusal


@dataclass(frozen=True, slots=True)
class ColumnNames:
    """Names of the columns; None means the usual name, and that it may be missing.

    themes: those that have a column of 0 and 1 each, where no other column has the labels.
    labelled: whether labels are wanted at all.
    """

    id: str | None = None
    text: str | None = None
    title: str | None = None
    date: str | None = None
    label: str | None = None
    themes: tuple[str, ...] = ()
    labelled: bool = True


ANNOTATIONS = ("spans", "contested", "drawn")  # columns of what annotators said beyond themes

Span = tuple[int, int]

USUAL = {"id": ("id",), "text": ("text", "body"), "title": ("title",), "date": ("date",)}
USUAL["label"] = ("themes",)


def column_finder(names: Container[str], columns: ColumnNames) -> Callable[[str], str | None]:
    """Finds the column of a role (a key of `USUAL`) among the names of a table; None: none."""

    def find(role: str) -> str | None:
        if role == "label" and not columns.labelled:
            return None
        given = getattr(columns, role)
        candidates = (given,) if given else USUAL[role]
        return next((name for name in candidates if name in names), None)

    return find


def theme_columns(names: Container[str], columns: ColumnNames) -> tuple[str, ...]:
    """The columns of 0 and 1, a theme each; none unless every theme has one."""
    return columns.themes if all(key in names for key in columns.themes) else ()


def lacking_column(names: Sequence[str], columns: ColumnNames) -> tuple[str, str] | None:
    """Problem and cure when a column that is needed or asked for is not among `names`."""
    find = column_finder(names, columns)
    for role, usual in USUAL.items():
        given = getattr(columns, role)
        if find(role) is None and (given or role == "text"):
            there = ", ".join(map(str, names))
            problem = f"no column {given or usual[0]!r}; there are: {there}"
            return problem, f"Name the right one with --{role}-column"
    return None


def row_article(row: Mapping[str, Any], place: str, columns: ColumnNames) -> Article | Refusal:
    """The article that a row of a table is, or why it is none; place: what messages call it."""
    find = column_finder(row, columns)
    names = {role: find(role) for role in USUAL}
    if lacking := lacking_column(list(row), columns):
        return Refusal(place, *lacking)
    value = {role: row[name] if name is not None else None for role, name in names.items()}
    body, title = value["text"], value["title"] or ""
    if not isinstance(body, str) or not isinstance(title, str):
        whole = body is not None  # one that is missing is a fault of its row
        return Refusal(place, "the article's text is not a string", "Correct the row", column=whole)
    if not body.strip():
        empty = "only a title, no body" if title.strip() else "empty"
        return Refusal(place, empty, "Add the article's text or delete the row")
    if not (body + title).isascii() and _has_surrogate(body + title):
        return Refusal(place, "half a UTF-16 pair in the text", "Write the text as UTF-8")
    healed = heal_fields([title, body], place)
    if isinstance(healed, Refusal):
        return healed
    title, body = healed
    article_id = place if value["id"] is None or value["id"] == "" else str(value["id"])
    cell = value["label"]
    if names["label"] is None and columns.labelled:
        cell = {key: row[key] for key in theme_columns(row, columns)} or None
    themes = parse_themes(cell)
    if isinstance(themes, str):
        cure = "Write the names of the themes: a list, a string or `;` between them"
        return Refusal(place, themes, cure, column=True)
    article = Article(article_id, title, body, _date(value["date"]), themes, source=place)
    moved = (title, body) != (value["title"] or "", value["text"])
    return _annotate(article, row, moved)


def _annotate(article: Article, row: Mapping[str, Any], moved: bool) -> Article | Refusal:
    """The article with its marked spans, themes not settled, and how it was drawn, where told.

    moved: whether its text is no longer the row's to the letter, so that no span can be found.
    """
    if not any(name in row for name in ANNOTATIONS):
        return article
    given = row.get("spans")
    spans = _spans(given, len(article.text)) if isinstance(given, Mapping) else None
    if isinstance(spans, str):
        cure = 'Write {"theme": [[start, end], …]}, offsets in title, blank line and text'
        return Refusal(article.source, spans, cure)
    if spans and moved:
        problem = "spans of a text that had to be put into Unicode, so that offsets moved"
        return Refusal(article.source, problem, "Write the text in Unicode and mark it again")
    unsettled = row.get("contested")
    keys = parse_themes(unsettled) if isinstance(unsettled, (str, list)) else ()
    if isinstance(keys, str):
        cure = "Write a list, a string or `;` between the themes"
        return Refusal(article.source, f"contested {keys}", cure)
    by_chance = row.get("drawn") == "chance"
    return replace(article, spans=spans, unsettled=keys or (), by_chance=by_chance)


def _spans(given: Mapping[str, Any], length: int) -> dict[str, tuple[Span, ...]] | str:
    """Offsets by theme, or what is wrong with them; length: of the article's text."""
    found: dict[str, tuple[Span, ...]] = {}
    for key, ranges in given.items():
        if ranges is None:  # in a table that has a column a theme
            continue
        if not isinstance(ranges, list) or not all(map(_is_span, ranges)):
            return "spans of an unknown form"
        if any(not 0 <= start < end <= length for start, end in ranges):
            return f"spans of {key!r} that lie outside the text, which has {length} characters"
        found[str(key)] = tuple((start, end) for start, end in ranges)
    return found


def _is_span(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(end, int) and not isinstance(end, bool) for end in value)
    )


def _has_surrogate(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _date(value: Any) -> datetime.date | None:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    return parse_date(value) if isinstance(value, str) else None
