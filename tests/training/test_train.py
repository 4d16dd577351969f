from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chude.bundle.folder import save
from chude.compute import backend
from chude.corpus.article import Article
from chude.corpus.taxonomy import Taxonomy
from chude.errors import ChudeError, Refusal
from chude.features.vocabulary import FeatureOptions
from chude.model.model import Model
from chude.text.cache.folder import TokenCache
from chude.training import examples
from chude.training import train as train_module
from chude.training.train import TrainOptions, train
from tests.invented import KEYS, TAXONOMY, make_articles

OPTIONS = TrainOptions(segmenter="syllable")


def test_a_model_finds_the_themes_of_new_articles(model: Model) -> None:
    new = make_articles(28, seed=1)
    predictions = model.predict(new)
    right = [set(p.themes) == set(a.themes or ()) for p, a in zip(predictions, new, strict=True)]
    assert np.mean(right) > 0.9


def test_out_of_fold_figures_are_in_the_provenance(model: Model) -> None:
    metrics = model.provenance["metrics"]
    assert metrics["articles"] == 84
    assert metrics["macro_f1_interval"][0] <= metrics["macro_f1"] <= metrics["macro_f1_interval"][1]
    assert set(metrics["themes"]) == set(KEYS)


def test_many_articles_are_cut_into_fewer_folds(
    model: Model, articles: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert model.provenance["options"]["n_folds"] == 5
    monkeypatch.setattr(train_module, "_MANY", len(articles) - 1)
    for given, n_folds in ((None, 3), (4, 4)):
        trained = train(articles, TAXONOMY, replace(OPTIONS, n_folds=given))
        assert trained.provenance["options"]["n_folds"] == n_folds


def test_those_drawn_by_chance_are_cut_into_more_folds() -> None:
    drawn = [replace(article, by_chance=True) for article in make_articles(112)]
    for given, n_folds in ((drawn, 10), (drawn[:84], 5)):
        trained = train(given, TAXONOMY, replace(OPTIONS, C_values=(1.0,)))
        assert trained.provenance["options"]["n_folds"] == n_folds


def test_rare_ngrams_of_large_corpora_do_not_count(
    model: Model, articles: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert model.provenance["options"]["features"]["min_df"] == 2
    monkeypatch.setattr(train_module, "_ONE_IN", len(articles) // 5)
    for given, min_df in ((None, 6), (FeatureOptions(min_df=3), 3)):
        trained = train(articles, TAXONOMY, replace(OPTIONS, features=given))
        assert trained.provenance["options"]["features"]["min_df"] == min_df
        assert trained.scorer.features.options.min_df == min_df
        assert len(trained.scorer.features.grams) < len(model.scorer.features.grams)


def test_the_number_of_cores_cannot_be_seen_in_the_model(
    articles: list[Article], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("numba")
    monkeypatch.setitem(backend.WHOLES, "segment", 0)
    monkeypatch.setattr(examples, "_CHUNK", 8)
    saved = []
    for cores in (1, 2, 3):
        monkeypatch.setattr(train_module, "usable_cores", lambda cores=cores: cores)
        cache = TokenCache(tmp_path / f"cache{cores}")
        for given in (None, cache, cache):
            trained = train(articles, TAXONOMY, TrainOptions(), cache=given)
            save(trained, tmp_path / "model")
            saved.append(trained.version)
        # Every article and three golden ones, twice; the first time the articles are new.
        assert (cache.found, cache.segmented) == (90, 84)
    assert len(set(saved)) == 1


def test_passages_are_learnt_where_they_are_labelled_and_where_not(articles: list[Article]) -> None:
    bare = [replace(article, passages={}) for article in articles]
    for given in (articles, bare):
        trained = train(given, TAXONOMY, OPTIONS)
        assert trained.scorer.passage is not None
        assert trained.provenance["metrics"]["macro_average_precision"] > 0.9


def test_exclusive_themes_have_probabilities_that_sum_to_one() -> None:
    articles = [
        replace(a, themes=(a.themes[0],) if a.themes else ("none",), passages={})
        for a in make_articles(84)
    ]
    taxonomy = Taxonomy.of(["none", *KEYS], exclusive=True)
    trained = train(articles, taxonomy, OPTIONS)
    probabilities = trained.probabilities(articles)
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert "accuracy" in trained.provenance["metrics"]
    assert all(len(p.themes) == 1 for p in trained.predict(articles))


@pytest.mark.parametrize("exclusive", [False, True])
def test_two_themes_are_enough(exclusive: bool) -> None:
    articles = [
        replace(a, themes=("emulation",) if "emulation" in (a.themes or ()) else ("other",))
        for a in make_articles(56)
    ]
    trained = train(articles, Taxonomy.of(["emulation", "other"], exclusive), OPTIONS)
    assert trained.provenance["metrics"]["macro_f1"] > 0.9


def test_one_theme_is_enough(articles: list[Article]) -> None:
    trained = train(articles, Taxonomy.of(["emulation"]), OPTIONS)
    assert trained.predict(articles[4:6])[1].themes == ("emulation",)


def refusals_of(articles: list[Article], taxonomy: Taxonomy = TAXONOMY) -> tuple[Model, list[str]]:
    refused: list[Refusal] = []
    return train(articles, taxonomy, OPTIONS, on_refusal=refused.append), [
        f"{refusal.place}: {refusal.problem}" for refusal in refused
    ]


def test_a_rare_theme_is_left_out_and_named(articles: list[Article]) -> None:
    taxonomy = Taxonomy.of([*KEYS, "rare"])
    some = [
        replace(a, themes=(*(a.themes or ()), "rare")) if i < 3 else a
        for i, a in enumerate(articles)
    ]
    trained, refused = refusals_of(some, taxonomy)
    assert trained.taxonomy.keys == TAXONOMY.keys
    assert refused == ["theme rare: only 3 articles carry it, 5 are needed"]


def test_a_theme_of_all_articles_is_left_out_and_named(articles: list[Article]) -> None:
    every = [replace(a, themes=(*(a.themes or ()), "news")) for a in articles]
    trained, refused = refusals_of(every, Taxonomy.of([*KEYS, "news"]))
    assert "news" not in trained.taxonomy.keys
    assert refused == ["theme news: 84 of 84 articles carry it, there is nothing to tell it from"]


def test_duplicate_ids_are_named_and_the_first_is_used(articles: list[Article]) -> None:
    twin = replace(articles[0], body="Khác hẳn.", source="b.txt")
    first = replace(articles[0], source="a.txt")
    trained, refused = refusals_of([first, *articles[1:], twin])
    assert refused == ["b.txt: id 't000' stands already at a.txt"]
    assert trained.provenance["training_data"]["articles"] == 84


def test_articles_without_labels_are_left_out(articles: list[Article]) -> None:
    trained, _ = refusals_of([*articles, Article("x", "Tiêu đề", "Thân bài")])
    assert trained.provenance["training_data"]["articles"] == 84


def test_nothing_to_learn_ends_in_one_message(articles: list[Article]) -> None:
    with pytest.raises(ChudeError, match="no labelled articles"):
        train([Article("x", "Tiêu đề", "Thân bài")], TAXONOMY, OPTIONS)
    with pytest.raises(ChudeError, match="no theme can be learnt"):
        refusals_of(articles[:4])


def test_progress_is_told(articles: list[Article]) -> None:
    steps = []
    train(articles, TAXONOMY, OPTIONS, on_progress=lambda *step: steps.append(step))
    assert ("segmenting", 84, 84) in steps
    assert ("cross-validating", 30, 30) in steps
