"""Start and n-grams, words or passages add up to the log-odds of the printed probability."""

import unicodedata
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chude import read
from chude.batches import batched
from chude.compute import backend
from chude.corpus.taxonomy import Taxonomy
from chude.features.tfidf import Features
from chude.features.vocabulary import FeatureOptions
from chude.model.decide import Calibration, Decision
from chude.model.model import Model
from chude.model.points import Asked, Points, points
from chude.model.score import Linear, Scorer
from chude.text.fold import fold
from chude.text.heal import heal
from chude.text.passages import split_all
from chude.training.train import TrainOptions, train
from tests import ROOT
from tests.invented import KEYS, SENTENCES, TAXONOMY, make_articles

SENTENCE = st.sampled_from([one for some in SENTENCES.values() for one in some])
ODD = st.sampled_from([
    "\u200b", "\r\n", "\r\n\r\n", "\n\n", "😀🇻🇳", "𝒳 𠀀", "...", "—", "()", "\u0301", " ", "\u2028",
    "ﬁ", "à á ả ã ạ ằ ấ ữ ự đ Đ Ỹ", "thi\u00adđua", "b\u200cà c\u0323on", "thi đua, thi-đua!",
    "İ ß", "\ufeff", "bà  con", "Bà\tcon", "\x1b[31m", "&<script>\"'",
])  # fmt: skip
PIECES = st.lists(st.one_of(SENTENCE, ODD), max_size=9).map(" ".join)
TEXTS = st.tuples(PIECES, st.sampled_from(["NFC", "NFD", "NFC"])).map(
    lambda pair: unicodedata.normalize(pair[1], pair[0])
)
FIXED = [
    "", "!!! ... ???", "😀", "thi đua " * 10_000, "Một từ lạ hoắc", "\r\n\r\nTin\r\n\r\nBà con\r\n",
    "\n\n".join(SENTENCES["emulation"] * 12), "\u200b\u200b", "xyz",
]  # fmt: skip
slow = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def exclusive() -> Model:
    keys = (*KEYS, "other")
    articles = [replace(a, themes=(*(a.themes or ()), "other")[:1]) for a in make_articles(84)]
    taxonomy = replace(Taxonomy.of(keys), exclusive=True)
    return train(articles, taxonomy, TrainOptions(segmenter="syllable"))


@pytest.fixture(scope="module")
def underthesea() -> Model:
    return train(make_articles(42), TAXONOMY, TrainOptions())


def with_calibration(model: Model, weights: list[float]) -> Model:
    calibration = replace(model.calibration, weights=np.array([weights] * len(KEYS)))
    return replace(model, calibration=calibration)


def only_one_theme(model: Model) -> Model:
    def first(linear: Linear) -> Linear:
        return Linear(np.ascontiguousarray(linear.weights[:, :1]), linear.intercept[:1])

    scorer, calibration = model.scorer, model.calibration
    assert scorer.passage is not None
    return Model(
        Taxonomy.of(KEYS[:1]),
        model.segmenter_name,
        Scorer(scorer.features, first(scorer.article), first(scorer.passage)),
        Calibration(calibration.weights[:1], calibration.offset[:1], False),
        Decision(model.decision.thresholds[:1], False),
    )


def of_two_best(model: Model) -> Model:
    return replace(model, scorer=replace(model.scorer, n_best=2))


def without_passage_model(model: Model) -> Model:
    calibration = replace(model.calibration, weights=model.calibration.weights[:, :1])
    scorer = replace(model.scorer, passage=None)
    return replace(model, calibration=calibration, scorer=scorer)


def of_one_word() -> Model:
    features = Features(
        FeatureOptions(ngrams=(1, 1)), ["đua"], np.zeros((1, 1), np.int32), np.array([1.5])
    )
    linear = Linear(np.full((1, 3), 0.7, np.float32), np.full(3, -0.2, np.float32))
    calibration = Calibration(np.array([[3.0, 1.0]] * 3), np.zeros(3), False)
    decision = Decision(np.full(3, 0.5), False)
    return Model(TAXONOMY, "syllable", Scorer(features, linear, linear), calibration, decision)


def all_points(model: Model, texts: list[str]) -> tuple[Points, Asked, np.ndarray]:
    tokens = model.segmenter.segment(texts)
    scored = model.scorer.score(tokens, texts)
    scored = replace(scored, passages=split_all(texts))
    n_themes = len(model.taxonomy.keys)
    articles, themes = np.divmod(np.arange(len(texts) * n_themes), n_themes)
    asked = Asked(articles, themes, np.full(len(articles), -1))
    return points(model.scorer, model.calibration, tokens, scored, asked), asked, scored.margins


def check_sums(model: Model, texts: list[str]) -> None:
    found, asked, margins = all_points(model, texts)
    for sums in (found.ngrams, found.words, found.passages):
        totals = found.start + [part.sum() for part in sums]
        np.testing.assert_allclose(totals, found.score, rtol=0, atol=1e-9)
    expected = model.probabilities(texts)[asked.articles, asked.themes]
    np.testing.assert_allclose(1 / (1 + np.exp(-found.score)), expected, rtol=0, atol=1e-12)
    linears = [model.scorer.article, model.scorer.passage]
    for part, (linear, sums) in enumerate(
        zip(linears, (found.article, found.passage), strict=True)
    ):
        if linear is None:
            assert all(not some.any() for some in sums)
            continue
        weights = model.calibration.weights[asked.themes, part]
        weighted = margins[asked.articles, asked.themes, part] * weights
        totals = linear.intercept[asked.themes] * weights + [some.sum() for some in sums]
        np.testing.assert_allclose(totals, weighted, rtol=0, atol=1e-9)


@slow
@given(texts=st.lists(TEXTS, min_size=1, max_size=4))
def test_the_points_add_up(model: Model, texts: list[str]) -> None:
    check_sums(model, texts)


@slow
@given(texts=st.lists(TEXTS, min_size=1, max_size=3))
def test_the_points_add_up_with_words_of_several_syllables(
    underthesea: Model, texts: list[str]
) -> None:
    check_sums(underthesea, texts)


@pytest.mark.parametrize(
    "kind", ["whole", "two", "zero", "article", "passage", "none", "one", "word"]
)
def test_the_points_add_up_whatever_the_model(model: Model, kind: str) -> None:
    check_sums(
        {
            "whole": lambda: model,
            "two": lambda: of_two_best(model),
            "zero": lambda: with_calibration(model, [0.0, 0.0]),
            "article": lambda: with_calibration(model, [5.0, 0.0]),
            "passage": lambda: with_calibration(model, [0.0, 5.0]),
            "none": lambda: without_passage_model(model),
            "one": lambda: only_one_theme(model),
            "word": of_one_word,
        }[kind](),
        FIXED,
    )


def test_the_best_passage_is_the_first_of_equals(model: Model) -> None:
    twice = "\n\n".join([SENTENCES["emulation"][0] * 3] * 2)
    texts = [twice, FIXED[6], "xyz"]
    scored = model.scorer.score(model.segmenter.segment(texts), texts)
    best = scored.best_passages[:, :, 0]
    assert best[0].tolist() == [0, 0, 0]
    for i, span in enumerate(np.split(scored.of_passages, np.cumsum(scored.lengths)[:-1])):
        assert best[i].tolist() == span.argmax(axis=0).tolist()


@slow
@given(texts=st.lists(TEXTS, min_size=1, max_size=4))
def test_the_points_add_up_where_two_passages_count(model: Model, texts: list[str]) -> None:
    check_sums(of_two_best(model), texts)


@slow
@given(texts=st.lists(TEXTS, min_size=1, max_size=3))
def test_exclusive_themes_are_told_from_the_runner_up(exclusive: Model, texts: list[str]) -> None:
    for explanation in exclusive.explain(texts, "all"):
        order = sorted(
            explanation.prediction.probabilities.items(), key=lambda pair: pair[1], reverse=True
        )
        for key, theme in explanation.explanations.items():
            assert theme.against == (order[1][0] if key == order[0][0] else order[0][0])
            odds = theme.probability / explanation.prediction.probabilities[theme.against]
            assert np.log(odds) == pytest.approx(theme.score, abs=1e-9)
            for some in (theme.word_points, theme.ngram_points, [p.points for p in theme.passages]):
                assert theme.start + np.sum(some) == pytest.approx(theme.score, abs=1e-9)
            margin, weight = theme.parts.article
            assert margin * weight == pytest.approx(theme.score, abs=1e-9)


@slow
@given(text=TEXTS)
def test_offsets_are_those_of_the_text_as_it_was_written(underthesea: Model, text: str) -> None:
    tokens = underthesea.segmenter.segment([text])
    for i, start, end in zip(tokens.ids, tokens.starts, tokens.ends, strict=True):
        # Syllables of a word are joined by `_`, also where no space parts them.
        written, word = heal(text[start:end]).text, tokens.vocabulary[i].replace("_", "")
        assert fold("".join(written.split()).replace("_", "")) == fold(word)
    explanation = underthesea.explain(text, "all")
    for theme in explanation.explanations.values():
        passages = theme.tokens.numbers
        assert ((passages >= 0) & (passages < len(theme.passages))).all()
        assert (np.diff(passages) >= 0).all()
        for word in theme.words(1000):
            assert len(word.spans) == word.count
            for start, end in word.spans:
                inside = (theme.tokens.starts >= start) & (theme.tokens.ends <= end)
                words = [fold(tokens.vocabulary[i]) for i in tokens.ids[inside]]
                countable = [w for w in words if any(map(str.isalnum, w))]
                assert " ".join(countable).replace("_", " ") == word.text


def test_with_and_without_numba_the_same_points(model: Model, compiled: pytest.MonkeyPatch) -> None:
    texts = [article.text for article in make_articles(30, seed=5)]
    with compiled.context() as numpy_alone:
        numpy_alone.setattr("chude.model.score.started", lambda: False)
        numpy_alone.setattr("chude.features.tfidf.started", lambda: False)
        plain, _, _ = all_points(model, texts)
    assert backend.start()
    found, _, _ = all_points(model, texts)
    for ours, theirs in zip(found.words, plain.words, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.score, plain.score, rtol=0, atol=1e-12)


@pytest.mark.parametrize("corpus", ["data", "data/examples"])
def test_every_article_of_the_shipped_corpus_adds_up(model: Model, corpus: str) -> None:
    texts = [article.text for article in read(ROOT / corpus)]
    assert len(texts) >= 4
    for some in batched(texts, 256):
        check_sums(model, some)
