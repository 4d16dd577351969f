"""Articles as lines of JSON or records of CSV, read in a stream."""

import csv
import json
from collections.abc import Iterator

from chude.corpus.article import Article
from chude.corpus.encodings import text_lines
from chude.corpus.formats.columns import ColumnNames, lacking_column, row_article
from chude.corpus.formats.source import Source
from chude.corpus.labels import csv_records
from chude.errors import Refusal


def read_jsonl(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """One article a line of JSON; lines that are empty are skipped."""
    for number, text in enumerate(text_lines(source.stream, source.place), 1):
        where = f"{source.place}:{number}"
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
        yield row_article(row, where, columns)


def read_csv(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """One article a record, the first line being the names of the columns."""
    refused: list[Refusal] = []
    reader = csv_records(_until_refused(text_lines(source.stream, source.place), refused))
    start = 1  # the line on which the record begins
    try:
        if lacking := lacking_column(reader.fieldnames or (), columns):
            yield Refusal(f"{source.place}:1", *lacking)
            return
        start = reader.line_num + 1
        for row in reader:
            yield row_article(row, f"{source.place}:{start}", columns)
            start = reader.line_num + 1
    except csv.Error as error:
        if not refused:  # otherwise the record ended where the file could not be decoded
            problem = f"not readable as CSV ({error}), the rest of the file is left out"
            cure = "Quote the fields that hold commas, quotes or line breaks"
            yield Refusal(f"{source.place}:{start}", problem, cure)
    for refusal in refused:
        problem = f"{refusal.problem}; the rest of the file is left out"
        yield Refusal(f"{source.place}:{start}", problem, refusal.cure)


def _until_refused(lines: Iterator[str | Refusal], refused: list[Refusal]) -> Iterator[str]:
    """The lines before the first that cannot be decoded, which is kept aside."""
    for line in lines:
        if isinstance(line, Refusal):
            refused.append(line)
            return
        yield line
