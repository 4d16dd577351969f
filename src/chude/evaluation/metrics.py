"""How good predictions are, each main figure with a 95 % bootstrap interval over articles.

The intervals are percentile intervals (Efron and Tibshirani 1993, chapter 13). Figures that are
counts need no loop over resamples: drawing articles with replacement is drawing how often each
combination of (labelled, predicted) comes, which is one multinomial draw.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

_RESAMPLES = 1000
_CHUNK = 1 << 22  # numbers held at once while resampling a ranking


def evaluate_predictions(
    truth: Bools,
    predicted: Bools,
    probabilities: Floats,
    themes: Sequence[str],
    *,
    exclusive: bool = False,
    seed: int = 0,
) -> dict[str, Any]:
    """All figures of one evaluation as a plain dictionary, ready for JSON.

    truth, predicted, probabilities: (n_articles, n_themes). An interval stands beside its figure
    under the name `<figure>_interval`. A figure that is undefined (average precision of a theme
    without an article; precision, recall and F1 of one that is neither there nor given) is None.
    Macro-F1 is the mean over the themes that have an F1: one that is given and nowhere there has 0.
    """
    rng = np.random.default_rng(seed)
    occurs = np.asarray((truth | predicted).any(axis=0))
    point = _count_figures(truth, predicted, np.ones((1, len(truth))), occurs)
    spread = _count_figures(*_resample_counts(truth, predicted, rng), occurs)
    overall: dict[str, Any] = {"articles": len(truth)}
    per_theme: dict[str, dict[str, Any]] = {key: {} for key in themes}
    for k, key in enumerate(themes):
        per_theme[key]["support"] = int(truth[:, k].sum())
        for name in ("precision", "recall", "f1"):
            _put(per_theme[key], name, point[name][0, k], spread[name][:, k])
    ranking = average_precision(truth, probabilities, np.ones((1, len(truth))))[0]
    # Many classes of many articles: the ranking's intervals would take longer than all the rest.
    resampled = None if exclusive else _resample_ranking(truth, probabilities, rng)
    for k, key in enumerate(themes):
        spread_k = None if resampled is None else resampled[:, k]
        _put(per_theme[key], "average_precision", ranking[k], spread_k)
        per_theme[key]["brier"] = float(np.mean((probabilities[:, k] - truth[:, k]) ** 2))
    _put(overall, "macro_f1", point["macro_f1"][0], spread["macro_f1"])
    _put(overall, "micro_f1", point["micro_f1"][0], spread["micro_f1"])
    _put(overall, "exact_match", point["exact_match"][0], spread["exact_match"])
    if exclusive:
        _put(overall, "accuracy", point["exact_match"][0], spread["exact_match"])
    else:
        spread_mean = None if resampled is None else resampled.mean(axis=1)
        _put(overall, "macro_average_precision", ranking.mean(), spread_mean)
    return {**overall, "themes": per_theme}


def average_precision(truth: Bools, scores: Floats, weights: Floats) -> Floats:
    """Average precision of each theme under each weighting of the articles.

    AP = sum over thresholds of (R_i - R_{i-1}) P_i, tied scores being one threshold (Manning,
    Raghavan and Schütze 2008, chapter 8, as scikit-learn computes it).

    truth, scores: (n_articles, n_themes); weights: (n_weightings, n_articles).
    Returns (n_weightings, n_themes), NaN where a theme has no weight.
    """
    result = np.full((len(weights), truth.shape[1]), np.nan)
    for k in range(truth.shape[1]):
        order = np.argsort(-scores[:, k], kind="stable")
        ranked = scores[order, k]
        last = np.flatnonzero(np.append(np.diff(ranked) != 0, True))
        hits = np.flatnonzero(truth[order, k])
        if not len(hits):
            continue
        # Recall rises only where there are hits, which are few: nothing else adds to the sum.
        rises, of_rise = np.unique(np.searchsorted(last, hits), return_index=True)
        ends = last[rises] + 1
        taken = weights.take(order[: ends[-1]], axis=1)
        positive = np.cumsum(np.add.reduceat(taken[:, hits], of_rise, axis=1), axis=1)
        total = np.cumsum(np.add.reduceat(taken, np.append(0, ends[:-1]), axis=1), axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            precision = np.where(total > 0, positive / total, 0.0)
            recall = positive / positive[:, -1:]
            result[:, k] = (np.diff(recall, axis=1, prepend=0.0) * precision).sum(axis=1)
    return result


def _count_figures(
    truth: Bools, predicted: Bools, weights: Floats, occurs: Bools
) -> Mapping[str, Floats]:
    """Figures under each weighting; occurs: (n_themes,), whether a theme has any at all.

    A theme that a resample happens to lack counts as 0 there, so that all are of the same themes.
    """
    hits = weights @ (truth & predicted)
    chosen, support = weights @ predicted.astype(float), weights @ truth.astype(float)
    f1 = _ratio(2 * hits, chosen + support)
    micro_f1 = _ratio(2 * hits.sum(axis=1), (chosen + support).sum(axis=1))
    none = np.full(len(weights), np.nan)
    return {
        "precision": np.where(occurs, _ratio(hits, chosen), np.nan),
        "recall": np.where(occurs, _ratio(hits, support), np.nan),
        "f1": np.where(occurs, f1, np.nan),
        "macro_f1": f1[:, occurs].mean(axis=1) if occurs.any() else none,
        "micro_f1": micro_f1 if occurs.any() else none,
        "exact_match": _ratio(weights @ (truth == predicted).all(axis=1), weights.sum(axis=1)),
    }


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.zeros_like(below), where=below > 0)


def _resample_counts(
    truth: Bools, predicted: Bools, rng: np.random.Generator
) -> tuple[Bools, Bools, Floats]:
    cells, counts = np.unique(np.hstack([truth, predicted]), axis=0, return_counts=True)
    draws = rng.multinomial(len(truth), counts / len(truth), size=_RESAMPLES)
    return cells[:, : truth.shape[1]], cells[:, truth.shape[1] :], draws.astype(np.float64)


def _resample_ranking(truth: Bools, probabilities: Floats, rng: np.random.Generator) -> Floats:
    n = len(truth)
    step = max(1, _CHUNK // n)
    parts = []
    for start in range(0, _RESAMPLES, step):
        size = min(step, _RESAMPLES - start)
        drawn = rng.integers(0, n, size=(size, n)) + n * np.arange(size)[:, None]
        weights = np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n)
        parts.append(average_precision(truth, probabilities, weights.astype(np.float64)))
    return np.concatenate(parts)


def _put(figures: dict[str, Any], name: str, value: float, spread: Floats | None) -> None:
    figures[name] = None if np.isnan(value) else float(value)
    if spread is not None and not np.isnan(spread).all():
        low, high = np.nanpercentile(spread, [2.5, 97.5])
        figures[f"{name}_interval"] = [float(low), float(high)]
