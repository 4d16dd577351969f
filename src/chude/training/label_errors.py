"""Labels that are likely wrong, by confident learning on out-of-fold probabilities.

Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels" (2021);
the same as cleanlab's `find_label_issues(filter_by="confident_learning")`, ranked by
self-confidence, without its dependencies.
"""

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

_TOLERANCE = 1e-6  # of a probability that reaches its threshold, as in cleanlab


def label_errors(
    probabilities: Floats, labels: Bools, known: Bools, exclusive: bool
) -> tuple[Floats, Bools]:
    """How sure the model is of each label, and whether the label is likely wrong.

    probabilities, labels: (n_articles, n_themes), of models that did not learn from the article.
    known: (n_articles, n_themes), whether a label is settled; others are not judged, nor judged by.
    exclusive: whether each article has exactly one theme, which is always settled.

    Returns two arrays (n_articles, n_themes); with exclusive themes an article that is likely wrong
    is so in the theme of its label alone.
    """
    confidence = np.where(labels, probabilities, 1 - probabilities)
    if exclusive:
        wrong = labels & _confidently_other(probabilities, labels.argmax(axis=1))[:, None]
        return confidence, wrong
    wrong = np.zeros(labels.shape, dtype=bool)
    for k in range(labels.shape[1]):
        p = probabilities[known[:, k], k]
        classes = labels[known[:, k], k].astype(np.int64)
        wrong[known[:, k], k] = _confidently_other(np.stack([1 - p, p], axis=1), classes)
    return confidence, wrong


def _confidently_other(probabilities: Floats, classes: NDArray[np.int64]) -> Bools:
    """Whether another class than the given one is reached with confidence.

    The threshold of a class is the mean probability that its articles have for it.
    """
    n_classes = probabilities.shape[1]
    thresholds = np.array(
        [
            probabilities[classes == k, k].mean() if (classes == k).any() else np.inf
            for k in range(n_classes)
        ]
    )
    reached = probabilities >= thresholds - _TOLERANCE
    best = np.where(reached, probabilities, -1.0).argmax(axis=1)
    return reached.any(axis=1) & (best != classes) & (probabilities.argmax(axis=1) != classes)
