"""The formats by the endings of their files. A new one is a module with a `read`, and a line here.

A module is loaded when a file of its format comes, so that a format that needs a large library
costs nothing until then.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from chude.corpus.article import Article
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.formats.source import Source
from chude.errors import Refusal

_PACKED = ".gz"


@dataclass(frozen=True, slots=True)
class Format:
    """How files with these endings are read.

    reader: module and function, which takes a `Source` and the names of the columns. single:
    whether a file is one article, which its folder's name may label.
    """

    endings: tuple[str, ...]
    reader: str
    single: bool = False

    def read(self, source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
        """The articles of a source, and what of it is refused."""
        module, _, function = self.reader.partition(":")
        items: Iterator[Article | Refusal] = getattr(import_module(module), function)(
            source, columns
        )
        return items


RAW = Format((".txt",), "chude.corpus.formats.raw:read", single=True)
JSONL = Format((".jsonl", ".ndjson"), "chude.corpus.formats.tables:read_jsonl")
CSV = Format((".csv",), "chude.corpus.formats.tables:read_csv")
PARQUET = Format((".parquet",), "chude.corpus.formats.parquet:read")
FORMATS = (RAW, JSONL, CSV, PARQUET)

ENDINGS = tuple(ending for form in FORMATS for ending in form.endings)


def format_of(file: Path) -> Format | None:
    """The format of a file by the end of its name, packed or not; None for any other."""
    ending = Path(file.stem).suffix if file.suffix == _PACKED else file.suffix
    return next((form for form in FORMATS if ending in form.endings), None)
