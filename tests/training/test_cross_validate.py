"""C is searched from the largest down as long as a smaller one is no worse."""

from dataclasses import replace

import numpy as np
import pytest

from chude.corpus.taxonomy import Taxonomy
from chude.training import cross_validate as crossval
from chude.training.solvers import registry
from chude.training.targets import Targets
from chude.training.train import TrainOptions, train
from tests.invented import KEYS, TAXONOMY, make_articles, make_plain_articles

C_VALUES = (0.1, 0.3, 1.0, 3.0)
EXCLUSIVE = [replace(a, themes=a.themes[:1]) for a in make_articles(84) if a.themes]


@pytest.mark.parametrize(
    ("qualities", "chosen"),
    [
        ([0.9, 0.8], 3.0),  # of the largest C, the second largest and so on
        ([0.8, 0.9, 0.8], 1.0),
        ([0.7, 0.8, 0.9, 0.8], 0.3),
        ([0.6, 0.7, 0.8, 0.9], 0.1),
        ([0.8, 0.8, 0.8, 0.7], 0.3),  # of equal ones the smallest
    ],
)
def test_the_search_stops_where_quality_falls(
    qualities: list[float], chosen: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = iter(qualities)
    monkeypatch.setattr(crossval, "_quality", lambda *_: next(left))
    options = TrainOptions(segmenter="syllable", C_values=C_VALUES)
    trained = train(EXCLUSIVE, Taxonomy.of(KEYS, exclusive=True), options)
    assert trained.provenance["chosen"]["article_C"] == chosen
    assert not list(left)


def test_progress_ends_at_its_total() -> None:
    seen: list[tuple[int, int]] = []

    def on_progress(step: str, done: int, total: int) -> None:
        if step == "cross-validating":
            seen.append((done, total))

    train(EXCLUSIVE, Taxonomy.of(KEYS, exclusive=True), on_progress=on_progress)
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1]


def test_passages_that_are_the_whole_articles_are_learnt_once_and_as_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    articles, new = make_plain_articles(56), make_articles(14, seed=1)
    once = train(articles, TAXONOMY, TrainOptions(segmenter="syllable"))
    assert once.scorer.passage is once.scorer.article
    monkeypatch.setattr(Targets, "one_each", False)
    twice = train(articles, TAXONOMY, TrainOptions(segmenter="syllable"))
    assert twice.scorer.passage is not twice.scorer.article
    assert twice.provenance["chosen"] == once.provenance["chosen"]
    np.testing.assert_array_equal(twice.probabilities(new), once.probabilities(new))


def test_a_model_is_the_same_on_one_core_and_on_many(compiled: pytest.MonkeyPatch) -> None:
    articles = make_articles(56)
    models = []
    for cores in (1, 3):
        compiled.setattr(registry, "usable_cores", lambda cores=cores: cores)
        models.append(train(articles, TAXONOMY, TrainOptions(segmenter="syllable")))
    one, many = models
    assert one.provenance["chosen"]["solver"] == "dual_descent"
    assert one.scorer.passage is not None
    assert many.scorer.passage is not None
    np.testing.assert_array_equal(one.scorer.article.weights, many.scorer.article.weights)
    np.testing.assert_array_equal(one.scorer.passage.weights, many.scorer.passage.weights)
    np.testing.assert_array_equal(one.calibration.weights, many.calibration.weights)
    assert one.provenance["out_of_fold"] == many.provenance["out_of_fold"]
