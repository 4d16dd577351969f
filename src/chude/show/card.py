"""The card: one article, its themes, and the points of each passage for each of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from chude.model.explanation import Explanation
from chude.model.theme_explanation import WORDS
from chude.show.html import NOTEBOOK, PAGE, Look, esc, table
from chude.show.language import language
from chude.show.paint import Piece
from chude.show.texts import Number, Probability, Title, Voice
from chude.show.view import DIGITS, WORD_DIGITS, Row, View, titles_of, views


def card(explanation: Explanation, lang: str, words: int = WORDS, number: int = 0) -> str:
    """A fragment for a page with page.css: all themes one after another; with page.js, one.

    lang: `vi` or `en`. words: listed for a theme. number: tells the cards of a page apart.
    """
    return _card(explanation, Card(PAGE, Voice(lang)), words, number)


def notebook_card(explanation: Explanation, words: int = WORDS) -> str:
    """For a notebook: dressed inline, without a script, in the language of CHUDE_LANG."""
    return _card(explanation, Card(NOTEBOOK, Voice(language())), words, 0)


def _card(explanation: Explanation, draw: "Card", words: int, number: int) -> str:
    article = explanation.article
    found = views(explanation, words)
    title = esc(article.title) or draw.voice("no_title")
    meta = " · ".join(esc(part) for part in (article.id, article.date) if part)
    themes = "".join(draw.theme(view, i) for i, view in enumerate(found))
    chips = draw.chips(explanation, found, number)
    look = draw.look
    strange = explanation.prediction.strange
    note = f"<p{look('note')}>{draw.voice('strange')}</p>" if strange else ""
    return (
        f"<article{look('card')}><h2{look('head')}>{title}</h2>"
        f"<p{look('meta')}>{meta}</p>{chips}{note}{themes}</article>"
    )


@dataclass(frozen=True, slots=True)
class Card:
    """How a card is drawn.

    level: of the heading of a theme. brief: for one of many cards in a page, which leaves out what
    stands around it or is said once for all, and has a list of words for a table.
    """

    look: Look
    voice: Voice
    level: int = 3
    brief: bool = False

    def chips(self, explanation: Explanation, found: Sequence[View], number: int) -> str:
        """A chip a theme; in a page with several explained ones, a button that chooses it."""
        explained = {view.theme.key: i for i, view in enumerate(found)}
        prediction, thresholds = explanation.prediction, explanation.thresholds
        titles = titles_of(explanation.taxonomy)
        several = len(found) > 1 and not self.look.inline
        chips = []
        for key, probability in prediction.probabilities.items():
            inside = self.chip(
                titles[key], prediction.decision[key], probability, thresholds.get(key)
            )
            if several and key in explained:
                at = explained[key]
                checked = " checked" if at == 0 else ""
                button = f'<input type="radio" name="card{number}" value="{at}"{checked}>'
                chips.append(f"<label{self.look('chip')}>{button}{inside}</label>")
            else:
                chips.append(f"<span{self.look('chip')}>{inside}</span>")
        tag = "fieldset" if several else "div"
        legend = f"<legend{self.look('hidden')}>{self.voice('themes')}</legend>" if several else ""
        return f"<{tag}{self.look('chips')}>{legend}{' '.join(chips)}</{tag}>"

    def chip(self, title: Title, decision: str, probability: float, threshold: float | None) -> str:
        """The theme's name, its decision in a word, and its probability as a bar."""
        look = self.look
        tick = ""
        if threshold is not None:
            tick = _sized(look, "tick", "left", threshold, "")
        fill = _sized(look, "fill", "width", probability, "")
        shown = self.voice.of(Probability(probability))
        return (
            f"{self.voice.of(title)}: <b>{self.voice(decision)}</b> "
            f"<span{look('meter')}>{fill}{tick}</span> {shown}"
        )

    def theme(self, view: View, place: int = 0) -> str:
        """Heading, ledger and word table of one theme."""
        voice, look = self.voice, self.look
        where = "" if look.inline or self.brief else f' data-theme="{place}"'
        head = voice("why" if view.given else "why_not", theme=view.theme)
        legend = "" if self.brief else f"<p{look('hidden')}>{voice('legend')}</p>"
        facts = "" if self.brief else f"<p{look('meta')}>{self._facts(view)}</p>"
        known = "" if view.known else f"<p{look('note')}>{voice('unknown')}</p>"
        return (
            f"<section{where}><h{self.level}{look('why')}>{head}</h{self.level}>"
            f"{facts}{legend}{known}{self._ledger(view)}"
            f"{self._listed(view) if self.brief else self._detailed(view)}</section>"
        )

    def _facts(self, view: View) -> str:
        voice = self.voice
        facts = [voice("probability", p=Probability(view.probability))]
        if view.threshold is not None:
            facts.append(voice("threshold", t=Probability(view.threshold)))
        if view.against is not None:
            facts.append(voice("against_theme", theme=view.against))
        if view.painted is not None:
            n, every = map(Number, view.painted)
            facts.append(voice("painted", n=n, all=every))
        return " · ".join([*facts, voice("point")])

    def _ledger(self, view: View) -> str:
        look, voice = self.look, self.voice
        most = max([abs(view.start), *(abs(row.points) for row in view.rows)])
        total = voice(
            # Against one other theme is less than against all, of which the probability tells.
            "sum_long" if view.against is None else "sum_against",
            z=Number(view.score, DIGITS, signed=True),
            p=Probability(view.probability),
            theme=view.against,
        )
        start = voice("start" if self.brief else "start_long")
        name = voice("ledger", theme=view.theme)
        caption = "" if self.brief else f"<caption{look('hidden')}>{name}</caption>"
        rows = [
            self._row(view.start, most, f"<td{look('start')}>{start}</td>"),
            *(self._row(row.points, most, self._passage(row)) for row in view.rows),
        ]
        return (
            f"<table{look('ledger')}>{caption}<tbody>{''.join(rows)}"
            f'<tr{look("sumrow")}><th scope="row"{look("points")}>{signed(view.score)}</th>'
            f"<td{look('side')}></td><td{look('total')}>{total}</td></tr></tbody></table>"
        )

    def _row(self, points: float, most: float, cell: str) -> str:
        look = self.look
        share = abs(points) / most if most else 0.0
        bar = _sized(look, "pro" if points > 0 else "con", "width", share, "")
        return (
            f'<tr><th scope="row"{look("points")}>{signed(points)}</th>'
            f"<td{look('side')}><span{look('bar')}>{bar}</span></td>{cell}</tr>"
        )

    def _passage(self, row: Row) -> str:
        look, voice = self.look, self.voice
        tag = f"<span{look('tag')}>{voice('clearest_passage')}</span>" if row.clearest else ""
        text = "".join(map(self._piece, row.pieces))
        if row.left_out:
            text = f"<i>{voice('text_left_out', n=Number(row.left_out))}</i>"
        if row.others:
            said = voice("other_passages", n=Number(row.others))
            return f"<td{look('start')}>{said}</td>"
        behind = ""
        if row.without is not None:
            said = voice("without_passage", p=Probability(row.without))
            behind = f"<span{look('without')}>{said}</span>"
        name = look("best" if row.clearest else "text")
        body = text if look.inline else f'<span class="said">{text}</span>'
        return f"<td{name}>{tag}{body}{behind}</td>"

    def _piece(self, piece: Piece) -> str:
        if piece.points is None:
            return esc(piece.text)
        name = f"{'f' if piece.points > 0 else 'a'}{piece.level}"
        points = signed(piece.points, WORD_DIGITS)
        return f'<mark{self.look(name)} title="{points}">{esc(piece.text)}</mark>'

    def _listed(self, view: View) -> str:
        """The words of both sides in two lines."""
        sides = {"for": 1, "against": -1}
        lines = []
        for side, sign in sides.items():
            words = [word for word in view.words if sign * round(word.points, DIGITS) > 0]
            # A space that does not break keeps a word and its points in one line.
            said = ", ".join(f"{esc(word.text)}\xa0{signed(word.points)}" for word in words)
            lines += [f"{self.voice(side)}: {said}"] if said else []
        return f"<p{self.look('meta')}>{'<br>'.join(lines)}</p>"

    def _detailed(self, view: View) -> str:
        voice = self.voice
        n, points = view.others
        rows = [
            [voice("start"), signed(view.start_of_words, WORD_DIGITS), ""],
            *(
                [esc(word.text), signed(word.points, WORD_DIGITS), str(word.count)]
                for word in view.words
            ),
            [voice("others", n=Number(n)), signed(points, WORD_DIGITS), ""],
            [voice("sum"), signed(view.score_of_words, WORD_DIGITS), ""],
        ]
        head = [voice("word"), voice("points"), voice("times")]
        drawn = table(self.look, head, rows, (1, 2))
        return f"<details><summary>{voice('words')}</summary>{drawn}</details>"


def signed(points: float, digits: int = DIGITS) -> str:
    """Points with their sign, in tables, where the decimal point is one in both languages."""
    return f"{points + 0.0:+.{digits}f}"


def _sized(look: Look, name: str, side: str, share: float, inside: str) -> str:
    """A span whose size or place is a share of that around it."""
    size = f"{side}:{min(max(share, 0), 1):.1%}"
    dressed = look(name)
    if look.inline:
        return f'<span{dressed[:-1]};{size}">{inside}</span>'
    return f'<span{dressed} style="{size}">{inside}</span>'
