"""Excel workbooks (.xlsx): each sheet is a table whose first row names the columns."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element

from chude.corpus.article import Article
from chude.corpus.dates import number_of_1904
from chude.corpus.formats.columns import ColumnNames, find_roles
from chude.corpus.formats.limits import MAX_DISK, MAX_DOCUMENT, InputError
from chude.corpus.formats.merged_cells import Regions, Row, column_number, fill, find_regions
from chude.corpus.formats.rows import is_empty, names_of, read_rows
from chude.corpus.formats.source import Source, on_disk
from chude.corpus.formats.xml import attribute, events, open_part
from chude.errors import Refusal

_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")  # of a character that XML cannot hold, or changes
_KEPT = frozenset({"t", "v", "is", "c", "r", "row", "si"})
_MOST_STRINGS = 2_000_000
_WIDEST = 16_384  # columns, Excel's own limit
_DAMAGED = (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError)


def read(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """One article a row of each sheet that has any."""
    try:
        with on_disk(source) as path:
            yield from _workbook(path, source.place, columns)
    except _DAMAGED as error:
        problem = f"not a readable Excel workbook ({error}), the rest is left out"
        yield Refusal(source.place, problem, "Save it again as .xlsx")


def _workbook(path: Path, place: str, columns: ColumnNames) -> Iterator[Article | Refusal]:
    with zipfile.ZipFile(path) as archive:
        names, from_1904 = _outline(open_part(archive, "xl/workbook.xml"))
        files = sorted(
            (name for name in archive.namelist() if re.match(r"xl/worksheets/[^/]+\.xml$", name)),
            key=lambda name: (len(name), name),
        )
        with open_part(archive, "xl/sharedStrings.xml") as part:
            strings = list(_strings(part))
        empty = True
        for number, name in enumerate(files):
            regions = _regions(archive, name)
            with open_part(archive, name) as part:
                sheet = names[number] if len(names) == len(files) else f"sheet {number + 1}"
                where = f"{place}:{sheet}" if len(files) > 1 else place
                rows = _rows(part, strings)
                rows = fill(rows, regions, columns) if regions else rows
                rows = _counted_from_1900(rows, columns) if from_1904 else rows
                for item in read_rows(rows, where, columns, pads=True):
                    empty = False
                    yield item
        if empty:
            yield Refusal(place, "no rows in it", "Write a row of column names and the articles")


def _outline(part: BinaryIO) -> tuple[list[str], bool]:
    """The names of the sheets, and whether days count from 1904."""
    names: list[str] = []
    from_1904 = False
    with part:
        for event, element in events(part, MAX_DOCUMENT, frozenset()):
            if event == "start" and element.tag == "sheet":
                names.append(attribute(element, "name") or "")
            elif event == "start" and element.tag == "workbookPr":
                from_1904 = attribute(element, "date1904") in ("1", "true", "on")
    return names, from_1904


def _regions(archive: zipfile.ZipFile, name: str) -> Regions:
    """The merged cells of a sheet; none of a damaged one, whose first rows can still be read."""
    try:
        with open_part(archive, name) as part:
            return find_regions(part)
    except (*_DAMAGED, zlib.error):
        return {}


def _counted_from_1900(rows: Iterator[Row], columns: ColumnNames) -> Iterator[Row]:
    """The rows of a workbook that counts from 1904, with their days as others count them."""
    at: int | None = None
    named = False
    for number, row in rows:
        if not named and not is_empty(row):
            names, named = names_of(row), True
            date = find_roles(names, columns).date
            at = None if date is None else names.index(date)
        elif at is not None and at < len(row):
            row[at] = number_of_1904(row[at])
        yield number, row


def _strings(part: BinaryIO) -> Iterator[str]:
    """The strings that cells refer to by number."""
    count = 0
    parent: Element | None = None
    for event, element in events(part, MAX_DOCUMENT * 4, _KEPT):
        if event == "start" and element.tag == "sst":
            parent = element
        elif event == "end" and element.tag == "si":
            count += 1
            if count > _MOST_STRINGS:
                raise InputError("more strings than a workbook of articles has", "Save it as CSV")
            yield _text(element)
            if parent is not None:
                parent.clear()


def _text(element: Element) -> str:
    """The text of a string, of all its runs, without how it is pronounced."""
    return "".join(
        _unescaped(part.text or "")
        for child in element
        if child.tag != "rPh"
        for part in ([child] if child.tag == "t" else child.iter("t"))
    )


def _unescaped(text: str) -> str:
    """A string with the characters that stand as `_xHHHH_`, of UTF-16 (ECMA-376, ST_Xstring)."""
    if "_x" not in text or not _ESCAPE.search(text):
        return text
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _rows(part: BinaryIO, strings: list[str]) -> Iterator[Row]:
    """The number and the values of each row."""
    number = 0
    row: list[object] = []
    parent: Element | None = None
    for event, element in events(part, MAX_DISK, _KEPT):
        if event == "start" and element.tag == "sheetData":
            parent = element
        elif event == "start" and element.tag == "row":
            number, row = int(attribute(element, "r") or number + 1), []
        elif event == "end" and element.tag == "c":
            _put(row, element, strings)
            element.clear()
        elif event == "end" and element.tag == "row":
            yield number, row
            element.clear()
            if parent is not None:
                parent.clear()


def _put(row: list[object], cell: Element, strings: list[str]) -> None:
    """A cell's value in its place in the row."""
    at = len(row)
    if match := _CELL.fullmatch(cell.get("r", "")):
        at = column_number(match[1])
    if at >= _WIDEST:
        raise InputError("more columns than Excel has", "Save it again")
    row.extend([None] * (at + 1 - len(row)))
    row[at] = _value(cell, strings)


def _value(cell: Element, strings: list[str]) -> object:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inside = next((child for child in cell if child.tag == "is"), None)
        return "" if inside is None else _text(inside)
    text = next((child.text for child in cell if child.tag == "v"), None)
    if text is None or kind == "e":
        return None
    if kind == "s":
        index = int(text)
        return strings[index] if 0 <= index < len(strings) else None
    if kind == "n":
        try:
            value = float(text)
        except ValueError:
            return text
        return int(value) if value.is_integer() else value
    return text == "1" if kind == "b" else _unescaped(text)
