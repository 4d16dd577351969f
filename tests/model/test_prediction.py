import itertools
import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from chude.corpus.article import Article
from chude.model.model import Model
from chude.model.prediction import format_probability
from chude.model.summary import strongest_words
from tests.invented import KEYS

TEXT = (
    "Bộ đội Biên phòng bắt giữ đối tượng vận chuyển ma túy qua biên giới.\n\n"
    "Cột mốc 217 vừa được hai bên kiểm tra."
)


def test_records_have_the_designed_fields(model: Model) -> None:
    [prediction] = model.predict(Article("a1", "", TEXT))
    record = json.loads(json.dumps(prediction.record()))
    assert list(record) == ["id", "themes", "probabilities", "decision", "reasons", "model"]
    assert record["id"] == "a1"
    assert record["themes"] == ["border_security"]
    assert record["probabilities"].keys() == set(KEYS) == record["decision"].keys()
    assert record["decision"]["border_security"] == "yes"
    assert record["model"] == model.version


def test_one_by_one_is_the_same_as_a_batch(model: Model, articles: list[Article]) -> None:
    batch = model.predict(articles)
    assert [model.predict(article)[0] for article in articles] == list(batch)


def test_doubt_has_a_reason(model: Model) -> None:
    decided = {"yes", "no", "review"}
    for prediction in model.predict(["Tổ tuần tra.", "Giá cà phê sáng nay giảm nhẹ.", TEXT]):
        assert set(prediction.decision.values()) <= decided
        doubtful = [key for key, value in prediction.decision.items() if value == "review"]
        assert len(prediction.reasons) == len(doubtful)


def test_streaming_holds_few_long_articles_at_a_time(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []

    def tokens(self: Model, texts: list[str]) -> object:
        held.append(sum(map(len, texts)))
        return whole(self, texts)

    whole = Model.tokens
    monkeypatch.setattr(Model, "tokens", tokens)
    monkeypatch.setattr("chude.model.share._CHARACTERS", 10_000)
    texts = ["Bộ đội giúp dân gặt lúa. " * n for n in (10, 100, 200, 300, 900, 1)]
    streamed = list(model.stream(texts))
    assert [prediction.id for prediction in streamed] == [""] * 6
    assert len(held) == 4
    assert max(held) == len(texts[4])  # alone


def test_streaming_holds_a_chunk_at_a_time(model: Model) -> None:
    taken = 0

    def endless() -> Iterator[Article]:
        nonlocal taken
        for taken in itertools.count(1):
            yield Article(str(taken), "", TEXT)

    first = list(itertools.islice(model.stream(endless()), 10))
    assert [prediction.id for prediction in first] == [str(i) for i in range(1, 11)]
    assert taken < 2000


def test_a_frame_has_a_row_an_article(model: Model, articles: list[Article]) -> None:
    frame = model.predict(articles).frame()
    assert frame.height == len(articles)
    assert {"id", "themes", "probability_emulation", "decision_emulation"} <= set(frame.columns)


def test_notebooks_get_html_that_is_escaped(model: Model) -> None:
    [prediction] = model.predict(Article("<script>", "", TEXT))
    page = prediction._repr_html_()
    assert "<script>" not in page
    assert "border_security" in page
    assert "<b>" in page


def test_slices_are_predictions(model: Model, articles: list[Article]) -> None:
    predictions = model.predict(articles)
    assert len(predictions[2:5]) == 3
    assert predictions[2:5][0] == predictions[2]
    assert repr(predictions) == "<Predictions of 84 articles>"


def test_strongest_words_speak_of_the_theme(model: Model) -> None:
    words = dict(strongest_words(model, "emulation", 20))
    assert {"thi đua", "bằng khen"} & words.keys()
    assert list(words.values()) == sorted(words.values(), reverse=True)
    with pytest.raises(KeyError):
        strongest_words(model, "sport")


def test_words_against_a_theme_and_of_the_passage_model(model: Model) -> None:
    weights = model.scorer.article.weights[:, KEYS.index("emulation")]
    against = strongest_words(model, "emulation", 5, against=True)
    assert [weight for _, weight in against] == sorted(weights.tolist())[:5]
    passages = strongest_words(model, "emulation", 5, passages=True)
    assert model.scorer.passage is not None
    of_passages = model.scorer.passage.weights[:, KEYS.index("emulation")]
    assert passages[0][1] == of_passages.max()
    alone = replace(model, scorer=replace(model.scorer, passage=None))
    assert strongest_words(alone, "emulation", 5, passages=True) == []


@pytest.mark.parametrize(
    ("probability", "shown"),
    [(1.0, ">0.99"), (0.9951, ">0.99"), (0.99, "0.99"), (0.5, "0.50"), (0.01, "0.01"),
     (0.0049, "<0.01"), (0.0, "<0.01")],
)  # fmt: skip
def test_no_probability_is_shown_as_certain(probability: float, shown: str) -> None:
    assert format_probability(probability) == shown
