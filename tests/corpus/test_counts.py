"""Files of counts: what is written is read, and no text is in them."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from chude.corpus.article import Article
from chude.corpus.counts import Counts, read_counts, write_counts
from chude.corpus.taxonomy import Taxonomy
from chude.errors import ChudeError
from chude.training.count_corpus import count_corpus
from tests.corpus.counts_files import KEY, assert_equal, words_of
from tests.invented import TAXONOMY, make_articles


def test_what_is_written_is_read(counts: Counts, file: Path) -> None:
    assert not counts.known.all()
    assert counts.by_chance.any()
    assert (np.diff(counts.indptr) == 0).any() or len(counts.counts) > 100
    assert_equal(read_counts(file), counts)


def test_near_copies_are_told_where_there_are_some(tmp_path: Path) -> None:
    made = make_counts([[1, 0, 2], [], [0, 0, 3]], lengths=[1, 1, 1])
    path = tmp_path / "a.counts.parquet"
    write_counts(made, path)
    assert "copies" not in pl.read_parquet(path).columns
    made = replace(made, copies=np.array([1, 0, 1]))
    write_counts(made, path)
    assert_equal(read_counts(path), made)


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
        "format", "segmenter", "ngrams", "passage_sizes", "articles", "exclusive", "themes",
        "vocabulary",
    }  # fmt: skip
    inside = [path.read_bytes(), "\n".join(words_of(head)).encode()]
    for secret in ("Zung", "zung", "nguồn-", "xyza", "2024-", *(a.title for a in articles)):
        assert all(secret.encode() not in content for content in inside), secret
    assert not any(digit in word for word in words_of(head) for digit in "123456789")
