"""Articles as rows: JSONL, CSV and Parquet, read in a stream."""

import csv
import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from chude.corpus.article import Article
from chude.corpus.encodings import heal_fields, text_lines
from chude.corpus.labels import csv_records, split_themes
from chude.corpus.raw import parse_date
from chude.errors import Refusal

_CHUNK = 1024  # rows of a Parquet file held at a time


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns; None means the usual name, and that it may be missing."""

    id: str | None = None
    text: str | None = None
    title: str | None = None
    date: str | None = None
    label: str | None = None


_USUAL = {"id": ("id",), "text": ("text", "body"), "title": ("title",), "date": ("date",)}
_USUAL["label"] = ("themes",)


def read_jsonl(lines: IO[bytes], place: str, columns: Columns) -> Iterator[Article | Refusal]:
    """One article a line of JSON; lines that are empty are skipped."""
    for number, text in enumerate(text_lines(lines, place), 1):
        where = f"{place}:{number}"
        if isinstance(text, Refusal):
            yield text
            continue
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except (json.JSONDecodeError, RecursionError) as error:
            yield Refusal(where, f"not a line of JSON ({error})", "Write one JSON object a line")
            continue
        if not isinstance(row, dict):
            yield Refusal(where, "not a JSON object", "Write one JSON object a line")
            continue
        yield _article(row, where, columns)


def read_csv(lines: IO[bytes], place: str, columns: Columns) -> Iterator[Article | Refusal]:
    """One article a record, the first line being the names of the columns."""
    refused: list[Refusal] = []
    reader = csv_records(_until_refused(text_lines(lines, place), refused))
    start = 1  # the line on which the record begins
    try:
        if lacking := _lacking(reader.fieldnames or (), columns):
            yield Refusal(f"{place}:1", *lacking)
            return
        start = reader.line_num + 1
        for row in reader:
            yield _article(row, f"{place}:{start}", columns)
            start = reader.line_num + 1
    except csv.Error as error:
        if not refused:  # otherwise the record ended where the file could not be decoded
            problem = f"not readable as CSV ({error}), the rest of the file is left out"
            cure = "Quote the fields that hold commas, quotes or line breaks"
            yield Refusal(f"{place}:{start}", problem, cure)
    for refusal in refused:
        problem = f"{refusal.problem}; the rest of the file is left out"
        yield Refusal(f"{place}:{start}", problem, refusal.cure)


def _until_refused(lines: Iterator[str | Refusal], refused: list[Refusal]) -> Iterator[str]:
    """The lines before the first that cannot be decoded, which is kept aside."""
    for line in lines:
        if isinstance(line, Refusal):
            refused.append(line)
            return
        yield line


def read_parquet(
    path: Path, columns: Columns, place: str | None = None, rows: range | None = None
) -> Iterator[Article | Refusal]:
    """One article a row; only the named columns are read, a chunk at a time.

    place: what the file is called, its path by default. rows: those wanted, from 0, by default all;
        of the row groups that hold none of them nothing is read.
    """
    import polars as pl

    place = str(path) if place is None else place
    try:
        scan = pl.scan_parquet(path)
        names = scan.collect_schema().names()
        if lacking := _lacking(names, columns):
            yield Refusal(place, *lacking)
            return
        wanted = list(dict.fromkeys(name for name in map(_finder(names, columns), _USUAL) if name))
        scan = scan.select(wanted)
        number = 0
        if rows is not None:
            scan, number = scan.slice(rows.start, len(rows)), rows.start
        for frame in scan.collect_batches(chunk_size=_CHUNK, maintain_order=True):
            for row in frame.iter_rows(named=True):
                number += 1
                yield _article(row, f"{place}:{number}", columns)
    except (pl.exceptions.PolarsError, OSError) as error:
        problem = f"not a readable Parquet file ({str(error).splitlines()[0]})"
        yield Refusal(place, problem, "Write it again")


def count_rows(path: Path) -> int:
    """Rows of a Parquet file by its own account; 0 when it cannot be read."""
    import polars as pl

    try:
        return int(pl.scan_parquet(path).select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, OSError):
        return 0


def _finder(names: Any, columns: Columns) -> Any:
    def find(role: str) -> str | None:
        given = getattr(columns, role)
        candidates = (given,) if given else _USUAL[role]
        return next((name for name in candidates if name in names), None)

    return find


def _lacking(names: Sequence[str], columns: Columns) -> tuple[str, str] | None:
    """Problem and cure when a column that is needed or asked for is not among `names`."""
    find = _finder(names, columns)
    for role, usual in _USUAL.items():
        given = getattr(columns, role)
        if find(role) is None and (given or role == "text"):
            there = ", ".join(map(str, names))
            problem = f"no column {given or usual[0]!r}; there are: {there}"
            return problem, f"Name the right one with --{role}-column"
    return None


def _article(row: Mapping[str, Any], place: str, columns: Columns) -> Article | Refusal:
    find = _finder(row, columns)
    names = {role: find(role) for role in _USUAL}
    if lacking := _lacking(list(row), columns):
        return Refusal(place, *lacking)
    value = {role: row[name] if name is not None else None for role, name in names.items()}
    body, title = value["text"], value["title"] or ""
    if not isinstance(body, str) or not isinstance(title, str):
        return Refusal(place, "the article's text is not a string", "Correct the row")
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
    themes = _themes(value["label"])
    if isinstance(themes, str):
        return Refusal(place, themes, "Write a list, a string or `;` between the themes")
    return Article(article_id, title, body, _date(value["date"]), themes, source=place)


def _has_surrogate(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _themes(value: Any) -> tuple[str, ...] | str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return split_themes(value)
    if isinstance(value, (int, bool)):
        return (str(value),)
    if isinstance(value, list) and all(isinstance(key, str) for key in value):
        return tuple(value)
    return f"themes of an unknown form: {value!r:.60}"


def _date(value: Any) -> datetime.date | None:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    return parse_date(value) if isinstance(value, str) else None
