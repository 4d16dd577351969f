"""From a row of a table to an article: which column is what."""

import math
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from chude.corpus.article import Article
from chude.corpus.dates import day_of
from chude.corpus.encodings import decode, heal_fields
from chude.corpus.formats.annotations import ANNOTATIONS, annotate
from chude.corpus.formats.limits import MAX_TEXT, too_long
from chude.corpus.formats.lines import told_separator
from chude.corpus.formats.markup import has_markup, plain_text
from chude.corpus.themes_of import MULTI_HOT, NO_NAME, alike, flagged, is_missing, parse_themes
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


USUAL = {"id": ("id",), "text": ("text", "body"), "title": ("title",), "date": ("date",)}
USUAL["label"] = ("themes", "labels", "label")
_NAME = re.compile(r"[\w .:/()-]{1,40}")  # of a column
_SURE = "themes"  # what is in another usual column of labels may be something else
_LONGEST_MISSING = 5  # characters of what programs write for a missing value
_FRUIT = "na"  # of that, what a title may be
_SHOWN = 40  # characters of a foreign name in a message
_LONGEST_HEADER = 1000  # names of columns, and characters of them, that are kept for the next row


@dataclass(frozen=True, slots=True)
class Roles:
    """The columns of a table by what they are; None where there is none.

    complete: whether there are all that are needed or asked for.
    """

    id: Any
    text: Any
    title: Any
    date: Any
    label: Any
    complete: bool


def theme_columns(names: Collection[str], columns: ColumnNames) -> dict[str, str]:
    """The column of 0 and 1 of each theme, in any spelling; none unless every theme has its own."""
    wanted = columns.themes if columns.labelled else ()
    if all(key in names for key in wanted):
        return {key: key for key in wanted}
    if len(names) < len(wanted):
        return {}
    spelt = {alike(name): name for name in names}
    found = {key: key if key in names else spelt.get(alike(key), "") for key in wanted}
    return found if all(found.values()) and len(set(found.values())) == len(wanted) else {}


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
        folded.setdefault(fold_name(name), name)

    def find(role: str) -> str | None:
        if role == "label" and not columns.labelled:
            return None
        given = getattr(columns, role)
        candidates = (given,) if given else USUAL[role]
        exact = next((name for name in candidates if name in names), None)
        return exact or next((folded[f] for f in map(fold_name, candidates) if f in folded), None)

    found = {role: find(role) for role in USUAL}
    complete = all(
        found[role] is not None or not (getattr(columns, role) or role == "text") for role in USUAL
    )
    return Roles(**found, complete=complete)


def fold_name(name: str) -> str:
    """A column's name as it is compared: whatever its case, the spaces around it and its form."""
    return unicodedata.normalize("NFC", name).strip().strip("\ufeff").strip().casefold()


def lacking_column(names: Collection[str], columns: ColumnNames) -> tuple[str, str] | None:
    """Problem and cure when a column that is needed or asked for is not among `names`.

    Also when two columns have the name of one that is needed.
    """
    roles = find_roles(names, columns)
    for role, usual in USUAL.items():
        given = getattr(columns, role)
        found = getattr(roles, role)
        if role == "label" and not columns.labelled:
            continue
        if found is None and (given or role == "text"):
            problem = f"no column {given or usual[0]!r}; there are: {_shown(names)}"
            return problem, f"Name the right one with --{role}-column"
        if found is not None and sum(name == found for name in names) > 1:
            return f"two columns {found!r}", "Give each column a name of its own"
    return None


def _shown(names: Iterable[str]) -> str:
    short = [str(name)[:_SHOWN] + ("…" if len(str(name)) > _SHOWN else "") for name in names]
    return ", ".join(short[:20]) + (", …" if len(short) > 20 else "")


def has_text_column(line: str, columns: ColumnNames, unnamed: bool) -> bool:
    """Whether a first line looks like the names of a table's columns, one of them the text's.

    unnamed: whether the file's name says nothing. Else a line with commas may be a title, as one
    with tabs is not: it must name two columns that are known. A file without a name is a table too
    where the text's column is none that is known, so that its reader asks for it.
    """
    if unnamed and line.strip(' "\t').casefold() in USUAL["text"]:
        return True
    for mark in "\t;,|":
        names = [name.strip().strip('"') for name in line.split(mark)]
        roles = find_roles(names, columns) if len(names) > 1 else None
        if roles is not None and roles.text is not None:
            others = (roles.id, roles.title, roles.date, roles.label)
            sure = unnamed or mark in "\t;" or any(name is not None for name in others)
            return sure and len(line) < _LONGEST_HEADER
        if unnamed and roles is not None and any((roles.id, roles.date, roles.label)):
            return all(map(_NAME.fullmatch, names))
    return told_separator(line) is not None


def row_article(row: Mapping[str, Any], place: str, columns: ColumnNames) -> Article | Refusal:
    """The article that a row of a table is, or why it is none; place: what messages call it."""
    roles = find_roles(row.keys(), columns)
    if not roles.complete and (lacking := lacking_column(row.keys(), columns)):
        return Refusal(place, *lacking, column=True)
    return article_of(
        place,
        row[roles.text],
        None if roles.title is None else row[roles.title],
        article_id=None if roles.id is None else row[roles.id],
        date=None if roles.date is None else row[roles.date],
        label=label_of(row, roles, columns),
        sure=columns.label is not None or roles.label in (None, _SURE),
        annotations={name: row[name] for name in ANNOTATIONS if name in row},
    )


def label_of(row: Mapping[str, Any], roles: Roles, columns: ColumnNames) -> Any:
    """The cell of a row's labels, or those of 0 and 1 by their themes; None: not labelled."""
    if roles.label is not None:
        return row[roles.label]
    return flagged({key: row[name] for key, name in theme_columns(row, columns).items()})


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
    if isinstance(title, (int, float)) and not is_missing(title):
        title = _id(title, place)  # a year, in Excel
    if isinstance(title, str) and is_missing(title) and title.strip().casefold() != _FRUIT:
        title = ""
    body = _string(body, place)
    title = title if isinstance(title, str) else _string(title, place, "title")
    if isinstance(body, Refusal) or isinstance(title, Refusal):
        return body if isinstance(body, Refusal) else title
    if len(body) + len(title) > MAX_TEXT:
        return too_long(place, "a text", MAX_TEXT)
    if not (body + title).isascii() and _has_surrogate(body + title):
        return _surrogates(body + title, place)
    if "<" in body and has_markup(body):
        body = plain_text(body)
    if not body.strip():
        empty = "only a title, no body" if title.strip() else "empty"
        return Refusal(place, empty, "Add the article's text or delete the row")
    healed = heal_fields([title, body], place)
    if isinstance(healed, Refusal):
        return healed
    title, body = healed
    unread = None
    themes = parse_themes(_plain(label))
    if isinstance(themes, str):
        if sure or themes in (MULTI_HOT, NO_NAME):
            cure = "Write the names of the themes: a list, a string or `;` between them"
            if themes == NO_NAME:
                cure += ", and nothing where there is none"
            elif "neither" in themes:
                cure += "; 1 and 0 where each theme has a column"
            return Refusal(place, themes, cure, column=True)
        unread, themes = _plain(label), None
    named, date = _id(_plain(article_id), place), _plain(date)
    article = Article(named, title, body, day_of(date), themes, source=place)
    if article.date is None and not is_missing(date):
        article = article.with_unread(str(date))
    if unread is not None:
        article = article.with_unread_labels(unread)
    return annotate(article, annotations, (title, body) != given) if annotations else article


def _string(value: Any, place: str, what: str = "text") -> str | Refusal:
    if isinstance(value, str):
        return "" if len(value) <= _LONGEST_MISSING and is_missing(value) else value
    if is_missing(value):
        return ""
    if isinstance(value, bytes):
        return decode(value, place)
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        return "\n\n".join(value)
    return Refusal(place, f"the article's {what} is not a string", "Correct the row", column=True)


def _has_surrogate(text: str) -> bool:
    try:
        text.encode("utf-16-le")  # refuses halves as UTF-8 does, in a fifth of the time
    except UnicodeEncodeError:
        return True
    return False


def _surrogates(text: str, place: str) -> Refusal:
    """The refusal of a text with halves of pairs, or with bytes that were let through as such."""
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return Refusal(place, "half a UTF-16 pair in the text", "Write the text as UTF-8")
    return Refusal(place, "bytes in the text that are not UTF-8", "Save it as UTF-8")


def _plain(value: Any) -> Any:
    """A value, or the letters of one that a table holds as bytes."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _id(value: Any, place: str) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return place
    if isinstance(value, str) and value.strip() in ("", "nan"):
        return place
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
