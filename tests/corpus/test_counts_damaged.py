"""Files of counts that were changed by hand, or are none, end in one message."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from chude.corpus.counts import Counts, read_counts
from chude.corpus.passage_sizes import SIZES
from chude.errors import ChudeError
from tests.corpus.counts_files import assert_equal, packed, rewritten, words_of


def put(column: str, row: int, value: object) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Change one value."""

    def change(frame: pl.DataFrame) -> pl.DataFrame:
        values = frame[column].to_list()
        values[row] = value
        dtype = pl.Int64 if isinstance(value, int) else None
        dtype = pl.List(pl.Int64) if isinstance(value, list) else dtype
        return frame.with_columns(pl.Series(column, values, dtype))

    return change


def entry(column: str, value: int, place: int = 0) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Change one entry of the first list that has any."""

    def change(frame: pl.DataFrame) -> pl.DataFrame:
        row = int((frame[column].list.len() > 1).arg_true()[0])
        values = frame[column][row].to_list()
        values[place] = value
        return put(column, row, values)(frame)

    return change


def cast(column: str, dtype: Any) -> Callable[[pl.DataFrame], pl.DataFrame]:
    return lambda frame: frame.with_columns(pl.col(column).cast(dtype))


def nulls(column: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    return lambda frame: frame.with_columns(
        pl.when(pl.int_range(pl.len()) == 3).then(None).otherwise(pl.col(column)).alias(column)
    )


CHANGES = {
    "an n-gram out of range": entry("steps", 1_000_000),
    "an n-gram far out of range": entry("steps", 1 << 62),
    "a negative n-gram": entry("steps", -1),
    "an n-gram that wraps": entry("steps", -(1 << 32)),
    "an n-gram twice": entry("steps", 0, 1),
    "a count of zero": entry("counts", 0),
    "a negative count": entry("counts", -3),
    "a count too large": entry("counts", 1 << 16),
    "a count that wraps": entry("counts", (1 << 32) + 1),
    "one count too few": put("counts", 0, []),
    "a label outside the taxonomy": put("themes", 0, 8),
    "a negative label": put("themes", 0, -1),
    "a passage theme that its article lacks": put("passage_themes", 0, 7),
    "a known bit outside the taxonomy": put("passage_known", 0, 1 << 40),
    "labels that differ in an article": put("known", 1, 0),
    "rows out of order": lambda frame: frame.reverse(),
    "a row moved": lambda frame: pl.concat([frame[5:], frame[:5]]),
    "rows cut off": lambda frame: frame[:-20],
    "no rows": lambda frame: frame[:0],
    "rows twice": lambda frame: pl.concat([frame, frame]),
    "no articles' numbers": lambda frame: frame.drop("article"),
    "no steps": lambda frame: frame.drop("steps"),
    "no labels": lambda frame: frame.drop("passage_known"),
    "null lists": nulls("steps"),
    "null counts": nulls("counts"),
    "null labels": nulls("themes"),
    "null articles": nulls("article"),
    "null chance": nulls("by_chance"),
    "fractions": cast("steps", pl.List(pl.Float64)),
    "strings": cast("counts", pl.List(pl.String)),
    "numbers as strings": cast("themes", pl.String),
    "fractions of articles": cast("article", pl.Float32),
    "chance as a number": cast("by_chance", pl.Int8),
    "chance as a string": cast("by_chance", pl.String),
    "no lists": lambda frame: frame.with_columns(pl.lit(1).alias("steps")),
    "lists of lists": lambda frame: frame.with_columns(pl.col("steps").implode()),
}
HEADS: dict[str, Callable[[dict[str, Any]], object]] = {
    "no object": lambda head: [head],
    "no format": lambda head: head.pop("format") and None,
    "a format of text": lambda head: head.update(format="1"),
    "a format without end": lambda head: head.update(format=float("inf")),
    "no format of ours": lambda head: head.update(format=0),
    "no segmenter": lambda head: head.update(segmenter=None),
    "one n-gram length": lambda head: head.update(ngrams=[1]),
    "n-grams of text": lambda head: head.update(ngrams="ab"),
    "n-grams the wrong way round": lambda head: head.update(ngrams=[2, 1]),
    "n-grams too long": lambda head: head.update(ngrams=[1, 9]),
    "n-grams of another length": lambda head: head.update(ngrams=[2, 2]),
    "more articles": lambda head: head.update(articles=10**6),
    "fewer articles": lambda head: head.update(articles=3),
    "no number of articles": lambda head: head.update(articles=True),
    "no themes": lambda head: head.update(themes=[]),
    "a theme less": lambda head: head["themes"].pop() and None,
    "a theme twice": lambda head: head.update(themes=head["themes"][:1] * 3),
    "a theme without a name": lambda head: head["themes"][0].__setitem__(0, ""),
    "half a pair as a theme": lambda head: head["themes"][0].__setitem__(0, "\ud800"),
    "a theme of numbers": lambda head: head.update(themes=[[1, 2, 3, 4]] * 3),
    "many themes": lambda head: head.update(themes=[[f"t{i}", "", "", ""] for i in range(70)]),
    "exclusive themes": lambda head: head.update(exclusive=True),
    "exclusive of text": lambda head: head.update(exclusive="no"),
    "a vocabulary cut": lambda head: head.update(vocabulary=head["vocabulary"][:-40]),
    "a vocabulary of nothing": lambda head: head.update(vocabulary=""),
    "a vocabulary of text": lambda head: head.update(vocabulary="bộ đội"),
    "a vocabulary of numbers": lambda head: head.update(vocabulary=[1]),
    "a word less": lambda head: head.update(vocabulary=packed(words_of(head)[:-1])),
    "a word twice": lambda head: head.update(vocabulary=packed(words_of(head)[:1] * 2)),
    "an empty word": lambda head: head.update(vocabulary=packed(["", *words_of(head)[1:]])),
    "a space too much": lambda head: head.update(vocabulary=packed(["a ", *words_of(head)[1:]])),
    "a long n-gram": lambda head: head.update(vocabulary=packed(["a b c", *words_of(head)[1:]])),
}


def test_a_file_that_is_only_rewritten_is_read(file: Path, counts: Counts) -> None:
    """The changes below are what is refused, not the hand that makes them."""
    rewritten(file, cast("steps", pl.List(pl.Int64)), lambda head: head.update(extra="new"))
    assert_equal(read_counts(file), counts)
    rewritten(file, lambda frame: frame.with_columns(pl.lit("x").alias("note")))
    assert_equal(read_counts(file), counts)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_rows_changed_by_hand_end_in_one_message(file: Path, change: Any) -> None:
    with pytest.raises(ChudeError, match="damaged or changed by hand") as caught:
        read_counts(rewritten(file, change))
    assert str(file) in str(caught.value)
    assert "chude counts" in str(caught.value)


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_metadata_changed_by_hand_end_in_one_message(file: Path, head: Any) -> None:
    with pytest.raises(ChudeError, match="damaged or changed by hand") as caught:
        read_counts(rewritten(file, head=head))
    assert str(file) in str(caught.value)


def test_a_newer_format_says_so(file: Path) -> None:
    with pytest.raises(ChudeError, match=r"newer format, this chude reads up to 2. Update chude"):
        read_counts(rewritten(file, head=lambda head: head.update(format=3)))


def test_the_first_format_told_no_lengths_of_passages(file: Path) -> None:
    def older(head: dict[str, Any]) -> None:
        del head["passage_sizes"]
        head["format"] = 1

    expected = read_counts(file)
    found = read_counts(rewritten(file, head=older))
    assert found.sizes == SIZES != expected.sizes
    assert_equal(replace(found, sizes=expected.sizes), expected)


@pytest.mark.parametrize("sizes", [None, [1, 2], [75, 50, 0], [75, 50, True], "abc"])
def test_lengths_of_passages_that_are_none_end_in_one_message(file: Path, sizes: object) -> None:
    with pytest.raises(ChudeError, match=r"damaged or changed by hand .*passage_sizes"):
        read_counts(rewritten(file, head=lambda head: head.update(passage_sizes=sizes)))


def test_what_is_no_file_of_counts_says_so(file: Path, tmp_path: Path) -> None:
    content = file.read_bytes()
    path = tmp_path / "a.counts.parquet"
    with pytest.raises(ChudeError, match="no such file"):
        read_counts(path)
    with pytest.raises(ChudeError, match="cannot be read"):
        read_counts(tmp_path)
    pl.DataFrame({"text": ["Bộ đội giúp dân."]}).write_parquet(path)
    with pytest.raises(ChudeError, match="Make counts with: chude counts"):
        read_counts(path)
    for wrong in (b"", b"PAR1", b"Not Parquet at all.", content[:-1], content[:-300], content[9:]):
        path.write_bytes(wrong)
        with pytest.raises(ChudeError, match="damaged"):
            read_counts(path)
