"""The measure of what can be put together again from a file of counts."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from benchmarks.counts_privacy import longest_runs, main

from chude.corpus.counts import write_counts
from chude.training.count_corpus import count_corpus
from tests.invented import TAXONOMY, make_articles


def test_what_stands_in_a_file_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = count_corpus(make_articles(56), TAXONOMY, segmenter="syllable")
    path = tmp_path / "a.counts.parquet"
    write_counts(counts, path)
    assert main([str(path)]) == 0
    out = capsys.readouterr().out
    assert "| a.counts.parquet | |" in out
    assert "| articles | 56 |" in out
    assert "| passages of at most 8 words | 100.00% |" in out


def test_a_file_that_tells_too_much_is_found_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = count_corpus(make_articles(14), TAXONOMY, segmenter="syllable", least=2)
    chain = [f"từ{chr(97 + i)} từ{chr(98 + i)}" for i in range(12)]
    size = len(counts.vocabulary)
    told = replace(
        counts,
        vocabulary=[*counts.vocabulary, *chain],
        columns=np.concatenate([counts.columns, np.arange(size, size + 12, dtype=np.int32)]),
        counts=np.concatenate([counts.counts, np.ones(12, dtype=np.int32)]),
        indptr=np.append(counts.indptr[:-1], counts.indptr[-1] + 12),
    )
    assert longest_runs(told)[-1] == 13
    write_counts(told, tmp_path / "a.counts.parquet")
    assert main([str(tmp_path / "a.counts.parquet")]) == 1  # one of less than 100 passages
    out = capsys.readouterr().out
    assert "| passages whose longest run has 13 words | 1 (" in out
    assert "| articles of the rarest n-gram | 1 |" in out


def test_what_is_no_file_of_counts_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "none.counts.parquet")]) == 1
    assert "none.counts.parquet: no such file" in capsys.readouterr().err
