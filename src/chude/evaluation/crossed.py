"""What cross-validation said of the training articles, read back and counted."""

import csv
import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import polars as pl

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

GRID = np.arange(101) / 100  # thresholds
_EDGES = np.array([0, 0.05, 0.25, 0.5, 0.75, 0.95, 1])  # of probabilities, for the calibration
_CURVE = 120  # points of a curve
_SURE = 1.959964  # 95 % of a normal distribution lie within so many standard deviations


@dataclass(frozen=True, slots=True)
class CrossedTable:
    """out_of_fold.csv: what models that had not seen an article said of it.

    labels, known, chosen, probabilities: (n_articles, n_themes); labels that are not known are
    False. ids: of the articles.
    """

    keys: tuple[str, ...]
    labels: Bools
    known: Bools
    chosen: Bools
    probabilities: Floats
    ids: tuple[str, ...] = ()

    @property
    def wrong(self) -> Bools:
        """Where the decision is not the label."""
        return self.known & (self.labels != self.chosen)

    @property
    def whole(self) -> Bools:
        """Articles (n_articles,) of which every label is known."""
        return np.asarray(self.known.all(axis=1))

    @property
    def settled(self) -> "CrossedTable":
        """Those articles alone: the ones that figures are of."""
        rows = self.whole
        return replace(
            self,
            labels=self.labels[rows],
            known=self.known[rows],
            chosen=self.chosen[rows],
            probabilities=self.probabilities[rows],
            ids=tuple(itertools.compress(self.ids, rows)),
        )


def read_crossed(content: bytes, keys: Sequence[str]) -> CrossedTable:
    """The table of a bundle. Raises ValueError where it is not that of these themes."""
    return read_marked(content, keys, ("",))[0]


def read_marked(content: bytes, keys: Sequence[str], marks: Sequence[str]) -> list[CrossedTable]:
    """The table of a bundle once for each mark, with the articles that have it.

    marks: `judged`, those that thresholds are chosen by; `has_text`, those that came as texts. One
    that the table does not have leaves it whole. Raises ValueError as `read_crossed` does.
    """
    import polars as pl

    try:
        frame = _read_table(content)
        whole = _crossed(frame, keys)
        return [
            _crossed(frame.filter(pl.col(mark).cast(pl.Boolean)), keys)
            if mark in frame.columns
            else whole
            for mark in marks
        ]
    except (pl.exceptions.PolarsError, UnicodeDecodeError, TypeError) as error:
        raise ValueError(f"not the table of these themes ({error})") from None


def _crossed(frame: "pl.DataFrame", keys: Sequence[str]) -> CrossedTable:
    import polars as pl

    columns = {
        name: np.stack([frame[f"{name}_{key}"].to_numpy() for key in keys], axis=1)
        for name in ("chosen", "probability")
    }
    found = [frame[f"label_{key}"].cast(pl.Boolean) for key in keys]
    probabilities = columns["probability"].astype(np.float64)
    known = np.stack([one.is_not_null().to_numpy() for one in found], axis=1)
    labels = np.stack([one.fill_null(False).to_numpy() for one in found], axis=1)
    known &= ~np.isnan(probabilities)
    chosen, ids = columns["chosen"].astype(bool), tuple(frame["article"].to_list())
    return CrossedTable(tuple(keys), labels & known, known, chosen, probabilities, ids)


def _read_table(content: bytes) -> "pl.DataFrame":
    import polars as pl

    # polars takes the quotes around a name off, but not those that are doubled inside.
    head, _, rows = content.partition(b"\n")
    names = next(csv.reader([head.decode()]), [])
    if not rows:
        return pl.DataFrame(schema=names)
    return pl.read_csv(
        rows,
        has_header=False,
        new_columns=names,
        schema_overrides={"article": pl.String},
        infer_schema_length=None,
    )


def mistakes(table: CrossedTable) -> dict[str, dict[str, int]]:
    """By theme how often it was missed, and wrongly given."""
    missed = (table.wrong & table.labels).sum(axis=0).tolist()
    given = (table.wrong & ~table.labels).sum(axis=0).tolist()
    pairs = zip(table.keys, missed, given, strict=True)
    return {key: {"missed": a, "wrongly_given": b} for key, a, b in pairs}


def doubtful_share(table: CrossedTable, review_error: float) -> float | None:
    """Share of the articles of which at least one decision goes to a person; None without any."""
    p = table.probabilities
    wrong = np.where(table.chosen, 1 - p, p)
    doubtful = np.asarray((wrong > review_error).any(axis=1))
    return float(doubtful[table.whole].mean()) if table.whole.any() else None


def threshold_counts(
    table: CrossedTable, review_error: float, exclusive: bool
) -> dict[str, dict[str, Any]]:
    """By theme what each hundredth as a threshold would do, in numbers of articles.

    known, positives: articles judged, and those that carry the theme. At each threshold of `GRID`:
    yes, those given the theme; hits, rightly; review, those for a person. Exclusive themes have no
    thresholds: one entry under the empty key tells of the likeliest theme, yes being the articles
    whose probability reaches it, and review all others.
    """
    if exclusive:
        judged: Floats = table.probabilities[table.whole]
        rows = np.arange(len(judged))
        best = judged.argmax(axis=1) if len(judged) else np.zeros(0, dtype=int)
        right = table.labels[table.whole][rows, best]
        counts = _counts(judged[rows, best], right, 1.0)
        n = len(judged)
        return {"": {**counts, "positives": n, "review": [n - yes for yes in counts["yes"]]}}
    return {
        key: _counts(table.probabilities[known, k], table.labels[known, k], review_error)
        for k, (key, known) in enumerate(zip(table.keys, table.known.T, strict=True))
    }


def _counts(probabilities: Floats, labels: Bools, review_error: float) -> dict[str, Any]:
    def at_least(values: Floats, limits: Floats) -> NDArray[np.int64]:
        return len(values) - np.searchsorted(np.sort(values), limits - 1e-9)

    yes = at_least(probabilities, GRID)
    sure = at_least(probabilities, np.maximum(GRID, 1 - review_error))
    maybe = at_least(probabilities, np.full(len(GRID), review_error + 2e-9))
    below = np.maximum(maybe - yes, 0)  # given to nobody, and yet not unlikely
    return {
        "known": len(labels),
        "positives": int(labels.sum()),
        "yes": yes.tolist(),
        "hits": at_least(probabilities[labels], GRID).tolist(),
        "review": (yes - sure + below).tolist(),
    }


def calibration(table: CrossedTable) -> dict[str, list[dict[str, Any]]]:
    """By theme, for each range of probabilities that has articles: how many carry the theme.

    probability: their mean. share_interval: Wilson's (1927), 95 %.
    """
    return {
        key: _bins(table.probabilities[known, k], table.labels[known, k])
        for k, (key, known) in enumerate(zip(table.keys, table.known.T, strict=True))
    }


def _bins(probabilities: Floats, labels: Bools) -> list[dict[str, Any]]:
    place = np.clip(np.digitize(probabilities, _EDGES) - 1, 0, len(_EDGES) - 2)
    found = []
    for i in np.unique(place).tolist():
        inside = place == i
        n, hits = int(inside.sum()), int(labels[inside].sum())
        found.append(
            {
                "low": float(_EDGES[i]),
                "high": float(_EDGES[i + 1]),
                "articles": n,
                "probability": float(probabilities[inside].mean()),
                "share": hits / n,
                "share_interval": list(wilson(hits, n)),
            }
        )
    return found


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share of n (Wilson 1927); n: at least 1."""
    share, z2 = hits / n, _SURE**2
    centre = (share + z2 / 2 / n) / (1 + z2 / n)
    half = _SURE / (1 + z2 / n) * np.sqrt(share * (1 - share) / n + z2 / 4 / n**2)
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def curves(table: CrossedTable) -> dict[str, dict[str, Any]]:
    """By theme recall and precision at falling thresholds, and where the decisions are.

    At most 120 points of a curve; a theme without an article has none.
    """
    return {
        key: _curve(table.probabilities[known, k], table.labels[known, k], table.chosen[known, k])
        for k, (key, known) in enumerate(zip(table.keys, table.known.T, strict=True))
    }


def _curve(probabilities: Floats, labels: Bools, chosen: Bools) -> dict[str, Any]:
    positives, yes = int(labels.sum()), int(chosen.sum())
    if not positives:
        return {"recall": [], "precision": [], "used": None}
    order = np.argsort(-probabilities, kind="stable")
    hits = np.cumsum(labels[order])
    last = np.flatnonzero(np.append(np.diff(probabilities[order]) != 0, True))
    last = last[: int(np.searchsorted(hits[last], positives)) + 1]  # further ones find no more
    some = last[np.unique(np.linspace(0, len(last) - 1, _CURVE).round().astype(int))]
    right = int((chosen & labels).sum())
    return {
        "recall": (hits[some] / positives).round(4).tolist(),
        "precision": (hits[some] / (some + 1)).round(4).tolist(),
        "used": [right / positives, right / yes] if yes else None,
    }


def combinations(table: CrossedTable, most: int = 12) -> list[dict[str, Any]]:
    """Which themes articles carry together, the commonest first, and in how many articles."""
    rows = table.labels[table.whole].tolist()
    found = Counter(
        tuple(key for key, has in zip(table.keys, row, strict=True) if has) for row in rows
    )
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:most]
    return [{"themes": list(themes), "articles": n} for themes, n in ordered]
