"""Decide: from margins to probabilities, and from these to yes, no or review.

Nothing here sees the articles being judged: calibration and thresholds come from out-of-fold
margins of the training articles.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Margins to probabilities.

    weights: float64 (n_themes, n_parts); offset: float64 (n_themes,). Any number of themes: a
    sigmoid of the weighted parts (Platt 1999). Exclusive themes: a softmax over the themes.
    """

    weights: Floats
    offset: Floats
    exclusive: bool

    def probabilities(self, margins: Floats) -> Floats:
        """Probabilities (n_articles, n_themes) of margins (n_articles, n_themes, n_parts)."""
        score = np.einsum("nkp,kp->nk", margins, self.weights) + self.offset
        if not self.exclusive:
            return 1 / (1 + np.exp(-np.clip(score, -500, 500)))
        raised = np.exp(score - score.max(axis=1, keepdims=True))
        return raised / raised.sum(axis=1, keepdims=True)


@dataclass(frozen=True, slots=True)
class Decision:
    """Probabilities to decisions.

    thresholds: float64 (n_themes,), the least probability of a yes.
    review_error: a decision whose chance to be wrong is above it goes to a person.
    """

    thresholds: Floats
    exclusive: bool
    review_error: float = 0.25

    def chosen(self, probabilities: Floats) -> Bools:
        """Whether each theme is given to each article, (n_articles, n_themes)."""
        if not self.exclusive:
            return probabilities >= self.thresholds
        best = probabilities.argmax(axis=1)
        return np.arange(probabilities.shape[1]) == best[:, None]

    def doubtful(self, probabilities: Floats) -> Bools:
        """Whether each decision should be seen by a person, (n_articles, n_themes)."""
        chosen = self.chosen(probabilities)
        return np.where(chosen, 1 - probabilities, probabilities) > self.review_error


def fit_calibration(margins: Floats, labels: Bools, exclusive: bool) -> Calibration:
    """Sigmoids, or one softmax temperature, from out-of-fold margins.

    margins: (n_articles, n_themes, n_parts); labels: (n_articles, n_themes).
    """
    if exclusive:
        return _fit_temperature(margins, labels)
    from sklearn.linear_model import LogisticRegression

    weights, offsets = [], []
    for k in range(margins.shape[1]):
        # Platt's targets: a margin is never certain, so each article counts for both classes.
        positives, negatives = labels[:, k].sum(), (~labels[:, k]).sum()
        target = np.where(labels[:, k], (positives + 1) / (positives + 2), 1 / (negatives + 2))
        twice = np.concatenate([margins[:, k], margins[:, k]])
        classes = np.repeat([1, 0], len(margins))
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


def fit_thresholds(probabilities: Floats, labels: Bools) -> Floats:
    """The threshold of each theme that gives the best F1 on out-of-fold probabilities.

    For calibrated probabilities it is half the best F1 that any threshold reaches (Lipton, Elkan
    and Naryanaswamy 2014), which moves less from sample to sample than the best cut itself.
    """
    from chude.evaluation.metrics import best_threshold

    best = [best_threshold(labels[:, k], probabilities[:, k])[1] for k in range(labels.shape[1])]
    return np.array(best) / 2
