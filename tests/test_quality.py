"""`make evaluate`: what it prints of a corpus and of a file of labelled articles."""

import json
import sys
from pathlib import Path

import pytest
from benchmarks import quality, shipped

import chude
from tests.invented import KEYS, TAXONOMY, make_articles, make_plain_articles, write_corpus


def test_a_corpus_and_a_file_are_judged_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus, test = tmp_path / "data", tmp_path / "new.jsonl"
    write_corpus(make_articles(84), corpus)
    chude.count(make_plain_articles(60, seed=2), corpus / "press.counts.parquet", TAXONOMY)
    rows = [
        {"id": a.id, "title": a.title, "text": a.body, "themes": a.themes}
        for a in make_articles(28, seed=1)
    ]
    test.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    for main in (quality.main, shipped.main):
        monkeypatch.setattr(sys, "argv", ["benchmark", str(corpus), "--test", str(test)])
        main()
    printed = capsys.readouterr().out
    assert "### Out of fold on the shipped corpus (84 articles)" in printed
    found = printed[printed.index("### On new.jsonl (28 articles)") :]
    for key in KEYS:
        assert f"| {key} | **chude** | " in found
    for row in ("written, out of fold", "press, out of fold", "new.jsonl"):
        assert found.count(f"\n{row} ") == 1
