"""An explanation in a terminal: the points of each passage, then of the strongest words."""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chude.corpus.taxonomy import Taxonomy
from chude.model.explanation import Explanation
from chude.model.rounding import round_to_sum
from chude.model.theme_explanation import PassagePoints, ThemeExplanation, WordPoints, against_count
from chude.show.terminal import COLUMNS, cut, pad, plain, width
from chude.show.texts import probability_text, say
from chude.show.view import strongest_passages

_BAR = 5
_POINTS = 9
_LEAST_NAME = 24  # of a theme, whatever is said of it
_NO_BREAK = "\xa0"
_BOLD_GREEN, _UNDERLINED_RED, _OFF = "\x1b[1;32m", "\x1b[4;31m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Ledger:
    """How explanations are written.

    words: listed for a theme. lang: `vi` or `en`. coloured: for a terminal; signs, bars and words
    say the same without.
    """

    taxonomy: Taxonomy
    words: int
    lang: str
    coloured: bool = False

    def lines(self, explanations: Iterable[Explanation]) -> Iterator[str]:
        """The lines of each article, with a blank one between."""
        for number, explanation in enumerate(explanations):
            if number:
                yield ""
            article = explanation.article
            head = "  ".join(part for part in (plain(article.id), plain(article.title)) if part)
            yield cut(head, COLUMNS)
            if explanation.prediction.strange:
                yield f"  {say(self.lang, 'strange')}"
            for theme in explanation.explanations.values():
                yield from self._theme(theme, explanation.text)

    def _theme(self, theme: ThemeExplanation, text: str) -> Iterator[str]:
        yield cut(self._decision(theme), COLUMNS)
        if not theme.known:
            yield self._row(theme.start, "", say(self.lang, "start"))
            yield " " * (_POINTS + _BAR + 3) + say(self.lang, "unknown")
            return
        start, score = round(theme.start, 1), round(theme.score, 1)
        yield self._row(start, "", say(self.lang, "start"))
        yield from self._passages(theme, text, score - start)
        yield self._row(score, "", say(self.lang, "sum"))
        indent = max(width(say(self.lang, side)) for side in ("for", "against")) + 2
        against = against_count(self.words)
        yield from self._words("for", theme.words(self.words), indent)
        yield from self._words("against", theme.words(against, against=True), indent)

    def _decision(self, theme: ThemeExplanation) -> str:
        title = next(one.title_vi for one in self.taxonomy.themes if one.key == theme.theme)
        name = plain(theme.theme) + (f"  {plain(title)}" if title not in ("", theme.theme) else "")
        probability = probability_text(self.lang, theme.probability)
        shown = say(self.lang, "probability", p=probability)
        behind = []
        if theme.threshold is not None:
            threshold = probability_text(self.lang, theme.threshold)
            behind.append(say(self.lang, "threshold", t=threshold))
        if theme.against is not None:
            behind.append(say(self.lang, "against_theme", theme=plain(theme.against)))
        note = f" ({', '.join(behind)})" if behind else ""
        said = f": {say(self.lang, theme.decision)}, {shown}{note}"
        room = max(COLUMNS - 2 - width(said), _LEAST_NAME)
        return f"  {cut(name, room)}{said}"

    def _passages(self, theme: ThemeExplanation, text: str, total: float) -> Iterator[str]:
        points = [passage.points for passage in theme.passages]
        rounded = round_to_sum(points, total, 1)
        shown = strongest_passages(points)
        most = max(map(abs, points))
        for i in shown:
            passage = theme.passages[i]
            bar = _bar(points[i], most) if rounded[i] else ""
            yield self._row(rounded[i], bar, plain(text[passage.start : passage.end]), passage)
        if rest := len(points) - len(shown):
            left = round(sum(rounded) - sum(rounded[i] for i in shown), 1)
            yield self._row(left, "", say(self.lang, "other_passages", n=rest))

    def _row(self, points: float, bar: str, text: str, passage: PassagePoints | None = None) -> str:
        behind = "" if passage is None else self._behind(passage)
        room = COLUMNS - _POINTS - _BAR - 3 - width(behind)
        line = f"{self._sign(points)}  {pad(bar, _BAR)} {cut(text, room)}{behind}"
        return line.rstrip()

    def _behind(self, passage: PassagePoints) -> str:
        notes = []
        if passage.without is not None:
            probability = probability_text(self.lang, passage.without.probability)
            decision = say(self.lang, passage.without.decision)
            notes.append(f"({say(self.lang, 'without', p=probability, decision=decision)})")
        if passage.clearest and passage.points > 0:
            notes.append(f"◀ {say(self.lang, 'clearest')}")
        return "".join(f"  {note}" for note in notes)

    def _sign(self, points: float) -> str:
        number = f"{points + 0.0:+.1f}"
        return " " * (_POINTS - len(number)) + self._colour(number, points)

    def _colour(self, text: str, points: float) -> str:
        if not self.coloured or points == 0:
            return text
        return f"{_BOLD_GREEN if points > 0 else _UNDERLINED_RED}{text}{_OFF}"

    def _words(self, side: str, words: list[WordPoints], indent: int) -> Iterator[str]:
        words = [word for word in words if round(word.points, 1)]
        if not words:
            return
        # Spaces that do not break keep a word and its points in one line.
        shown = [f"{plain(word.text)} {word.points:+.1f}".replace(" ", _NO_BREAK) for word in words]
        head = pad(say(self.lang, side), indent)
        lines = textwrap.wrap(
            ", ".join(shown), COLUMNS - 2 - indent, break_long_words=False, break_on_hyphens=False
        )
        for i, line in enumerate(lines):
            yield f"  {head if i == 0 else ' ' * indent}{line.replace(_NO_BREAK, ' ')}"


def _bar(points: float, most: float) -> str:
    sign = "█" if points > 0 else "░"
    return sign * round(_BAR * abs(points) / most) if most else ""
