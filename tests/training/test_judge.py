"""What is chosen and told comes from articles drawn by chance whose labels are settled."""

from dataclasses import replace

import numpy as np
import pytest

from chude.corpus.article import Article
from chude.errors import ChudeError
from chude.features.vocabulary import FeatureOptions
from chude.training.count_corpus import count_corpus
from chude.training.judge import drawn_facts, judged_rows
from chude.training.targets import Targets
from chude.training.train import TrainOptions, train
from tests.invented import KEYS, TAXONOMY, make_articles, make_plain_articles

OPTIONS = TrainOptions(segmenter="syllable", C_values=(1.0,))


def targets(labels: np.ndarray, by_chance: np.ndarray, known: np.ndarray | None = None) -> Targets:
    known = np.ones_like(labels) if known is None else known
    lengths = np.ones(len(labels), dtype=np.int64)
    return Targets(labels, known, labels, known, lengths, by_chance)


def test_those_drawn_by_chance_are_judged_where_there_are_enough() -> None:
    labels = np.zeros((100, 2), dtype=bool)
    labels[:40, 0] = labels[20:60, 1] = True
    by_chance = np.arange(100) < 45
    assert judged_rows(targets(labels, by_chance)).tolist() == by_chance.tolist()
    assert judged_rows(targets(labels, np.arange(100) < 39)).all()  # 19 of one theme
    assert judged_rows(targets(labels, np.arange(100) < 44)).all()  # 4 without the first theme
    known = np.ones_like(labels)
    known[20:26, 0] = False  # 19 of the other whose labels are all settled
    assert judged_rows(targets(labels, by_chance, known)).all()


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    """Of a hundred drawn by chance the themes can be told; of the others they are drawn by lot."""
    drawn = [replace(a, by_chance=True, unsettled=()) for a in make_articles(112)]
    rng = np.random.default_rng(0)
    chosen = [replace(a, id=f"q{a.id}", passages={}) for a in make_articles(56, seed=1)]
    lots = rng.permutation(len(chosen))
    hard = [replace(a, themes=chosen[i].themes) for a, i in zip(chosen, lots, strict=True)]
    return [*drawn, *hard]


def test_calibration_and_thresholds_come_from_articles_drawn_by_chance(
    articles: list[Article],
) -> None:
    model = train(articles, TAXONOMY, OPTIONS)
    everyone = train([replace(a, by_chance=False) for a in articles], TAXONOMY, OPTIONS)
    assert model.scorer.features.names == everyone.scorer.features.names  # all are learnt from
    assert model.provenance["metrics"]["articles"] == 112
    assert everyone.provenance["metrics"]["articles"] == 168
    assert model.provenance["metrics"]["macro_f1"] > everyone.provenance["metrics"]["macro_f1"]
    assert not np.array_equal(model.calibration.weights, everyone.calibration.weights)
    # And from them alone: what the others are labelled with cannot be seen in them.
    margins = np.array(
        [[*row.values()] for row in (p.probabilities for p in model.predict(articles[:112]))]
    )
    truth = np.array([[key in (a.themes or ()) for key in KEYS] for a in articles[:112]])
    assert np.abs(margins - truth).mean() < 0.2


def test_columns_are_scaled_where_those_judged_were_drawn_by_chance(
    articles: list[Article],
) -> None:
    drawn = [article for article in articles if article.by_chance]
    none = [replace(article, by_chance=False) for article in drawn]
    models = [train(given, TAXONOMY, OPTIONS) for given in (drawn, [*drawn[:-1], none[-1]], none)]
    every, most, plain = (model.scorer.article.weights for model in models)
    np.testing.assert_array_equal(every, most)
    assert not np.allclose(every, plain)


def test_figures_are_told_apart_by_source() -> None:
    press = [
        replace(a, id=f"q{a.id}", by_chance=i < 14) for i, a in enumerate(make_articles(28, seed=1))
    ]
    counts = count_corpus(press, TAXONOMY, segmenter="syllable")
    model = train(make_articles(56), TAXONOMY, OPTIONS, corpora={"press": counts})
    by_source = model.provenance["metrics_by_source"]
    assert {name: one["articles"] for name, one in by_source.items()} == {
        "written": 56,
        "press": 14,
    }
    assert "metrics_by_source" not in train(make_articles(56), TAXONOMY, OPTIONS).provenance


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of undefined figures, which are None
def test_a_source_of_few_articles_or_none_that_is_settled_has_what_figures_it_can() -> None:
    press = make_articles(28, seed=1)
    for some in (press[:5], [replace(a, unsettled=KEYS[:1], by_chance=True) for a in press]):
        counts = count_corpus(some, TAXONOMY, segmenter="syllable", least=2)
        model = train(make_articles(56), TAXONOMY, OPTIONS, corpora={"written-2": counts})
        settled = not some[0].unsettled
        assert ("written-2" in model.provenance["metrics_by_source"]) == settled


def test_articles_none_of_which_is_settled_end_in_one_message() -> None:
    articles = [replace(a, unsettled=(KEYS[i % 3],)) for i, a in enumerate(make_articles(84))]
    with pytest.raises(ChudeError, match="no article of which all themes are settled"):
        train(articles, TAXONOMY, OPTIONS)


def test_a_theme_is_not_learnt_from_articles_of_which_it_is_not_settled() -> None:
    """The weights are those of a corpus without them; other themes learn from them still."""
    articles = make_plain_articles(70)
    doubtful = set(range(0, 70, 7))
    features = FeatureOptions(min_df=1)
    options = replace(OPTIONS, features=features)
    marked = [
        replace(a, unsettled=KEYS[:1]) if i in doubtful else a for i, a in enumerate(articles)
    ]
    wrong = [
        replace(a, themes=KEYS[1:], passages={}) if i in doubtful else a
        for i, a in enumerate(marked)
    ]
    models = [train(some, TAXONOMY, options) for some in (marked, wrong)]
    # Whatever such an article is labelled with: it does not count for that theme.
    np.testing.assert_array_equal(*(m.scorer.article.weights[:, 0] for m in models))
    np.testing.assert_array_equal(*(m.scorer.passage.weights[:, 0] for m in models))
    assert (models[0].scorer.article.weights[:, 1] != models[1].scorer.article.weights[:, 1]).any()
    # And it is as if it was not there, but that its words weigh what they do in all articles.
    alone = fit_without(marked, doubtful, options)
    np.testing.assert_allclose(models[0].scorer.article.weights[:, 0], alone, atol=1e-6)


def fit_without(articles: list[Article], left_out: set[int], options: TrainOptions) -> np.ndarray:
    """The weights of the first theme, learnt by scikit-learn from all articles but some."""
    from sklearn.svm import LinearSVC

    from chude.estimators import NgramVectorizer

    texts = [a.text for a in articles]
    matrix = NgramVectorizer(segmenter="syllable", min_df=1).fit_transform(texts)
    rows = [i for i in range(len(articles)) if i not in left_out]
    labels = np.array([KEYS[0] in (a.themes or ()) for a in articles])
    machine = LinearSVC(C=1.0, random_state=options.seed, max_iter=10_000)
    return machine.fit(matrix[rows], labels[rows]).coef_[0]


def test_it_is_told_whether_those_drawn_by_chance_judge() -> None:
    labels = np.zeros((100, 2), dtype=bool)
    labels[:40, 0] = labels[20:60, 1] = True
    assert drawn_facts(targets(labels, np.zeros(100, dtype=bool))) == {}
    for n, judged in ((45, True), (39, False)):
        facts = drawn_facts(targets(labels, np.arange(100) < n))
        assert facts == {"drawn": {"articles": n, "judged": judged, "needed": 20}}
