"""Cross-validate: margins of each training article by models that never saw it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chude.evaluation.metrics import average_precision
from chude.model.examples import Bools, Examples, OnProgress
from chude.model.features import FeatureOptions, fit_features, transform
from chude.model.learn import fit_articles, fit_passages
from chude.model.scoring import best_of
from chude.text.passages import passage_tokens

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """Out-of-fold margins, (n_articles, n_themes), at the C that ranks the articles best.

    whole: of the article model. best: of the passage model on the best passage, None where
    passages do not count. strengths: the C of the two.
    """

    whole: Floats
    best: Floats | None
    strengths: tuple[float, float]

    @property
    def margins(self) -> Floats:
        """Margins (n_articles, n_themes, n_parts) as `Scorer.margins` gives them."""
        parts = [self.whole] if self.best is None else [self.whole, self.best]
        return np.stack(parts, axis=2)


def cross_validate(
    examples: Examples,
    fold: NDArray[np.int64],
    exclusive: bool,
    options: FeatureOptions,
    strengths: Sequence[float],
    seed: int,
    on_progress: OnProgress = lambda *_: None,
) -> OutOfFold:
    """Fit on all folds but one, judge that one, for each C; the vocabulary is fitted anew too.

    fold: (n_articles,), the fold of each article. Quality is accuracy for exclusive themes, else
    the mean over themes of average precision.
    """
    n_folds = int(fold.max()) + 1
    whole = np.zeros((len(strengths), *examples.labels.shape))
    best = np.zeros_like(whole)
    for f in range(n_folds):
        on_progress("cross-validating", f, n_folds)
        inside = np.flatnonzero(fold == f)
        seen, unseen = examples.take(np.flatnonzero(fold != f)), examples.take(inside)
        features, matrix = fit_features(seen.tokens, options)
        new = transform(unseen.tokens, features)
        for i, strength in enumerate(strengths):
            linear = fit_articles(matrix, seen.labels, strength, exclusive, seed)
            whole[i, inside] = linear.margins(new)
        if exclusive:
            continue
        parts = transform(passage_tokens(seen.tokens, seen.passages), features)
        new = transform(passage_tokens(unseen.tokens, unseen.passages), features)
        for i, strength in enumerate(strengths):
            linear = fit_passages(matrix, parts, seen, strength, seed)
            best[i, inside] = best_of(linear.margins(new), unseen.lengths.tolist())
    on_progress("cross-validating", n_folds, n_folds)
    first = _best(whole, examples.labels, exclusive)
    if exclusive:
        return OutOfFold(whole[first], None, (strengths[first], strengths[first]))
    second = _best(best, examples.labels, exclusive)
    return OutOfFold(whole[first], best[second], (strengths[first], strengths[second]))


def _best(margins: Floats, labels: Bools, exclusive: bool) -> int:
    if exclusive:
        quality = (margins.argmax(axis=2) == labels.argmax(axis=1)).mean(axis=1)
    else:
        even = np.ones((1, len(labels)))
        quality = np.array([average_precision(labels, m, even).mean() for m in margins])
    return int(quality.argmax())
