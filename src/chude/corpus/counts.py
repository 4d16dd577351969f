"""Counts: a labelled corpus without its texts, as a Parquet file.

A row is a passage: the number of its article, which n-grams stand in it and how often, and which
themes it reports on. There is no text, no id, title, date or source; articles, and the passages in
them, come in an order drawn by chance. What the counts were made by stands in the file's metadata.

`steps` are the n-grams of a passage by their numbers in the vocabulary, each as the distance from
the one before: of numbers in order that is what packs best. The vocabulary has the commonest first.
"""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chude.corpus.counts_head import MOST_NGRAMS, MOST_THEMES, Head, damaged, read_head
from chude.corpus.passage_sizes import SIZES, Sizes
from chude.corpus.taxonomy import Taxonomy
from chude.errors import ChudeError
from chude.files import atomic_path, open_regular, parquet_errors

ENDING = ".counts.parquet"
_KEY = "chude_counts"
_LISTS = ("steps", "counts")
_COPIES = "copies"
_BITS = ("themes", "known", "passage_themes", "passage_known")
_MOST_COUNT = (1 << 16) - 1  # of an n-gram in a passage; what stands oftener counts as often
_PAGE = 1 << 26  # bytes; what stands in one page is packed together, smaller by 2 % so
_MOST_WORDS = 1 << 24  # n-grams of an article, so that what is made for them fits in memory

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Counts:
    """The n-grams and labels of a corpus, passage by passage.

    segmenter: version of what cut the words. ngrams: shortest and longest, in words. taxonomy: the
    themes labels may name. vocabulary: the n-grams, their words separated by spaces, folded, every
    digit as 0. lengths: int64 (n_articles,), passages of each article, one article's after the
    other's. indptr: int64 (n_passages + 1,), columns, counts: int32 (n_entries,): how often which
    n-gram of the vocabulary stands in each passage, columns in order. labels, known: (n_articles,
    n_themes); passage_labels, passage_known: (n_passages, n_themes). by_chance: (n_articles,),
    whether an article was drawn by chance from its archive, so that it tells of all of it. sizes:
    of the passages. copies: int64 (n_articles,), a number above 0 that near copies of each other
    share, 0 for all others; None where there are none.
    """

    segmenter: str
    ngrams: tuple[int, int]
    taxonomy: Taxonomy
    vocabulary: list[str]
    lengths: NDArray[np.int64]
    indptr: NDArray[np.int64]
    columns: NDArray[np.int32]
    counts: NDArray[np.int32]
    labels: Bools
    known: Bools
    passage_labels: Bools
    passage_known: Bools
    by_chance: Bools
    sizes: Sizes = SIZES
    copies: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        """The number of articles."""
        return len(self.lengths)


def check_countable(taxonomy: Taxonomy) -> None:
    """Raise ChudeError when there can be no counts of articles with these themes."""
    if taxonomy.exclusive:
        raise ChudeError(
            "counts go with themes of which an article carries any number. Set exclusive = false "
            "in themes.toml, or leave --exclusive out."
        )
    if len(taxonomy.themes) > MOST_THEMES:
        raise ChudeError(
            f"{len(taxonomy.themes)} themes, counts hold at most {MOST_THEMES}. Name a themes.toml "
            "with fewer."
        )


def write_counts(counts: Counts, path: Path) -> None:
    """Write the file in one step.

    Raises ChudeError when it cannot be written, or `read_counts` would refuse it.
    """
    import polars as pl

    check_countable(counts.taxonomy)
    if problem := _find_fault(counts):
        raise ChudeError(f"{path}: not written, {problem}. Correct the articles' labels or length.")
    article = np.repeat(np.arange(len(counts), dtype=np.uint32), counts.lengths)
    rows = pl.DataFrame(
        {
            "article": article,
            "by_chance": counts.by_chance[article],
            **_to_bits("themes", counts.labels[article]),
            **_to_bits("known", counts.known[article]),
            **_to_bits("passage_themes", counts.passage_labels),
            **_to_bits("passage_known", counts.passage_known),
            **({} if counts.copies is None else {_COPIES: counts.copies[article]}),
        }
    )
    numbered = rows.with_columns(row=np.arange(len(rows)))
    frame = numbered.join(_lists(counts), "row", "left", maintain_order="left").drop("row")
    frame = frame.with_columns(
        pl.col("steps").fill_null(pl.lit([], pl.List(pl.UInt32))),
        pl.col("counts").fill_null(pl.lit([], pl.List(pl.UInt16))),
    )
    head = Head(
        counts.segmenter,
        counts.ngrams,
        counts.taxonomy,
        counts.vocabulary,
        len(counts),
        counts.sizes,
    )
    with atomic_path(path) as temporary, parquet_errors():
        frame.write_parquet(
            temporary,
            compression="brotli",
            compression_level=11,
            data_page_size=_PAGE,
            metadata={_KEY: head.to_json()},
        )


def _lists(counts: Counts) -> Any:
    """Steps and counts of each passage that has any, as a polars frame."""
    import polars as pl

    sizes = np.diff(counts.indptr)
    steps = np.diff(counts.columns, prepend=0)
    begins = counts.indptr[:-1][sizes > 0]
    steps[begins] = counts.columns[begins]
    some = np.minimum(counts.counts, _MOST_COUNT)
    row = np.repeat(np.arange(len(sizes)), sizes)
    entries = pl.DataFrame({"row": row, "steps": steps, "counts": some})
    return entries.group_by("row", maintain_order=True).agg(
        pl.col("steps").cast(pl.UInt32), pl.col("counts").cast(pl.UInt16)
    )


def read_counts(path: Path) -> Counts:
    """What `write_counts` wrote.

    Raises ChudeError, naming what is wrong, for a file that is missing, damaged, foreign, newer or
    changed by hand.
    """
    import polars as pl

    try:
        with open_regular(path, follow=True) as stream:
            content = stream.read()
    except FileNotFoundError:
        raise ChudeError(f"{path}: no such file. Check the path.") from None
    except OSError as error:
        raise ChudeError(f"{path}: cannot be read ({error.strerror}). Check the path.") from error
    unreadable = (OSError, ValueError, pl.exceptions.PolarsError, pl.exceptions.PanicException)
    try:
        described = pl.read_parquet_metadata(io.BytesIO(content)).get(_KEY)
    except unreadable as error:
        damaged(path, error)
    if described is None:
        raise ChudeError(f"{path}: Parquet without counts. Make counts with: chude counts CORPUS")
    head = read_head(path, described)
    try:
        frame = pl.read_parquet(io.BytesIO(content))
        counts = _from_frame(head, frame)
    except (*unreadable, KeyError, TypeError, OverflowError) as error:
        damaged(path, error)
    if problem := _find_fault(counts):
        damaged(path, problem)
    return counts


def _from_frame(head: Head, frame: Any) -> Counts:
    """The counts in a frame; raises one of Python's or polars' errors when it holds none."""
    article = _integers(frame["article"])
    first = np.flatnonzero(np.diff(article, prepend=-1))
    if len(first) != head.articles or (article[first] != np.arange(len(first))).any():
        raise ValueError(f"articles are not numbered one after the other, 0 to {head.articles - 1}")
    lengths = np.diff(np.append(first, len(article)))
    indptr, steps, counts = _entries(frame)
    sums = np.concatenate([[0], np.cumsum(steps)])
    columns = sums[1:] - np.repeat(sums[indptr[:-1]], np.diff(indptr))
    n_themes = len(head.taxonomy.themes)
    by_row: dict[str, NDArray[Any]] = {name: _from_bits(frame[name], n_themes) for name in _BITS}
    by_row["by_chance"] = _booleans(frame["by_chance"])
    copies = _integers(frame[_COPIES]) if _COPIES in frame.columns else None
    by_row[_COPIES] = np.zeros(len(article)) if copies is None else copies
    for name in ("themes", "known", "by_chance", _COPIES):
        if (by_row[name] != by_row[name][first].repeat(lengths, axis=0)).any():
            raise ValueError(f"{name} differs between passages of one article")
    return Counts(
        head.segmenter,
        head.ngrams,
        head.taxonomy,
        head.vocabulary,
        lengths,
        indptr,
        np.clip(columns, -1, MOST_NGRAMS).astype(np.int32),
        counts.astype(np.int32),
        by_row["themes"][first],
        by_row["known"][first],
        by_row["passage_themes"],
        by_row["passage_known"],
        by_row["by_chance"][first],
        head.sizes,
        None if copies is None else copies[first],
    )


def _entries(frame: Any) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Where each row's entries begin, their steps and their counts."""
    steps, counts = (_integers(frame[name].explode(empty_as_null=False)) for name in _LISTS)
    sizes = _integers(frame["steps"].list.len())
    if not np.array_equal(sizes, _integers(frame["counts"].list.len())):
        raise ValueError("as many counts as n-grams are needed in each row")
    if len(steps) and not 0 <= steps.min() <= steps.max() <= MOST_NGRAMS:
        raise ValueError("an n-gram out of range")
    if len(counts) and not 1 <= counts.min() <= counts.max() <= _MOST_COUNT:
        raise ValueError(f"a count that is not between 1 and {_MOST_COUNT}")
    return np.concatenate([[0], np.cumsum(sizes)]), steps, counts


def _find_fault(counts: Counts) -> str | None:
    """What is wrong with counts, if anything is."""
    columns, n_ngrams = counts.columns, len(counts.vocabulary)
    article = np.repeat(np.arange(len(counts)), counts.lengths)
    labels, known = counts.labels[article], counts.known[article]
    passages = np.repeat(article, np.diff(counts.indptr))
    words = np.bincount(passages, counts.counts.clip(max=_MOST_COUNT))
    inner = np.ones(max(len(columns) - 1, 0), dtype=bool)
    borders = counts.indptr[1:-1]
    inner[borders[(borders > 0) & (borders < len(columns))] - 1] = False
    faults = {
        "an n-gram out of range": ((columns < 0) | (columns >= n_ngrams)).any(),
        "n-grams of a passage twice or out of order": (np.diff(columns)[inner] <= 0).any(),
        "an article of too many words": words.max(initial=0) > _MOST_WORDS,
        "a passage with a theme that its article does not carry": (
            counts.passage_labels & ~labels
        ).any(),
        "a passage whose themes are known where its article's are not": (
            counts.passage_known & ~known
        ).any(),
        "a passage that may have a theme that its article does not carry": (
            known & ~labels & ~counts.passage_known
        ).any(),
    }
    return next((fault for fault, is_there in faults.items() if is_there), None)


def _to_bits(name: str, values: Bools) -> dict[str, NDArray[np.uint64]]:
    """Themes as bits of one number, the first theme lowest."""
    weights = np.uint64(1) << np.arange(values.shape[1], dtype=np.uint64)
    return {name: (values * weights).sum(axis=1, dtype=np.uint64)}


def _from_bits(column: Any, n_themes: int) -> Bools:
    import polars as pl

    values = _integers(column, pl.UInt64)
    if int(values.max(initial=0)) >= 1 << n_themes:
        raise ValueError(f"{column.name} names a theme that is not in the taxonomy")
    bits: Bools = (values[:, None] >> np.arange(n_themes, dtype=np.uint64) & 1).astype(bool)
    return bits


def _booleans(column: Any) -> Bools:
    import polars as pl

    if column.dtype != pl.Boolean or column.null_count():
        raise TypeError(f"{column.name} must hold true or false")
    values: Bools = column.to_numpy()
    return values


def _integers(column: Any, kind: Any = int) -> NDArray[Any]:
    if not column.dtype.is_integer() or column.null_count():
        raise TypeError(f"{column.name} must hold whole numbers")
    values: NDArray[Any] = column.cast(kind).to_numpy()
    return values
