import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.corpus.article import Article
from chude.features.restore import strip_marks
from chude.model.explanation import Explanation, Explanations
from chude.model.model import Model
from chude.model.prediction import Extras
from chude.model.rounding import round_to_sum
from tests.invented import KEYS, SENTENCES, make_articles

PARAGRAPHS = [
    " ".join([SENTENCES[key][i]] * 4)
    for key, i in (("emulation", 1), ("mass_mobilization", 0), ("", 0))
]
ARTICLE = Article("a1", "Chuyện ở xã Mường Ló", "\n\n".join(PARAGRAPHS))


def sums(theme: dict[str, Any]) -> tuple[Decimal, Decimal]:
    """Start and passages, start and words with the rest, as they stand in the JSON."""
    text = json.dumps(theme)
    exact = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    listed = [*exact["words"], *exact["against_words"], exact["rest"]]
    parts = exact["passages"], listed
    by_passage, by_word = (exact["start"] + sum(p["points"] for p in some) for some in parts)
    return by_passage, by_word


def test_a_record_has_the_designed_fields(model: Model) -> None:
    record = json.loads(json.dumps(model.explain(ARTICLE).record(words=3)))
    assert list(record) == [
        "id", "title", "model", "themes", "probabilities", "decision", "reasons", "explanations",
    ]  # fmt: skip
    [prediction] = model.predict(ARTICLE)
    assert record["probabilities"] == prediction.record()["probabilities"]
    theme = record["explanations"]["mass_mobilization"]
    assert list(theme) == [
        "probability", "threshold", "decision", "against", "score", "start", "parts", "passages",
        "words", "against_words", "rest",
    ]  # fmt: skip
    assert theme["parts"]["article"].keys() == {"margin", "weight"}
    assert theme["parts"]["passage"].keys() == {"margin", "weight", "index"}
    assert [list(p) for p in theme["passages"]] == [
        ["index", "start", "end", "points", "clearest", "without"]
    ] * len(theme["passages"])
    [clearest] = [p for p in theme["passages"] if p["clearest"]]
    assert ARTICLE.text[clearest["start"] : clearest["end"]].startswith("Bộ đội giúp bà con")
    assert len(theme["words"]) == 3
    assert len(theme["against_words"]) == 2
    word = theme["words"][0]
    assert list(word) == ["text", "points", "count", "spans"]
    assert {ARTICLE.text[start:end].lower() for start, end in word["spans"]} == {word["text"]}


@given(st.integers(1, 30), st.integers(0, 10**6))
def test_what_is_printed_adds_up(model: Model, words: int, seed: int) -> None:
    [article] = make_articles(1, seed)
    for theme in model.explain(article, "all").record(words)["explanations"].values():
        score = Decimal(str(theme["score"]))
        assert sums(theme) == (score, score)


def test_themes_given_or_for_review_are_explained_or_the_likeliest(model: Model) -> None:
    none = model.explain("Giá cà phê sáng nay giảm nhẹ.")
    likeliest = max(none.prediction.probabilities.items(), key=lambda pair: pair[1])[0]
    assert list(none.explanations) == [likeliest]
    for explanation in model.explain(make_articles(20, seed=1)):
        prediction = explanation.prediction
        wanted = [key for key in KEYS if prediction.decision[key] != "no"]
        assert list(explanation.explanations) == wanted or not wanted
    assert list(model.explain(ARTICLE, "all").explanations) == list(KEYS)
    assert list(model.explain(ARTICLE, ["emulation"]).explanations) == ["emulation"]
    assert list(model.explain(ARTICLE, "emulation").explanations) == ["emulation"]
    with pytest.raises(KeyError, match="sport"):
        model.explain(ARTICLE, ["emulation", "sport"])


def test_without_a_passage_is_a_true_recalculation(model: Model) -> None:
    theme = model.explain(ARTICLE, "all", without=True)["mass_mobilization"]
    text = ARTICLE.text
    for passage in theme.passages:
        assert passage.without is not None
        # The blank line stays, so that the other passages are those that they were.
        rest = f"{text[: passage.start]}{text[passage.end :]}"
        expected = model.probabilities([rest])[0, KEYS.index("mass_mobilization")]
        assert passage.without.probability == pytest.approx(expected, abs=1e-12)
    assert theme.clearest.without is not None
    assert theme.clearest.without.probability < 0.5 < theme.probability
    assert theme.clearest.without.decision == "no"
    assert all(p.without is None for p in model.explain(ARTICLE)["mass_mobilization"].passages)


def test_where_two_passages_count_both_are_told_and_taken_out(model: Model) -> None:
    two = replace(model, scorer=replace(model.scorer, n_best=2))
    key = "mass_mobilization"
    theme = two.explain(ARTICLE, key, without=True)[key]
    part = theme.record()["parts"]["passage"]
    assert [part["index"], *part["others"]] == list(theme.parts.best)
    assert len(set(theme.parts.best)) == 2
    scored = two.scorer.score(two.segmenter.segment([ARTICLE.text]), [ARTICLE.text])
    margins = scored.of_passages[:, KEYS.index(key)]
    assert part["margin"] == pytest.approx(np.sort(margins)[-2:].mean(), abs=1e-6)
    for passage in theme.passages:
        assert passage.without is not None
        rest = f"{ARTICLE.text[: passage.start]}{ARTICLE.text[passage.end :]}"
        expected = two.probabilities([rest])[0, KEYS.index(key)]
        assert passage.without.probability == pytest.approx(expected, abs=1e-12)
    [only] = two.explain("Bà con thi đua.", [key])[key].parts.best
    assert only == 0


def test_without_its_only_passage_there_is_the_start(model: Model) -> None:
    for theme in model.explain("Bà con thi đua.", "all", without=True).explanations.values():
        [passage] = theme.passages
        assert passage.without is not None
        start = 1 / (1 + np.exp(-theme.start))
        assert passage.without.probability == pytest.approx(start, abs=1e-12)


@pytest.mark.parametrize("text", ["", "...", "😀", "Zzyzx qwq"])
def test_where_no_word_is_known_there_is_the_start_alone(model: Model, text: str) -> None:
    for theme in model.explain(text, "all", without=True).explanations.values():
        assert not theme.known
        assert theme.score == pytest.approx(theme.start, abs=1e-12)
        assert [p.points for p in theme.passages] == [0.0]
        assert (theme.words(), theme.words(against=True)) == ([], [])
        assert theme.rest == (0, 0.0)


def test_what_goes_to_a_person_for_its_words_is_explained_as_it_is_decided(model: Model) -> None:
    strange = "The border guard caught three men with drugs near the river on Monday."
    explanation = model.explain(f"Bộ đội giúp bà con.\n\n{strange}\n\n{strange}")
    [prediction] = model.predict(explanation.article)
    assert explanation.prediction == prediction
    assert prediction.themes == ()
    assert "of its words are known" in prediction.reasons[0]
    assert list(explanation.explanations) == list(KEYS)
    assert {theme.decision for theme in explanation.explanations.values()} == {"review"}


def test_without_its_strange_passage_an_article_is_decided(model: Model) -> None:
    strange = "The border guard caught three men with drugs near the river on Monday. " * 6
    text = f"{PARAGRAPHS[1]}\n\n{strange}"
    theme = model.explain(text, "all", without=True)["mass_mobilization"]
    decisions = [passage.without and passage.without.decision for passage in theme.passages]
    [rest] = model.predict(PARAGRAPHS[1])
    assert theme.decision == "review"
    assert decisions == ["review", rest.decision["mass_mobilization"]]
    assert rest.themes == ("mass_mobilization",)


def test_text_without_marks_is_explained_by_the_words_that_are_read(model: Model) -> None:
    for article in make_articles(20, seed=4):
        bare = Article(article.id, strip_marks(article.title), strip_marks(article.body))
        explanation = model.explain(bare, "all")
        [prediction] = model.predict(bare)
        assert explanation.prediction == prediction
        for key, theme in explanation.explanations.items():
            total = theme.start + sum(passage.points for passage in theme.passages)
            assert 1 / (1 + np.exp(-total)) == pytest.approx(prediction.probabilities[key])
            for word in theme.words(3):
                read = [bare.text[start:end].lower() for start, end in word.spans]
                assert {" ".join(re.findall(r"\w+", text)) for text in read} == {
                    strip_marks(word.text)
                }


def test_one_is_an_explanation_and_many_are_explanations(model: Model) -> None:
    assert isinstance(model.explain("Bà con thi đua."), Explanation)
    many = model.explain(make_articles(5))
    assert isinstance(many, Explanations)
    assert (len(many), len(many[1:3])) == (5, 2)
    assert [e.article.id for e in many] == [a.id for a in make_articles(5)]
    frame = many.frame()
    assert frame.height == sum(len(e.explanations) for e in many)
    assert frame.columns == [
        "id", "theme", "probability", "decision", "score", "start", "clearest_passage_start",
        "clearest_passage_end", "words",
    ]  # fmt: skip


def test_alone_or_in_a_batch_the_same(model: Model) -> None:
    articles = make_articles(20, seed=3)
    batch = [e.record() for e in model.explain_stream(articles, "all", without=True)]
    assert [model.explain(a, "all", without=True).record() for a in articles] == batch


def test_streaming_holds_a_chunk_at_a_time(model: Model) -> None:
    taken = 0

    def endless() -> Iterator[Article]:
        nonlocal taken
        for taken in itertools.count(1):
            yield Article(str(taken), "", "Bà con thi đua.")

    first = list(itertools.islice(model.explain_stream(endless()), 5))
    assert [explanation.article.id for explanation in first] == list("12345")
    assert taken <= 257


def test_evidence_names_the_strongest_words_and_where_they_stand(model: Model) -> None:
    [prediction] = model.stream(ARTICLE, Extras(evidence=4))
    [plain] = model.stream(ARTICLE)
    record = prediction.record()
    assert plain.record() == {k: v for k, v in record.items() if k != "evidence"}
    assert list(record["evidence"]) == [k for k in KEYS if prediction.decision[k] != "no"]
    explanation = model.explain(ARTICLE)
    for key, words in record["evidence"].items():
        listed = explanation[key].words(4)
        assert [w["text"] for w in words] == [w.text for w in listed]
        assert [(w["start"], w["end"]) for w in words] == [w.spans[0] for w in listed]
    [nothing] = model.stream("Giá cà phê sáng nay giảm nhẹ.", Extras(evidence=4))
    assert nothing.record()["evidence"] == {}


def test_evidence_is_that_of_the_explanation_whatever_stands_beside_it(model: Model) -> None:
    """Articles without a theme, which are not explained, lie between others."""
    articles = [*make_articles(6, seed=2), Article("plain", "", "Giá cà phê sáng nay giảm nhẹ.")]
    mixed = [articles[i] for i in (6, 0, 6, 6, 1, 2, 6, 3, 4, 5, 6)]
    for article, prediction in zip(mixed, model.stream(mixed, Extras(evidence=3)), strict=True):
        explanation = model.explain(article)
        found = prediction.record()["evidence"]
        assert list(found) == [k for k in KEYS if prediction.decision[k] != "no"]
        for key, words in found.items():
            listed = explanation[key].words(3)
            assert [w["text"] for w in words] == [w.text for w in listed]
            assert [w["points"] for w in words] == [round(w.points, 6) for w in listed]


@given(st.lists(st.floats(-50, 50), max_size=30), st.integers(0, 6))
def test_rounded_numbers_keep_their_sum(values: list[float], digits: int) -> None:
    rounded = round_to_sum(values, sum(values), digits)
    unit = 10.0**-digits
    exact = sum((Decimal(str(value)) for value in rounded), Decimal(0))
    assert abs(float(exact) - sum(values)) <= unit / 2 + 1e-9
    assert all(abs(r - v) < unit + 1e-9 for r, v in zip(rounded, values, strict=True))
