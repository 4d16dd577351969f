"""Articles as rows of a Parquet file, a chunk at a time."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chude.corpus.article import Article
from chude.corpus.formats.annotations import ANNOTATIONS
from chude.corpus.formats.columns import (
    ColumnNames,
    find_roles,
    lacking_column,
    row_article,
    theme_columns,
)
from chude.corpus.formats.limits import MAX_TEXT, too_long
from chude.corpus.formats.source import Source, on_disk
from chude.errors import Refusal

if TYPE_CHECKING:
    import polars as pl

_CHUNK = 1024  # rows of a Parquet file held at a time ...
_BYTES = 16_000_000  # ... fewer where their texts would be longer as Python's strings
_LONGEST = 3 * MAX_TEXT  # bytes; longer ones are more than `MAX_TEXT` characters for certain
_DAYS = (-719_162, 2_932_896)  # years 1 to 9999, as days since 1970
_INT64 = 2**63 - 1
_BAD_DAY = "chude: no such day"
_UNITS = {"ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}
_AGAIN = "Write it again"


def read(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """One article a row of a file."""
    with on_disk(source) as path:
        if not _is_nameable(path):
            yield Refusal(source.place, "its name is not UTF-8", "Rename the file")
            return
        if source.path is not None:
            size, rows = path.stat().st_size, count_rows(path)
            source.read_to = lambda count: size * count // max(rows, count)
        yield from read_parquet(path, columns, source.place)


def _is_nameable(path: Path) -> bool:
    """Whether polars can be told the path."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def read_parquet(
    path: Path, columns: ColumnNames, place: str | None = None, rows: range | None = None
) -> Iterator[Article | Refusal]:
    """One article a row; only the named columns are read, a chunk at a time.

    place: what the file is called, its path by default. rows: those wanted, from 0, by default all;
        of the row groups that hold none of them nothing is read.
    """
    place = str(path) if place is None else place
    try:
        yield from _articles(path, columns, place, rows)
    except BaseException as error:  # a panic of Rust's is no Exception
        if not _is_damage(error):
            raise
        said = (str(error).splitlines() or [type(error).__name__])[0]
        yield Refusal(place, f"not a readable Parquet file ({said[:200]})", _AGAIN)


def count_rows(path: Path) -> int:
    """Rows of a Parquet file by its own account; 0 when it cannot be read."""
    import polars as pl

    try:
        with _quiet():
            return int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())
    except BaseException as error:
        if _is_damage(error):
            return 0
        raise


def _articles(
    path: Path, columns: ColumnNames, place: str, rows: range | None
) -> Iterator[Article | Refusal]:
    import polars as pl

    with _quiet():
        scan = pl.scan_parquet(path, glob=False)
        schema = scan.collect_schema()
    if lacking := lacking_column(schema.names(), columns):
        yield Refusal(place, *lacking)
        return
    roles = find_roles(schema.names(), columns)
    wanted = list(
        dict.fromkeys(
            name
            for name in (roles.id, roles.text, roles.title, roles.date, roles.label)
            if name is not None
        )
    )
    more = (*ANNOTATIONS, *theme_columns(schema.names(), columns).values())
    wanted += [name for name in more if name in schema and name not in wanted]
    days = {roles.date} if roles.date and _is_day(schema[roles.date]) else set()
    foreign = [name for name in wanted if name not in days and _holds_times(schema[name])]
    if foreign:
        yield Refusal(place, f"column {foreign[0]!r} holds times", "Write it as text")
        return
    scan = scan.select(_columns(wanted, schema))
    number = 0
    if rows is not None:
        scan, number = scan.slice(rows.start, len(rows)), rows.start
    batches: Iterator[pl.DataFrame] | None = None
    while True:
        with _quiet():
            if batches is None:
                batches = scan.collect_batches(chunk_size=_CHUNK, maintain_order=True)
            frame = next(batches, None)
        if frame is None:
            got = number if rows is None else number - rows.start
            if rows is None and number == 0 and _has_data(path):
                yield Refusal(place, "no rows in it, but data: its footer is damaged", _AGAIN)
            elif rows is not None and got < len(rows):
                problem = f"{got} rows where its footer says {len(rows)}: it is damaged"
                yield Refusal(place, problem, _AGAIN)
            return
        for row in _rows(frame, [n for n in (roles.text, roles.title) if n]):
            number += 1
            where = f"{place}:{number}"
            if row is None:
                yield too_long(where, "a text", MAX_TEXT)
            elif row.pop(_BAD_DAY, False):
                yield Refusal(where, "a date that is no day", "Correct the date")
            else:
                yield row_article(row, where, columns)


def _has_data(path: Path) -> bool:
    """Whether there is more in a file than its footer."""
    with path.open("rb") as stream:
        size = stream.seek(-8, os.SEEK_END)
        return size > 4 + int.from_bytes(stream.read(4), "little")


def _columns(wanted: list[str], schema: "pl.Schema") -> list["pl.Expr"]:
    """The columns; days that no calendar has, of which polars would die, as none, and marked."""
    import polars as pl

    exprs: list[pl.Expr] = []
    for name in wanted:
        kind = schema[name]
        if not isinstance(kind, (pl.Date, pl.Datetime)):
            exprs.append(pl.col(name))
            continue
        per_day = 1 if isinstance(kind, pl.Date) else _UNITS[kind.time_unit]
        first, last = (max(-_INT64, min(day * per_day, _INT64)) for day in _DAYS)
        number = pl.col(name).to_physical().cast(pl.Int64)
        sound = number.is_between(first, last)
        exprs.append(pl.when(sound).then(pl.col(name)).alias(name))
        exprs.append((~sound).fill_null(False).alias(_BAD_DAY))
    return exprs


def _is_day(kind: "pl.DataType") -> bool:
    import polars as pl

    return isinstance(kind, (pl.Date, pl.Datetime))


def _holds_times(kind: "pl.DataType") -> bool:
    """Whether values of a type are or hold what may be out of the calendar's range."""
    import polars as pl

    if isinstance(kind, (pl.List, pl.Array)):
        return _holds_times(kind.inner)  # type: ignore[arg-type]
    if isinstance(kind, pl.Struct):
        return any(_holds_times(field.dtype) for field in kind.fields)  # type: ignore[arg-type]
    return bool(kind.is_temporal())


def _rows(frame: "pl.DataFrame", texts: list[str]) -> Iterator[dict[str, Any] | None]:
    """Rows, of which no more are made into Python's objects than fit; None: one that is too long.

    A file of some kilobytes may hold a million rows that are the same megabyte.
    """
    import polars as pl

    strings = [name for name in texts if frame.schema[name] in (pl.String, pl.Binary)]
    sizes = [
        frame[name].str.len_bytes() if frame.schema[name] == pl.String else frame[name].bin.size()
        for name in strings
    ]
    total = [sum(size or 0 for size in row) for row in zip(*sizes, strict=True)]
    if not total or (sum(total) <= _BYTES and max(total) <= _LONGEST):
        yield from frame.iter_rows(named=True)
        return
    start = held = 0
    for stop, size in enumerate(total):
        if held + size > _BYTES or size > _LONGEST:
            yield from frame[start:stop].iter_rows(named=True)
            start, held = stop, 0
        if size > _LONGEST:
            yield None
            start = stop + 1
        else:
            held += size
    yield from frame[start:].iter_rows(named=True)


def _is_damage(error: BaseException) -> bool:
    import polars as pl

    return isinstance(
        error, (pl.exceptions.PolarsError, OSError, ValueError, OverflowError, MemoryError)
    ) or (type(error).__name__ == "PanicException")


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without what the Rust library prints to the process's own error output when it panics."""
    try:
        kept = os.dup(2)
    except OSError:
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
