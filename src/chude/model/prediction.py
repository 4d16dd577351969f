"""What a model says of articles, for files, frames and notebooks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, overload

from chude.escape import html_text

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Prediction:
    """One article's themes.

    themes: the themes that reach their thresholds (for exclusive themes the likeliest); none where
    the article is `strange`: its words are not those of a text that the model can read.
    probabilities: of each theme, calibrated. decision: "yes", "no" or "review" for each theme.
    reasons: why a decision is "review". model: the version of the bundle.
    title: where it was asked for. evidence: where it was asked for, by theme the words that speak
    most for it, `{"text", "points", "start", "end"}`, offsets of the first in `Article.text`.
    """

    id: str
    themes: tuple[str, ...]
    probabilities: Mapping[str, float]
    decision: Mapping[str, str]
    reasons: tuple[str, ...]
    model: str
    title: str | None = None
    evidence: Mapping[str, Sequence[Mapping[str, Any]]] | None = None
    strange: bool = field(default=False, repr=False, compare=False)  # as a reason tells people

    def __reduce__(self) -> tuple[Any, ...]:
        """As another process gets it, in a fraction of the time that dataclasses take."""
        return Prediction, (
            self.id, self.themes, self.probabilities, self.decision, self.reasons, self.model,
            self.title, self.evidence, self.strange,
        )  # fmt: skip

    def record(self) -> dict[str, Any]:
        """The prediction as one JSON object, probabilities to 4 digits."""
        record = {
            "id": self.id,
            **({} if self.title is None else {"title": self.title}),
            "themes": list(self.themes),
            "probabilities": {key: round(p, 4) for key, p in self.probabilities.items()},
            "decision": dict(self.decision),
            "reasons": list(self.reasons),
            "model": self.model,
        }
        if self.evidence is not None:
            record["evidence"] = {key: list(words) for key, words in self.evidence.items()}
        return record

    def _repr_html_(self) -> str:
        return Predictions([self])._repr_html_()


class Predictions(Sequence[Prediction]):
    """Predictions in the order of the articles, with a polars frame and an HTML table."""

    def __init__(self, items: Sequence[Prediction]) -> None:
        self._items = list(items)

    @overload
    def __getitem__(self, index: int) -> Prediction: ...
    @overload
    def __getitem__(self, index: slice) -> "Predictions": ...
    def __getitem__(self, index: int | slice) -> "Prediction | Predictions":
        if isinstance(index, slice):
            return Predictions(self._items[index])
        return self._items[index]

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"<Predictions of {len(self)} articles>"

    def frame(self) -> "pl.DataFrame":
        """A polars frame: id, themes, then probability and decision of each theme, reasons."""
        import polars as pl

        return pl.DataFrame([flat(item) for item in self._items])

    def _repr_html_(self) -> str:
        keys = list(self._items[0].probabilities) if self._items else []
        head = "".join(f"<th>{html_text(key)}</th>" for key in keys)
        rows = "".join(_html_row(item) for item in self._items)
        return (
            "<table><thead><tr><th style='text-align:left'>article</th>"
            f"{head}<th style='text-align:left'>for review</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )


@dataclass(frozen=True, slots=True)
class Extras:
    """What predictions tell beside the decisions.

    evidence: words for each theme, see `Prediction.evidence`; 0 for none. titles: the article's.
    """

    evidence: int = 0
    titles: bool = False


NO_EXTRAS = Extras()


def flat(prediction: Prediction) -> dict[str, str | float]:
    """The prediction as one row of a table, lists joined by `;`."""
    row: dict[str, str | float] = {"id": prediction.id}
    if prediction.title is not None:
        row["title"] = prediction.title
    row["themes"] = ";".join(prediction.themes)
    for key, probability in prediction.probabilities.items():
        row[f"probability_{key}"] = round(probability, 4)
        row[f"decision_{key}"] = prediction.decision[key]
    row |= {"reasons": "; ".join(prediction.reasons), "model": prediction.model}
    if prediction.evidence is not None:
        for key in prediction.probabilities:
            words = prediction.evidence.get(key, ())
            row[f"evidence_{key}"] = "; ".join(f"{w['text']} {w['points']:+.2f}" for w in words)
    return row


def flat_record(record: Mapping[str, Any]) -> dict[str, str | float]:
    """`flat` of the prediction whose `record` it is."""
    return flat(Prediction(**{**record, "themes": tuple(record["themes"])}))


def records_frame(
    records: Iterable[Mapping[str, Any]],
    keys: Sequence[str],
    extras: Extras = NO_EXTRAS,
) -> "pl.DataFrame":
    """The `Predictions.frame` of records; without any it has the same columns.

    keys: of the model's themes. extras: what the records tell beside the decisions.
    """
    import polars as pl

    shape = dict.fromkeys(keys, 0.0), dict.fromkeys(keys, "")
    blank = Prediction(
        "", (), *shape, (), "", "" if extras.titles else None, {} if extras.evidence else None
    )
    schema = pl.DataFrame([flat(blank)]).schema
    return pl.DataFrame([flat_record(record) for record in records], schema=schema)


def format_probability(probability: float) -> str:
    """Two decimals; what would print as certain is `>0.99` or `<0.01`, for no model is certain."""
    shown = f"{probability:.2f}"
    return {"1.00": ">0.99", "0.00": "<0.01"}.get(shown, shown)


_SHADE = {"yes": "#1a7f37", "review": "#b7791f", "no": "#8c959f"}


def _html_row(item: Prediction) -> str:
    cells = "".join(
        f"<td style='background:linear-gradient(90deg,{_SHADE[item.decision[key]]}55 {p:.0%},"
        f"transparent {p:.0%});text-align:right;min-width:6em'>"
        f"{'<b>' if key in item.themes else ''}{html_text(format_probability(p))}"
        f"{'</b>' if key in item.themes else ''}</td>"
        for key, p in item.probabilities.items()
    )
    reasons = html_text("; ".join(item.reasons))
    return (
        f"<tr><td style='text-align:left'>{html_text(item.id)}</td>{cells}"
        f"<td style='text-align:left'>{reasons}</td></tr>"
    )
