"""Labels that are likely wrong, by confident learning on out-of-fold probabilities.

Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels" (2021);
the same as cleanlab's `find_label_issues(filter_by="confident_learning")`, ranked by
self-confidence, without its dependencies.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from chude.corpus.checks import Finding

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

_TOLERANCE = 1e-6  # of a probability that reaches its threshold, as in cleanlab


def doubtful_labels(
    keys: Sequence[str],
    ids: Sequence[str],
    probabilities: Floats,
    labels: Bools,
    known: Bools,
    exclusive: bool,
    rows: Sequence[int] | None = None,
) -> Iterator[Finding]:
    """A finding for each label that is likely wrong, the likeliest errors first.

    keys: of the themes. ids: of the articles, and rows: their places in the corpus, by default
    those in `ids`. The rest as in `label_errors`.
    """
    confidence, wrong = label_errors(probabilities, labels, known, exclusive)
    articles, columns = np.nonzero(wrong)
    for i in np.argsort(confidence[articles, columns], kind="stable"):
        row, k = int(articles[i]), int(columns[i])
        said = "labelled" if labels[row, k] else "not labelled"
        evidence = f"{said} {keys[k]}, probability {probabilities[row, k]:.3f}"
        if exclusive:
            other = int(probabilities[row].argmax())
            evidence += f"; {keys[other]} {probabilities[row, other]:.3f}"
        score = round(float(confidence[row, k]), 4)
        place = row if rows is None else rows[row]
        yield Finding(ids[row], "label_error", score, True, evidence, place)


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
    """Whether another class than the given one is reached with confidence, and is the likeliest.

    The threshold of a class is the mean probability that its articles have for it. Of several
    classes that reach theirs the likeliest counts, and where all are alike the given one.
    """
    n_classes = probabilities.shape[1]
    thresholds = np.array(
        [
            probabilities[classes == k, k].mean() if (classes == k).any() else np.inf
            for k in range(n_classes)
        ]
    )
    reached = probabilities >= np.maximum(thresholds, 2 * _TOLERANCE) - _TOLERANCE
    several = reached.sum(axis=1) > 1
    best = np.where(several, probabilities.argmax(axis=1), reached.argmax(axis=1))
    favoured = probabilities + _TOLERANCE * np.eye(n_classes)[classes]
    return reached.any(axis=1) & (best != classes) & (favoured.argmax(axis=1) != classes)
