"""labels.csv: which themes an article, or one passage of it, carries."""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from chude.corpus.article import Article
from chude.corpus.encodings import decode
from chude.corpus.taxonomy import Taxonomy
from chude.corpus.themes_of import parse_themes
from chude.errors import ChudeError, OnRefusal, Refusal
from chude.files import open_regular

_HEADER = ("article", "passage", "themes")


@dataclass(slots=True)
class _Row:
    themes: tuple[str, ...]
    line: int


@dataclass(slots=True)
class Labels:
    """Labels by article id; `apply` gives them to articles and notes which were used."""

    path: Path
    _rows: dict[str, dict[int | None, _Row]] = field(default_factory=dict)
    _refused: set[str] = field(default_factory=set)
    _used: set[str] = field(default_factory=set)

    def apply(self, article: Article) -> Article:
        """The article with its labels, or unlabelled when there are none (or refused ones).

        Without a row for the whole article its themes are those of its passages together.
        """
        article_id = _same_id(article.id)
        rows = self._rows.get(article_id)
        self._used.add(article_id)
        if not rows or article_id in self._refused:
            return article
        passages = {key: row.themes for key, row in rows.items() if key is not None}
        if None in rows:
            themes = rows[None].themes
        else:
            themes = tuple(dict.fromkeys(key for keys in passages.values() for key in keys))
        return replace(article, themes=themes, passages=passages)

    def refuse_unused(self, on_refusal: OnRefusal) -> None:
        """Refuse every label whose article never came."""
        for article_id, rows in self._rows.items():
            if rows and article_id not in self._used:
                line = min(row.line for row in rows.values())
                on_refusal(
                    Refusal(
                        f"{self.path}:{line}",
                        f"a label for article {article_id!r}, which is not there",
                        "Correct the id (a file's name without its ending), add the article or "
                        "delete the row",
                    )
                )


def load_labels(path: Path, taxonomy: Taxonomy | None, on_refusal: OnRefusal) -> Labels:
    """Read labels.csv (columns article, passage, themes; themes as `parse_themes` takes them).

    A row that names an unknown theme, has a bad passage number, more or fewer fields than the
    header, or contradicts an earlier row is refused, and its article stays unlabelled. An id
    matches in composed and decomposed letters. Raises ChudeError when the file cannot be read.
    """
    try:
        with open_regular(path, follow=True) as stream:
            text = decode(stream.read(), str(path))
    except OSError as error:
        raise ChudeError(f"{path}: cannot be read ({error.strerror}). Check the path.") from error
    if isinstance(text, Refusal):
        raise ChudeError(str(text))
    reader = csv_records(io.StringIO(text), _delimiter(text))
    reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
    missing = [name for name in ("article", "themes") if name not in (reader.fieldnames or ())]
    if missing:
        raise ChudeError(
            f"{path}:1: no column {missing[0]!r}. The first line must read: {','.join(_HEADER)}"
        )
    labels = Labels(path)
    # Many rows name the same few themes.
    keys = None if taxonomy is None else taxonomy.keys
    parse = cache(lambda value: _parse(value, keys))
    for row in _rows(reader, path):
        problem = _shape(row) or _add(labels, row, reader.line_num, parse)
        if problem:
            labels._refused.add(_same_id(row["article"]))
            on_refusal(Refusal(f"{path}:{reader.line_num}", problem, _cure(problem)))
    return labels


def csv_records(lines: Iterable[str], delimiter: str = ",") -> "csv.DictReader[str]":
    """Records of a CSV file with a header; fields may be as long as articles, quotes must close."""
    csv.field_size_limit(2**31 - 1)
    return csv.DictReader(lines, strict=True, delimiter=delimiter)


def _delimiter(text: str) -> str:
    """What stands between the names of the columns; Excel writes `;` or tabs in many countries."""
    header = text.partition("\n")[0]
    return next((mark for mark in ",;\t" if mark in header), ",")


def _same_id(article_id: str) -> str:
    """An id as it is compared: macOS writes the names of files in decomposed letters."""
    return unicodedata.normalize("NFC", article_id.strip())


def _rows(reader: "csv.DictReader[str]", path: Path) -> Iterator[dict[Any, Any]]:
    try:
        yield from reader
    except csv.Error as error:
        raise ChudeError(
            f"{path}:{reader.line_num + 1}: not readable as CSV ({error}). Correct the line."
        ) from error


def _shape(row: Mapping[str | None, Any]) -> str | None:
    """What is wrong with the number of a row's fields."""
    if None in row:
        return f"{len(row) - 1 + len(row[None])} fields where the header has {len(row) - 1}"
    if None in row.values():
        return f"fewer fields than the {len(row)} of the header"
    return None


def _cure(problem: str) -> str:
    if "contradicts" in problem:
        return "Keep one row of the two"
    if "fields" in problem:
        return "Write `;` between themes, and quotes around an id that holds a comma"
    return "Correct the row"


def _parse(value: str, keys: tuple[str, ...] | None) -> tuple[str, ...] | str | None:
    """As `parse_themes`; what is wrong with the value also where a theme is not in the taxonomy."""
    themes = parse_themes(value, keys)
    if keys is None or themes is None or isinstance(themes, str):
        return themes
    unknown = [key for key in themes if key not in keys]
    return f"theme {unknown[0]!r} is not in the taxonomy ({', '.join(keys)})" if unknown else themes


def _add(
    labels: Labels,
    row: dict[str, str],
    line: int,
    parse: Callable[[str], tuple[str, ...] | str | None],
) -> str | None:
    themes = parse(row["themes"])
    if isinstance(themes, str):
        return themes
    number = (row.get("passage") or "").strip()
    if number and not number.isdecimal():
        return f"passage {number!r} is not a number (0 is the title, 1 the first paragraph)"
    passage = int(number) if number else None
    rows = labels._rows.setdefault(_same_id(row["article"]), {})
    if themes is None:
        return None
    earlier = rows.setdefault(passage, _Row(themes, line))
    if set(earlier.themes) != set(themes):
        return f"article {row['article']!r} contradicts line {earlier.line}"
    return None
