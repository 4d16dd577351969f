"""Articles as rows of a Parquet file, a chunk at a time."""

from collections.abc import Iterator
from pathlib import Path

from chude.corpus.article import Article
from chude.corpus.formats.columns import (
    ANNOTATIONS,
    USUAL,
    ColumnNames,
    column_finder,
    lacking_column,
    row_article,
    theme_columns,
)
from chude.corpus.formats.source import Source
from chude.errors import Refusal

_CHUNK = 1024  # rows of a Parquet file held at a time


def read(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """One article a row of a file."""
    if source.path is None:
        yield Refusal(source.place, "Parquet from standard input", "Name the file instead")
        return
    size, rows = source.path.stat().st_size, count_rows(source.path)
    source.read_to = lambda count: size * count // max(rows, count)
    yield from read_parquet(source.path, columns)


def read_parquet(
    path: Path, columns: ColumnNames, place: str | None = None, rows: range | None = None
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
        if lacking := lacking_column(names, columns):
            yield Refusal(place, *lacking)
            return
        found = [*map(column_finder(names, columns), USUAL), *(set(ANNOTATIONS) & set(names))]
        found += theme_columns(names, columns)
        wanted = list(dict.fromkeys(name for name in found if name))
        scan = scan.select(wanted)
        number = 0
        if rows is not None:
            scan, number = scan.slice(rows.start, len(rows)), rows.start
        for frame in scan.collect_batches(chunk_size=_CHUNK, maintain_order=True):
            for row in frame.iter_rows(named=True):
                number += 1
                yield row_article(row, f"{place}:{number}", columns)
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
