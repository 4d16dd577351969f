"""What a model says of articles, for files, frames and notebooks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from chude.escape import html_text

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Prediction:
    """One article's themes.

    themes: the themes that reach their thresholds (for exclusive themes the likeliest).
    probabilities: of each theme, calibrated. decision: "yes", "no" or "review" for each theme.
    reasons: why a decision is "review". model: the version of the bundle.
    """

    id: str
    themes: tuple[str, ...]
    probabilities: Mapping[str, float]
    decision: Mapping[str, str]
    reasons: tuple[str, ...]
    model: str

    def record(self) -> dict[str, Any]:
        """The prediction as one JSON object, probabilities to 4 digits."""
        return {
            "id": self.id,
            "themes": list(self.themes),
            "probabilities": {key: round(p, 4) for key, p in self.probabilities.items()},
            "decision": dict(self.decision),
            "reasons": list(self.reasons),
            "model": self.model,
        }

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


def flat(prediction: Prediction) -> dict[str, str | float]:
    """The prediction as one row of a table, lists joined by `;`."""
    row: dict[str, str | float] = {"id": prediction.id, "themes": ";".join(prediction.themes)}
    for key, probability in prediction.probabilities.items():
        row[f"probability_{key}"] = round(probability, 4)
        row[f"decision_{key}"] = prediction.decision[key]
    return {**row, "reasons": "; ".join(prediction.reasons), "model": prediction.model}


def flat_record(record: Mapping[str, Any]) -> dict[str, str | float]:
    """`flat` of the prediction whose `record` it is."""
    return flat(Prediction(**{**record, "themes": tuple(record["themes"])}))


def records_frame(records: Iterable[Mapping[str, Any]], keys: Sequence[str]) -> "pl.DataFrame":
    """The `Predictions.frame` of records; without any it has the same columns.

    keys: of the model's themes.
    """
    import polars as pl

    blank = Prediction("", (), dict.fromkeys(keys, 0.0), dict.fromkeys(keys, ""), (), "")
    schema = pl.DataFrame([flat(blank)]).schema
    return pl.DataFrame([flat_record(record) for record in records], schema=schema)


_SHADE = {"yes": "#1a7f37", "review": "#b7791f", "no": "#8c959f"}


def _html_row(item: Prediction) -> str:
    cells = "".join(
        f"<td style='background:linear-gradient(90deg,{_SHADE[item.decision[key]]}55 {p:.0%},"
        f"transparent {p:.0%});text-align:right;min-width:6em'>"
        f"{'<b>' if key in item.themes else ''}{p:.2f}{'</b>' if key in item.themes else ''}</td>"
        for key, p in item.probabilities.items()
    )
    reasons = html_text("; ".join(item.reasons))
    return (
        f"<tr><td style='text-align:left'>{html_text(item.id)}</td>{cells}"
        f"<td style='text-align:left'>{reasons}</td></tr>"
    )
