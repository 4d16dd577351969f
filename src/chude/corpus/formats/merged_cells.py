"""Merged cells of a sheet: below the first one they are empty, though a reader sees its value.

A theme or a day merged over rows is that of each of them. Texts and ids are never filled in: a text
beside several rows would become as many articles.
"""

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from chude.corpus.formats.columns import ColumnNames, find_roles, theme_columns
from chude.corpus.formats.limits import MAX_DISK, InputError
from chude.corpus.formats.rows import is_empty, names_of

_REGION = re.compile(
    rb"<(?:\w{1,20}:)?mergeCell\s[^<>]{0,200}?\bref\s*=\s*[\"']([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"
)
_LONGEST = 300  # bytes of such an element
_MOST = 200_000  # regions; more of them are no table of articles
_PIECE = 1 << 20

Row = tuple[int, list[object]]
Regions = dict[tuple[int, int], int]


def find_regions(part: BinaryIO) -> Regions:
    """The last row of each region of several rows, by its first row and column.

    They stand behind the rows of a sheet. To look for their bytes costs a seventh of reading
    the XML, which is too much to be held or to be read twice. Raises InputError for more than
    200,000.
    """
    regions: Regions = {}
    before, size = b"", 0
    while (piece := part.read(_PIECE)) and size <= MAX_DISK:
        size += len(piece)
        if b"mergeCell" in before or b"mergeCell" in piece:
            for match in _REGION.finditer(before + piece):
                first, last = int(match[2]), int(match[3])
                if last > first:
                    regions[first, column_number(match[1].decode())] = last
            if len(regions) > _MOST:
                cure = "Unmerge them, and write in each row what is its own"
                raise InputError(f"more than {_MOST:,} merged cells", cure)
        before = piece[-_LONGEST:]
    return regions


def column_number(letters: str) -> int:
    """The place of a column from 0 on: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def fill(
    rows: Iterator[Row], regions: Mapping[tuple[int, int], int], columns: ColumnNames
) -> Iterator[Row]:
    """The rows with titles, days and labels that are merged with a cell above them.

    Only rows with a value of their own: what is merged may go on below the last one. Only these few
    columns, so that regions of whole columns cost a step a row.
    """
    places: list[int] | None = None
    merged: dict[int, tuple[int, object]] = {}
    for number, row in rows:
        if not is_empty(row):
            if places is None:
                places = _places(names_of(row), columns)
            else:
                _fill_row(number, row, places, regions, merged)
        yield number, row


def _fill_row(
    number: int,
    row: list[object],
    places: list[int],
    regions: Mapping[tuple[int, int], int],
    merged: dict[int, tuple[int, object]],
) -> None:
    """Fill a row's cells; merged: the last row and the value of the region in each column."""
    for at in places:
        if at < len(row) and row[at] not in (None, ""):
            if (number, at) in regions:
                merged[at] = regions[number, at], row[at]
        elif at in merged and number <= merged[at][0]:
            row.extend([None] * (at + 1 - len(row)))
            row[at] = merged[at][1]


def _places(names: list[str], columns: ColumnNames) -> list[int]:
    """The columns that are filled in."""
    roles = find_roles(names, columns)
    found = {roles.title, roles.date, roles.label, *theme_columns(names, columns).values()}
    return sorted(names.index(name) for name in found - {None, roles.text, roles.id})
