"""Counts: a labelled corpus without its texts, as a Parquet file.

A row is a passage: the number of its article, which n-grams stand in it and how often, and which
themes it reports on. There is no text, no id, title, date or source; articles, and the passages in
them, come in an order drawn by chance. What the counts were made by stands in the file's metadata.

`steps` are the n-grams of a passage by their numbers in the vocabulary, each as the distance from
the one before: of numbers in order that is what packs best. The vocabulary has the commonest first.
"""

import base64
import io
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from chude.corpus.taxonomy import Taxonomy, Theme
from chude.errors import ChudeError
from chude.files import atomic_path, open_regular

ENDING = ".counts.parquet"
FORMAT = 1  # goes up when an older chude could not read the file or would read it wrongly
_KEY = "chude_counts"
_LISTS = ("steps", "counts")
_MOST_NGRAMS = 1 << 22
_MOST_BYTES = 1 << 27  # of a vocabulary

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
    whether an article was drawn by chance from its archive, so that it tells of all of it.
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

    def __len__(self) -> int:
        """The number of articles."""
        return len(self.lengths)


def write_counts(counts: Counts, path: Path) -> None:
    """Write the file in one step. Raises ChudeError when it cannot be written."""
    import polars as pl

    article = np.repeat(np.arange(len(counts), dtype=np.uint32), counts.lengths)
    sizes = np.diff(counts.indptr)
    row = np.repeat(np.arange(len(sizes)), sizes)
    steps = np.diff(counts.columns, prepend=0)
    begins = counts.indptr[:-1][sizes > 0]
    steps[begins] = counts.columns[begins]
    entries = pl.DataFrame({"row": row, "steps": steps, "counts": counts.counts})
    lists = entries.group_by("row", maintain_order=True).agg(
        pl.col("steps").cast(pl.UInt32), pl.col("counts").cast(pl.UInt16)
    )
    rows = pl.DataFrame(
        {
            "article": article,
            "by_chance": counts.by_chance[article],
            **_bits("themes", counts.labels[article]),
            **_bits("known", counts.known[article]),
            **_bits("passage_themes", counts.passage_labels),
            **_bits("passage_known", counts.passage_known),
        }
    )
    numbered = rows.with_columns(row=np.arange(len(rows)))
    frame = numbered.join(lists, "row", "left", maintain_order="left").drop("row")
    frame = frame.with_columns(
        pl.col("steps").fill_null(pl.lit([], pl.List(pl.UInt32))),
        pl.col("counts").fill_null(pl.lit([], pl.List(pl.UInt16))),
    )
    with atomic_path(path) as temporary:
        frame.write_parquet(
            temporary,
            compression="brotli",
            compression_level=11,
            metadata={_KEY: _describe(counts)},
        )


def read_counts(path: Path) -> Counts:
    """What `write_counts` wrote.

    Raises ChudeError, naming what is wrong, for a file that is missing, damaged, foreign, newer or
    changed by hand.
    """
    import polars as pl

    content = io.BytesIO(_content(path))
    try:
        described = pl.read_parquet_metadata(content).get(_KEY)
    except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        _damaged(path, str(error).splitlines()[0])
    if described is None:
        raise ChudeError(f"{path}: Parquet without counts. Make counts with: chude counts CORPUS")
    head = _head(path, described)
    try:
        frame = pl.read_parquet(content)
    except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        _damaged(path, str(error).splitlines()[0])
    try:
        return _check(path, _from_frame(head, frame))
    except (KeyError, TypeError, ValueError, OverflowError, pl.exceptions.PolarsError) as error:
        _damaged(path, str(error).splitlines()[0])


def _content(path: Path) -> bytes:
    """Read once, so that the metadata and the rows are of one file, and never from a pipe."""
    try:
        with open_regular(path, follow=True) as stream:
            return stream.read()
    except FileNotFoundError:
        raise ChudeError(f"{path}: no such file. Check the path.") from None
    except OSError as error:
        raise ChudeError(f"{path}: cannot be read ({error.strerror}). Check the path.") from None


def _damaged(path: Path, problem: str) -> NoReturn:
    raise ChudeError(
        f"{path}: damaged or changed by hand ({problem}). Copy it again, or make it again with: "
        "chude counts"
    )


def _describe(counts: Counts) -> str:
    themes = [[t.key, t.title_vi, t.title_en, t.definition] for t in counts.taxonomy.themes]
    head = {
        "format": FORMAT,
        "segmenter": counts.segmenter,
        "ngrams": list(counts.ngrams),
        "articles": len(counts),
        "exclusive": counts.taxonomy.exclusive,
        "themes": themes,
        "vocabulary": _pack_words(counts.vocabulary),
    }
    return json.dumps(head, ensure_ascii=False)


def _head(path: Path, described: str) -> dict[str, Any]:
    """The metadata, its fields of the right kinds."""
    try:
        head: dict[str, Any] = json.loads(described)
        newer = int(head["format"]) > FORMAT
    except (ValueError, TypeError, KeyError, RecursionError):
        _damaged(path, "its metadata cannot be read")
    if newer:
        raise ChudeError(
            f"{path}: counts of format {head['format']}, this chude reads up to {FORMAT}. "
            "Update chude."
        )
    shortest, longest = head.get("ngrams") or (0, 0)
    themes = head.get("themes")
    kinds = (
        isinstance(head.get("segmenter"), str)
        and isinstance(head.get("vocabulary"), str)
        and isinstance(head.get("exclusive"), bool)
        and isinstance(shortest, int) and isinstance(longest, int) and 1 <= shortest <= longest <= 3
        and isinstance(themes, list)
        and all(isinstance(t, list) and len(t) == 4 and all(isinstance(x, str) for x in t)
                for t in themes)
    )  # fmt: skip
    if not kinds or not themes or len({theme[0] for theme in themes}) < len(themes):
        _damaged(path, "fields of its metadata are of the wrong kind")
    return head


def _from_frame(head: Mapping[str, Any], frame: Any) -> Counts:
    n_themes = len(head["themes"])
    taxonomy = Taxonomy(tuple(Theme(*theme) for theme in head["themes"]), head["exclusive"])
    article = _integers(frame["article"])
    first = np.flatnonzero(np.diff(article, prepend=-1))
    if not np.array_equal(article[first], np.arange(len(first))):
        raise ValueError("articles are not numbered one after the other")
    steps, counts = (_integers(frame[name].explode(empty_as_null=False)) for name in _LISTS)
    sizes = _integers(frame["steps"].list.len())
    if not np.array_equal(sizes, _integers(frame["counts"].list.len())):
        raise ValueError("as many counts as n-grams are needed in each row")
    indptr = np.concatenate([[0], np.cumsum(sizes)])
    sums = np.concatenate([[0], np.cumsum(steps)])
    columns = sums[1:] - np.repeat(sums[indptr[:-1]], sizes)
    by_row = {
        name: _bools(frame[name], n_themes, name)
        for name in ("themes", "known", "passage_themes", "passage_known")
    }
    by_chance = frame["by_chance"].to_numpy()
    for name, values in (*by_row.items(), ("by_chance", by_chance)):
        if (
            not name.startswith("passage")
            and not (
                values == values[first].repeat(np.diff(np.append(first, len(article))), axis=0)
            ).all()
        ):
            raise ValueError(f"{name} differs between passages of one article")
    return Counts(
        head["segmenter"],
        (head["ngrams"][0], head["ngrams"][1]),
        taxonomy,
        _unpack_words(head["vocabulary"]),
        np.diff(np.append(first, len(article))),
        indptr,
        np.minimum(columns, _MOST_NGRAMS).astype(np.int32),
        counts.astype(np.int32),
        by_row["themes"][first],
        by_row["known"][first],
        by_row["passage_themes"],
        by_row["passage_known"],
        by_chance[first].astype(bool),
    )


def _check(path: Path, counts: Counts) -> Counts:
    """The counts, when they are what counts can be."""
    n_ngrams = len(counts.vocabulary)
    if not len(counts):
        _damaged(path, "no articles")
    if n_ngrams > _MOST_NGRAMS or len(set(counts.vocabulary)) < n_ngrams:
        _damaged(path, "n-grams stand twice in its vocabulary, or there are too many")
    lengths = [len(ngram.split(" ")) for ngram in counts.vocabulary]
    if lengths and not counts.ngrams[0] <= min(lengths) <= max(lengths) <= counts.ngrams[1]:
        _damaged(path, f"n-grams of other lengths than {counts.ngrams}")
    if len(counts.columns) and not 0 <= counts.columns.min() <= counts.columns.max() < n_ngrams:
        _damaged(path, "an n-gram out of range")
    steps = np.diff(counts.columns)
    inner = np.ones(len(steps), dtype=bool)
    borders = counts.indptr[1:-1]
    inner[borders[(borders > 0) & (borders <= len(steps))] - 1] = False
    if (steps[inner] <= 0).any():
        _damaged(path, "n-grams of a passage twice or out of order")
    if len(counts.counts) and counts.counts.min() < 1:
        _damaged(path, "a count below 1")
    if (counts.passage_labels & ~np.repeat(counts.labels, counts.lengths, axis=0)).any():
        _damaged(path, "a passage with a theme that its article does not carry")
    return counts


def _pack_words(vocabulary: Sequence[str]) -> str:
    packed = zlib.compress("\n".join(vocabulary).encode("utf-8"), 9)
    return base64.b64encode(packed).decode("ascii")


def _unpack_words(packed: str) -> list[str]:
    """The n-grams; raises ValueError when they cannot be read or are too many."""
    unpacking = zlib.decompressobj()
    try:
        words = unpacking.decompress(base64.b64decode(packed, validate=True), _MOST_BYTES)
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if not unpacking.eof:
        raise ValueError("its vocabulary is cut off or too large")
    return words.decode("utf-8").split("\n") if words else []


def _bits(name: str, values: Bools) -> dict[str, NDArray[np.uint64]]:
    """Themes as bits of one number, the first theme lowest."""
    weights = np.uint64(1) << np.arange(values.shape[1], dtype=np.uint64)
    return {name: (values * weights).sum(axis=1, dtype=np.uint64)}


def _bools(column: Any, n_themes: int, name: str) -> Bools:
    values = _integers(column)
    if len(values) and not 0 <= values.min() <= values.max() < 1 << n_themes:
        raise ValueError(f"{name} names a theme that is not in the taxonomy")
    return (values[:, None] >> np.arange(n_themes) & 1).astype(bool)


def _integers(column: Any) -> NDArray[np.int64]:
    if not column.dtype.is_integer() or column.null_count():
        raise TypeError(f"{column.name} must hold whole numbers")
    values: NDArray[np.int64] = column.cast(int).to_numpy()
    return values
