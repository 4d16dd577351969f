"""Write records as they come: JSON, JSON Lines, CSV, Parquet, or lines for people."""

import contextlib
import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from chude.batches import batched
from chude.files import atomic_path

Record = dict[str, Any]
Lines = Callable[[Iterable[Record]], Iterator[str]]

FORMS = ("table", "json", "jsonl", "csv", "parquet")
STDOUT = "-"
ENDINGS = {"json": "json", "jsonl": "jsonl", "ndjson": "jsonl", "csv": "csv", "parquet": "parquet"}
_CHUNK = 1024  # records of a Parquet row group's part held at a time


def write_records(
    records: Iterable[Record],
    form: str,
    output: str | Path,
    *,
    flat: Callable[[Record], Record],
    table: Lines,
) -> None:
    """Write each record when it comes; a file appears under its name only when it is whole.

    form: one of `FORMS`. output: a path, or `-` for standard output, which takes no Parquet. flat:
    a record as one row of a CSV or Parquet table. table: records as lines for people.

    Raises ChudeError when the file cannot be written.
    """
    if form == "parquet":
        _write_parquet(map(flat, records), Path(output))
        return
    with _text_output(str(output)) as stream:
        if form == "csv":
            _write_csv(map(flat, records), stream)
        else:
            lines = {"table": table, "json": _json_lines, "jsonl": _jsonl_lines}
            for line in lines[form](records):
                stream.write(line + "\n")


def form_of(output: str | Path) -> str | None:
    """The form of `FORMS` that the ending of an output asks for, in any case; None: any."""
    return ENDINGS.get(Path(output).suffix[1:].lower())


def write_text(text: str, output: str | Path) -> None:
    """Write a text to a file in one step, or to standard output.

    Raises ChudeError when the file cannot be written.
    """
    with _text_output(str(output)) as stream:
        stream.write(text + "\n")


@contextlib.contextmanager
def _text_output(output: str) -> Iterator[IO[str]]:
    if output == STDOUT:
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
