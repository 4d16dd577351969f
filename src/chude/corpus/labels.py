"""labels.csv: which themes an article, or one passage of it, carries."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from chude.corpus.article import Article
from chude.corpus.encodings import decode
from chude.corpus.taxonomy import Taxonomy
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
        rows = self._rows.get(article.id)
        self._used.add(article.id)
        if rows is None or article.id in self._refused:
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
            if article_id not in self._used:
                line = min(row.line for row in rows.values())
                on_refusal(
                    Refusal(
                        f"{self.path}:{line}",
                        f"a label for article {article_id!r}, which is not there",
                        "Correct the id, add the article or delete the row",
                    )
                )


def load_labels(path: Path, taxonomy: Taxonomy | None, on_refusal: OnRefusal) -> Labels:
    """Read labels.csv (columns article, passage, themes; themes separated by `;`).

    A row that names an unknown theme, has a bad passage number or contradicts an earlier row is
    refused, and its article stays unlabelled. Raises ChudeError when the file cannot be read.
    """
    try:
        with open_regular(path, follow=True) as stream:
            text = decode(stream.read(), str(path))
    except OSError as error:
        raise ChudeError(f"{path}: cannot be read ({error.strerror}). Check the path.") from error
    if isinstance(text, Refusal):
        raise ChudeError(str(text))
    reader = csv_records(text.splitlines())
    missing = [name for name in ("article", "themes") if name not in (reader.fieldnames or ())]
    if missing:
        raise ChudeError(
            f"{path}:1: no column {missing[0]!r}. The first line must read: {','.join(_HEADER)}"
        )
    labels = Labels(path)
    for row in _rows(reader, path):
        problem = _add(labels, row, reader.line_num, taxonomy)
        if problem:
            labels._refused.add(row["article"])
            cure = "Keep one row of the two" if "contradicts" in problem else "Correct the row"
            on_refusal(Refusal(f"{path}:{reader.line_num}", problem, cure))
    return labels


def csv_records(lines: Iterable[str]) -> "csv.DictReader[str]":
    """Records of a CSV file with a header; fields may be as long as articles, quotes must close."""
    csv.field_size_limit(2**31 - 1)
    return csv.DictReader(lines, strict=True)


def _rows(reader: "csv.DictReader[str]", path: Path) -> Iterator[dict[str, str]]:
    try:
        yield from reader
    except csv.Error as error:
        raise ChudeError(
            f"{path}:{reader.line_num + 1}: not readable as CSV ({error}). Correct the line."
        ) from error


def split_themes(value: str) -> tuple[str, ...]:
    """`a; b` → `("a", "b")`; an empty string means none."""
    return tuple(part.strip() for part in value.split(";") if part.strip())


def _add(labels: Labels, row: dict[str, str], line: int, taxonomy: Taxonomy | None) -> str | None:
    themes = split_themes(row["themes"] or "")
    known = themes if taxonomy is None else taxonomy.keys
    unknown = [key for key in themes if key not in known]
    if unknown:
        return f"theme {unknown[0]!r} is not in the taxonomy ({', '.join(known)})"
    number = (row.get("passage") or "").strip()
    if number and not number.isdecimal():
        return f"passage {number!r} is not a number (0 is the title, 1 the first paragraph)"
    passage = int(number) if number else None
    rows = labels._rows.setdefault(row["article"], {})
    earlier = rows.setdefault(passage, _Row(themes, line))
    if set(earlier.themes) != set(themes):
        return f"article {row['article']!r} contradicts line {earlier.line}"
    return None
