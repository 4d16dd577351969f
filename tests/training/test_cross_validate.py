"""C is searched from the largest down as long as a smaller one is no worse."""

from dataclasses import replace

import pytest

from chude.corpus.taxonomy import Taxonomy
from chude.training import cross_validate as crossval
from chude.training.train import TrainOptions, train
from tests.invented import KEYS, make_articles

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
