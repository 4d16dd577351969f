"""What a card shows of one theme, be it explained just now or recorded in errors.jsonl."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chude.corpus.taxonomy import Taxonomy
from chude.model.decide import Bools
from chude.model.explanation import Explanation
from chude.model.rounding import round_to_sum
from chude.model.theme_explanation import ThemeExplanation, WordPoints, against_count
from chude.show.paint import Piece, merged, painted, pieces
from chude.show.texts import Title

DIGITS = 1  # of the points of passages
MOST_PASSAGES = 40  # shown of a long article: those with most points
WORD_DIGITS = 2
Titles = Mapping[str, Title]


@dataclass(frozen=True, slots=True)
class Row:
    """A passage: its points, and its text in pieces.

    without: the probability if it were not there, where it was asked for. left_out: characters of
    a text that is not shown. others: how many passages without a text are summed in this row; 0
    where it is one passage.
    """

    points: float
    pieces: Sequence[Piece]
    clearest: bool
    without: float | None = None
    left_out: int = 0
    others: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """A word or n-gram, its points and how often it stands in the text."""

    text: str
    points: float
    count: int


@dataclass(frozen=True, slots=True)
class View:
    """One theme of one article; points are rounded so that what is printed adds up.

    given: whether the article gets the theme. start, score: beside passages, and, with a digit
    more, beside words. threshold: None for exclusive themes. against: with
    exclusive themes the one that the points tell it from. painted: how many words of how many,
    where that is known. others: the number and points of the words not listed.
    """

    theme: Title
    given: bool
    decision: str
    probability: float
    threshold: float | None
    against: Title | None
    start: float
    score: float
    start_of_words: float
    score_of_words: float
    rows: Sequence[Row]
    words: Sequence[Word]
    others: tuple[int, float]
    painted: tuple[int, int] | None = None
    known: bool = True


def titles_of(taxonomy: Taxonomy) -> dict[str, Title]:
    """The names of the themes."""
    return {one.key: Title(one.key, one.title_vi, one.title_en) for one in taxonomy.themes}


def views(explanation: Explanation, words: int) -> list[View]:
    """Each explained theme; words: listed for it, half as many against it."""
    titles, given = titles_of(explanation.taxonomy), explanation.prediction.themes
    return [
        _view(theme, explanation.text, titles, key in given, words)
        for key, theme in explanation.explanations.items()
    ]


def _view(theme: ThemeExplanation, text: str, titles: Titles, given: bool, words: int) -> View:
    chosen = painted(theme.word_points)
    listed = [*theme.words(words), *theme.words(against_count(words), against=True)]
    rest = theme.rest_of(listed, WORD_DIGITS)
    return View(
        theme=titles[theme.theme],
        given=given,
        decision=theme.decision,
        probability=theme.probability,
        threshold=theme.threshold,
        against=None if theme.against is None else titles[theme.against],
        start=_rounded(theme.start),
        score=_rounded(theme.score),
        start_of_words=round(theme.start, WORD_DIGITS),
        score_of_words=round(theme.score, WORD_DIGITS),
        rows=_rows(theme, text, chosen),
        words=[_word(word) for word in listed],
        others=(rest.words, rest.points),
        painted=(int(chosen.sum()), len(chosen)),
        known=theme.known,
    )


def _rows(theme: ThemeExplanation, text: str, chosen: Bools) -> list[Row]:
    points = theme.word_points
    most = float(np.abs(points).max(initial=0))
    marks: list[list[tuple[int, int, float]]] = [[] for _ in theme.passages]
    columns = theme.tokens.starts, theme.tokens.ends, theme.tokens.numbers, points
    for start, end, number, value in zip(*(c[chosen].tolist() for c in columns), strict=True):
        marks[number].append((start, end, value))
    totals = _totals([one.points for one in theme.passages], theme.score, theme.start)
    shown = set(strongest_passages([one.points for one in theme.passages]))
    rows = [
        Row(
            totals[i],
            pieces(text[one.start : one.end], one.start, marks[i], most),
            one.clearest and one.points > 0,
            None if one.without is None else one.without.probability,
        )
        for i, one in enumerate(theme.passages)
        if i in shown
    ]
    return rows + _others([total for i, total in enumerate(totals) if i not in shown])


def strongest_passages(points: Sequence[float]) -> list[int]:
    """Which passages are shown, in their order: the 40 with most points, for or against."""
    strongest = sorted(range(len(points)), key=lambda i: -abs(points[i]))
    return sorted(strongest[:MOST_PASSAGES])


def _others(points: Sequence[float]) -> list[Row]:
    """The row of passages that are summed; none where there are none."""
    return [Row(_rounded(sum(points)), (), False, others=len(points))] if points else []


def _word(word: WordPoints) -> Word:
    return Word(word.text, round(word.points, WORD_DIGITS) + 0.0, word.count)


def _rounded(value: float) -> float:
    return round(value, DIGITS) + 0.0


def _totals(points: Sequence[float], score: float, start: float) -> list[float]:
    return round_to_sum(points, _rounded(score) - _rounded(start), DIGITS)


def view_of_error(error: Mapping[str, Any], titles: Titles, clearest_only: bool = False) -> View:
    """What errors.jsonl tells of one wrong decision.

    clearest_only: the others are summed in one row, as are those without a text.
    """
    record = error["explanation"]
    marks, most = _marks(record)
    listed = [
        Word(word["text"], round(word["points"], WORD_DIGITS) + 0.0, int(word["count"]))
        for word in [*record["words"], *record["against_words"]]
    ]
    score, start = round(record["score"], WORD_DIGITS), round(record["start"], WORD_DIGITS)
    left = score - start - sum(word.points for word in listed)
    points = [passage["points"] for passage in record["passages"]]
    totals = _totals(points, record["score"], record["start"])
    return View(
        theme=titles[error["theme"]],
        given=bool(error["chosen"]),
        decision=record["decision"],
        probability=float(record["probability"]),
        threshold=None if record["threshold"] is None else float(record["threshold"]),
        against=None if record["against"] is None else titles[record["against"]],
        start=_rounded(record["start"]),
        score=_rounded(record["score"]),
        start_of_words=round(record["start"], WORD_DIGITS),
        score_of_words=round(record["score"], WORD_DIGITS),
        rows=_rows_of_error(record["passages"], totals, marks, most, clearest_only),
        words=listed,
        others=(int(record["rest"]["words"]), round(left, WORD_DIGITS) + 0.0),
        known=bool(listed) or record["rest"]["words"] > 0,
    )


def _marks(record: Mapping[str, Any]) -> tuple[list[tuple[int, int, float]], float]:
    spans = [
        (start, end, word["points"] / word["count"])
        for word in [*record["words"], *record["against_words"]]
        for start, end in word["spans"]
    ]
    marks = list(merged(spans))
    return marks, max((abs(points) for _, _, points in marks), default=0.0)


def _rows_of_error(
    passages: Sequence[Mapping[str, Any]],
    totals: Sequence[float],
    marks: Sequence[tuple[int, int, float]],
    most: float,
    clearest_only: bool,
) -> list[Row]:
    rows, summed = [], []
    for passage, points in zip(passages, totals, strict=True):
        text = passage.get("text")
        clearest = passage["clearest"] and passage["points"] > 0
        if not passage["clearest"] and (text is None or clearest_only):
            summed.append(points)
        elif text is None:
            left_out = int(passage["end"] - passage["start"])
            rows.append(Row(points, (), clearest, left_out=left_out))
        else:
            rows.append(Row(points, pieces(text, passage["start"], marks, most), clearest))
    return rows + _others(summed)
