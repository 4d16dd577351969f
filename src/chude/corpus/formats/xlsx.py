"""Excel workbooks (.xlsx): each sheet is a table whose first row names the columns."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element

from chude.corpus.article import Article
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.formats.limits import MAX_DISK, MAX_DOCUMENT, InputError
from chude.corpus.formats.rows import read_rows
from chude.corpus.formats.source import Source, on_disk
from chude.corpus.formats.xml import attribute, events, open_part
from chude.errors import Refusal

_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
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
        names = _sheet_names(open_part(archive, "xl/workbook.xml"))
        files = sorted(
            (name for name in archive.namelist() if re.match(r"xl/worksheets/[^/]+\.xml$", name)),
            key=lambda name: (len(name), name),
        )
        with open_part(archive, "xl/sharedStrings.xml") as part:
            strings = list(_strings(part))
        empty = True
        for number, name in enumerate(files):
            with open_part(archive, name) as part:
                sheet = names[number] if len(names) == len(files) else f"sheet {number + 1}"
                where = f"{place}:{sheet}" if len(files) > 1 else place
                for item in read_rows(_rows(part, strings), where, columns, pads=True):
                    empty = False
                    yield item
        if empty:
            yield Refusal(place, "no rows in it", "Write a row of column names and the articles")


def _sheet_names(part: BinaryIO) -> list[str]:
    with part:
        return [
            attribute(element, "name") or ""
            for event, element in events(part, MAX_DOCUMENT, frozenset())
            if event == "start" and element.tag == "sheet"
        ]


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
        part.text or ""
        for child in element
        if child.tag != "rPh"
        for part in ([child] if child.tag == "t" else child.iter("t"))
    )


def _rows(part: BinaryIO, strings: list[str]) -> Iterator[tuple[int, list[object]]]:
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
        at = 0
        for letter in match[1]:
            at = at * 26 + ord(letter) - 64
        at -= 1
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
    return text == "1" if kind == "b" else text
