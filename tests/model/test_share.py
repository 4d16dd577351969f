"""Articles shared among processes: the same predictions, whoever makes them."""

import os

import pytest

import chude
from chude.model import share
from chude.model.model import Model
from tests.invented import make_articles


@pytest.fixture
def sharing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if this process had learnt enough words to share from the first article on."""
    monkeypatch.setattr(share, "LEARNT", 0)


def test_jobs_predict_what_one_process_does(model: Model, sharing: None) -> None:
    articles = make_articles(400)
    alone = [p.record() for p in model.predict(articles)]
    assert [p.record() for p in model.predict(articles, jobs=2)] == alone
    assert [p.record() for p in model.stream(iter(articles), jobs=2)] == alone
    texts = [article.text for article in articles]
    alone = [p.record() for p in model.predict(texts)]
    assert [p.record() for p in model.predict(texts, jobs=3)] == alone


def test_others_predict_what_is_shared(
    model: Model, sharing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = os.getpid()
    predict = Model._of_chunk
    seen: list[int] = []

    def elsewhere(*arguments: object) -> list[chude.Prediction]:
        if os.getpid() == here:
            seen.append(here)
        return predict(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Model, "_of_chunk", elsewhere)
    assert len(model.predict(make_articles(300), jobs=2)) == 300
    assert seen == []


def test_this_process_predicts_the_first_articles_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers: list[int] = []
    expected: list[int] = []
    monkeypatch.setattr(share, "expect", expected.append)

    def predict(articles: list[chude.Article]) -> list[chude.Prediction]:
        met.here += share.characters(articles)
        numbers.append(len(articles))  # seen here alone
        return []

    long = [chude.Article("", "", "bộ đội " * 1_500)] * 300
    met = share.Met()
    assert not any(share.share(predict, long, 2, met))
    assert share.LEARNT <= met.here < met.in_lists == 300 * 10_500
    assert 0 < sum(numbers) < 300
    before = sum(numbers)
    assert not any(share.share(predict, long, 2, met))
    assert sum(numbers) == before, "it has learnt enough"
    assert expected == []
    many = [*long, *long]
    assert not any(share.share(predict, many, 2, met))
    assert expected == [1_200 * 10_500], "now numba pays"
    assert sum(numbers) > before, "and forks find it at work"


def test_what_it_predicted_before_counts(model: Model) -> None:
    before = model._met.here
    articles = make_articles(3)
    model.predict(articles)
    assert model._met.here == before + share.characters(articles)
