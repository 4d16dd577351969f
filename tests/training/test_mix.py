"""Learning from counts is learning from the articles, as far as counts can tell of them."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import chude
from chude.corpus.article import Article
from chude.corpus.copies import near_copies
from chude.corpus.counts import Counts
from chude.corpus.passage_sizes import SHORTER, SIZES
from chude.corpus.taxonomy import Taxonomy
from chude.errors import ChudeError, Refusal
from chude.features.vocabulary import FeatureOptions
from chude.model.model import Model
from chude.text.passages import split_passages
from chude.training.count_corpus import count_corpus
from chude.training.train import TrainOptions, train
from tests import ROOT
from tests.invented import KEYS, TAXONOMY, make_articles, make_plain_articles

FOLDED = FeatureOptions(min_df=2, numbers=False)
OPTIONS = TrainOptions(segmenter="syllable", features=FOLDED, C_values=(1.0,), n_folds=3)


def counted(articles: list[Article], least: int = 2, seed: int = 0) -> Counts:
    """Counts of the passages that texts alone have."""
    return count_corpus(
        articles, TAXONOMY, segmenter="syllable", least=least, seed=seed, sizes=SIZES
    )


def drawn(articles: list[Article], seed: int = 0) -> list[Article]:
    """The articles in the order in which they are counted."""
    order = np.random.default_rng(seed).permutation(len(articles))
    return [articles[i] for i in order]


def assert_same(one: Model, other: Model) -> None:
    features, others = one.scorer.features, other.scorer.features
    assert features.names == others.names
    np.testing.assert_array_equal(features.idf, others.idf)
    for mine, its in (
        (one.scorer.article, other.scorer.article),
        (one.scorer.passage, other.scorer.passage),
    ):
        assert mine is not None
        assert its is not None
        np.testing.assert_array_equal(mine.weights, its.weights)
        np.testing.assert_array_equal(mine.intercept, its.intercept)
    np.testing.assert_array_equal(one.calibration.weights, other.calibration.weights)
    np.testing.assert_array_equal(one.decision.thresholds, other.decision.thresholds)


@pytest.mark.parametrize(("seed", "size"), [(0, 56), (1, 42)])
def test_counts_alone_teach_what_their_articles_do(seed: int, size: int) -> None:
    """Of one passage each, so that whole texts are the sums of their passages."""
    articles = make_plain_articles(size, seed)
    counts = counted(articles, seed=seed)
    from_texts = train(drawn(articles, seed), TAXONOMY, OPTIONS)
    assert set(counts.vocabulary) == set(from_texts.scorer.features.names)  # nothing was cut
    from_counts = train([], TAXONOMY, OPTIONS, corpora={"press": counts})
    assert_same(from_counts, from_texts)
    assert from_counts.provenance["chosen"] == from_texts.provenance["chosen"]
    assert from_counts.provenance["metrics"] == from_texts.provenance["metrics"]


def test_counts_of_articles_drawn_by_chance_teach_what_these_do() -> None:
    """Themes scale the columns then, which are in another order here and there."""
    articles = [replace(a, by_chance=i % 5 > 0) for i, a in enumerate(make_plain_articles(112))]
    from_texts = train(drawn(articles), TAXONOMY, OPTIONS)
    from_counts = train([], TAXONOMY, OPTIONS, corpora={"press": counted(articles)})
    assert from_texts.provenance["metrics"]["articles"] < len(articles)  # those drawn by chance
    assert from_counts.provenance["metrics"] == from_texts.provenance["metrics"]
    new = make_plain_articles(14, seed=2)
    np.testing.assert_allclose(
        from_counts.probabilities(new), from_texts.probabilities(new), atol=1e-6
    )


def test_ngrams_that_are_left_out_are_as_if_they_were_not_there() -> None:
    """Rare ones: the same as a corpus without them, in which they do not stand for a word."""
    articles = make_plain_articles(56)
    least = [replace(a, body=f"{a.body}. Riêng{chr(97 + i)}") for i, a in enumerate(articles[:4])]
    articles = [*least, *articles[4:]]
    features = FeatureOptions(min_df=5, numbers=False)
    counts = counted(articles, least=5)
    assert not any("riêng" in ngram for ngram in counts.vocabulary)
    options = replace(OPTIONS, features=features)
    from_counts = train([], TAXONOMY, options, corpora={"press": counts})
    assert_same(from_counts, train(drawn(articles), TAXONOMY, options))


def test_texts_and_counts_together_teach_what_all_the_texts_do() -> None:
    texts, others = make_plain_articles(56), make_plain_articles(42, seed=1)
    others = [replace(a, id=f"q{a.id}") for a in others]
    counts = counted(others, least=1)
    mixed = train(texts, TAXONOMY, OPTIONS, corpora={"press": counts})
    together = train([*texts, *drawn(others)], TAXONOMY, OPTIONS)
    # Of the counts there are n-grams too that stand in one article alone, and weigh nothing.
    kept = np.flatnonzero(mixed.scorer.features.idf)
    assert [mixed.scorer.features.names[i] for i in kept] == together.scorer.features.names
    new = make_plain_articles(14, seed=2)
    np.testing.assert_allclose(mixed.probabilities(new), together.probabilities(new), atol=2e-5)


def test_two_files_teach_what_one_of_both_does() -> None:
    one, other = make_plain_articles(42), make_plain_articles(42, seed=1)
    other = [replace(a, id=f"q{a.id}") for a in other]
    apart = {"a": counted(one, least=1), "b": counted(other, least=1)}
    together = counted([*drawn(one), *drawn(other)], least=1)
    first = train([], TAXONOMY, OPTIONS, corpora=apart)
    second = train([], TAXONOMY, OPTIONS, corpora={"c": together})
    assert first.scorer.features.names == second.scorer.features.names
    np.testing.assert_array_equal(first.scorer.features.idf, second.scorer.features.idf)
    assert set(first.provenance["metrics_by_source"]) == {"a", "b"}


def test_the_compiled_solver_learns_from_counts_too(compiled: pytest.MonkeyPatch) -> None:
    articles = make_plain_articles(56)
    from_counts = train([], TAXONOMY, OPTIONS, corpora={"press": counted(articles)})
    from_texts = train(drawn(articles), TAXONOMY, OPTIONS)
    compiled.undo()
    assert from_counts.provenance["chosen"]["solver"] == "dual_descent"
    new = make_plain_articles(14, seed=2)
    ours, theirs = (model.probabilities(new) for model in (from_counts, from_texts))
    np.testing.assert_allclose(ours, theirs, atol=0.02)


def test_a_model_of_counts_is_saved_loaded_and_blind_to_numbers(tmp_path: Path) -> None:
    counts = counted(make_articles(56), least=5)
    model = train(make_articles(28, seed=3), TAXONOMY, OPTIONS, corpora={"press": counts})
    chude.save(model, tmp_path / "m")
    loaded = chude.load(tmp_path / "m")
    manifest = json.loads((tmp_path / "m/manifest.json").read_text())
    assert manifest["format"] == 2
    assert not loaded.scorer.features.options.numbers
    texts = [f"Cột mốc {n} vừa được hai bên kiểm tra." for n in (217, 899)]
    one, other = loaded.probabilities(texts)
    np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(model.probabilities(texts), [one, other])


def test_the_passages_of_texts_are_cut_as_those_of_the_counts(tmp_path: Path) -> None:
    shorter = count_corpus(make_articles(56), TAXONOMY, segmenter="syllable")
    assert shorter.sizes == SHORTER
    model = train(make_articles(28, seed=3), TAXONOMY, OPTIONS, corpora={"press": shorter})
    assert model.scorer.sizes == SHORTER
    chude.save(model, tmp_path / "m")
    assert json.loads((tmp_path / "m/manifest.json").read_text())["format"] == 4
    loaded, new = chude.load(tmp_path / "m"), make_articles(14, seed=1)
    assert loaded.scorer.sizes == SHORTER
    np.testing.assert_array_equal(loaded.probabilities(new), model.probabilities(new))
    passages = next(iter(loaded.explain(new[0], "all").explanations.values())).passages
    assert [(p.start, p.end) for p in passages] == split_passages(new[0].text, SHORTER)


def test_counts_of_passages_of_two_lengths_are_not_mixed() -> None:
    one, other = counted(make_articles(56)), count_corpus(make_articles(42, seed=1), TAXONOMY)
    other = replace(other, segmenter=one.segmenter)
    with pytest.raises(ChudeError, match="b: counts of passages of another length than in a"):
        train([], TAXONOMY, OPTIONS, corpora={"a": one, "b": other})


def test_a_model_of_counts_alone_is_saved_and_loaded(tmp_path: Path) -> None:
    model = train([], TAXONOMY, OPTIONS, corpora={"press": counted(make_articles(56))})
    chude.save(model, tmp_path / "m")
    new = make_articles(14, seed=1)
    predictions = chude.load(tmp_path / "m").predict(new)
    right = [set(p.themes) == set(a.themes or ()) for p, a in zip(predictions, new, strict=True)]
    assert np.mean(right) > 0.7
    lines = (tmp_path / "m/out_of_fold.csv").read_text().splitlines()
    assert lines[1].startswith("press:0,")


def test_training_without_counts_gives_the_model_it_gave_before() -> None:
    """tests/data/texts-alone.json was written before there were counts."""
    stored = json.loads((ROOT / "tests/data/texts-alone.json").read_text())
    articles = make_articles(56)
    groups = near_copies(article.body for article in articles)  # copies keep together since then
    articles = [article for i, article in enumerate(articles) if groups[i] == i]
    bare = [replace(a, passages={}) for a in articles]
    one = [replace(a, themes=a.themes[:1]) for a in bare if a.themes]
    exclusive = Taxonomy.of(KEYS, exclusive=True)
    cases = {
        "passages": (articles, TAXONOMY),
        "bare": (bare, TAXONOMY),
        "exclusive": (one, exclusive),
    }
    for name, (given, taxonomy) in cases.items():
        model = train(given, taxonomy, TrainOptions(segmenter="syllable"))
        probabilities = model.probabilities(make_articles(6, seed=1))
        # The last bits of a model are the processor's; these were written with 5 digits.
        np.testing.assert_allclose(probabilities, stored[name], rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"segmenter": "underthesea-1.0"},
            "press: counts of words cut by underthesea-1.0, here it",
        ),
        ({"ngrams": (1, 1)}, "press: counts of n-grams of 1 to 1 folded words"),
        ({"taxonomy": Taxonomy.of([*KEYS[:2], "sport"])}, "press: counts of the themes .*sport"),
        ({"taxonomy": Taxonomy.of(KEYS[:2])}, "Mix corpora of one themes.toml"),
    ],
)
def test_counts_that_do_not_fit_end_in_one_message(change: dict[str, object], message: str) -> None:
    counts = replace(counted(make_articles(28)), **change)  # type: ignore[arg-type]
    with pytest.raises(ChudeError, match=message):
        train(make_articles(56), TAXONOMY, OPTIONS, corpora={"press": counts})


def test_other_ngrams_and_exclusive_themes_end_in_one_message() -> None:
    counts = counted(make_articles(28))
    for features in (FeatureOptions(ngrams=(1, 3)), FeatureOptions(folded=False)):
        options = replace(OPTIONS, features=features)
        with pytest.raises(ChudeError, match="Train with the n-grams of the counts"):
            train(make_articles(56), TAXONOMY, options, corpora={"press": counts})
    with pytest.raises(ChudeError, match="any number"):
        train([], Taxonomy.of(KEYS, exclusive=True), OPTIONS, corpora={"press": counts})


def test_themes_in_another_order_are_the_same_themes() -> None:
    counts = counted(make_plain_articles(56))
    turned = Taxonomy(TAXONOMY.themes[::-1])
    model = train([], turned, OPTIONS, corpora={"press": counts})
    straight = train([], TAXONOMY, OPTIONS, corpora={"press": counts})
    assert model.taxonomy.keys == KEYS[::-1] != KEYS
    new = make_plain_articles(14, seed=1)
    np.testing.assert_allclose(
        model.scorer.article.weights[:, ::-1].std(axis=0),
        straight.scorer.article.weights.std(axis=0),
        rtol=0.3,
    )
    right = [
        set(p.themes) == set(a.themes or ()) for p, a in zip(model.predict(new), new, strict=True)
    ]
    assert np.mean(right) > 0.8


def test_few_texts_are_enough_beside_counts() -> None:
    counts = counted(make_articles(56), least=5)
    for texts in ([], make_articles(1), [Article("x", "", "Xyz.", themes=())]):
        model = train(texts, TAXONOMY, OPTIONS, corpora={"press": counts})
        assert model.provenance["training_data"]["articles"] == 56 + len(texts)


def test_a_rare_theme_is_one_of_which_few_articles_are_settled() -> None:
    articles = [
        replace(a, unsettled=KEYS[:1] if i >= 6 else ()) for i, a in enumerate(make_articles(56))
    ]
    refused: list[Refusal] = []
    for texts, corpora in ((articles, {}), ([], {"press": counted(articles)})):
        model = train(texts, TAXONOMY, OPTIONS, corpora=corpora, on_refusal=refused.append)
        assert model.taxonomy.keys == KEYS[1:]
    assert [str(refusal.problem) for refusal in refused] == [
        "only 1 articles carry it, 5 are needed",
    ] * 2
