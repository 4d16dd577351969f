"""Calibrate: sigmoids, or one softmax temperature, from out-of-fold margins."""

import numpy as np

from chude.compute.blas import one_core
from chude.model.decide import Bools, Calibration, Floats


def fit_calibration(
    margins: Floats, labels: Bools, exclusive: bool, known: Bools | None = None
) -> Calibration:
    """Sigmoids, or one softmax temperature, from out-of-fold margins.

    margins: (n_articles, n_themes, n_parts); labels: (n_articles, n_themes). known: where labels
    are known, None for everywhere.
    """
    if exclusive:
        return _fit_temperature(margins, labels)
    from sklearn.linear_model import LogisticRegression

    weights, offsets = [], []
    with one_core():
        for k in range(margins.shape[1]):
            rows = slice(None) if known is None else known[:, k]
            label, margin = labels[rows, k], margins[rows, k]
            # Platt's targets: a margin is never certain, so each article counts for both classes.
            positives, negatives = label.sum(), (~label).sum()
            target = np.where(label, (positives + 1) / (positives + 2), 1 / (negatives + 2))
            twice = np.concatenate([margin, margin])
            classes = np.repeat([1, 0], len(margin))
            sigmoid = LogisticRegression(C=1e4, tol=1e-8, max_iter=1000)
            sigmoid.fit(twice, classes, sample_weight=np.concatenate([target, 1 - target]))
            weights.append(sigmoid.coef_[0])
            offsets.append(sigmoid.intercept_[0])
    return Calibration(np.array(weights), np.array(offsets), exclusive=False)


def _fit_temperature(margins: Floats, labels: Bools) -> Calibration:
    # One factor for all themes keeps the order of the margins (Guo et al. 2017).
    n_themes, n_parts = margins.shape[1:]
    weights = np.zeros((n_themes, n_parts))
    weights[:, 0] = _temperature(margins[:, :, 0], labels)
    return Calibration(weights, np.zeros(n_themes), exclusive=True)


def _temperature(score: Floats, labels: Bools) -> float:
    """The factor of the scores that makes their softmax most likely, 1/20 to 50.

    By Newton's method, for the loss is convex; where a step would leave the interval in which the
    slope changes its sign, by halving that. SciPy's `minimize_scalar` does it as well, but to
    import it takes six times as long as the search does with 33,759 articles of ten themes.
    """
    score = score - score[labels][:, None]  # of the article's own theme
    low, factor, high = 0.05, 1.0, 50.0
    for _ in range(100):
        raised = np.exp(factor * score - (factor * score).max(axis=1, keepdims=True))
        shares = raised / raised.sum(axis=1, keepdims=True)
        mean = (shares * score).sum(axis=1)
        slope, curvature = mean.mean(), ((shares * score**2).sum(axis=1) - mean**2).mean()
        low, high = (factor, high) if slope < 0 else (low, factor)
        # A vanishing curvature says that the shares are 0 or 1.
        newton = factor - slope / curvature if curvature > 1e-12 else np.inf
        new = newton if low < newton < high else (low * high) ** 0.5
        if abs(new - factor) < 1e-9 * factor:
            break
        factor = new
    return float(factor)
