"""Articles of any format into one: JSONL, CSV or Parquet, or a corpus folder of raw articles."""

import contextlib
import csv
import io
import re
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from chude.batches import batched
from chude.corpus.article import Article
from chude.corpus.formats.annotations import marks_of
from chude.corpus.formats.raw import format_raw, parse_text
from chude.errors import ChudeError
from chude.escape import csv_cell, json_text
from chude.files import (
    atomic_path,
    hidden_beside,
    publish_folder,
    readable_os_errors,
    sink_parquet,
    umask,
)

_STDOUT = "-"
_CHUNK = 1024  # rows of a Parquet file held at a time
_LONGEST_NAME = 180  # bytes of a file's name, below what file systems take
_UNSAFE = str.maketrans(
    dict.fromkeys('/\\:*?"<>|\0', "_") | dict.fromkeys(map(chr, range(32)), "_")
)
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)  # of Windows
_FIELDS = ("id", "date", "title", "text", "themes")


@dataclass(slots=True)
class Written:
    """How many articles were written, and what of them the form cannot keep."""

    written: int = 0
    unlabelled: int = 0
    with_passages: int = 0
    with_marks: int = 0
    untitled: int = 0
    renamed: int = 0
    unread_dates: int = 0
    unread_date: str = ""  # the first, and where it is

    def lines(self, form: str) -> Iterator[str]:
        """What the user should know."""
        if form == "csv" and self.unlabelled:
            yield (
                f"{self.unlabelled:,} articles are not labelled; in CSV they look like articles "
                "labelled with no theme. Write JSONL or Parquet to keep the difference."
            )
        if form != "txt" and self.with_passages:
            yield (
                f"{self.with_passages:,} articles have labelled passages, which are not written. "
                "Write a folder (--format txt) to keep them."
            )
        if form != "jsonl" and self.with_marks:
            yield (
                f"{self.with_marks:,} articles have marks beyond their themes (spans, contested, "
                "drawn), which are not written. Write JSONL to keep them."
            )
        if form == "txt" and self.untitled:
            yield (
                f"{self.untitled:,} articles have no title; in raw articles their first line is "
                "one. Write JSONL or Parquet to keep the difference."
            )
        if self.unread_dates:
            yield (
                f"{self.unread_dates:,} articles have a date that cannot be read, such as "
                f"{self.unread_date}; they are written without it. Write dates as YYYY-MM-DD to "
                "keep them."
            )
        if self.renamed:
            yield f"{self.renamed:,} ids are no names of files and were changed."


def write_articles(
    articles: Iterable[Article], form: str, output: str | Path, *, bom: bool = False
) -> Written:
    """Write articles as they come; what is at `output` is whole or not there.

    form: jsonl, csv, parquet, or txt, which makes a corpus folder: `raw/` and `labels.csv`. bom:
    begin a CSV file with a byte-order mark, by which Excel knows UTF-8. output: `-` is standard
    output, for jsonl and csv.

    Raises ChudeError when the output cannot be written, or is a folder that is not empty.
    """
    notes = Written()
    counted = _counted(articles, notes)
    if form == "txt":
        _write_folder(counted, Path(output), notes)
    elif form == "parquet":
        with atomic_path(Path(output)) as temporary:
            _write_parquet(counted, temporary)
    elif str(output) == _STDOUT:
        stream = io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="", write_through=True)
        try:
            _WRITERS[form](counted, stream, bom)
        finally:
            stream.detach()
    else:
        _refuse_folder(Path(output))
        with (
            atomic_path(Path(output)) as temporary,
            temporary.open("w", encoding="utf-8", newline="") as stream,
        ):
            _WRITERS[form](counted, stream, bom)
    return notes


def _refuse_folder(output: Path) -> None:
    if output.is_dir():
        raise ChudeError(f"{output}: a folder. Name a file to write to, or add --format txt.")


def _counted(articles: Iterable[Article], notes: Written) -> Iterator[Article]:
    for article in articles:
        notes.unlabelled += article.themes is None
        notes.with_passages += bool(article.passages)
        notes.with_marks += bool(marks_of(article))
        notes.untitled += not article.title
        if article.unread_date:
            notes.unread_dates += 1
            notes.unread_date = notes.unread_date or f"{article.unread_date!r} ({article.source})"
        notes.written += 1
        yield article


def _record(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "date": article.date.isoformat() if article.date else None,
        "title": article.title,
        "text": article.body,
        "themes": None if article.themes is None else list(article.themes),
    }


def _write_jsonl(articles: Iterable[Article], stream: IO[str], bom: bool) -> None:
    for article in articles:
        stream.write(json_text({**_record(article), **marks_of(article)}) + "\n")


def _write_csv(articles: Iterable[Article], stream: IO[str], bom: bool) -> None:
    if bom:
        stream.write("\ufeff")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(_FIELDS)
    for article in articles:
        record = _record(article)
        record["themes"] = ";".join(article.themes or ())
        writer.writerow([csv_cell(record[name]) for name in _FIELDS])


_WRITERS: dict[str, Callable[[Iterable[Article], IO[str], bool], None]] = {
    "jsonl": _write_jsonl,
    "csv": _write_csv,
}


def _write_parquet(articles: Iterable[Article], path: Path) -> None:
    import polars as pl

    schema = pl.Schema(
        {
            "id": pl.String(),
            "date": pl.String(),
            "title": pl.String(),
            "text": pl.String(),
            "themes": pl.List(pl.String()),
        }
    )
    rows = batched(map(_record, articles), _CHUNK)
    sink_parquet((pl.DataFrame(chunk, schema=schema) for chunk in rows), schema, path)


def _write_folder(articles: Iterable[Article], output: Path, notes: Written) -> None:
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise ChudeError(f"{output}: there already, and not an empty folder. Choose another place.")
    names: set[str] = set()
    with _new_folder(output) as folder:
        (folder / "raw").mkdir()
        with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as stream:
            labels = csv.writer(stream, lineterminator="\n")
            labels.writerow(("article", "passage", "themes"))
            for article in articles:
                name = _file_name(article.id, names)
                notes.renamed += name != article.id
                (folder / "raw" / f"{name}.txt").write_text(format_raw(article), encoding="utf-8")
                if article.themes is not None:
                    labels.writerow((name, "", ";".join(article.themes)))
                moved = _becomes_title(article)
                for number, themes in article.passages.items():
                    labels.writerow((name, number - moved, ";".join(themes)))


def _becomes_title(article: Article) -> bool:
    """Whether its first line, passage 1, becomes in a raw article the title, passage 0."""
    if article.title or not article.passages:
        return False
    again = parse_text(format_raw(article), article.id, article.source)
    return isinstance(again, Article) and bool(again.title)


@contextlib.contextmanager
def _new_folder(output: Path) -> Iterator[Path]:
    """A hidden folder beside `output` that gets its name when the block succeeds."""
    with readable_os_errors(output):
        output.parent.mkdir(parents=True, exist_ok=True)
        folder = hidden_beside(output)
        try:
            folder.mkdir(0o700)
            folder.chmod(0o777 & ~umask())
            yield folder
            if output.exists():
                output.rmdir()  # an empty one, or this fails
            publish_folder(folder, output)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _file_name(article_id: str, names: set[str]) -> str:
    """A name for an article's file that is safe, and no other article's."""
    stem = article_id.translate(_UNSAFE).lstrip(".").strip() or "article"
    if _DEVICE.match(stem):
        stem = f"_{stem}"
    while len(stem.encode()) > _LONGEST_NAME:
        stem = stem[: len(stem) * 9 // 10]
    name, number = stem, 1
    while (same := unicodedata.normalize("NFC", name).casefold()) in names:
        number += 1
        name = f"{stem}~{number}"
    names.add(same)
    return name
