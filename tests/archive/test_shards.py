import json
from collections.abc import Iterator
from typing import Any

import pytest

from chude.archive import shards
from chude.archive.shards import cut, predict_shard
from chude.corpus.article import Article
from chude.errors import ChudeError
from chude.model.model import Model


def test_shards_hold_all_articles_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "ARTICLES", 3)
    monkeypatch.setattr(shards, "CHARACTERS", 100)
    articles = [Article(str(i), "", "x" * (120 if i == 4 else 5)) for i in range(9)]
    found = list(cut(articles))
    assert [[a.id for a in shard.articles] for shard in found] == [
        ["0", "1", "2"], ["3", "4"], ["5", "6", "7"], ["8"],
    ]  # fmt: skip
    assert [shard.number for shard in found] == [0, 1, 2, 3]


def test_the_digest_tells_articles_apart() -> None:
    same = [Article("a", "b", "c"), Article("a", "b", "c", source="elsewhere")]
    others = [Article("ab", "", "c"), Article("", "ab", "c"), Article("a", "b", "d")]
    assert len({next(cut([article])).digest for article in same}) == 1
    assert len({next(cut([article])).digest for article in [same[0], *others]}) == 4


def test_an_article_that_the_model_fails_on_is_refused_alone(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = Model.tokens

    def failing(self: Model, texts: Any) -> Any:
        if any("boom" in text for text in texts):
            raise FloatingPointError("boom")
        return tokens(self, texts)

    articles = [Article(f"x{i}", "", "Bộ đội giúp dân.") for i in range(600)]
    whole = predict_shard(model, next(cut(articles)))
    articles[300] = Article("x300", "", "boom", source="in.jsonl:301")
    monkeypatch.setattr(Model, "tokens", failing)
    outcome = predict_shard(model, next(cut(articles)))
    assert outcome.lines == whole.lines[:300] + whole.lines[301:]
    assert json.loads(outcome.lines[300])["id"] == "x301"
    [refusal] = outcome.refusals
    assert str(refusal).startswith("in.jsonl:301: the model fails on it (FloatingPointError: boom)")


def test_a_model_that_cannot_run_is_no_refusal(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stream(self: Model, articles: Any, extras: Any) -> Iterator[Any]:
        raise ChudeError("cannot run")
        yield

    monkeypatch.setattr(Model, "stream", stream)
    with pytest.raises(ChudeError, match="cannot run"):
        predict_shard(model, next(cut([Article("a", "", "b")])))
