"""Learn: from examples to the linear models."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from chude.cores import usable_cores
from chude.model import svm
from chude.model.examples import Bools, Examples
from chude.model.features import (
    FeatureOptions,
    Features,
    count,
    csr,
    fit_counts,
    fit_idf,
    fit_spread,
)
from chude.model.ngrams import Counts
from chude.model.scoring import Linear, Scorer
from chude.text.engine import compiler_works
from chude.text.passages import passage_tokens

if TYPE_CHECKING:
    from chude.model.classifier import LinearClassifier

Dual = NDArray[np.float32]

_LARGE = 5_000_000  # words times themes; below, liblinear is done in seconds


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
    large = len(examples.tokens.ids) * examples.labels.shape[1] >= _LARGE
    return "compiled" if large and compiler_works() else "liblinear"


@dataclass(frozen=True, slots=True)
class Counted:
    """The n-grams of examples: of their whole texts, and of their passages if these count."""

    whole: Counts
    passages: Counts | None


def count_examples(examples: Examples, method: Method) -> tuple[Features, Counted]:
    """Choose the n-grams of all examples, and count them."""
    # The compiled solver is faster with the weights of common n-grams side by side.
    by_frequency = method.solver == "compiled"
    features, whole = fit_counts(examples.tokens, method.features, by_frequency)
    if method.exclusive:
        return features, Counted(whole, None)
    parts = passage_tokens(examples.tokens, examples.passages)
    return features, Counted(whole, count(parts, features))


def fit_weights(
    features: Features, counts: Counts, labels: Bools, rows: NDArray[np.integer], method: Method
) -> Features:
    """The n-grams with the weights that they have in these rows; labels (n_articles, n_themes)."""
    idf = fit_idf(counts, rows, len(features.idf), method.features)
    if method.exclusive:
        idf *= fit_spread(counts, rows, len(idf), labels.argmax(axis=1))
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
    features = fit_weights(features, counted.whole, examples.labels, every, method)
    matrix = csr(features.weigh(counted.whole, method.dtype), size)
    article = fit_articles(matrix, examples.labels, every, strengths[0], method, start).linear
    if counted.passages is None:
        return Scorer(features, article, None)
    parts = csr(features.weigh(counted.passages), size)
    return Scorer(features, article, fit_passages(matrix, parts, examples, strengths[1], method))


def fit_articles(
    matrix: sp.csr_matrix,
    labels: Bools,
    rows: NDArray[np.integer],
    strength: float,
    method: Method,
    start: Dual | None = None,
) -> Learnt:
    """The model of whole articles; matrix (n_articles, n_features), labels (., n_themes).

    rows: the articles that are learnt from. start: dual variables for the compiled solver to start
    from, such as those of models of most of these articles; it saves half of the time.
    """
    if method.solver == "compiled":
        machines = svm.fit(matrix, labels, strength, method.seed, rows, start)
        return Learnt(Linear(machines.weights, machines.intercept), machines.dual)
    matrix, labels = matrix[rows], labels[rows]
    if labels.shape[1] == 1:
        target = labels[:, 0]
    elif method.exclusive and labels.shape[1] > 2:
        target = labels.argmax(axis=1)
    else:
        target = labels.astype(np.int64)
    machine = _machine(strength, method).fit(matrix, target)
    return Learnt(_linear(machine.coef_, machine.intercept_), None)


def fit_passages(
    whole: sp.csr_matrix,
    passages: sp.csr_matrix,
    examples: Examples,
    strength: float,
    method: Method,
) -> Linear:
    """One classifier a theme on the passages whose label is known.

    The positives among an article's passages may be unknown; then the article stands for them.
    """
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
