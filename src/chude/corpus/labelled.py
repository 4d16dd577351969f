"""A whole labelled corpus: its articles and its taxonomy."""

import glob
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chude.corpus.article import Article
from chude.corpus.counts import ENDING, Counts, read_counts
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.paths import THEMES, beside
from chude.corpus.read import Position, read, respelt
from chude.corpus.tally import UnreadLabels
from chude.corpus.taxonomy import Taxonomy
from chude.corpus.themes_of import ThemeNames, alike, clean_label
from chude.errors import ChudeError, OnRefusal, Refusal, raise_refusal


def read_corpus(
    paths: Iterable[str | Path],
    themes: str | Path | Taxonomy | None = None,
    *,
    exclusive: bool = False,
    labels: str | Path | None = None,
    columns: ColumnNames | None = None,
    on_refusal: OnRefusal = raise_refusal,
    position: Position | None = None,
) -> tuple[list[Article], Taxonomy]:
    """Read articles to learn from, and the themes they are labelled with.

    themes: a taxonomy or its themes.toml; by default the themes.toml in one of the folders, or else
        the labels that occur, folder names being labels too. exclusive: exactly one theme an
        article, whatever themes.toml says. position: knows how many were refused or left out.

    Without a taxonomy labels that differ in case or in the place of tone marks alone are one theme,
    spelt as most articles spell it, and `a|b` is two themes where both occur alone.

    Raises ChudeError when a path or the taxonomy cannot be read.
    """
    paths = [Path(path) if path != "-" else path for path in paths]
    taxonomy = themes if isinstance(themes, Taxonomy) else find_taxonomy(paths, themes)
    if taxonomy is not None:
        taxonomy = replace(taxonomy, exclusive=taxonomy.exclusive or exclusive)
    articles = list(
        read(
            paths,
            taxonomy=taxonomy,
            labels=labels,
            columns=columns,
            folders_are_themes=taxonomy is None,
            on_refusal=on_refusal,
            position=position,
        )
    )
    if taxonomy is not None:
        return articles, taxonomy
    articles = _alike_spelt(articles, exclusive)
    if exclusive:
        before = len(articles)
        articles = list(_with_one_theme(articles, on_refusal))
        if position is not None:
            position.refused += before - len(articles)
    found = Taxonomy.of((key for a in articles for key in a.themes or ()), exclusive)
    if not found.themes:
        _check_readable(articles)
        raise ChudeError(
            f"{', '.join(map(str, paths))}: no labels found. Name the column of labels with "
            "--label-column, give a labels.csv with --labels, or list the themes with --themes if "
            "each has a column of its own."
        )
    return articles, found


WRITTEN = "written"  # the source of articles that came as texts, beside those of counts


@dataclass(frozen=True, slots=True)
class Labelled:
    """What there is to learn from; counts: by the names of their files, without the ending."""

    articles: list[Article]
    taxonomy: Taxonomy
    counts: dict[str, Counts]

    def notes(self) -> Iterator[str]:
        """A line for each file of counts, and one for labels that cannot be read."""
        for name, counts in self.counts.items():
            yield f"{name}: counts of {len(counts):,} article{'' if len(counts) == 1 else 's'}"
        yield from _unread(self.articles).notes()


def read_labelled(
    sources: str | Path | Iterable[str | Path | Article],
    themes: str | Path | Taxonomy | None = None,
    *,
    exclusive: bool = False,
    labels: str | Path | None = None,
    columns: ColumnNames | None = None,
    on_refusal: OnRefusal = raise_refusal,
    position: Position | None = None,
) -> Labelled:
    """Articles that are there already, those of paths, and counts among the paths and in folders.

    The other arguments are those of `read_corpus`. Raises ChudeError when a path, the taxonomy, a
    file of counts or all labels that there are cannot be read.
    """
    items = [sources] if isinstance(sources, (str, Path)) else list(sources)
    given = [item for item in items if isinstance(item, Article)]
    paths = [item for item in items if not isinstance(item, Article)]
    counts = {name: read_counts(file) for name, file in find_counts(paths).items()}
    texts = [path for path in paths if not is_counts(path)]
    if texts:
        articles, taxonomy = read_corpus(
            texts,
            themes,
            exclusive=exclusive,
            labels=labels,
            columns=columns,
            on_refusal=on_refusal,
            position=position,
        )
        given = [respelt(article, ThemeNames(taxonomy.keys)) for article in given]
        if not counts:
            _check_readable([*given, *articles])
        return Labelled([*given, *articles], taxonomy, counts)
    found = Taxonomy.load(Path(themes)) if isinstance(themes, (str, Path)) else themes
    if found is None and counts and not given:
        found = next(iter(counts.values())).taxonomy
    if found is not None:
        found = replace(found, exclusive=found.exclusive or exclusive)
        names = ThemeNames(found.keys)
        return Labelled([respelt(article, names) for article in given], found, counts)
    given = _alike_spelt(given, exclusive)
    found = Taxonomy.of((key for a in given for key in a.themes or ()), exclusive)
    return Labelled(given, found, counts)


def find_counts(paths: Iterable[str | Path]) -> dict[str, Path]:
    """The files of counts among paths and in folders, by their names without the ending."""
    files: dict[str, Path] = {}
    distinct = {file.resolve(): file for path in paths for file in _counts_of(path)}
    for file in distinct.values():
        name = same = file.name.removesuffix(ENDING)
        number = 1
        while name in files or name == WRITTEN:
            number += 1
            name = f"{same}-{number}"
        files[name] = file
    return files


def _counts_of(path: str | Path) -> Iterator[Path]:
    """The files of counts that a path stands for: itself, those of a folder, those of a glob."""
    if Path(path).is_dir():
        files = sorted(file for file in Path(path).iterdir() if is_counts(file))
        yield from (file for file in files if not file.name.startswith("."))
    elif Path(path).exists() or not (matches := sorted(glob.glob(str(path), recursive=True))):
        yield from [Path(path)] if is_counts(path) else []
    else:
        yield from (Path(match) for match in matches if is_counts(match))


def is_counts(path: str | Path) -> bool:
    """Whether a file is named as counts are."""
    return str(path).endswith(ENDING)


def stream(
    articles: str | Path | Iterable[str | Path | Article],
    taxonomy: Taxonomy,
    labels: str | Path | None,
    columns: ColumnNames | None,
    on_refusal: OnRefusal,
    position: Position,
) -> Iterator[Article]:
    """Articles at paths as `read` has them, or those that are there already, one after another.

    Raises ChudeError, once all were read, when no labels that there are can be read.
    """

    def streamed() -> Iterator[Article]:
        items = iter([articles] if isinstance(articles, (str, Path)) else articles)
        for first in items:
            if isinstance(first, Article):
                yield first
                continue
            paths = [first, *(path for path in items if not isinstance(path, Article))]
            yield from read(
                paths,
                taxonomy=taxonomy,
                labels=labels,
                columns=columns,
                on_refusal=on_refusal,
                position=position,
            )

    unread, labelled = UnreadLabels(), False
    for article in streamed():
        unread.add(article)
        labelled = labelled or article.themes is not None
        yield article
    if not labelled:
        _refuse_unread(unread)


def _unread(articles: Iterable[Article]) -> UnreadLabels:
    unread = UnreadLabels()
    for article in articles:
        unread.add(article)
    return unread


def _check_readable(articles: Sequence[Article]) -> None:
    """Raise ChudeError where none is labelled, and some would be if their labels could be read."""
    if all(article.themes is None for article in articles):
        _refuse_unread(_unread(articles))


def _refuse_unread(unread: UnreadLabels) -> None:
    for note in unread.notes():
        raise ChudeError(f"no labelled articles: {note}.")


def _alike_spelt(articles: list[Article], exclusive: bool) -> list[Article]:
    """The articles, each theme spelt as most of them spell it; exclusive themes are not split."""
    counts = Counter(clean_label(key) for article in articles for key in article.themes or ())
    common: dict[str, str] = {}
    for key, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        common.setdefault(alike(key), key)
    names = ThemeNames(common.values())
    if not exclusive:
        names = ThemeNames(key for key in names.keys if not names.parts(key))
    return [respelt(article, names) for article in articles]


def find_themes(paths: Iterable[str | Path], themes: str | Path | None) -> Path | None:
    """The themes.toml that was named, or that of the first folder that has one; None without."""
    found = (beside(Path(path), THEMES) for path in paths)
    return Path(themes) if themes else next(filter(os.path.lexists, found), None)


def find_taxonomy(paths: Iterable[str | Path], themes: str | Path | None) -> Taxonomy | None:
    """The taxonomy in the file that `find_themes` finds.

    Raises ChudeError when the file cannot be read.
    """
    file = find_themes(paths, themes)
    return None if file is None else Taxonomy.load(file)


def with_theme_columns(paths: Iterable[str | Path], columns: ColumnNames | None) -> ColumnNames:
    """The columns, and those of 0 and 1 that the themes of a taxonomy beside the articles may have.

    Other labels are read without it. Raises ChudeError when the taxonomy cannot be read.
    """
    columns, taxonomy = columns or ColumnNames(), find_taxonomy(paths, None)
    return columns if taxonomy is None else replace(columns, themes=taxonomy.keys)


def _with_one_theme(articles: Iterable[Article], on_refusal: OnRefusal) -> Iterable[Article]:
    for article in articles:
        if article.themes is None or len(article.themes) == 1:
            yield article
        else:
            count = len(article.themes)
            cure = "Correct the label, or train without --exclusive"
            on_refusal(Refusal(article.source, f"{count} themes where one is asked for", cure))
