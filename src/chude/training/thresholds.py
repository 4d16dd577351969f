"""Choose thresholds: the least probability of a yes, theme by theme."""

import numpy as np

from chude.model.decide import Bools, Floats


def fit_thresholds(probabilities: Floats, labels: Bools, known: Bools | None = None) -> Floats:
    """The threshold of each theme that gives the best F1 on out-of-fold probabilities.

    For calibrated probabilities it is half the best F1 that any threshold reaches (Lipton, Elkan
    and Naryanaswamy 2014), which moves less from sample to sample than the best cut itself.
    known: (n_articles, n_themes), where labels are known, None for everywhere.
    """
    best = []
    for k in range(labels.shape[1]):
        rows = slice(None) if known is None else known[:, k]
        best.append(best_threshold(labels[rows, k], probabilities[rows, k])[1])
    return np.array(best) / 2


def best_threshold(truth: Bools, probabilities: Floats) -> tuple[float, float]:
    """The threshold that gives one theme its best F1, and that F1; both arrays (n_articles,).

    The threshold lies half-way between the last probability taken and the first left out.
    """
    order = np.argsort(-probabilities, kind="stable")
    ranked = probabilities[order]
    taken = np.arange(1, len(order) + 1)
    f1 = 2 * np.cumsum(truth[order]) / (taken + truth.sum())
    f1[np.append(np.diff(ranked) == 0, False)] = -1.0
    best = int(np.argmax(f1))
    below = ranked[best + 1] if best + 1 < len(ranked) else 0.0
    return float((ranked[best] + below) / 2), float(f1[best])
