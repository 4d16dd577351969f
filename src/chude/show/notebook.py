"""A report in a notebook, part by part; each draws itself and gives its numbers as a frame."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chude.corpus.article import Article
from chude.model.model import Model
from chude.show import more_sections as more
from chude.show.html import NOTEBOOK
from chude.show.language import language
from chude.show.report_facts import report_facts
from chude.show.sections import Sections
from chude.show.texts import Voice

if TYPE_CHECKING:
    import polars as pl

_MOST = 10  # errors drawn in a cell, unless more are asked for


@dataclass(frozen=True, eq=False)
class ReportPart:
    """A part of a report: HTML dressed inline, without a script, and a polars frame."""

    name: str
    draw: Callable[[], str]
    rows: Callable[[], Iterable[Mapping[str, Any]]]

    def __repr__(self) -> str:
        return f"<{self.name} of a report: .frame() has its numbers>"

    def _repr_html_(self) -> str:
        return f'<div style="font:15px/1.5 system-ui,sans-serif">{self.draw()}</div>'

    def frame(self) -> "pl.DataFrame":
        """The numbers; empty where the model has none."""
        import polars as pl

        return pl.DataFrame(list(self.rows()), infer_schema_length=None)


class Report:
    """What `chude report` writes, part by part.

    facts: all of it as one dictionary.
    """

    def __init__(self, model: Model, lang: str | None, corpus: Iterable[Article] | None) -> None:
        self.facts = report_facts(model, "full", corpus)
        self._sections = Sections(self.facts, Voice(language(lang)), NOTEBOOK)

    def __repr__(self) -> str:
        parts = "quality, thresholds, calibration, errors, words, data"
        return f"<Report of model {self.facts['version']}: {parts}>"

    def _repr_html_(self) -> str:
        return self.quality()._repr_html_()

    def quality(self) -> ReportPart:
        """What the model is good for, and theme by theme; out of fold."""
        sections = self._sections
        return ReportPart("quality", lambda: sections.lead() + sections.by_theme(), self._quality)

    def thresholds(self) -> ReportPart:
        """What other thresholds would do; the frame has a row for each hundredth."""
        sections = self._sections
        return ReportPart(
            "thresholds", lambda: sections.curves() + sections.thresholds(), self._thresholds
        )

    def calibration(self) -> ReportPart:
        """Whether probabilities say what happens."""
        return ReportPart("calibration", self._sections.calibration, self._calibration)

    def errors(self, theme: str | None = None, most: int = _MOST) -> ReportPart:
        """Wrong decisions, the surest first, each explained by the model that erred.

        theme: only its own. most: drawn; the frame has all that are recorded. Raises KeyError for
        an unknown theme.
        """
        if theme is not None and theme not in self.facts["themes"]:
            raise KeyError(theme)
        sections = self._sections

        def draw() -> str:
            count = "" if theme else sections.counts_of_errors(linked=False)
            return count + more.errors(sections, theme, most)

        return ReportPart("errors", draw, lambda: self._errors(theme))

    def words(self) -> ReportPart:
        """The strongest words for and against each theme, of both models."""
        return ReportPart("words", lambda: more.words(self._sections), self._words)

    def data(self) -> ReportPart:
        """What the model was trained on, and how."""
        sections = self._sections
        return ReportPart("data", lambda: more.data(sections) + more.facts(sections), self._data)

    def _quality(self) -> Iterable[Mapping[str, Any]]:
        for key, theme in self.facts["metrics"]["themes"].items():
            yield {"theme": key, **theme}

    def _thresholds(self) -> Iterable[Mapping[str, Any]]:
        for key, counts in (self.facts["thresholds"] or {}).items():
            for i in range(101):
                names = ("yes", "hits", "review")
                found = {name: counts[name][i] for name in names}
                yield {"theme": key, "threshold": i / 100, **found, "known": counts["known"]}

    def _calibration(self) -> Iterable[Mapping[str, Any]]:
        for key, bins in (self.facts["calibration"] or {}).items():
            for one in bins:
                yield {"theme": key, **one}

    def _errors(self, theme: str | None) -> Iterable[Mapping[str, Any]]:
        names = ("article", "title", "date", "theme", "fold", "label", "chosen", "probability")
        for error in self.facts["errors"] or ():
            if theme in (None, error["theme"]):
                yield {name: error[name] for name in names}

    def _words(self) -> Iterable[Mapping[str, Any]]:
        for key, theme in self.facts["themes"].items():
            for side, found in theme["words"].items():
                for word in found:
                    yield {"theme": key, "side": side, **word}

    def _data(self) -> Iterable[Mapping[str, Any]]:
        for one in self.facts["combinations"] or ():
            yield {"themes": ";".join(one["themes"]), "articles": one["articles"]}
