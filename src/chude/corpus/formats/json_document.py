"""JSON in the forms in which tools export articles: lines, an array, or a document around one.

A file is read by what is in it, not by its ending: one value a line, or `[…]`, or `{"data": […]}`
over any number of lines.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from chude.corpus.article import Article
from chude.corpus.formats.annotations import ANNOTATIONS
from chude.corpus.formats.columns import (
    ColumnNames,
    Roles,
    find_roles,
    row_article,
    theme_columns,
)
from chude.corpus.formats.exports import ANSWERS, flat_row
from chude.corpus.formats.json_array import array_items
from chude.corpus.formats.json_keys import DECODER, has_doubled, keys_twice
from chude.corpus.formats.limits import MAX_RECORD, too_long
from chude.corpus.formats.lines import chart_of, from_chart, text_lines, utf8_stream
from chude.corpus.formats.source import Source
from chude.errors import Refusal

_ARRAY = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[")
_LISTS = ("data", "articles", "items", "rows", "records", "documents", "results", "train", "test")
_LIST_IN = re.compile(
    rb'(?:\xef\xbb\xbf)?\s*\{[^\[\]{}]{0,2000}?"(?:%s)"\s*:\s*\[\s*\{' % "|".join(_LISTS).encode()
)
_MANY = 1 << 20  # bytes of a line from which its parts are counted before they are made
_MOST_PARTS = 100_000
_BETWEEN = "\ufeff\x1e \t\r\n"  # what joined files and sequences of RFC 7464 have around a value
_CURE = "Write one JSON object a line"


def read(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """One article an object, wherever the objects stand."""
    stream = utf8_stream(source)
    if stream is not source.stream:
        source.stream = stream
    return _items(source, columns)


def _items(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    array = _ARRAY.match(source.head)
    if array is None and not _is_whole(source.head):
        yield from _lines(source, columns)
        return
    if encoding := chart_of(source):
        source.stream = from_chart(source.stream, encoding)
    if match := array or _LIST_IN.match(source.head):
        start = match.end() if array else match.end() - 1
        yield from _array(source, start, columns)
    else:
        yield from _document(source, columns)


def _is_whole(head: bytes) -> bool:
    """Whether the first value takes more than its line, or is the only one, a list inside."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith(b"{"):
        return False
    line, end, _ = start.partition(b"\n")
    if not end:
        return _LIST_IN.match(start) is not None
    try:
        json.loads(line)
    except RecursionError:
        return False
    except ValueError:
        return line.strip() in (b"{", b"{}") or line.rstrip().endswith((b",", b"[", b"{"))
    return False


def _lines(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """One object a line; empty lines are skipped."""
    for number, line in enumerate(text_lines(source), 1):
        where = f"{source.place}:{number}"
        if isinstance(line, Refusal):
            yield line
        elif not line.isspace():
            yield from _line(line, where, columns)


def _line(line: str, where: str, columns: ColumnNames) -> Iterator[Article | Refusal]:
    if len(line) > _MANY and line.count("{") + line.count("[") > _MOST_PARTS:
        yield Refusal(where, "a line of more values than an article has", _CURE)
        return
    try:
        row = DECODER.decode(line.strip(_BETWEEN))
    except (ValueError, RecursionError) as error:
        yield Refusal(where, f"not a line of JSON ({_said(error)})", _CURE)
        return
    yield from _rows(row, where, columns)


def _said(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return str(error).partition(":")[0] if "digits" in str(error) else str(error)


def _rows(row: Any, where: str, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """The articles of one value: one, or those of the list that it is a document around."""
    if not isinstance(row, dict):
        yield Refusal(where, "not a JSON object", _CURE)
        return
    if has_doubled(row) and (key := _key_twice(row, columns)):
        problem = f"its key {key!r} stands there twice, with different values"
        yield Refusal(where, problem, "Keep one of them, or give each a name of its own")
        return
    roles = find_roles(row, columns)
    text = roles.text
    if text is None and (inside := _lists_inside(row, columns)):
        for number, item in enumerate(inside, 1):
            yield from _rows(item, f"{where}:{number}", columns)
        return
    if not isinstance(row.get(text), str) and _is_turned(row, roles):
        cure = "Write it with DataFrame.to_json(orient='records', lines=True, force_ascii=False)"
        yield Refusal(where, "a table by its columns, as pandas writes it by default", cure)
        return
    flat = flat_row(row, columns, where)
    yield flat if isinstance(flat, Refusal) else row_article(flat, where, columns)


def _key_twice(row: dict[str, Any], columns: ColumnNames) -> str | None:
    """A key of what is read of an object that has several values, of which one would be lost."""
    roles = find_roles(row, columns)
    read = {*ANNOTATIONS, *theme_columns(row, columns).values()}
    read |= {roles.id, roles.text, roles.title, roles.date, roles.label}
    if roles.text is None:  # a task of Label Studio, or a document around lists
        read |= {*ANSWERS, *_LISTS}
    for key in filter(read.__contains__, row):
        if key in keys_twice(row):
            return key
        value = row[key]
        is_task = key == "data" and isinstance(value, dict)
        inside = _key_twice(value, columns) if is_task else next(iter(keys_twice(value)), None)
        if inside is not None:
            return inside
    return None


def _is_turned(row: dict[str, Any], roles: Roles) -> bool:
    """Whether the values of an object are whole columns or rows of a table."""
    text = row.get(roles.text)
    if any(isinstance(row.get(name), list) for name in (roles.id, roles.title, roles.date)):
        return True
    if isinstance(row.get("columns"), list) and isinstance(row.get("data"), list):
        return True  # orient="split"
    if isinstance(text, dict) and "0" in text:
        return True
    values = list(row.values())
    return len(values) > 1 and all(isinstance(one, dict) for one in values) and "0" in row


def _lists_inside(row: dict[str, Any], columns: ColumnNames) -> list[Any]:
    """The objects in the lists of articles among the values of an object, as `train`, `test`."""

    def are_articles(key: str, value: Any) -> bool:
        first = value[0] if isinstance(value, list) and value else None
        return isinstance(first, dict) and (
            key in _LISTS or find_roles(first, columns).text is not None
        )

    return [item for key, value in row.items() if are_articles(key, value) for item in value]


def _array(source: Source, start: int, columns: ColumnNames) -> Iterator[Article | Refusal]:
    for where, value in array_items(source.stream, start, source.place):
        if isinstance(value, Refusal):
            yield value
        else:
            yield from _rows(value, where, columns)


def _document(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """A file that is one object over several lines."""
    content = source.stream.read(MAX_RECORD + 1)
    if len(content) > MAX_RECORD:
        yield too_long(source.place, "a JSON object", MAX_RECORD)
        return
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"not UTF-8 (byte 0x{content[error.start]:02x} at {error.start})"
        yield Refusal(source.place, problem, "Save it as UTF-8")
        return
    yield from _values(text, source.place, columns)


def _values(text: str, place: str, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """Objects one behind the other, each over several lines."""
    at = 0
    while at < len(text):
        while at < len(text) and (text[at].isspace() or text[at] == ","):
            at += 1
        if at == len(text):
            return
        where = f"{place}:{text.count(chr(10), 0, at) + 1}" if at else place
        if text.count("{", at) + text.count("[", at) > _MOST_PARTS * 10:
            yield Refusal(where, "a document of more values than articles have", _CURE)
            return
        try:
            value, at = DECODER.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            yield Refusal(where, f"not JSON ({_said(error)}), the rest is left out", _CURE)
            return
        yield from _rows(value, where, columns)
