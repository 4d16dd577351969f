"""Cross-validate: margins of each training article by models that never saw it."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from chude.evaluation.metrics import average_precision
from chude.model.examples import Bools, Examples, OnProgress
from chude.model.features import Features, csr, fit_idf
from chude.model.learn import Counted, Method, fit_articles, fit_passages
from chude.model.ngrams import SparseRows
from chude.model.scoring import best_of

_ENOUGH = 5_000  # articles judged to choose C; folds beyond them are judged with that C alone

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
    features: Features,
    counted: Counted,
    fold: NDArray[np.int64],
    strengths: Sequence[float],
    method: Method,
    on_progress: OnProgress = lambda *_: None,
) -> OutOfFold:
    """Fit on all folds but one, judge that one; the vocabulary and idf are those folds' own too.

    features, counted: as `count_examples` gives them. fold: (n_articles,), the fold of each
    article. strengths: values of C to choose from; quality is accuracy for exclusive themes, else
    the mean over themes of average precision.
    """
    n_folds = int(fold.max()) + 1
    n_choosing = int(np.searchsorted(np.cumsum(np.bincount(fold)), _ENOUGH)) + 1
    kinds = 1 if counted.passages is None else 2  # margins of articles, and of best passages
    margins = np.zeros((kinds, len(strengths), *examples.labels.shape))
    done = itertools.count(1)

    def judge(folds: Iterable[int], chosen: Sequence[Sequence[int]]) -> None:
        def one(f: int) -> tuple[int, list[Floats]]:
            tried = [[strengths[i] for i in places] for places in chosen]
            return f, list(_judge(examples, features, counted, fold == f, tried, method))

        with ThreadPoolExecutor(method.threads) as pool:
            for f, found in pool.map(one, folds):
                for part, places, values in zip(margins, chosen, found, strict=True):
                    part[np.ix_(np.array(places), np.flatnonzero(fold == f))] = values
                on_progress("cross-validating", next(done), n_folds)

    judge(range(min(n_choosing, n_folds)), [range(len(strengths))] * kinds)
    inside = fold < n_choosing
    labels = examples.labels[inside]
    best = [_best(part[:, inside], labels, method.exclusive) for part in margins]
    judge(range(n_choosing, n_folds), [[i] for i in best])
    whole, *rest = [part[i] for part, i in zip(margins, best, strict=True)]
    return OutOfFold(whole, rest[0] if rest else None, (strengths[best[0]], strengths[best[-1]]))


def _judge(
    examples: Examples,
    features: Features,
    counted: Counted,
    unseen: Bools,
    strengths: Sequence[Sequence[float]],
    method: Method,
) -> Iterator[Floats]:
    """Margins of the unseen articles, and of their best passages, at these values of C for each.

    Each (n_strengths, n_unseen, n_themes).
    """
    seen = np.flatnonzero(~unseen)
    known = examples.take(seen)
    idf = fit_idf(counted.whole, seen, len(features.idf), method.features)
    features = replace(features, idf=idf)
    matrix = csr(features.weigh(counted.whole), len(idf))
    whole, new = matrix[seen], matrix[unseen]
    rows = SparseRows(new.indptr, new.indices, new.data)
    models = (fit_articles(whole, known.labels, strength, method) for strength in strengths[0])
    yield np.array([linear.margins(rows) for linear in models])
    if counted.passages is None:
        return
    matrix = csr(features.weigh(counted.passages), len(idf))
    of_unseen = np.repeat(unseen, examples.lengths)
    parts, new = matrix[~of_unseen], matrix[of_unseen]
    rows = SparseRows(new.indptr, new.indices, new.data)
    lengths = examples.lengths[unseen].tolist()
    models = (fit_passages(whole, parts, known, strength, method) for strength in strengths[1])
    yield np.array([best_of(linear.margins(rows), lengths) for linear in models])


def _best(margins: Floats, labels: Bools, exclusive: bool) -> int:
    if exclusive:
        quality = (margins.argmax(axis=2) == labels.argmax(axis=1)).mean(axis=1)
    else:
        even = np.ones((1, len(labels)))
        quality = np.array([average_precision(labels, m, even).mean() for m in margins])
    return int(quality.argmax())
