"""Learn: from examples to the linear models."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from chude.compute.backend import worthwhile
from chude.cores import usable_cores
from chude.features.sparse import Counts, SparseRows, csr
from chude.features.tfidf import Features, count, fit_counts, fit_idf, fit_spread, texts_by_group
from chude.features.vocabulary import FeatureOptions
from chude.model import svm
from chude.model.examples import Bools, Examples
from chude.model.scoring import Linear, Scorer
from chude.text.passages import passage_tokens

if TYPE_CHECKING:
    import scipy.sparse as sp

    from chude.model.classifier import LinearClassifier

Dual = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Method:
    """How models are learnt.

    exclusive: whether an article has exactly one theme. solver: as in `LinearClassifier`.
    seed: of the order in which the solver visits the articles.
    """

    exclusive: bool
    features: FeatureOptions
    solver: str = "liblinear"
    seed: int = 0

    @property
    def threads(self) -> int:
        """How many models can be learnt at a time: liblinear shares one generator of numbers."""
        return 1 if self.solver == "liblinear" else usable_cores()

    @property
    def dtype(self) -> type[np.floating]:
        """Of the numbers that the solver works with."""
        return np.float32 if self.solver == "compiled" else np.float64


def choose_solver(examples: Examples) -> str:
    """The compiled solver where there is much to learn and numba is installed, else liblinear."""
    size = len(examples.tokens.ids) * examples.labels.shape[1]
    return "compiled" if worthwhile("fit", size) else "liblinear"


@dataclass(frozen=True, slots=True)
class Counted:
    """The n-grams of examples: of their whole texts, and of their passages if these count.

    found: int32 (n_folds, n_groups, n_features), in how many texts of each fold and group an n-gram
    occurs; texts: (n_folds, n_groups). Groups: the themes if they are exclusive, else all texts.
    """

    whole: Counts
    passages: Counts | None
    found: NDArray[np.int32]
    texts: NDArray[np.int64]

    def without(self, fold: int | None) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Sums of `found` and `texts` over all folds but one, or over all."""
        others = np.arange(len(self.texts)) != (-1 if fold is None else fold)
        return self.found[others].sum(axis=0, dtype=np.int32), self.texts[others].sum(axis=0)


def count_examples(
    examples: Examples, fold: NDArray[np.int64], method: Method
) -> tuple[Features, Counted]:
    """Choose the n-grams of all examples, and count them; fold: (n_articles,)."""
    # The compiled solver is faster with the weights of common n-grams side by side.
    by_frequency = method.solver == "compiled"
    features, whole = fit_counts(examples.tokens, method.features, by_frequency)
    n_folds, n_groups, group = int(fold.max()) + 1, 1, fold
    if method.exclusive:
        n_groups = examples.labels.shape[1]
        group = fold * n_groups + examples.labels.argmax(axis=1)
    shape = n_folds, n_groups, len(features.idf)
    found = texts_by_group(whole, group, n_folds * n_groups, len(features.idf)).reshape(shape)
    texts = np.bincount(group, minlength=n_folds * n_groups).reshape(shape[:2])
    if method.exclusive:
        return features, Counted(whole, None, found, texts)
    parts = passage_tokens(examples.tokens, examples.passages)
    return features, Counted(whole, count(parts, features), found, texts)


def fit_weights(
    features: Features, counted: Counted, method: Method, without: int | None = None
) -> Features:
    """The n-grams with the weights that they have in all folds, or in all but one."""
    found, texts = counted.without(without)
    idf = fit_idf(found.sum(axis=0), int(texts.sum()), method.features)
    if method.exclusive:
        idf *= fit_spread(found, texts)
    return replace(features, idf=idf)


@dataclass(frozen=True, slots=True)
class Learnt:
    """A linear model, and its dual variables (n_rows, n_themes) where the solver tells them."""

    linear: Linear
    dual: Dual | None


def fit_scorer(
    examples: Examples,
    features: Features,
    counted: Counted,
    strengths: tuple[float, float],
    method: Method,
    start: Dual | None = None,
) -> Scorer:
    """The models of all examples.

    strengths: C of the article model and of the passage model. start: see `fit_articles`.
    """
    size = len(features.idf)
    every = np.arange(len(examples.labels))
    features = fit_weights(features, counted, method)
    rows = features.weigh(counted.whole, method.dtype)
    article = fit_articles(rows, size, examples.labels, every, strengths[0], method, start).linear
    if counted.passages is None:
        return Scorer(features, article, None)
    whole, parts = csr(rows, size), csr(features.weigh(counted.passages), size)
    return Scorer(features, article, fit_passages(whole, parts, examples, strengths[1], method))


def fit_articles(
    matrix: SparseRows,
    n_features: int,
    labels: Bools,
    rows: NDArray[np.integer],
    strength: float,
    method: Method,
    start: Dual | None = None,
) -> Learnt:
    """The model of whole articles; matrix (n_articles, n_features), labels (., n_themes).

    rows: the articles that are learnt from. start: dual variables for the compiled solver to start
    from, such as those of models of most of these articles: 3 rounds instead of 7 on newspapers.
    """
    if method.solver == "compiled":
        machines = svm.fit(matrix, n_features, labels, strength, method.seed, rows, start)
        return Learnt(Linear(machines.weights, machines.intercept), machines.dual)
    labels = labels[rows]
    if labels.shape[1] == 1:
        target = labels[:, 0]
    elif method.exclusive and labels.shape[1] > 2:
        target = labels.argmax(axis=1)
    else:
        target = labels.astype(np.int64)
    machine = _machine(strength, method).fit(csr(matrix, n_features)[rows], target)
    return Learnt(_linear(machine.coef_, machine.intercept_), None)


def fit_passages(
    whole: "sp.csr_matrix",
    passages: "sp.csr_matrix",
    examples: Examples,
    strength: float,
    method: Method,
) -> Linear:
    """One classifier a theme on the passages whose label is known.

    The positives among an article's passages may be unknown; then the article stands for them.
    """
    import scipy.sparse as sp

    lengths = examples.lengths
    article_of = np.repeat(np.arange(len(lengths)), lengths)
    weights, intercepts = [], []
    for k in range(examples.labels.shape[1]):
        known = examples.passage_known[:, k]
        unknown = np.bincount(article_of[~known], minlength=len(lengths)) > 0
        matrix = sp.vstack([passages[known], whole[unknown]], format="csr")
        target = np.concatenate([examples.passage_labels[known, k], np.ones(unknown.sum(), bool)])
        machine = _machine(strength, method).fit(matrix, target)
        weights.append(machine.coef_[0])
        intercepts.append(machine.intercept_[0])
    return _linear(np.array(weights), np.array(intercepts))


def _machine(strength: float, method: Method) -> "LinearClassifier":
    from chude.model.classifier import LinearClassifier  # imports scikit-learn

    return LinearClassifier(strength, random_state=method.seed, solver=method.solver)


def _linear(weights: NDArray[np.floating], intercept: NDArray[np.floating]) -> Linear:
    columns = np.ascontiguousarray(weights.T, dtype=np.float32)
    return Linear(columns, intercept.astype(np.float32))
