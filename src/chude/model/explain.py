"""Explain: why an article has a theme or not, in points (see `chude.model.points`)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from chude.corpus.article import Article
from chude.corpus.taxonomy import Taxonomy
from chude.model.decide import Calibration, Decision, Floats
from chude.model.explanation import Explanation
from chude.model.points import Asked, Points, points
from chude.model.prediction import Prediction
from chude.model.score import Scored, Scorer
from chude.model.spans import Spans
from chude.model.theme_explanation import Part, Parts, PassagePoints, ThemeExplanation, Without
from chude.model.without import score_without
from chude.text.passages import Span, split_all
from chude.text.tokens import Tokens

Themes = str | Sequence[str]  # a key or keys, or ALL
ALL = "all"


@dataclass(frozen=True, slots=True)
class Explainer:
    """The parts of a model that its explanations come from."""

    taxonomy: Taxonomy
    scorer: Scorer
    calibration: Calibration
    decision: Decision

    def explain(
        self,
        articles: Sequence[Article],
        predictions: Sequence[Prediction],
        tokens: Tokens,
        scored: Scored,
        themes: Themes | None = None,
        without: bool = False,
        likeliest: bool = True,
    ) -> Iterator[Explanation]:
        """Explanations of a batch; tokens, scored: of all its articles.

        themes: None for those given or for review, and, if `likeliest`, the likeliest where there
        are none. without: also what each decision would be without each passage. Raises KeyError
        for a theme that is not the model's.
        """
        if scored.of_passages is None:
            scored = replace(scored, passages=split_all([a.text for a in articles]))
        thresholds = self._thresholds()
        probabilities = self.calibration.probabilities(scored.margins)
        wanted = self._wanted(predictions, probabilities, themes, likeliest)
        asked = self._asked(probabilities, wanted)
        found = points(self.scorer, self.calibration, tokens, scored, asked)
        parts = self._parts(scored, asked)
        left = self._without(articles, tokens, scored, found, wanted) if without else {}
        located = _located(tokens, found)
        tokens_of_batch = Spans(tokens.starts, tokens.ends, found.passage_of)
        at = 0
        for i, (article, prediction) in enumerate(zip(articles, predictions, strict=True)):
            inside = slice(*tokens.indptr[i : i + 2])
            words = tokens_of_batch.part(inside)
            ngrams = located.part(slice(*found.located.indptr[i : i + 2]))
            explained = {}
            for k in np.flatnonzero(wanted[i]).tolist():
                key = self.taxonomy.keys[k]
                explained[key] = ThemeExplanation(
                    theme=key,
                    probability=float(probabilities[i, k]),
                    threshold=thresholds.get(key),
                    decision=prediction.decision[key],
                    against=self._against(asked, at),
                    score=float(found.score[at]),
                    start=float(found.start[at]),
                    parts=parts[at],
                    passages=_passages(scored.passages[i], found.passages[at], left.get((i, k))),
                    tokens=words,
                    word_points=found.words[at],
                    ngrams=ngrams,
                    ngram_points=found.ngrams[at],
                    features=self.scorer.features,
                )
                at += 1
            yield Explanation(article, prediction, explained, self.taxonomy, thresholds)

    def _wanted(
        self,
        predictions: Sequence[Prediction],
        probabilities: Floats,
        themes: Themes | None,
        likeliest: bool,
    ) -> NDArray[np.bool_]:
        """Which themes of which articles are explained, (n_articles, n_themes)."""
        keys = self.taxonomy.keys
        if themes is None:
            decisions = [[p.decision[key] for key in keys] for p in predictions]
            wanted = np.array(decisions, dtype=object).reshape(probabilities.shape) != "no"
            none = np.flatnonzero(~wanted.any(axis=1) & likeliest)
            wanted[none, probabilities[none].argmax(axis=1)] = True
            return wanted
        asked = keys if themes == ALL else (themes,) if isinstance(themes, str) else themes
        if unknown := [key for key in asked if key not in keys]:
            raise KeyError(unknown[0])
        return np.tile([key in asked for key in keys], (len(probabilities), 1))

    def _asked(self, probabilities: Floats, wanted: NDArray[np.bool_]) -> Asked:
        articles, themes = np.nonzero(wanted)
        against = np.full(len(articles), -1)
        if self.taxonomy.exclusive and probabilities.shape[1] > 1:
            order = np.argsort(-probabilities, axis=1, kind="stable")
            chosen = order[articles, 0]
            against = np.where(themes == chosen, order[articles, 1], chosen)
        return Asked(articles, themes, against)

    def _thresholds(self) -> dict[str, float]:
        if self.taxonomy.exclusive:
            return {}  # the likeliest is given, however unlikely it is
        return dict(zip(self.taxonomy.keys, self.decision.thresholds.tolist(), strict=True))

    def _against(self, asked: Asked, at: int) -> str | None:
        other = int(asked.against[at])
        return None if other < 0 else self.taxonomy.keys[other]

    def _parts(self, scored: Scored, asked: Asked) -> list[Parts]:
        """The margins of each asked pair, and what they weigh."""
        pairs = asked.articles, asked.themes
        margins, weights = scored.margins[pairs], self.calibration.weights[asked.themes]
        others = scored.margins[asked.articles, asked.against]
        margins = np.where(asked.against[:, None] < 0, margins, margins - others)
        values = np.stack([margins, weights], axis=2).tolist()  # a pair, a part, margin and weight
        if self.scorer.passage is None:
            return [Parts(Part(*article), None, ()) for [article] in values]
        best = scored.best_passages[pairs].tolist()
        return [
            Parts(Part(*article), Part(*passage), tuple(i for i in indexes if i >= 0))
            for (article, passage), indexes in zip(values, best, strict=True)
        ]

    def _without(
        self,
        articles: Sequence[Article],
        tokens: Tokens,
        scored: Scored,
        found: Points,
        wanted: NDArray[np.bool_],
    ) -> dict[tuple[int, int], list[Without]]:
        """For each wanted theme of each article, what it would be without each passage."""
        rows = np.flatnonzero(wanted.any(axis=1)).tolist()
        rests = score_without(self.scorer, tokens, scored, found.passage_of, rows)
        left = {}
        for i, rest in zip(rows, rests, strict=True):
            probabilities = self.calibration.probabilities(rest.margins)
            text = partial(_text_without, articles[i].text, scored.passages[i])
            words = self.decision.words(probabilities, self.decision.unknown(rest.known, text))
            for k in np.flatnonzero(wanted[i]).tolist():
                pairs = zip(probabilities[:, k].tolist(), words[:, k].tolist(), strict=True)
                left[i, k] = [Without(*pair) for pair in pairs]
        return left


def _located(tokens: Tokens, found: Points) -> Spans:
    """The known n-grams of a batch."""
    first, last = found.located.words[:, 0], found.located.last_words
    return Spans(tokens.starts[first], tokens.ends[last], found.located.columns)


def _text_without(text: str, passages: Sequence[Span], passage: int) -> str:
    start, end = passages[passage]
    return text[:start] + text[end:]


def _passages(
    spans: Sequence[tuple[int, int]], totals: Floats, without: Sequence[Without] | None
) -> tuple[PassagePoints, ...]:
    clearest = int(totals.argmax())
    return tuple(
        PassagePoints(start, end, total, i == clearest, without[i] if without else None)
        for i, ((start, end), total) in enumerate(zip(spans, totals.tolist(), strict=True))
    )


def evidence(
    explanation: Explanation, count: int
) -> Mapping[str, tuple[dict[str, str | float | int], ...]]:
    """The words that speak most for each explained theme, each with where it first stands."""
    return {
        key: tuple(
            {
                "text": word.text,
                "points": round(word.points, 6),
                "start": word.spans[0][0],
                "end": word.spans[0][1],
            }
            for word in theme.words(count)
        )
        for key, theme in explanation.explanations.items()
    }
