"""Files of counts: what is written is read, no text is in them, and a bad file is one message."""

import base64
import json
import zlib
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from chude.corpus.article import Article
from chude.corpus.counts import Counts, read_counts, write_counts
from chude.corpus.taxonomy import Taxonomy
from chude.errors import ChudeError
from chude.training.count_corpus import count_corpus
from tests.invented import KEYS, TAXONOMY, make_articles

KEY = "chude_counts"


@pytest.fixture(scope="module")
def counts() -> Counts:
    articles = [
        replace(a, by_chance=i % 3 == 0, unsettled=KEYS[:1] if i % 5 == 0 else ())
        for i, a in enumerate(make_articles(56))
    ]
    return count_corpus(articles, TAXONOMY, segmenter="syllable")


@pytest.fixture
def file(counts: Counts, tmp_path: Path) -> Path:
    write_counts(counts, tmp_path / "press.counts.parquet")
    return tmp_path / "press.counts.parquet"


def assert_equal(one: Counts, other: Counts) -> None:
    for field in fields(Counts):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, np.ndarray):
            np.testing.assert_array_equal(left, right)
            assert left.dtype == right.dtype, field.name
        else:
            assert left == right


def test_what_is_written_is_read(counts: Counts, file: Path) -> None:
    assert not counts.known.all()
    assert counts.by_chance.any()
    assert (np.diff(counts.indptr) == 0).any() or len(counts.counts) > 100
    assert_equal(read_counts(file), counts)


def test_passages_without_ngrams_and_one_theme_are_read(tmp_path: Path) -> None:
    made = make_counts([[1, 0, 2], [], [0, 0, 3]], lengths=[2, 1])
    write_counts(made, tmp_path / "a.counts.parquet")
    assert_equal(read_counts(tmp_path / "a.counts.parquet"), made)
    empty = make_counts([[], []], lengths=[1, 1])
    write_counts(empty, tmp_path / "b.counts.parquet")
    assert_equal(read_counts(tmp_path / "b.counts.parquet"), empty)


def make_counts(rows: list[list[int]], lengths: list[int], n_themes: int = 1) -> Counts:
    """Counts of three n-grams; rows: how often each stands in each passage."""
    columns = [np.flatnonzero(row) for row in rows]
    sizes = [len(found) for found in columns]
    values = np.array([number for row in rows for number in row if number])
    labels = np.zeros((len(lengths), n_themes), dtype=bool)
    labels[0] = True
    passages = np.repeat(labels, lengths, axis=0)
    return Counts(
        "syllable-1",
        (1, 2),
        Taxonomy.of(f"theme_{k:02}" for k in range(n_themes)),
        ["bộ", "bộ đội", "đội"],
        np.array(lengths),
        np.concatenate([[0], np.cumsum(sizes)]),
        np.concatenate(columns).astype(np.int32),
        values.astype(np.int32),
        labels,
        np.ones_like(labels),
        passages,
        np.ones_like(passages),
        np.arange(len(lengths)) % 2 == 0,
    )


def test_64_themes_fit_and_65_end_in_one_message(tmp_path: Path) -> None:
    made = make_counts([[1, 0, 2], [0, 1, 0]], [1, 1], n_themes=64)
    made.labels[1, 63] = made.passage_labels[1, 63] = True
    write_counts(made, tmp_path / "a.counts.parquet")
    assert_equal(read_counts(tmp_path / "a.counts.parquet"), made)
    with pytest.raises(ChudeError, match="65 themes, counts hold at most 64"):
        write_counts(make_counts([[1]], [1], n_themes=65), tmp_path / "b.counts.parquet")
    with pytest.raises(ChudeError, match="65 themes"):
        count_corpus(make_articles(14), Taxonomy.of(f"t{k}" for k in range(65)))
    assert [path.name for path in tmp_path.iterdir()] == ["a.counts.parquet"]


def test_what_could_not_be_read_is_not_written(tmp_path: Path) -> None:
    made = make_counts([[1, 0, 2], [0, 1, 0]], [1, 1])
    made.passage_labels[1] = True
    with pytest.raises(ChudeError, match="not written, a passage with a theme that its article"):
        write_counts(made, tmp_path / "a.counts.parquet")
    long = make_counts([[1 << 15] * 3] * 300, [300])
    with pytest.raises(ChudeError, match="an article of too many words"):
        write_counts(long, tmp_path / "a.counts.parquet")
    assert not list(tmp_path.iterdir())


def test_what_stands_very_often_counts_as_65535_times(tmp_path: Path) -> None:
    write_counts(make_counts([[1 << 20, 1, 1]], [1]), tmp_path / "a.counts.parquet")
    assert read_counts(tmp_path / "a.counts.parquet").counts.tolist() == [65535, 1, 1]


def rewritten(
    file: Path,
    change: Callable[[pl.DataFrame], pl.DataFrame] = lambda frame: frame,
    head: Callable[[dict[str, Any]], object] = lambda head: None,
) -> Path:
    """The file with its rows or its metadata changed by hand."""
    described = json.loads(pl.read_parquet_metadata(file)[KEY])
    replaced = head(described)
    described = described if replaced is None else replaced
    frame = change(pl.read_parquet(file))
    frame.write_parquet(file, metadata={KEY: json.dumps(described)})
    return file


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


def words_of(head: dict[str, Any]) -> list[str]:
    return zlib.decompress(base64.b64decode(head["vocabulary"])).decode().split("\n")


def packed(words: list[str]) -> str:
    return base64.b64encode(zlib.compress("\n".join(words).encode())).decode()


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
    with pytest.raises(ChudeError, match=r"newer format, this chude reads up to 1. Update chude"):
        read_counts(rewritten(file, head=lambda head: head.update(format=2)))


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


def test_names_with_the_signs_of_globs_are_names(counts: Counts, tmp_path: Path) -> None:
    write_counts(counts, tmp_path / "year=1/[a]*.counts.parquet")
    assert len(read_counts(tmp_path / "year=1/[a]*.counts.parquet")) == len(counts)


def test_no_text_is_in_the_file(tmp_path: Path) -> None:
    articles = [
        Article(
            f"id-{i}-Zung",
            f"Tít riêng {i}",
            f"{a.body}\n\nTừ hiếm: xyz{chr(97 + i // 8)}{chr(97 + i % 8)}q.",
            a.date,
        )
        for i, a in enumerate(make_articles(56))
    ]
    articles = [
        replace(a, themes=b.themes, source=f"nguồn-{i}.txt")
        for i, (a, b) in enumerate(zip(articles, make_articles(56), strict=True))
    ]
    counts = count_corpus(articles, TAXONOMY, segmenter="syllable")
    path = tmp_path / "a.counts.parquet"
    write_counts(counts, path)
    frame, head = pl.read_parquet(path), json.loads(pl.read_parquet_metadata(path)[KEY])
    assert frame.columns == [
        "article", "by_chance", "themes", "known", "passage_themes", "passage_known", "steps",
        "counts",
    ]  # fmt: skip
    assert not any(dtype == pl.String for dtype in frame.dtypes)
    assert set(head) == {
        "format", "segmenter", "ngrams", "articles", "exclusive", "themes", "vocabulary",
    }  # fmt: skip
    inside = [path.read_bytes(), "\n".join(words_of(head)).encode()]
    for secret in ("Zung", "zung", "nguồn-", "xyza", "2024-", *(a.title for a in articles)):
        assert all(secret.encode() not in content for content in inside), secret
    assert not any(digit in word for word in words_of(head) for digit in "123456789")
