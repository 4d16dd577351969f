"""Calibrate: sigmoids, or one softmax temperature, from out-of-fold margins."""

from collections.abc import Sequence

import numpy as np

from chude.model.decide import Bools, Calibration, Floats

_RIDGE = 1e-4  # times half the squared weights
_FLAT = 1e-12  # keeps a curvature that vanishes from being singular
_SMALL = 1e-10  # a step that changes no printed digit


def fit_calibration(
    margins: Floats,
    labels: Bools,
    exclusive: bool,
    known: Bools | None = None,
    judged: Bools | None = None,
) -> Calibration:
    """Sigmoids, or one softmax temperature, from out-of-fold margins.

    margins: (n_articles, n_themes, n_parts); labels: (n_articles, n_themes). known: where labels
    are known, None for everywhere. judged: (n_articles,), those that probabilities are to be right
    about, None for all; how the parts weigh against each other the others tell as well.
    """
    judged = np.ones(len(labels), dtype=bool) if judged is None else judged
    if exclusive:
        return _fit_temperature(margins[judged], labels[judged])
    weights, offsets = [], []
    for k in range(margins.shape[1]):
        rows = np.ones(len(labels), dtype=bool) if known is None else known[:, k]
        weight, offset = _fit_sigmoid(margins[rows, k], labels[rows, k])
        if not judged.all():
            score = (margins[rows & judged, k] * weight).sum(axis=1) + offset
            [slope], shift = _fit_sigmoid(score[:, None], labels[rows & judged, k])
            weight, offset = slope * weight, slope * offset + shift
        weights.append(weight)
        offsets.append(offset)
    return Calibration(np.array(weights), np.array(offsets), exclusive=False)


def choose_n_best(margins: Sequence[Floats], labels: Bools, known: Bools, judged: Bools) -> int:
    """How many best passages count: as many as make the labels of the judged articles likeliest.

    margins: with the best passage, with the two best and so on; the others as in `fit_calibration`,
    of themes that are not exclusive.
    """
    losses = []
    for found in margins:
        calibration = fit_calibration(found, labels, False, known, judged)
        odds = calibration.scores(found[judged])
        loss = np.logaddexp(0, np.where(labels[judged], -odds, odds))
        losses.append(loss[known[judged]].sum())
    return int(np.argmin(losses)) + 1


def _fit_sigmoid(margin: Floats, label: Bools) -> tuple[Floats, float]:
    """The weights of the parts (n_parts,), and the offset, that make the labels likeliest.

    margin: (n_articles, n_parts). Platt's scaling (1999) by Newton's method with a line search, as
    Lin, Lin and Weng (2007) have it; with several parts the weights, of which one may speak for
    another, are held together by a ridge. Scikit-learn's `LogisticRegression` does it as well, to
    fewer digits; to import it takes longer than all sigmoids of a training.
    """
    # Platt's targets: a margin is never certain, so each article counts for both classes.
    positives, negatives = label.sum(), (~label).sum()
    target = np.where(label, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    columns = np.column_stack([margin, np.ones(len(margin))])
    ridge = np.append(np.full(margin.shape[1], _RIDGE), 0)

    # einsum, for on so little the threads of linear algebra wait for each other far longer than
    # they work, and how many there are would show in the last bits of sums.
    def scores(weights: Floats) -> Floats:
        return np.einsum("np,p->n", columns, weights)

    def loss(weights: Floats) -> float:
        score = scores(weights)
        return float((np.logaddexp(0, score) - target * score).sum() + ridge @ weights**2 / 2)

    weights = np.zeros(columns.shape[1])
    least = loss(weights)
    for _ in range(100):
        chance = np.exp(-np.logaddexp(0, -scores(weights)))
        slope = np.einsum("np,n->p", columns, chance - target) + ridge * weights
        spread = columns * (chance * (1 - chance))[:, None]
        curvature = np.einsum("np,nq->pq", spread, columns) + np.diag(ridge + _FLAT)
        step = np.linalg.solve(curvature, slope)
        # Where the loss no longer falls, what is left of the step is rounding.
        while (new := loss(weights - step)) > least - slope @ step / 1e4 and _large(step):
            step = step / 2
        weights, least = weights - step, new
        if not _large(step):
            break
    return weights[:-1], float(weights[-1])


def _large(step: Floats) -> bool:
    return bool(abs(step).max() > _SMALL)


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
