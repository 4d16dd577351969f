"""Learn: from examples to the linear models of whole articles and of passages."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from chude.model.classifier import LinearClassifier
from chude.model.examples import Bools, Examples
from chude.model.features import FeatureOptions, fit_features, transform
from chude.model.scoring import Linear, Scorer
from chude.text.passages import passage_tokens


def fit_scorer(
    examples: Examples,
    exclusive: bool,
    options: FeatureOptions,
    strengths: tuple[float, float],
    seed: int,
) -> Scorer:
    """The models of all examples; strengths: C of the article model and of the passage model."""
    features, matrix = fit_features(examples.tokens, options)
    article = fit_articles(matrix, examples.labels, strengths[0], exclusive, seed)
    if exclusive:
        return Scorer(features, article, None)
    parts = transform(passage_tokens(examples.tokens, examples.passages), features)
    passage = fit_passages(matrix, parts, examples, strengths[1], seed)
    return Scorer(features, article, passage)


def fit_articles(
    matrix: sp.csr_matrix, labels: Bools, strength: float, exclusive: bool, seed: int
) -> Linear:
    """The model of whole articles; matrix (n_articles, n_features), labels (., n_themes)."""
    if labels.shape[1] == 1:
        target = labels[:, 0]
    elif exclusive and labels.shape[1] > 2:
        target = labels.argmax(axis=1)
    else:
        target = labels.astype(np.int64)
    machine = LinearClassifier(C=strength, random_state=seed).fit(matrix, target)
    return _linear(machine.coef_, machine.intercept_)


def fit_passages(
    whole: sp.csr_matrix, passages: sp.csr_matrix, examples: Examples, strength: float, seed: int
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
        machine = LinearClassifier(C=strength, random_state=seed).fit(matrix, target)
        weights.append(machine.coef_[0])
        intercepts.append(machine.intercept_[0])
    return _linear(np.array(weights), np.array(intercepts))


def _linear(weights: NDArray[np.float64], intercept: NDArray[np.float64]) -> Linear:
    columns = np.ascontiguousarray(weights.T, dtype=np.float32)
    return Linear(columns, intercept.astype(np.float32))
