"""Rows of a table whose first one names the columns, of whatever file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chude.corpus.article import Article
from chude.corpus.formats.annotations import ANNOTATIONS
from chude.corpus.formats.columns import (
    ColumnNames,
    article_of,
    find_roles,
    fold_name,
    lacking_column,
    theme_columns,
)
from chude.corpus.themes_of import flagged
from chude.errors import Refusal

_NAME = 60  # characters that no column's name has, but a text
_CELL = 32_767  # characters
_CUT = f"a text of {_CELL:,} characters, where Excel cuts off what a cell cannot hold"
_CURE = "Put the text in quotes, or write a value for every column"


@dataclass(frozen=True, slots=True)
class _Header:
    """What the line of names tells.

    places: the columns of id, text, title, date and labels. flags: those of 0 and 1, by theme.
    annotations: those of `ANNOTATIONS`. sure: whether the column of labels holds such for certain.
    """

    names: list[str]
    places: tuple[int | None, ...]
    flags: dict[str, int]
    annotations: dict[str, int]
    sure: bool


def read_rows(
    rows: Iterable[tuple[int, Sequence[Any] | Refusal]],
    place: str,
    columns: ColumnNames,
    *,
    pads: bool = False,
    or_else: str = "",
) -> Iterator[Article | Refusal]:
    """One article a row; each row comes with the number that messages give it.

    A row of more or fewer values than there are names is refused, never cut; empty ones are not
    looked at. pads: rows may leave empty values at their end out, as Excel's do. or_else: what else
    may be done where the column of the text is not found.
    """
    header: _Header | None = None
    for number, row in rows:
        if isinstance(row, Refusal):
            if header is None:  # none of the next rows tells what the columns are
                yield replace(row, problem=f"{row.problem}, the rest is left out")
                return
            yield row
        elif is_empty(row):
            continue
        elif header is None or _are_names(row, header):
            names = names_of(row)
            if lacking := _lacking(names, columns):
                yield Refusal(f"{place}:{number}", lacking[0], lacking[1] + or_else)
                return
            header = _header(names, columns)
        elif len(row) != len(header.names) and (problem := _misfit(row, header.names, pads)):
            yield Refusal(f"{place}:{number}", problem, _CURE)
        else:
            yield _article(row, f"{place}:{number}", header)


def is_empty(row: Sequence[Any]) -> bool:
    """Whether a row has no value; the first one that has some is the line of names."""
    return not any(value is not None and value != "" for value in row)


def names_of(row: Sequence[Any]) -> list[str]:
    """The names of the columns on the line of names, without empty ones at its end."""
    names = ["" if value is None else str(value) for value in row]
    while names and not names[-1].strip():
        names.pop()
    return names


def _header(names: list[str], columns: ColumnNames) -> _Header:
    roles = find_roles(names, columns)
    found = (roles.id, roles.text, roles.title, roles.date, roles.label)
    return _Header(
        names,
        tuple(None if name is None else names.index(name) for name in found),
        {key: names.index(name) for key, name in theme_columns(names, columns).items()},
        {name: names.index(name) for name in ANNOTATIONS if name in names},
        columns.label is not None
        or roles.label is None
        or roles.label.strip().casefold() == "themes",
    )


def _article(row: Sequence[Any], where: str, header: _Header) -> Article | Refusal:
    id_, text, title, date, label = (
        None if at is None or at >= len(row) else row[at] for at in header.places
    )
    if isinstance(text, str) and len(text) == _CELL:
        return Refusal(where, _CUT, "Take the text from where it came, and not from Excel")
    if header.places[-1] is None and header.flags:
        label = flagged({key: row[at] for key, at in header.flags.items() if at < len(row)})
    return article_of(
        where,
        text,
        title,
        article_id=id_,
        date=date,
        label=label,
        sure=header.sure,
        annotations={name: row[at] for name, at in header.annotations.items() if at < len(row)},
    )


def _are_names(row: Sequence[Any], header: _Header) -> bool:
    """Whether a row is the line of names again, in any order, as where files were joined."""
    names, text = header.names, header.places[1]
    if text is None or text >= len(row) or len(str(row[text])) > _NAME:
        return False
    again = ["" if value is None else str(value) for value in row[: len(names)]]
    return sorted(map(fold_name, again)) == sorted(map(fold_name, names))


def _misfit(row: Sequence[Any], names: list[str], pads: bool) -> str | None:
    """What is wrong with a row's length; empty values behind the last column are nothing."""
    if len(row) < len(names) and pads:
        return None
    if len(row) > len(names) and all(value in (None, "") for value in row[len(names) :]):
        return None
    return f"{len(row)} values where the first line names {len(names)} columns"


def _lacking(names: list[str], columns: ColumnNames) -> tuple[str, str] | None:
    lacking = lacking_column(names, columns)
    if lacking is None:
        return None
    roles = find_roles(names, columns)
    known = any((roles.id, roles.text, roles.title, roles.date, roles.label))
    if not known and any(len(name) > _NAME for name in names):
        return (
            "no line of column names; the first line is an article",
            "Write a first line that names the columns, such as id,title,text",
        )
    if not known and sum(bool(name.strip()) for name in names) == 1:  # perhaps what it is about
        return lacking[0], f"{lacking[1]}, or delete what stands above the names"
    return lacking
