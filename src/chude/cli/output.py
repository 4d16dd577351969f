"""Write records as they come, to a file or to standard output."""

import contextlib
import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import typer

from chude.batches import batched
from chude.cli.options import Format
from chude.files import atomic_path

Record = dict[str, Any]
_CHUNK = 1024  # records of a Parquet row group's part held at a time


def write_records(
    records: Iterable[Record],
    form: Format,
    output: str,
    *,
    flat: Callable[[Record], Record],
    table: Callable[[Iterable[Record]], Iterator[str]],
) -> None:
    """Write each record when it comes; a file appears under its name only when it is whole.

    flat: a record as one row of a CSV or Parquet table. table: records as lines for people.
    """
    if form is Format.parquet:
        check_output(form, output)
        _write_parquet(map(flat, records), Path(output))
        return
    with _text_output(output) as stream:
        if form is Format.csv:
            _write_csv(map(flat, records), stream)
        else:
            lines = {Format.table: table, Format.json: _json_lines, Format.jsonl: _jsonl_lines}
            for line in lines[form](records):
                stream.write(line + "\n")


def check_output(form: Format, output: str) -> None:
    """Raise BadParameter where the form cannot go to standard output."""
    if form is Format.parquet and output == "-":
        raise typer.BadParameter("Parquet needs a file: add --output FILE.parquet")


def write_text(text: str, output: str) -> None:
    """Write a text to a file in one step, or to standard output."""
    with _text_output(output) as stream:
        stream.write(text + "\n")


def text_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns padded to their widest cell; numbers keep to the left, as they carry intervals."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


@contextlib.contextmanager
def _text_output(output: str) -> Iterator[IO[str]]:
    if output == "-":
        yield sys.stdout
        sys.stdout.flush()
        return
    with atomic_path(Path(output)) as temporary, temporary.open("w", encoding="utf-8") as stream:
        yield stream


def _jsonl_lines(records: Iterable[Record]) -> Iterator[str]:
    for record in records:
        yield json.dumps(record, ensure_ascii=False)


def _json_lines(records: Iterable[Record]) -> Iterator[str]:
    before = "["
    for record in records:
        yield f"{before}{json.dumps(record, ensure_ascii=False)}"
        before = ","
    yield "[]" if before == "[" else "]"


def _write_csv(rows: Iterable[Record], stream: IO[str]) -> None:
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(stream, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)


def _write_parquet(rows: Iterable[Record], path: Path) -> None:
    import polars as pl
    from polars.io.plugins import register_io_source

    chunks = batched(rows, _CHUNK)
    first = pl.DataFrame(next(chunks, []))
    failed: list[BaseException] = []

    def source(*_: object) -> Iterator[pl.DataFrame]:
        try:
            yield first
            for chunk in chunks:
                yield pl.DataFrame(chunk, schema=first.schema)
        except BaseException as error:  # polars would wrap it; it is raised again below
            failed.append(error)

    with atomic_path(path) as temporary:
        register_io_source(source, schema=first.schema).sink_parquet(temporary)
        if failed:
            raise failed[0]
