"""A file of counts for the tests that read it."""

from dataclasses import replace
from pathlib import Path

import pytest

from chude.corpus.counts import Counts, write_counts
from chude.training.count_corpus import count_corpus
from tests.invented import KEYS, TAXONOMY, make_articles


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
