from pathlib import Path

import pytest

import chude
from tests.conftest import KEYS, TAXONOMY, make_articles, write_corpus


def test_train_save_load_predict_evaluate(tmp_path: Path) -> None:
    data = write_corpus(make_articles(84), tmp_path / "data")
    model = chude.train(data, segmenter="syllable")
    model.save(tmp_path / "model")
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


def test_bad_input_raises_one_kind_of_error(tmp_path: Path) -> None:
    with pytest.raises(chude.ChudeError, match="no such file or folder"):
        chude.train(tmp_path / "nowhere")
    with pytest.raises(chude.ChudeError, match="no labels found"):
        data = tmp_path / "a.txt"
        data.write_text("Tiêu đề\n\nThân bài", encoding="utf-8")
        chude.train(data)
