from dataclasses import replace
from pathlib import Path

import pytest

import chude
from chude.bundle.folder import save
from tests.invented import KEYS, TAXONOMY, make_articles, write_corpus


def test_train_save_load_predict_evaluate(tmp_path: Path) -> None:
    data = write_corpus(make_articles(84), tmp_path / "data")
    model = chude.train(data, segmenter="syllable")
    save(model, tmp_path / "model")
    loaded = chude.load(tmp_path / "model")
    assert loaded.taxonomy.keys == KEYS
    assert loaded.predict(chude.read(data / "raw")).frame().height == 84
    assert chude.evaluate(loaded, chude.read(data))["macro_f1"] > 0.9


def test_train_takes_articles_and_a_taxonomy(tmp_path: Path) -> None:
    (tmp_path / "themes.toml").write_text("[emulation]\n", encoding="utf-8")
    articles = make_articles(84)
    assert chude.train(articles, TAXONOMY, segmenter="syllable").taxonomy == TAXONOMY
    given = chude.train(articles, tmp_path / "themes.toml", segmenter="syllable")
    assert given.taxonomy.keys == ("emulation",)
    assert chude.train(articles, segmenter="syllable").taxonomy.keys == KEYS


def test_counts_take_labels_however_they_are_spelt(tmp_path: Path) -> None:
    articles = [
        replace(a, themes=tuple(key.title() for key in a.themes or ()), passages={})
        for a in make_articles(84)
    ]
    plain, spelt = tmp_path / "plain.counts.parquet", tmp_path / "spelt.counts.parquet"
    chude.count(
        [replace(a, passages={}) for a in make_articles(84)], plain, TAXONOMY, segmenter="syllable"
    )
    chude.count(articles, spelt, TAXONOMY, segmenter="syllable")
    assert spelt.read_bytes() == plain.read_bytes()
    assert chude.train(spelt, segmenter="syllable").taxonomy.keys == KEYS


def test_the_cache_is_used_where_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHUDE_CACHE_DIR", str(tmp_path / "cache"))
    articles = make_articles(84)
    plain = chude.train(articles, TAXONOMY, segmenter="syllable")
    assert not (tmp_path / "cache").exists()
    models = [chude.train(articles, TAXONOMY, cache=True, segmenter="syllable") for _ in range(2)]
    kept = sorted(path for path in (tmp_path / "cache").rglob("*.tokens"))
    for model in (plain, *models):
        save(model, tmp_path / "model")
    assert len({model.version for model in (plain, *models)}) == 1
    assert models[1].predict("Bộ đội giúp dân gặt lúa.")[0].probabilities
    assert sorted((tmp_path / "cache").rglob("*.tokens")) == kept  # predictions are not kept


def test_nothing_to_learn_from_is_said_without_a_place() -> None:
    with pytest.raises(chude.ChudeError, match=r"^no labelled articles\."):
        chude.train([])


def test_bad_input_raises_one_kind_of_error(tmp_path: Path) -> None:
    with pytest.raises(chude.ChudeError, match="no such file or folder"):
        chude.train(tmp_path / "nowhere")
    with pytest.raises(chude.ChudeError, match="no labels found"):
        data = tmp_path / "a.txt"
        data.write_text("Tiêu đề\n\nThân bài", encoding="utf-8")
        chude.train(data)
