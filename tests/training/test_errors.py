"""Errors of cross-validation are explained by the models that made them."""

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import chude as chude_api
from chude.bundle.folder import load, save
from chude.corpus.article import Article
from chude.corpus.counts import read_counts
from chude.corpus.taxonomy import Taxonomy
from chude.features.restore import strip_marks
from chude.model.model import Model
from chude.training.errors import MOST
from chude.training.train import TrainOptions, train
from tests.conftest import Run
from tests.invented import KEYS, TAXONOMY, make_articles, write_corpus

OPTIONS = TrainOptions(segmenter="syllable")


def mislabelled(count: int = 84) -> list[Article]:
    """Articles of which every seventh has labels drawn at random."""
    rng = random.Random(0)
    return [
        replace(a, themes=tuple(rng.sample(KEYS, 1)), passages={}) if i % 7 == 0 else a
        for i, a in enumerate(make_articles(count))
    ]


@pytest.fixture(scope="module")
def trained() -> Model:
    return train(mislabelled(), TAXONOMY, OPTIONS)


def errors(model: Model) -> list[dict[str, Any]]:
    return [json.loads(line) for line in model.provenance["errors"].decode().splitlines()]


def out_of_fold(model: Model) -> dict[str, dict[str, Any]]:
    rows = pl.read_csv(model.provenance["out_of_fold"]).to_dicts()
    return {row["article"]: row for row in rows}


def test_every_wrong_decision_is_there_with_its_probability(trained: Model) -> None:
    rows, found = out_of_fold(trained), errors(trained)
    wrong = {
        (article, key)
        for article, row in rows.items()
        for key in KEYS
        if row[f"label_{key}"] != row[f"chosen_{key}"]
    }
    assert wrong
    assert {(error["article"], error["theme"]) for error in found} == wrong
    for error in found:
        row, key = rows[error["article"]], error["theme"]
        assert error["probability"] == row[f"probability_{key}"]
        assert error["fold"] == row["fold"]
        assert (error["label"], error["chosen"]) == (row[f"label_{key}"], row[f"chosen_{key}"])
        assert (error["explanation"]["decision"] == "yes") <= error["chosen"]
    sure = [e["probability"] if e["chosen"] else 1 - e["probability"] for e in found]
    assert sure == sorted(sure, reverse=True)


def test_the_points_add_up_to_the_probability_out_of_fold(trained: Model) -> None:
    for error in errors(trained):
        theme = error["explanation"]
        total = theme["start"] + sum(passage["points"] for passage in theme["passages"])
        assert total == pytest.approx(theme["score"], abs=1e-9)
        assert 1 / (1 + np.exp(-total)) == pytest.approx(error["probability"], abs=2e-6)
    articles = {article.id: article for article in mislabelled()}
    differs = [
        abs(trained.explain(articles[error["article"]], "all")[error["theme"]].score - total)
        for error in errors(trained)
        for total in [error["explanation"]["score"]]
    ]
    assert np.median(differs) > 0.1  # the final model would explain something else


def test_texts_are_told_and_cut_or_left_out(trained: Model) -> None:
    articles = {article.id: article for article in mislabelled()}
    for error in errors(trained):
        text = articles[error["article"]].text
        assert error["title"] == articles[error["article"]].title
        assert error["date"] == f"{articles[error['article']].date}"
        for passage in error["explanation"]["passages"]:
            assert text[passage["start"] : passage["end"]] == passage["text"]
    long = [replace(a, body=f"{a.body}\n\n{'Một câu rất dài và ' * 140}") for a in mislabelled()]
    passages = [
        passage["text"]
        for error in errors(train(long, TAXONOMY, OPTIONS))
        for passage in error["explanation"]["passages"]
    ]
    assert max(map(len, passages)) == 600
    without = errors(train(mislabelled(), TAXONOMY, replace(OPTIONS, texts=False)))
    assert without
    assert all(error["title"] is None for error in without)
    assert not any("text" in p for error in without for p in error["explanation"]["passages"])


def test_exclusive_themes_have_their_errors_too() -> None:
    keys = (*KEYS, "other")
    articles = [replace(a, themes=(*(a.themes or ()), "other")[:1]) for a in mislabelled()]
    model = train(articles, replace(Taxonomy.of(keys), exclusive=True), OPTIONS)
    found = errors(model)
    assert found
    for error in found:
        assert error["explanation"]["against"] in keys
        assert error["explanation"]["threshold"] is None


def test_a_bundle_keeps_them_and_may_lack_them(trained: Model, tmp_path: Path) -> None:
    save(trained, tmp_path / "first")
    save(load(tmp_path / "first"), tmp_path / "second")
    kept = (tmp_path / "second/errors.jsonl").read_bytes()
    assert kept == trained.provenance["errors"] != b""
    (tmp_path / "second/errors.jsonl").unlink()
    assert "errors" not in load(tmp_path / "second").provenance


def test_the_command_line_leaves_texts_out(chude: Run, tmp_path: Path) -> None:
    data = write_corpus(mislabelled(), tmp_path / "data")
    options = ("--segmenter", "syllable", "--no-texts", "--model", tmp_path / "m")
    assert chude("train", data, *options).status == 0
    lines = (tmp_path / "m/errors.jsonl").read_text(encoding="utf-8").splitlines()
    assert lines
    assert all(json.loads(line)["title"] is None for line in lines)


def test_articles_that_are_counts_alone_have_no_errors(tmp_path: Path) -> None:
    counted = [replace(a, id=f"c{i}") for i, a in enumerate(mislabelled(140))]
    chude_api.count(counted, tmp_path / "c.counts.parquet", TAXONOMY, segmenter="syllable", least=2)
    corpora = {"c": read_counts(tmp_path / "c.counts.parquet")}
    both = train(mislabelled(), TAXONOMY, OPTIONS, corpora=corpora)
    names = {article.id for article in mislabelled()}
    wrong = {
        (name, key)
        for name, row in out_of_fold(both).items()
        for key in KEYS
        if name in names and row[f"label_{key}"] != row[f"chosen_{key}"]
    }
    assert wrong
    assert {(error["article"], error["theme"]) for error in errors(both)} == wrong
    assert len(wrong) < MOST


def test_what_is_not_known_is_no_error() -> None:
    unsettled = [replace(a, unsettled=KEYS[:1]) for a in mislabelled()[::7]]
    settled = [a for i, a in enumerate(mislabelled()) if i % 7]
    found = errors(train([*settled, *unsettled], TAXONOMY, OPTIONS))
    names = {article.id for article in unsettled}
    assert any(error["article"] in names for error in found)
    assert not any(e["article"] in names and e["theme"] == KEYS[0] for e in found)


def test_text_without_marks_is_explained_as_it_was_judged() -> None:
    articles = [
        replace(a, title=strip_marks(a.title), body=strip_marks(a.body)) if i % 5 == 0 else a
        for i, a in enumerate(mislabelled())
    ]
    found = errors(train(articles, TAXONOMY, OPTIONS))
    bare = {a.id for a in articles[::5]}
    assert any(error["article"] in bare for error in found)
    for error in found:
        total = error["explanation"]["score"]
        assert 1 / (1 + np.exp(-total)) == pytest.approx(error["probability"], abs=2e-6)
