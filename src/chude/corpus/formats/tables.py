"""Articles as lines of JSON or records of CSV, read in a stream."""

import csv
import json
from collections.abc import Iterator

from chude.corpus.article import Article
from chude.corpus.encodings import decode
from chude.corpus.formats.columns import ColumnNames, lacking_column, row_article
from chude.corpus.formats.source import Source
from chude.corpus.labels import csv_records
from chude.errors import Refusal


def read_jsonl(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """One article a line of JSON; lines that are empty are skipped."""
    for number, line in enumerate(source.stream, 1):
        if not line.strip():
            continue
        where = f"{source.place}:{number}"
        text = decode(line, where)
        if isinstance(text, Refusal):
            yield Refusal(where, text.problem, text.cure)
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
    # Decoded line by line, so that the rows before a line that is not UTF-8 are read.
    text = (line.decode("utf-8-sig" if i == 0 else "utf-8") for i, line in enumerate(source.stream))
    reader = csv_records(text)
    start = 1  # the line on which the record begins
    try:
        if lacking := lacking_column(reader.fieldnames or (), columns):
            yield Refusal(f"{source.place}:1", *lacking)
            return
        start = reader.line_num + 1
        for row in reader:
            yield row_article(row, f"{source.place}:{start}", columns)
            start = reader.line_num + 1
    except UnicodeDecodeError as error:
        yield Refusal(
            f"{source.place}:{start}",
            f"not UTF-8 ({error.reason}), the rest of the file is left out",
            "Convert it to UTF-8, for example with: iconv -f CP1258 -t UTF-8",
        )
    except csv.Error as error:
        yield Refusal(
            f"{source.place}:{start}",
            f"not readable as CSV ({error}), the rest of the file is left out",
            "Quote the fields that hold commas, quotes or line breaks",
        )
