"""Write records as they come: JSON, JSON Lines, CSV, Parquet, or lines for people."""

import contextlib
import csv
import io
import itertools
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from chude.batches import batched
from chude.errors import ChudeError
from chude.escape import csv_cell, json_text
from chude.files import atomic_path, sink_parquet

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
    bom: bool = False,
) -> None:
    """Write each record when it comes; a file appears under its name only when it is whole.

    form: one of `FORMS`. output: a path, or `-` for standard output, which takes no Parquet. flat:
    a record as one row of a CSV or Parquet table. table: records as lines for people. bom: begin
    CSV with a byte-order mark, by which Excel knows UTF-8, in which it is then written.

    Raises ChudeError when the file cannot be written, or bom is asked of another form.
    """
    if bom and form != "csv":
        raise ChudeError("a byte-order mark (bom) is for CSV. Write csv, or none.")
    if form == "parquet":
        _write_parquet(map(flat, records), Path(output))
        return
    with _text_output(str(output)) as stream:
        if form == "csv":
            if bom:
                _mark(stream)
            _write_csv(map(flat, records), stream)
            return
        for line in _lines(records, form, table, ascii_only=not _is_utf(stream)):
            stream.write(line + "\n")


def write_lines(lines: Iterable[str], output: str | Path) -> None:
    """Write lines as they come; a file appears under its name only when it is whole.

    Raises ChudeError when the file cannot be written.
    """
    with _text_output(str(output)) as stream:
        for line in lines:
            stream.write(line + "\n")


def write_json(value: Any, output: str | Path) -> None:
    """Write one value as JSON for people to read, as `write_text` writes a text."""
    with _text_output(str(output)) as stream:
        stream.write(json_text(value, indent=1, ascii_only=not _is_utf(stream)) + "\n")


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
    if output != STDOUT:
        with atomic_path(Path(output)) as temporary, _opened(temporary) as stream:
            yield stream
        return
    if sys.stdout is None:  # closed before we began
        raise ChudeError("standard output is closed. Name a file with --output.")
    yield sys.stdout
    sys.stdout.flush()


def _opened(file: Path) -> IO[str]:
    # What JSON has no letter for, half a UTF-16 pair, is written as it is in JSON.
    return file.open("w", encoding="utf-8", errors="backslashreplace")


def _mark(stream: IO[str]) -> None:
    if isinstance(stream, io.TextIOWrapper):  # a console's encoding may lack the mark
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    stream.write("\ufeff")


def _is_utf(stream: IO[str]) -> bool:
    """Whether the stream holds every character; JSON has escapes for those that it does not."""
    return (getattr(stream, "encoding", None) or "utf-8").lower().startswith("utf")


def _lines(records: Iterable[Record], form: str, table: Lines, ascii_only: bool) -> Iterator[str]:
    if form == "table":
        return table(records)
    texts = (json_text(record, ascii_only=ascii_only) for record in records)
    return texts if form == "jsonl" else _json_lines(texts)


def _json_lines(texts: Iterable[str]) -> Iterator[str]:
    before = "["
    for text in texts:
        yield before + text
        before = ","
    yield "[]" if before == "[" else "]"


def _write_csv(rows: Iterable[Record], stream: IO[str]) -> None:
    writer = csv.writer(_Lines(stream), lineterminator="\r\n")
    for number, row in enumerate(rows):
        if number == 0:
            writer.writerow(map(csv_cell, row))
        writer.writerow(map(csv_cell, row.values()))


@dataclass(frozen=True, slots=True)
class _Lines:
    r"""Ends lines with `\n` once the writer of CSV has quoted the cells with `\r` in them."""

    stream: IO[str]

    def write(self, line: str) -> None:
        self.stream.write(line.removesuffix("\r\n") + "\n")


def _write_parquet(rows: Iterable[Record], path: Path) -> None:
    import polars as pl

    chunks = batched(rows, _CHUNK)
    first = pl.DataFrame(next(chunks, []))
    others = (pl.DataFrame(chunk, schema=first.schema) for chunk in chunks)
    with atomic_path(path) as temporary:
        sink_parquet(itertools.chain([first], others), first.schema, temporary)
