"""A cleaned copy of a corpus, and the list of all that is different in it."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from chude.corpus.article import Article
from chude.corpus.checks import Finding
from chude.corpus.formats.annotations import marks_of
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.labelled import find_themes
from chude.corpus.read import read
from chude.corpus.taxonomy import Taxonomy
from chude.errors import Refusal, UsageError
from chude.escape import csv_cell
from chude.files import atomic_folder

_CHANGES = ("article", "source", "change", "why")


@dataclass
class _Cleaner:
    """Cleans articles in the order in which they were checked, and notes what it changes."""

    reasons: dict[int, dict[str, str]]  # evidence by the article's place and the issue
    changes: list[tuple[str, str, str, str]] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)

    def clean(self, articles: Iterable[Article]) -> Iterator[Article]:
        for row, article in enumerate(articles):
            issues = self.reasons.get(row, {})
            if why := _why_dropped(issues):
                self._note(article, "left out", why)
            else:
                yield self._mended(article, issues)

    def leave_out(self, refusal: Refusal) -> None:
        """Note what could not be read."""
        self.changes.append(("", refusal.place, "left out", refusal.problem))

    def _mended(self, article: Article, issues: dict[str, str]) -> Article:
        date = article.date
        if "date_in_future" in issues:
            self._note(article, "date removed", f"{date} is in the future")
            date = None
        new_id, number = article.id, 1
        while new_id in self.sources:
            number += 1
            new_id = f"{article.id}-{number}"
        if new_id != article.id:
            why = f"its id stands already at {self.sources[article.id]}"
            self._note(article, f"id is now {new_id}", why)
        self.sources[new_id] = article.source
        return replace(article, id=new_id, date=date)

    def _note(self, article: Article, change: str, why: str) -> None:
        self.changes.append((article.id, article.source, change, why))


def check_clean_folder(folder: Path, paths: Iterable[str | Path]) -> None:
    """Raise UsageError where a cleaned copy cannot be written, or read for it twice."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder}: there is something already. Name a folder that is not there.")
    for path in map(str, paths):
        if path == "-":
            raise UsageError("standard input cannot be read twice. Name files to clean.")
        if Path(path).is_dir() and folder.resolve().is_relative_to(Path(path).resolve()):
            raise UsageError(f"{folder}: inside {path}, which stays as it is. Name another folder.")


def clean(
    paths: str | Path | Iterable[str | Path],
    findings: Sequence[Finding],
    folder: str | Path,
    themes: str | Path | None = None,
    *,
    labels: str | Path | None = None,
    columns: ColumnNames | None = None,
) -> int:
    """Write a copy of a corpus without exact copies and empty articles, in one step.

    paths, themes, labels, columns: as they were given to `chude.check`. findings: what it found.
    Ids that occur twice get a number, dates in the future go, texts are as `read` heals them. An
    article with a doubtful label, a near copy or an odd text stays, since a person has to decide.

    The folder is a corpus: raw/articles.jsonl, labels.csv for labels of passages, themes.toml where
    there was one, and changes.csv with a row a change. Returns the number of changes. Raises
    ChudeError when the folder is there already, is inside the corpus or cannot be written.

    >>> import chude
    >>> chude.clean("data/examples", chude.check("data/examples"), "cleaned")
    0
    """
    reasons: dict[int, dict[str, str]] = {}
    for finding in findings:
        if finding.row >= 0:
            reasons.setdefault(finding.row, {})[finding.issue] = finding.evidence
    cleaner = _Cleaner(reasons)
    items = [paths] if isinstance(paths, (str, Path)) else list(paths)
    folder = Path(folder)
    check_clean_folder(folder, items)
    themes = find_themes(items, themes)
    articles = read(
        items,
        taxonomy=None if themes is None else Taxonomy.load(themes),
        labels=labels,
        columns=columns,
        folders_are_themes=themes is None,
        on_refusal=cleaner.leave_out,
    )
    with atomic_folder(folder) as temporary:
        (temporary / "raw").mkdir()
        with (
            (temporary / "raw" / "articles.jsonl").open("w", encoding="utf-8") as stream,
            (temporary / "labels.csv").open("w", encoding="utf-8", newline="") as passages,
        ):
            rows = csv.writer(passages, lineterminator="\n")
            rows.writerow(("article", "passage", "themes"))
            for article in cleaner.clean(articles):
                stream.write(json.dumps(_record(article), ensure_ascii=False) + "\n")
                rows.writerows(_label_rows(article))
        if themes is not None:
            (temporary / "themes.toml").write_bytes(themes.read_bytes())
        with (temporary / "changes.csv").open("w", encoding="utf-8", newline="") as stream:
            rows = csv.writer(stream, lineterminator="\n")
            rows.writerow(_CHANGES)
            rows.writerows(map(csv_cell, change) for change in cleaner.changes)
    return len(cleaner.changes)


def _why_dropped(issues: dict[str, str]) -> str | None:
    if "empty" in issues:
        return issues["empty"]
    return None if "same_text_other_themes" in issues else issues.get("exact_duplicate")


def _record(article: Article) -> dict[str, object]:
    # What is no day is for a person to mend, and stays as it is written.
    date = article.date.isoformat() if article.date else article.unread_date or None
    themes = None if article.themes is None else list(article.themes)
    names = {"id": article.id, "date": date, "title": article.title, "text": article.body}
    return {**names, "themes": themes, **marks_of(article)}


def _label_rows(article: Article) -> Iterator[tuple[str, str, str]]:
    if article.passages:
        yield article.id, "", ";".join(article.themes or ())
        for number, keys in sorted(article.passages.items()):
            yield article.id, str(number), ";".join(keys)
