"""Fit: from examples to the linear models."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chude.corpus import counts as corpus_counts
from chude.features.sparse import Counts, SparseRows, same_counts, stack_counts
from chude.features.tfidf import Features, count, fit_counts, fit_idf, fit_spread, texts_by_group
from chude.features.vocabulary import FeatureOptions
from chude.model.score import Linear, Scorer
from chude.text.passages import passage_tokens
from chude.training.examples import Examples
from chude.training.mix import join_counts, join_features, sort_columns
from chude.training.scale import Floats, fit_scale, fit_themes
from chude.training.solvers.fitted import Fitted
from chude.training.solvers.registry import Solver
from chude.training.targets import StackedTargets, Targets

Dual = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LearningSettings:
    """How models are learnt.

    exclusive: whether an article has exactly one theme. features: the n-grams. seed: of the order
    in which the solver visits the articles. scaled: whether each theme scales the columns, see
    `scale_columns`.
    """

    exclusive: bool
    features: FeatureOptions
    solver: Solver
    seed: int = 0
    scaled: bool = False


@dataclass(frozen=True, slots=True)
class CountedExamples:
    """The n-grams of examples: of their whole texts, and of their passages if these count.

    stacked: the rows of all passages, then those of whole texts. one_each: whether each article is
    one passage, whose label is the article's; then `stacked` is None, and one model is both.
    found: int32 (n_folds, n_groups, n_features), in how many texts of each fold and group an n-gram
    occurs; texts: (n_folds, n_groups). Groups: the themes if they are exclusive, else all texts.
    """

    whole: Counts
    stacked: Counts | None
    one_each: bool
    found: NDArray[np.int32]
    texts: NDArray[np.int64]

    def without(self, fold: int | None) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Sums of `found` and `texts` over all folds but one, or over all."""
        others = np.arange(len(self.texts)) != (-1 if fold is None else fold)
        return self.found[others].sum(axis=0, dtype=np.int32), self.texts[others].sum(axis=0)


def count_examples(
    examples: Examples,
    targets: Targets,
    fold: NDArray[np.int64],
    settings: LearningSettings,
    corpora: Sequence[corpus_counts.Counts] = (),
) -> tuple[Features, CountedExamples]:
    """Choose the n-grams of all examples, and count them.

    targets: of the examples, then of the corpora that are there as counts alone. fold:
    (n_articles,), of all of them.
    """
    commonest_first, others = settings.solver.commonest_first and not corpora, bool(corpora)
    features, whole = fit_counts(examples.tokens, settings.features, commonest_first, others)
    passages = None
    if not settings.exclusive:
        parts = passage_tokens(examples.tokens, examples.passages)
        if corpora:
            features = join_features(features, corpora)
            whole = count(examples.tokens, features)
            whole, passages = join_counts(features, whole, count(parts, features), corpora)
            features, [whole, passages] = sort_columns(
                features, [whole, passages], settings.solver.commonest_first
            )
        else:
            passages = count(parts, features)
    n_folds, n_groups, group = int(fold.max()) + 1, 1, fold
    if settings.exclusive:
        n_groups = targets.labels.shape[1]
        group = fold * n_groups + targets.labels.argmax(axis=1)
    one_each = passages is not None and targets.one_each and same_counts(whole, passages)
    stacked = None
    if passages is not None and not one_each:
        stacked = stack_counts([passages, whole])
    shape = n_folds, n_groups, len(features.idf)
    found = texts_by_group(whole, group, n_folds * n_groups, len(features.idf)).reshape(shape)
    texts = np.bincount(group, minlength=n_folds * n_groups).reshape(shape[:2])
    return features, CountedExamples(whole, stacked, one_each, found, texts)


def fit_weights(
    features: Features,
    counted: CountedExamples,
    settings: LearningSettings,
    without: int | None = None,
) -> Features:
    """The n-grams with the weights that they have in all folds, or in all but one."""
    found, texts = counted.without(without)
    idf = fit_idf(found.sum(axis=0), int(texts.sum()), settings.features)
    if settings.exclusive:
        idf *= fit_spread(found, texts)
    return features.with_idf(idf)


def fit_scorer(
    targets: Targets,
    features: Features,
    counted: CountedExamples,
    C_values: tuple[float, float],
    settings: LearningSettings,
    start: Dual | None = None,
) -> Scorer:
    """The models of all examples.

    C_values: C of the article model and of the passage model. start: see `fit_articles`.
    """
    features = fit_weights(features, counted, settings)
    whole, stacked, _ = weigh_parts(features, counted, settings.solver.dtype)
    size, every = len(features.idf), np.ones(len(targets), dtype=bool)
    scale = scale_columns(whole, stacked, size, targets, every, settings)
    rows = np.flatnonzero(every)
    article = linear(fit_articles(whole, size, targets, rows, C_values[0], settings, scale, start))
    if stacked is None:
        return Scorer(features, article, article if counted.one_each else None)
    labelled = targets.stacked
    rows = labelled.rows(every)
    passage = fit_passages(stacked, size, labelled, rows, C_values[1], settings, scale)
    return Scorer(features, article, passage)


def scale_columns(
    whole: SparseRows,
    stacked: SparseRows | None,
    n_features: int,
    targets: Targets,
    learnt: NDArray[np.bool_],
    settings: LearningSettings,
) -> Floats | None:
    """What each theme multiplies the columns with, see `fit_scale`; None where none does.

    whole, stacked: as `weigh_parts` gives them; the passages tell, for what they are about is known
    best. learnt: (n_articles,), the articles that are learnt from.
    """
    if not settings.scaled:
        return None
    if stacked is None:
        rows = np.flatnonzero(learnt)
        return fit_scale(whole, n_features, targets.labels, targets.known, rows)
    labelled = targets.stacked
    return fit_scale(stacked, n_features, labelled.labels, labelled.known, labelled.rows(learnt))


def weigh_parts(
    features: Features, counted: CountedExamples, dtype: type[np.floating]
) -> tuple[SparseRows, SparseRows | None, SparseRows | None]:
    """The rows of whole articles; all that are stacked, of which they are the last; float64 those.

    dtype: of the first two. The others are None where none are stacked.
    """
    if counted.stacked is None:
        return features.weigh(counted.whole, dtype), None, None
    exact = features.weigh(counted.stacked)
    stacked = exact._replace(data=exact.data.astype(dtype, copy=False))
    return stacked.since(len(counted.stacked) - len(counted.whole)), stacked, exact


def fit_articles(
    matrix: SparseRows,
    n_features: int,
    targets: Targets,
    rows: NDArray[np.integer],
    C: float,
    settings: LearningSettings,
    scale: Floats | None = None,
    start: Dual | None = None,
) -> Fitted:
    """The model of whole articles; matrix (n_articles, n_features).

    rows: the articles that are learnt from. scale: see `scale_columns`. start: dual variables for a
    solver that takes them to start from, such as those of models of most of these articles: 3
    rounds instead of 7 on newspapers.
    """
    labels, known = targets.labels, targets.known
    return _fit(matrix, n_features, labels, known, rows, C, settings, scale, start)


def fit_passages(
    stacked: SparseRows,
    n_features: int,
    labelled: StackedTargets,
    rows: NDArray[np.integer],
    C: float,
    settings: LearningSettings,
    scale: Floats | None = None,
) -> Linear:
    """One classifier a theme on the passages whose label is known, and on articles for others.

    stacked: as `CountedExamples` has them; rows: those of them that are learnt from. scale: see
    `scale_columns`.
    """
    labels, known = labelled.labels, labelled.known
    return linear(_fit(stacked, n_features, labels, known, rows, C, settings, scale))


def _fit(
    matrix: SparseRows,
    n_features: int,
    labels: NDArray[np.bool_],
    known: NDArray[np.bool_],
    rows: NDArray[np.integer],
    C: float,
    settings: LearningSettings,
    scale: Floats | None,
    start: Dual | None = None,
) -> Fitted:
    solver, seed = settings.solver, settings.seed
    if scale is not None:
        return fit_themes(solver, matrix, n_features, labels, known, rows, C, seed, scale, start)
    told = None if known.all() else known
    return solver.fit(matrix, n_features, labels, C, seed, rows, start, told)


def linear(fitted: Fitted) -> Linear:
    """What scores articles, of what was fitted."""
    weights = np.ascontiguousarray(fitted.weights, dtype=np.float32)
    return Linear(weights, fitted.intercept.astype(np.float32))
