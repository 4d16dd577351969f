"""`read`: articles from files, folders, globs and standard input, one after another."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, cast

from chude.compute.backend import expect
from chude.corpus.article import Article
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.formats.limits import InputError
from chude.corpus.formats.parquet import read_parquet
from chude.corpus.formats.raw import parse_raw
from chude.corpus.formats.registry import without_ending
from chude.corpus.formats.sniff import is_surely_raw, sniff
from chude.corpus.formats.source import Source, buffered, open_source, parts_below, read_short
from chude.corpus.formats.unpack import DAMAGED, unpacked, zstd_error
from chude.corpus.labels import but_other_labels, load_labels
from chude.corpus.paths import LABELS, beside, check_input, check_theme_folders, find_files
from chude.corpus.said_once import said_once
from chude.corpus.tally import UnreadLabels
from chude.corpus.taxonomy import Taxonomy
from chude.corpus.themes_of import ThemeNames, clean_label, folder_label
from chude.errors import OnRefusal, Refusal, raise_refusal

_NO_THEME = "none"  # the folder of articles that are labelled with no theme


Items = Iterator[Article | Refusal]


@dataclass(slots=True)
class Position:
    """How far reading has come, for those who want to know.

    bytes: of the files as they lie on the disk, packed or not, those read to the end and the part
        of the current one that is; of a Parquet file, in proportion to its rows. Standard input
        does not count.
    done: articles that were read. refused: those that were refused, and rows of labels.csv.
    left_out: files and folders that are no articles by rule: hidden ones, labels.csv and such.
    unread_labels: articles whose labels cannot be read.
    """

    bytes: int = 0
    done: int = 0
    refused: int = 0
    left_out: int = 0
    unread_labels: UnreadLabels = field(default_factory=UnreadLabels)

    def follow(self, items: Items, source: Source, start: int) -> Items:
        """The items of a source; start: `bytes` where the file that it is in begins."""
        for count, item in enumerate(items, 1):
            self.bytes = max(self.bytes, start + source.read_to(count))
            yield item

    def leave_out(self, file: object) -> None:
        """Count a file that is no article."""
        self.left_out += 1


@dataclass(frozen=True, slots=True)
class _Options:
    taxonomy: Taxonomy | None
    columns: ColumnNames
    names: ThemeNames | None
    folders_are_themes: bool
    position: Position
    leave_out: Callable[[object], None]
    alone: bool  # whether there is one path


def read(
    paths: str | Path | Iterable[str | Path],
    *,
    taxonomy: Taxonomy | None = None,
    labels: str | Path | None = None,
    columns: ColumnNames | None = None,
    folders_are_themes: bool = False,
    on_refusal: OnRefusal = raise_refusal,
    position: Position | None = None,
) -> Iterator[Article]:
    """Read articles in a stream, in the order of `paths` and, inside a folder, of names.

    paths: files, folders, globs or `-`, of the formats that `formats.registry` lists, also packed
        as .gz, .zst or .zip; what a file is, its content says before its ending. A folder that
        holds `raw/` is a corpus: articles in `raw/`, labels in `labels.csv`. A folder named after
        a theme (or `none`, or as Hive does `theme=NAME`) labels the single articles in it.
    taxonomy: the themes that labels may name; others are refused. None accepts any.
    labels: a labels.csv for all paths, instead of the one inside a corpus folder.
    folders_are_themes: every folder's name is a theme, for corpora without a taxonomy.
    on_refusal: called with each refused input; by default the first one raises ChudeError.
    position: always says how far the articles that were taken have come.

    Raises ChudeError, before anything is read, when a path is missing or of an unknown format.
    """
    paths = [paths] if isinstance(paths, (str, Path)) else list(paths)
    for path in paths:
        check_input(str(path))
        if folders_are_themes:
            check_theme_folders(str(path))
    columns = columns or ColumnNames()
    if taxonomy is not None:
        columns = replace(columns, themes=taxonomy.keys)
    names = ThemeNames(columns.themes) if columns.themes else None
    position = position or Position()

    def refuse(refusal: Refusal) -> None:
        position.refused += refusal.count
        on_refusal(refusal)

    common = load_labels(Path(labels), taxonomy, refuse) if labels is not None else None
    for path in paths:
        own = common
        leave_out: Callable[[object], None] = position.leave_out
        if own is None and columns.labelled:
            file = beside(Path(path), LABELS)
            own = load_labels(file, taxonomy, refuse) if os.path.lexists(file) else None
            leave_out = but_other_labels(leave_out, own, refuse)
        options = _Options(
            taxonomy, columns, names, folders_are_themes, position, leave_out, len(paths) == 1
        )
        for item in _read_path(str(path), options):
            article = item if isinstance(item, Refusal) or own is None else own.apply(item, refuse)
            checked = _check_themes(_check_id(article), taxonomy, names)
            if isinstance(checked, Refusal):
                refuse(checked)
            else:
                position.done += 1
                position.unread_labels.add(checked)
                yield checked
        if own is not None and own is not common:
            own.refuse_unused(refuse)
    if common is not None:
        common.refuse_unused(refuse)


def read_rows(
    file: Path, place: str, rows: range | None, columns: ColumnNames, on_refusal: OnRefusal
) -> Iterator[Article]:
    """Some rows of a Parquet file (None: all), the same articles and refusals as `read` has.

    place: what articles and refusals call the file.
    """
    for item in map(_check_id, read_parquet(file, columns, place, rows)):
        if isinstance(item, Refusal):
            on_refusal(item)
        else:
            yield item


def _check_id(item: Article | Refusal) -> Article | Refusal:
    if isinstance(item, Refusal) or item.id.isascii():
        return item
    try:
        item.id.encode("utf-8")
    except UnicodeEncodeError:
        return Refusal(item.source, "its id or name is not UTF-8", "Rename the file or the id")
    return item


def _check_themes(
    item: Article | Refusal, taxonomy: Taxonomy | None, names: ThemeNames | None
) -> Article | Refusal:
    if isinstance(item, Refusal) or taxonomy is None or names is None or item.themes is None:
        return item
    item = respelt(item, names)
    named = [*(item.themes or ()), *item.unsettled, *(item.spans or ())]
    unknown = [key for key in named if key not in taxonomy.keys]
    if unknown:
        return Refusal(
            item.source,
            f"theme {unknown[0]!r} is not in the taxonomy ({', '.join(taxonomy.keys)})",
            "Correct the label, or add the theme to themes.toml",
        )
    if taxonomy.exclusive and len(item.themes or ()) != 1:
        return Refusal(
            item.source,
            f"{len(item.themes or ())} themes where the taxonomy asks for exactly one",
            "Correct the label, or set exclusive = false in themes.toml",
        )
    return item


def respelt(article: Article, names: ThemeNames) -> Article:
    """The article, its labels as the taxonomy spells them; a label that means no theme stays."""
    if article.themes is None:
        return article
    themes, others = names.resolve(article.themes), (article.passages, article.spans)
    if themes == article.themes and not any(others) and not article.unsettled:
        return article  # as nearly all are
    passages = {number: names.resolve(keys) for number, keys in article.passages.items()}
    spans: dict[str, tuple[tuple[int, int], ...]] = {}
    for label, ranges in (article.spans or {}).items():
        for key in names.split(label):
            spans[key] = (*spans.get(key, ()), *ranges)
    return replace(
        article,
        themes=themes,
        passages=passages,
        spans=None if article.spans is None else spans,
        unsettled=names.resolve(article.unsettled),
    )


def _read_path(path: str, options: _Options) -> Items:
    if path == "-":
        stream = buffered(cast(BinaryIO, sys.stdin.buffer))
        yield from _read_source(Source("-", "-", stream), options)
        return
    for found in find_files(path, options.leave_out, options.alone):
        if isinstance(found, Refusal):
            yield found
        else:
            yield from _read_file(*found, options)


def _read_file(file: Path, root: Path, options: _Options) -> Items:
    position = options.position
    start, size = position.bytes, 0
    content = read_short(file)
    # Of a million small texts each step counts, so that what is surely one takes few.
    if content and is_surely_raw(content, file.name, options.columns):
        position.bytes += len(content)
        *folders, _ = parts = parts_below(file, root)
        item = parse_raw(content, without_ending("/".join(parts)), str(file))
        yield _labelled_by_folder(item, folders, options)
        return
    try:
        size = file.stat().st_size
        expect(size)
        with open_source(file, root) as source:
            yield from _read_source(source, options)
    except OSError as error:
        yield Refusal(str(file), f"cannot be read ({error.strerror})", "Check its permissions")
    finally:
        position.bytes = start + size


def _read_source(source: Source, options: _Options) -> Items:
    """The articles of a source, or of each one that is packed in it; a damaged one costs itself."""
    start = options.position.bytes
    source.leave_out = options.leave_out
    try:
        for inside in unpacked(source):
            if isinstance(inside, Refusal):
                yield inside
            else:
                yield from _read_one(inside, options, start)
    except InputError as error:
        yield Refusal(source.place, str(error), error.cure)
    except (*DAMAGED, zstd_error()) as error:
        yield _damaged(source.place, error)


def _read_one(source: Source, options: _Options, start: int) -> Items:
    source.id = without_ending(source.name)
    try:
        if not source.head:
            yield Refusal(source.place, "empty", "Copy it again, or leave it out")
            return
        form = sniff(source, options.columns)
        if isinstance(form, Refusal):
            yield form
            return
        items = form.read(source, options.columns)
        if form.single:
            items = (_labelled_by_folder(item, source.folders, options) for item in items)
        yield from options.position.follow(said_once(items), source, start)
    except InputError as error:
        yield Refusal(source.place, str(error), error.cure)
    except UnicodeDecodeError as error:
        problem = f"not {error.encoding.upper()} ({error.reason}), the rest is left out"
        yield Refusal(source.place, problem, "Save it again as UTF-8")
    except (*DAMAGED, zstd_error()) as error:
        yield _damaged(source.place, error)


def _damaged(place: str, error: Exception) -> Refusal:
    return Refusal(place, f"damaged ({error}), the rest is left out", "Pack it again")


def _labelled_by_folder(
    item: Article | Refusal, folders: Sequence[str], options: _Options
) -> Article | Refusal:
    if isinstance(item, Refusal) or not folders:
        return item
    folder = folder_label(folders[0])
    if folder is None:
        return item
    key = options.names.find(folder) if options.names else None
    if key is None and clean_label(folder).lower() == _NO_THEME:
        return replace(item, themes=())
    if key is None and not options.folders_are_themes:
        return item
    return replace(item, themes=(key or clean_label(folder),))
