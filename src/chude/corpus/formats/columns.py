"""From a row of a table to an article: which column is what."""

import datetime
import unicodedata
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
    written, (title, body) = Article("", title, body).text, healed
    article_id = place if value["id"] is None or value["id"] == "" else str(value["id"])
    cell = value["label"]
    if names["label"] is None and columns.labelled:
        cell = {key: row[key] for key in theme_columns(row, columns)} or None
    themes = parse_themes(cell)
    if isinstance(themes, str):
        cure = "Write the names of the themes: a list, a string or `;` between them"
        return Refusal(place, themes, cure, column=True)
    annotation = _annotation(row)
    if isinstance(annotation, str):
        return Refusal(place, annotation, 'Write {"theme": [[start, end], …]} for spans')
    article = Article(
        article_id, title, body, _date(value["date"]), themes, source=place, **annotation
    )
    return article if article.spans is None else _moved(article, written)


def _annotation(row: Mapping[str, Any]) -> dict[str, Any] | str:
    """Marked spans, themes that are not settled, and how an article was drawn, where a row says so.

    A string says what is wrong.
    """
    found: dict[str, Any] = {}
    if isinstance(spans := row.get("spans"), Mapping):
        try:
            found["spans"] = {
                str(key): tuple((int(start), int(end)) for start, end in ranges)
                for key, ranges in spans.items()
            }
        except (TypeError, ValueError):
            return "spans of an unknown form"
    if isinstance(unsettled := row.get("contested"), list):
        found["unsettled"] = tuple(map(str, unsettled))
    if row.get("drawn") == "chance":
        found["by_chance"] = True
    return found


def _moved(article: Article, written: str) -> Article | Refusal:
    """The article, its spans at the same words as in the text that was written before healing."""
    if article.text == written:
        return article
    if article.text != _composed(written):
        problem = "marked spans of a text in a wrong encoding"
        return Refusal(article.source, problem, "Save the text as UTF-8, then mark it")
    spans = {
        key: tuple((len(_composed(written[:s])), len(_composed(written[:e]))) for s, e in ranges)
        for key, ranges in (article.spans or {}).items()
    }
    return replace(article, spans=spans)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


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
