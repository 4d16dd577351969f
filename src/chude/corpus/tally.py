"""How many articles were found, and what became of them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from chude.corpus.article import Article

_LINE = re.compile(r":\d+$")
_FEW = 20  # articles; fewer say nothing about how a file was labelled
_UNLIKELY = 1e-6  # that so many articles on end carry no theme by chance


@dataclass(slots=True)
class _File:
    articles: int = 0
    no_theme: int = 0
    last_with_theme: int = 0


@dataclass(slots=True)
class UnreadLabels:
    """Counts articles that are not labelled because their labels cannot be read."""

    count: int = 0
    first: str = ""  # and where it is

    def add(self, article: Article) -> None:
        """Count an article where it is such a one; labels.csv or a folder may have labelled it."""
        if article.themes is None and article.unread_labels:
            self.count += 1
            self.first = self.first or f"{article.unread_labels!r} ({article.source})"

    def notes(self) -> Iterator[str]:
        """A line for all of them, or none."""
        if self.count:
            yield (
                f"{self.count:,} articles have labels that cannot be read, such as {self.first}; "
                "they count as unlabelled. Write the names of the themes: a list, a string or `;` "
                "between them"
            )


@dataclass(slots=True)
class Tally:
    """Counts articles by their labels, and finds files that look labelled in part.

    contested: labelled ones that are not judged by, which the caller counts.
    """

    labelled: int = 0
    no_theme: int = 0
    contested: int = 0
    unlabelled: int = 0
    _files: dict[str, _File] = field(default_factory=dict)
    _unread: UnreadLabels = field(default_factory=UnreadLabels)

    def add(self, articles: Iterable[Article]) -> None:
        """Count articles, in the order in which they were read."""
        for article in articles:
            if article.themes is None:
                self.unlabelled += 1
                self._unread.add(article)
                continue
            self.labelled += bool(article.themes)
            self.no_theme += not article.themes
            file = self._files.setdefault(_file(article.source), _File())
            file.articles += 1
            file.no_theme += not article.themes
            if article.themes:
                file.last_with_theme = file.articles

    def counts(self, refused: int = 0, left_out: int = 0) -> dict[str, int]:
        """The number found, and its parts.

        These are labelled, no_theme, contested, unlabelled, refused and left_out: files that are no
        articles by rule.
        """
        parts = {
            "labelled": self.labelled,
            "no_theme": self.no_theme,
            "contested": self.contested,
            "unlabelled": self.unlabelled,
            "refused": refused,
            "left_out": left_out,
        }
        return {"found": sum(parts.values()), **parts}

    def notes(self) -> Iterator[str]:
        """Lines for labels that cannot be read, and for `no theme` that may mean `not labelled`."""
        yield from self._unread.notes()
        for name, file in self._files.items():
            if doubt := _half_annotated(file):
                yield (
                    f"{name or 'the articles'}: {doubt}. Where nobody has looked yet, leave the "
                    "label out (null) instead of empty ([]): empty says that none of the themes "
                    "is there"
                )


def count_line(counts: dict[str, int]) -> str:
    """`Tally.counts` for people, in one line."""
    parts = {
        "labelled": "labelled with themes",
        "no_theme": "labelled with no theme",
        "contested": "with a contested theme, not judged",
        "unlabelled": "unlabelled",
    }
    done = sum(counts[name] for name in parts)
    # Few corpora have contested themes, and in training such articles are labelled ones.
    told = [name for name in parts if name != "contested" or counts[name]]
    shown = ", ".join(f"{counts[name]:,} {parts[name]}" for name in told)
    return f"{found_line(done, counts['refused'], counts['left_out'])} ({shown})"


def found_line(done: int, refused: int, left_out: int) -> str:
    """What became of all that was found.

    left_out: what is no article by rule: hidden files, labels.csv, README and such.
    """
    found = done + refused + left_out
    return f"{found:,} found = {done:,} done + {refused:,} refused + {left_out:,} left out"


def _half_annotated(file: _File) -> str | None:
    before = file.last_with_theme
    after = file.articles - before
    if not before or file.articles < _FEW:
        return None
    share = (file.no_theme - after) / before
    if after >= _FEW and share**after < _UNLIKELY:
        return f"the last {after} of {file.articles} labelled articles carry no theme"
    if file.no_theme > file.articles / 2:
        return f"{file.no_theme} of {file.articles} labelled articles carry no theme"
    return None


def _file(source: str) -> str:
    """The file of rows, or the folder of articles that are files of their own."""
    file = _LINE.sub("", source)
    return file if file != source or not source else str(Path(source).parent)
