"""Cross-validate: margins of each training article by models that never saw it."""

import itertools
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from chude.evaluation.metrics import average_precision
from chude.features.sparse import SparseRows
from chude.features.tfidf import Features
from chude.model.score import MOST_BEST, Linear, mean_of_best
from chude.training.examples import OnProgress
from chude.training.fit import (
    CountedExamples,
    Dual,
    LearningSettings,
    fit_articles,
    fit_passages,
    fit_weights,
    linear,
    scale_columns,
    weigh_parts,
)
from chude.training.targets import Bools, StackedTargets, Targets

_PREPARED = 3  # folds in memory at a time, prepared where no thread has anything better to do
_MEMORY = 3 << 27  # bytes; more folds are kept, for the next C, where they fit
_ENOUGH = 10_000  # articles judged to choose C; folds beyond them are judged with that C alone

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """Out-of-fold margins, (n_articles, n_themes), at the C that ranks the articles best.

    whole: of the article model. best: of the passage model, the mean over the best passage, then
    over the two best and so on; none where passages do not count. C_values: those of the two.
    dual: (n_articles, n_themes), the dual variables of each article, on average over the article
    models that saw it; None where the solver does not tell them. linears: of each fold the article
    model and that of passages.
    """

    whole: Floats
    best: Sequence[Floats]
    C_values: tuple[float, float]
    dual: Dual | None
    linears: Sequence[tuple[Linear, Linear | None]]

    def margins(self, n_best: int = 1) -> Floats:
        """Margins (n_articles, n_themes, n_parts) as a `Scorer` with that `n_best` gives them."""
        return np.stack([self.whole, *self.best[n_best - 1 : n_best]], axis=2)


def cross_validate(
    targets: Targets,
    features: Features,
    counted: CountedExamples,
    fold: NDArray[np.int64],
    C_values: Sequence[float],
    settings: LearningSettings,
    judged: Bools,
    on_progress: OnProgress = lambda *_: None,
) -> OutOfFold:
    """Fit on all folds but one, judge that one; the vocabulary and idf are those folds' own too.

    features, counted: as `count_examples` gives them. fold: (n_articles,), the fold of each
    article. C_values: to choose from, the largest first and smaller ones as long as
    they are no worse; quality is accuracy for exclusive themes, else the mean over themes of
    average precision. judged: (n_articles,), those by whose margins C is chosen.
    """
    n_folds = int(fold.max()) + 1
    n_choosing = min(n_folds, int(np.searchsorted(np.cumsum(np.bincount(fold)), _ENOUGH)) + 1)
    kinds = (_judge_articles,) if counted.stacked is None else (_judge_articles, _judge_passages)
    C_values = sorted(C_values)
    shape = targets.labels.shape
    margins = [np.zeros((len(C_values), n, *shape)) for n in (1, MOST_BEST)[: len(kinds)]]
    quality = np.full((len(kinds), len(C_values)), -np.inf)
    duals: dict[tuple[int, int, int], Dual | None] = {}
    linears: dict[tuple[int, int, int], Linear] = {}
    locks = [Lock() for _ in range(n_folds)]  # so that no fold is prepared twice at a time
    labelled = None if counted.stacked is None else targets.stacked
    entries = (counted.whole if counted.stacked is None else counted.stacked).columns
    n_prepared = max(_PREPARED, _MEMORY // max(entries.nbytes * 2, 1))
    cached = lru_cache(n_prepared)(
        lambda f: _Fold.of(targets, labelled, features, counted, fold, f, settings)
    )

    def prepare(f: int) -> _Fold:
        with locks[f]:
            return cached(f)

    done = itertools.count(1)
    most = len(kinds) * (n_choosing * len(C_values) + n_folds - n_choosing)

    def judge(task: tuple[int, int, int]) -> None:
        f, kind, i = task
        judged, duals[task], linears[task] = kinds[kind](prepare(f), C_values[i], settings)
        margins[kind][i][:, fold == f] = judged

    def judge_all(tasks: Iterable[tuple[int, int, int]]) -> None:
        for _ in pool.map(judge, tasks):
            on_progress("cross-validating", next(done), most)

    choosing = fold < n_choosing  # articles that are judged with several C
    falling = list(range(len(C_values)))[::-1]
    searching = list(range(len(kinds)))
    with ThreadPoolExecutor(settings.solver.threads) as pool:
        for f in range(min(_PREPARED, n_folds)):
            pool.submit(prepare, f)
        # The two largest C side by side, then smaller ones as long as they are no worse.
        for tried in (falling[:2], *([i] for i in falling[2:])):
            judge_all(itertools.product(range(n_choosing), searching, tried))
            for kind, i in itertools.product(searching, tried):
                quality[kind, i] = _quality(
                    margins[kind][i][0], targets, choosing & judged, settings.exclusive
                )
            for task in [(f, kind, i) for f, kind, i in linears if i != quality[kind].argmax()]:
                del linears[task]  # with many features they are large
            searching = [kind for kind in searching if quality[kind].argmax() == tried[-1]]
        best = quality.argmax(axis=1)
        rest = itertools.product(range(n_choosing, n_folds), range(len(kinds)))
        judge_all((f, kind, int(best[kind])) for f, kind in rest)
    on_progress("cross-validating", most, most)
    [whole] = margins[0][best[0]]
    best_C = C_values[best[0]], C_values[best[-1]]
    dual = _mean_dual([duals[f, 0, int(best[0])] for f in range(n_folds)])
    passages = len(kinds) - 1 if len(kinds) > 1 or counted.one_each else None
    linears_by_fold = [
        (
            linears[f, 0, int(best[0])],
            None if passages is None else linears[f, passages, int(best[passages])],
        )
        for f in range(n_folds)
    ]
    means = [] if passages is None else list(margins[passages][best[passages]])
    return OutOfFold(whole, means, best_C, dual, linears_by_fold)


@dataclass(frozen=True, slots=True)
class _Fold:
    """Rows of all articles, with as many columns; which are learnt from, and those judged.

    scale: see `scale_columns`.
    """

    targets: Targets
    whole: SparseRows
    n_features: int
    scale: Floats | None
    seen: NDArray[np.int64]
    new: SparseRows
    passages: "_Passages | None"

    @classmethod
    def of(
        cls,
        targets: Targets,
        labelled: StackedTargets | None,
        features: Features,
        counted: CountedExamples,
        fold: NDArray[np.int64],
        number: int,
        settings: LearningSettings,
    ) -> "_Fold":
        """The n-grams that count, and their weights, are those of the articles learnt from."""
        judged = fold == number
        features = fit_weights(features, counted, settings, number)
        size = len(features.idf)
        whole, stacked, exact = weigh_parts(features, counted, settings.solver.dtype)
        scale = scale_columns(whole, stacked, size, targets, ~judged, settings)
        passages = None
        if stacked is not None and exact is not None and labelled is not None:
            of_judged = np.repeat(judged, targets.lengths)
            passages = _Passages(
                labelled,
                stacked,
                labelled.rows(~judged),
                exact.take(np.flatnonzero(of_judged)),
                targets.lengths[judged],
            )
        new = whole.take(np.flatnonzero(judged))
        return cls(targets, whole, size, scale, np.flatnonzero(~judged), new, passages)


@dataclass(frozen=True, slots=True)
class _Passages:
    """Rows as `CountedExamples` stacks them, which are learnt from; the passages judged."""

    labelled: StackedTargets
    stacked: SparseRows
    rows: NDArray[np.int64]
    new: SparseRows
    lengths: NDArray[np.int64]


def _judge_articles(
    fold: _Fold, C: float, settings: LearningSettings
) -> tuple[Floats, Dual | None, Linear]:
    fitted = fit_articles(
        fold.whole, fold.n_features, fold.targets, fold.seen, C, settings, fold.scale
    )
    article = linear(fitted)
    return article.margins(fold.new)[None], fitted.dual, article


def _judge_passages(
    fold: _Fold, C: float, settings: LearningSettings
) -> tuple[Floats, None, Linear]:
    assert fold.passages is not None
    parts, size = fold.passages, fold.n_features
    passage = fit_passages(parts.stacked, size, parts.labelled, parts.rows, C, settings, fold.scale)
    margins = passage.margins(parts.new)
    means = [mean_of_best(margins, parts.lengths, n) for n in range(1, MOST_BEST + 1)]
    return np.stack(means), None, passage


def _mean_dual(duals: list[Dual | None]) -> Dual | None:
    told = [dual for dual in duals if dual is not None]
    # Every article is seen by all models but one.
    return np.sum(told, axis=0) / np.float32(len(told) - 1) if told else None


def _quality(margins: Floats, targets: Targets, rows: Bools, exclusive: bool) -> float:
    labels, margins = targets.labels[rows], margins[rows]
    if exclusive:
        return float((margins.argmax(axis=1) == labels.argmax(axis=1)).mean())
    known = targets.known[rows]
    ones = np.ones((1, len(labels)))
    if known.all():
        return float(average_precision(labels, margins, ones).mean())
    by_theme = [
        average_precision(labels[g, k : k + 1], margins[g, k : k + 1], ones[:, g])[0, 0]
        for k, g in enumerate(known.T)
    ]
    return float(np.mean(by_theme))
