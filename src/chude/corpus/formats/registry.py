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

PACKED = (".gz", ".zst")


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


_ROOM = "chude.corpus.formats."
RAW = Format((".txt", ".text"), f"{_ROOM}raw:read", single=True)
MARKDOWN = Format((".md", ".markdown"), f"{_ROOM}markdown:read", single=True)
HTML = Format((".html", ".htm", ".xhtml"), f"{_ROOM}html_page:read", single=True)
DOCX = Format((".docx", ".docm"), f"{_ROOM}docx:read", single=True)
PDF = Format((".pdf",), f"{_ROOM}pdf:read", single=True)
RTF = Format((".rtf",), f"{_ROOM}rtf:read", single=True)
MHT = Format((".mht", ".mhtml"), f"{_ROOM}mht:read", single=True)
CSV = Format((".csv",), f"{_ROOM}delimited:read")
TSV = Format((".tsv", ".tab"), f"{_ROOM}delimited:read")
JSON = Format((".json",), f"{_ROOM}json_document:read")
JSONL = Format((".jsonl", ".ndjson"), f"{_ROOM}json_document:read")
PARQUET = Format((".parquet",), f"{_ROOM}parquet:read")
XLSX = Format((".xlsx", ".xlsm"), f"{_ROOM}xlsx:read")
FASTTEXT = Format((".ft",), f"{_ROOM}fasttext:read")
ZIP = Format((".zip",), "")  # its files are sources of their own
FORMATS = (
    RAW, MARKDOWN, HTML, DOCX, PDF, RTF, MHT, CSV, TSV, JSON, JSONL, PARQUET, XLSX, FASTTEXT, ZIP
)  # fmt: skip

_ABOUT = frozenset(("readme", "license", "licence", "changelog", "contributing"))

ENDINGS = tuple(ending for form in FORMATS for ending in form.endings)


def format_of(file: Path) -> Format | None:
    """The format of a file by the end of its name, packed or not, in any case; None: unknown."""
    return format_of_name(file.name)


def format_of_name(name: str) -> Format | None:
    """The same for a name, of a file or of what is in an archive."""
    name = name.lower()
    name = name.rpartition(".")[0] if name.endswith(PACKED) else name
    return next((form for form in FORMATS if name.endswith(form.endings)), None)


def without_ending(name: str) -> str:
    """A file's name without the ending of a format; an unknown ending is part of the name."""
    form = format_of_name(name)
    stem = name[: name.rindex(".")] if form is not None and "." in name else name
    return stem if stem and not stem.endswith("/") else name


def is_about(name: str) -> bool:
    """Whether a file in a folder tells of what lies beside it, as README.md does; no table does."""
    stem, _, ending = name.lower().partition(".")
    if stem not in _ABOUT or "." in ending:
        return False
    form = format_of_name(name)
    return form is None or form.single
