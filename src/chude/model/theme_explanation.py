"""Why an article has one theme or not: its points, and the words and passages that have them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from chude.features.tfidf import Features
from chude.model.decide import Floats
from chude.model.rounding import round_to_sum
from chude.model.spans import Spans

WORDS = 10  # listed for a theme unless another number is asked for
DIGITS = 6  # of points in records


class Part(NamedTuple):
    """A model's margin and its weight in the log-odds."""

    margin: float
    weight: float


class Parts(NamedTuple):
    """What the log-odds are made of; passage: None where passages do not count.

    best: which passages the margin of the passage model is the mean of, the best one first; none
    where passages do not count.
    """

    article: Part
    passage: Part | None
    best: tuple[int, ...]


class Without(NamedTuple):
    """What would be if a passage were not there."""

    probability: float
    decision: str


class PassagePoints(NamedTuple):
    """A passage: offsets in `Article.text`, and what its words add up to.

    clearest: whether it has most points of all, the first of equals.
    """

    start: int
    end: int
    points: float
    clearest: bool
    without: Without | None


@dataclass(frozen=True, slots=True)
class WordPoints:
    """An n-gram of the text, folded: its points, how often it stands there, and where.

    spans: offsets in `Article.text`, in order.
    """

    text: str
    points: float
    count: int
    spans: tuple[tuple[int, int], ...]


class Rest(NamedTuple):
    """How many distinct n-grams of the text are not listed, and what they add up to."""

    words: int
    points: float


@dataclass(frozen=True, eq=False)
class ThemeExplanation:
    """Why an article has a theme or not: start and passages, or start and words, are the score.

    threshold: the least probability of a yes; None for exclusive themes, of which the likeliest is
    given. against: with exclusive themes the one that the score tells it from. score: log-odds.
    word_points: float64 (n_words,), of each of `tokens`, the words of the text.
    ngram_points: float64 (n_ngrams,), of each of `ngrams`, the known n-grams of the text; features:
    what these are.
    """

    theme: str
    probability: float
    threshold: float | None
    decision: str
    against: str | None
    score: float
    start: float
    parts: Parts
    passages: tuple[PassagePoints, ...]
    tokens: Spans
    word_points: Floats
    ngrams: Spans
    ngram_points: Floats
    features: Features

    @property
    def clearest(self) -> PassagePoints:
        """The passage with most points."""
        return next(passage for passage in self.passages if passage.clearest)

    @property
    def known(self) -> bool:
        """Whether there is any word that the model knows."""
        return len(self.ngram_points) > 0

    @cached_property
    def _totals(self) -> Floats:
        """Points of the distinct n-grams."""
        distinct = self.ngrams.distinct
        totals = np.bincount(distinct.which, self.ngram_points, len(distinct.numbers))
        return totals.astype(np.float64)  # of nothing at all it makes integers

    def words(self, count: int = WORDS, against: bool = False) -> list[WordPoints]:
        """The words and n-grams that speak most for the theme, or against it; strongest first."""
        totals = -self._totals if against else self._totals
        order = np.argsort(-totals, kind="stable")[:count]
        return [self._word(i) for i in order[totals[order] > 0].tolist()]

    def _word(self, i: int) -> WordPoints:
        distinct = self.ngrams.distinct
        name = self.features.name(int(distinct.numbers[i])).replace("_", " ")
        spans = self.ngrams.pairs(distinct.places_of(i))
        return WordPoints(name, float(self._totals[i]), len(spans), spans)

    @property
    def rest(self) -> Rest:
        """What is not among `words(10)` and `words(5, against=True)`."""
        return self.rest_of([*self.words(), *self.words(against_count(WORDS), against=True)])

    def rest_of(self, listed: Iterable[WordPoints], digits: int | None = None) -> Rest:
        """What is not listed.

        digits: of start, score and listed points when they are printed; then the rest takes what
        the rounding leaves, so that the printed numbers add up.
        """
        listed = list(listed)
        numbers = [self.score, -self.start, *(-word.points for word in listed)]
        if digits is not None:
            numbers = [round(number, digits) for number in numbers]
        points = sum(numbers) if digits is None else round(sum(numbers), digits)
        return Rest(len(self._totals) - len(listed), points + 0.0)

    def record(self, words: int = WORDS) -> dict[str, Any]:
        """One JSON object, numbers to 6 digits; passages, and words with the rest, add up."""
        for_theme = self.words(words)
        against = self.words(against_count(words), against=True)
        score, start = round(self.score, DIGITS), round(self.start, DIGITS)
        totals = round_to_sum([p.points for p in self.passages], score - start, DIGITS)
        return {
            "probability": round(self.probability, DIGITS),
            "threshold": None if self.threshold is None else round(self.threshold, DIGITS),
            "decision": self.decision,
            "against": self.against,
            "score": score,
            "start": start,
            "parts": _parts_record(self.parts),
            "passages": [
                _passage_record(i, passage, total)
                for i, (passage, total) in enumerate(zip(self.passages, totals, strict=True))
            ],
            "words": [_word_record(word) for word in for_theme],
            "against_words": [_word_record(word) for word in against],
            "rest": self.rest_of([*for_theme, *against], DIGITS)._asdict(),
        }


def against_count(words: int) -> int:
    """How many words against a theme are listed beside so many for it."""
    return (words + 1) // 2


def _parts_record(parts: Parts) -> dict[str, Any]:
    def rounded(part: Part) -> dict[str, Any]:
        return {name: round(value, DIGITS) for name, value in part._asdict().items()}

    passage: dict[str, Any] | None = None
    if parts.passage is not None:
        first, *others = parts.best
        passage = {**rounded(parts.passage), "index": first}
        if others:
            passage["others"] = others
    return {"article": rounded(parts.article), "passage": passage}


def _passage_record(index: int, passage: PassagePoints, points: float) -> dict[str, Any]:
    without = passage.without
    return {
        "index": index,
        "start": passage.start,
        "end": passage.end,
        "points": points,
        "clearest": passage.clearest,
        "without": without
        and {"probability": round(without.probability, DIGITS), "decision": without.decision},
    }


def _word_record(word: WordPoints) -> dict[str, Any]:
    return {
        "text": word.text,
        "points": round(word.points, DIGITS),
        "count": word.count,
        "spans": list(map(list, word.spans)),
    }
