"""The cross-validation of what else could be counted runs, and learns what there is to learn."""

import sys
from pathlib import Path

import numpy as np
import pytest

from tests.test_bench import write_articles


def test_each_variant_is_a_row_of_accuracies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("numba")
    from benchmarks import variants

    articles = write_articles(tmp_path / "articles.jsonl", 60)
    monkeypatch.setattr(sys, "argv", ["variants", str(articles)])
    variants.main()
    head, _, names, _, *rows = capsys.readouterr().out.splitlines()
    assert head == "60 articles"
    assert len(rows) == 1 + len(variants.VARIANTS)
    for row in rows:
        accuracies = [float(cell) for cell in row.split("|")[2:-1]]
        assert len(accuracies) == names.count("C =")
        assert all(0.9 < accuracy <= 1 for accuracy in accuracies)


def test_neighbours_are_in_one_fold() -> None:
    from benchmarks.variants import N_FOLDS, neighbour_folds

    themes = np.array([0] * 7 + [1] * 5 + [0] * 2)
    fold = neighbour_folds(themes)
    for theme in (0, 1):
        assert fold[themes == theme].tolist() == sorted(fold[themes == theme])
        assert set(fold[themes == theme]) == set(range(N_FOLDS))
