"""Whether a text of which no column is known is a table all the same."""

import csv
import io
import re

_MARKS = "\t;,"
_NAME = 40  # characters of a column's name at most
_FEW = 3  # rows without quotes that sentences hardly make
_QUOTED = r'"(?:[^"]|"")*+"'
_ID = re.compile(r"\S{1,40}")
_BLANK = re.compile(r"\n\s*\n")
_SHARE = 0.9  # of the rows, which have as many fields as the first
_MANY = 5  # rows, above which the last one need not be among these
_PROSE = 60  # characters, above which a last row of another length is a sentence


def has_rows(text: str, cut: bool) -> bool:
    """Whether a text is rows of a table to its end, the first of which has names.

    cut: whether it goes on behind what is given. Sentences have commas and semicolons as well, so
    that these count where fields are quoted, or the names short and the rows some more.
    """
    first = text.partition("\n")[0]
    return any(mark in first and _is_table(text, mark, cut) for mark in _MARKS)


def _is_table(text: str, mark: str, cut: bool) -> bool:
    lines = io.StringIO(text, newline="")
    names, *body = (row for row in csv.reader(lines, delimiter=mark) if row)
    width = len(names)
    if cut and len(body) > 1:
        body.pop()  # half a row
    elif cut and body and len(body[0]) > 1:
        body[0] += [""] * (width - len(body[0]))
    # Between the rows of a table there is no blank line, as there is between paragraphs.
    if mark != "\t" and not _BLANK.search(text.strip()) and _have_ids(body):
        body = [_rejoined(row, width) for row in body]
    if len(body) > _MANY and len(body[-1]) != width and sum(map(len, body[-1])) <= _PROSE:
        body.pop()  # such as `(5 rows)`
    # What ends in prose is an article that has a table in it.
    if not body or width < 2 or len(body[-1]) != width:
        return False
    if sum(len(row) == width for row in body) < _SHARE * len(body):
        return False
    if not all(0 < len(name.strip()) <= _NAME for name in names):
        return False
    if mark == "\t":
        return True
    return _are_names(names) and not _are_spaced(body) and _are_fields(text, mark, len(body), cut)


def _have_ids(rows: list[list[str]]) -> bool:
    """Whether each of a few rows or more begins with a word of its own, as sentences do not."""
    ids = {row[0] for row in rows}
    return len(rows) >= _FEW and len(ids) == len(rows) and all(map(_ID.fullmatch, ids))


def _rejoined(row: list[str], width: int) -> list[str]:
    """A row, of one that is too long what a mark without quotes cut: a space follows it there."""
    fields: list[str] = []
    for field in row:
        if len(row) > width and fields and field.startswith(" "):
            fields[-1] += field
        else:
            fields.append(field)
    return fields


def _are_names(names: list[str]) -> bool:
    """Whether no space follows the marks, as in sentences, and none stands in a number."""
    return all(name[0].isalpha() or name[0] == "_" for name in names)


def _are_spaced(rows: list[list[str]]) -> bool:
    """Whether a space follows most marks, as in the sentences below a title that has none."""
    later = [field for row in rows for field in row[1:]]
    return 2 * sum(field.startswith(" ") for field in later) > len(later)


def _are_fields(text: str, mark: str, rows: int, cut: bool) -> bool:
    """Whether there are enough rows, or fields in quotes: one between two marks, or one a row.

    Of what is cut, one that is still open will do.
    """
    if rows >= _FEW or re.search(f"{mark}{_QUOTED}{mark}", text):
        return True
    if cut and re.search(rf'{mark}"(?:[^"]|"")*+\Z', text):
        return True
    at_an_end = rf"^{_QUOTED}(?={mark})|{mark}{_QUOTED}(?=\r?$)"
    return rows > 1 and len(re.findall(at_an_end, text, re.MULTILINE)) >= rows
