"""The sections of a report, each HTML from the facts; a page and a notebook hold the same."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chude.show.charts import axis_low, bar, calibration_chart, curve_chart, whisker
from chude.show.html import Look, esc, table
from chude.show.texts import Number, Probability, Title, Voice

_SHOWN = ("precision", "recall")
_FEW = 200  # articles; with fewer the figures are said to be uncertain
_ROWS = range(0, 101, 10)  # of the thresholds, shown without a script


@dataclass(frozen=True, slots=True)
class Sections:
    """Draws the facts of `report_facts`."""

    facts: Mapping[str, Any]
    voice: Voice
    look: Look

    @property
    def titles(self) -> dict[str, Title]:
        """The names of the themes."""
        return {
            key: Title(key, theme["title_vi"], theme["title_en"])
            for key, theme in self.facts["themes"].items()
        }

    def name(self, key: str) -> str:
        """A theme's name as HTML; the empty key means all of them."""
        return self.voice.of(self.titles[key]) if key else self.voice("all_themes")

    def lead(self) -> str:
        """One sentence of what the model is good for, and on whose articles that was seen."""
        metrics, voice, look = self.facts["metrics"], self.voice, self.look
        n = metrics["articles"]
        doubt = self.facts["doubtful"]
        first = ""
        if doubt is not None and metrics.get("exact_match") is not None:
            key = "in_hundred_one" if self.facts["exclusive"] else "in_hundred"
            right = Number(100 * metrics["exact_match"])
            first = f"<p{look('lead')}>{voice(key, right=right, doubt=Number(100 * doubt))}</p>"
        few = f"<p{look('note')}><b>{voice('few', n=n)}</b></p>" if n < _FEW else ""
        return f"{first}<p{look('note')}>{voice('whose', n=Number(n))}</p>{few}"

    def by_theme(self) -> str:
        """A row a theme: how many articles, precision and recall with whiskers, F1, threshold."""
        figures = [self._figures(self.facts["metrics"], True)]
        by_source = self.facts["metrics_by_source"] or {}
        if len(by_source) > 1:
            figures.append(f"<details open><summary>{self.voice('by_source')}</summary>")
            for source, metrics in by_source.items():
                key = "written" if source == "written" else "counted"
                name = self.voice(key, name=source, n=Number(metrics["articles"]))
                shown = (
                    f"<p{self.look('axis')}>{self.voice('as_above')}</p>"
                    if metrics == self.facts["metrics"]
                    else self._figures(metrics, False)
                )
                figures.append(f"<p{self.look('caption')}>{name}</p>{shown}")
            figures.append("</details>")
        return "".join(figures)

    def _figures(self, metrics: Mapping[str, Any], thresholds: bool) -> str:
        voice, exclusive = self.voice, self.facts["exclusive"]
        themes = metrics["themes"]
        low = axis_low(
            [
                value
                for theme in themes.values()
                for name in _SHOWN
                for value in (theme.get(name), *theme.get(f"{name}_interval", ()))
                if value is not None
            ]
        )
        rows = []
        for key, theme in themes.items():
            row = [self.name(key), str(theme["support"])]
            row += [self._whisker(theme, name, low) for name in _SHOWN]
            row.append("–" if theme.get("f1") is None else f"{theme['f1']:.2f}")
            if thresholds and not exclusive:
                row.append(f"{self.facts['themes'][key]['threshold']:.2f}")
            rows.append(row)
        head = [voice("theme"), voice("articles"), *map(voice, _SHOWN), "F1"]
        head += [voice("yes_from")] if thresholds and not exclusive else []
        axis = voice("axis", low=Number(low, 1))
        drawn = table(self.look, head, rows, (1, 4, 5), voice.plain("by_theme"))
        return f"{drawn}<p{self.look('axis')}>{axis}</p>"

    def _whisker(self, theme: Mapping[str, Any], name: str, low: float) -> str:
        value, interval = theme.get(name), theme.get(f"{name}_interval")
        if value is None:
            return "–"
        title = f"{self.voice.plain(name)} {value:.3f}"
        if interval:
            title += f" [{interval[0]:.3f}, {interval[1]:.3f}]"
        return f"{whisker(value, interval, low, title)} {value:.2f}"

    def counts_of_errors(self, linked: bool) -> str:
        """How many errors each theme has of both kinds; linked: to the errors themselves."""
        mistakes, voice = self.facts["mistakes"], self.voice
        if mistakes is None:
            return self._missing()
        kinds = ("missed", "wrongly_given")
        shown = {
            (error["theme"], "missed" if error["label"] else "wrongly_given")
            for error in self.facts["errors"] or ()
        }

        def cell(i: int, key: str, kind: str) -> str:
            n = mistakes[key][kind]
            if not linked or (key, kind) not in shown:
                return str(n)
            label = f"{self.titles[key].text(voice.lang)}, {voice.plain(kind)}: {n}"
            return (
                f'<a href="#errors" data-of="{i}" data-kind="{kind}" aria-label="{esc(label)}">'
                f"{n}</a>"
            )

        rows = [
            [self.name(key), *(cell(i, key, kind) for kind in kinds)]
            for i, key in enumerate(mistakes)
        ]
        head = [voice("theme"), *map(voice, kinds)]
        drawn = table(self.look, head, rows, (1, 2), voice.plain("kind"))
        return drawn + "".join(f"<p{self.look('axis')}>{note}</p>" for note in self._where())

    def _where(self) -> Iterator[str]:
        """Of which articles the errors are that can be read, where that is not all of them."""
        if caveat := self.unreadable():
            yield caveat
        if not self.facts["texts"]:
            return
        found, readable = self.n_errors(), self.n_readable()
        if found is not None and readable is not None and readable < found:
            yield self.voice("errors_shown", shown=Number(readable), n=Number(found))

    def unreadable(self) -> str:
        """That errors on counts cannot be read, as HTML; empty where all articles were texts."""
        n, n_all = self.facts["texts"], self.facts["training_data"]["articles"]
        if n is None or n == n_all:
            return ""
        return self.voice("errors_where", n=Number(n)) if n else self.voice("errors_of_counts")

    def n_errors(self) -> int | None:
        """How many decisions were wrong, on articles that came as texts where there are some."""
        found = self.facts["mistakes"]
        return None if found is None else sum(sum(kinds.values()) for kinds in found.values())

    def n_readable(self) -> int | None:
        """How many of them are explained; where none was recorded, how many there are."""
        found = self.facts["errors"]
        if found is None and self.facts["texts"] != 0:
            return self.n_errors()
        return len(found or ())

    def thresholds(self) -> str:
        """What other thresholds would do; in a page also a slider a theme."""
        counted, voice, look = self.facts["thresholds"], self.voice, self.look
        if counted is None:
            return self._missing()
        note = voice("exclusive_note" if self.facts["exclusive"] else "threshold_note")
        parts = [f"<p{look('note')}>{note}</p>"]
        for key, counts in counted.items():
            slider = "" if look.inline else self._slider(key, counts)
            parts.append(
                f"<h3{look('why')}>{self.name(key)}</h3>{slider}<details open class='later'>"
                f"<summary>{voice('table')}</summary>"
                f"{self._threshold_table(key, counts)}</details>"
                if slider
                else f"<h3{look('why')}>{self.name(key)}</h3>{self._threshold_table(key, counts)}"
            )
        return "".join(parts)

    def _threshold_heads(self, key: str) -> list[str]:
        names = ("threshold_of", "given", "precision", "recall", "for_people")
        if not key:
            names = ("threshold_of", "decided", "accuracy", "decided_share", "for_people")
        return [self.voice(name) for name in names]

    def _slider(self, key: str, counts: Mapping[str, Any]) -> str:
        now = round(100 * (self.facts["themes"][key]["threshold"] if key else 0.5))
        data = ",".join(
            f'"{name}":{str(value).replace(" ", "")}'
            for name, value in _counts(key, counts).items()
        )
        label = {
            lang: f"{Voice(lang).plain('threshold_of')}, "
            f"{esc(self.titles[key].text(lang)) if key else Voice(lang).plain('all_themes')}"
            for lang in ("vi", "en")
        }
        shown = " · ".join(f"{head}: <b></b>" for head in self._threshold_heads(key))
        return (
            f'<div class="slider"><input type="range" min="0" max="100" value="{now}" '
            f'aria-label="{label[self.voice.lang]}" data-label-vi="{label["vi"]}" '
            f"data-label-en=\"{label['en']}\" data-counts='{{{data}}}'><p>{shown}</p></div>"
        )

    def _threshold_table(self, key: str, counts: Mapping[str, Any]) -> str:
        used = self.facts["themes"][key]["threshold"] if key else None
        places = sorted({*_ROWS, *([round(100 * used)] if used is not None else [])})
        shown = _counts(key, counts)
        rows = []
        for i in places:
            yes, hits, review = (shown[name][i] for name in ("yes", "hits", "review"))
            here = used is not None and i == round(100 * used)
            mark = f" <b>({self.voice('used')})</b>" if here else ""
            rows.append(
                [
                    f"{i / 100:.2f}{mark}",
                    str(yes),
                    _percent(hits, yes),
                    _percent(shown["found"][i], shown["positives"]),
                    _percent(review, shown["known"]),
                ]
            )
        title = self.titles[key].text(self.voice.lang) if key else ""
        caption = f"{self.voice.plain('threshold_of')} {esc(title)}"
        return table(self.look, self._threshold_heads(key), rows, (1, 2, 3, 4), caption)

    def calibration(self) -> str:
        """A chart a theme: probabilities against shares."""
        found, voice, look = self.facts["calibration"], self.voice, self.look
        if found is None:
            return self._missing()
        charts = []
        for key, bins in found.items():
            title = esc(self.titles[key].text(voice.lang))
            text = "; ".join(
                voice.plain(
                    "calibration_text",
                    p=Probability(one["probability"]),
                    share=Number(one["share"], 0, percent=True),
                    n=one["articles"],
                )
                for one in bins
            )
            charts.append(self._figure(key, calibration_chart(bins, title, text)))
        note = f"<p{look('note')}>{voice('calibration_note')}</p>"
        return f"{note}<div{look('charts')}>{''.join(charts)}</div>"

    def curves(self) -> str:
        """A chart a theme: precision against recall."""
        found, voice, look = self.facts["curves"], self.voice, self.look
        if found is None:
            return self._missing()
        charts = []
        for key, curve in found.items():
            if not curve["recall"]:
                continue
            used = curve["used"]
            text = ", ".join(
                f"{voice.plain(name)} {value:.2f}"
                for name, value in zip(("recall", "precision"), used or (), strict=False)
            )
            title = esc(self.titles[key].text(voice.lang))
            charts.append(self._figure(key, curve_chart(curve, title, text or title)))
        said = voice("curves_note_one" if self.facts["exclusive"] else "curves_note")
        note = f"<p{look('note')}>{said}</p>"
        return f"{note}<div{look('charts')}>{''.join(charts)}</div>"

    def _figure(self, key: str, chart: str) -> str:
        caption = f"<figcaption{self.look('caption')}>{self.name(key)}</figcaption>"
        return f"<figure{self.look('figure')}>{caption}{chart}</figure>"

    def _missing(self) -> str:
        return f"<p{self.look('note')}>{self.voice('not_there')}</p>"


def _counts(key: str, counts: Mapping[str, Any]) -> dict[str, Any]:
    """The counts; what is found of exclusive themes is what is decided without a person."""
    return {**counts, "found": counts["hits" if key else "yes"]}


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def bars(look: Look, head: Sequence[str], rows: Sequence[tuple[str, int]], caption: str) -> str:
    """A table with a bar a row; the names are HTML."""
    most = max((n for _, n in rows), default=1) or 1
    cells = [
        [name, f"<span{look('counted')}>{bar(n / most, str(n))} {n}</span>"] for name, n in rows
    ]
    return table(look, head, cells, (), caption)
