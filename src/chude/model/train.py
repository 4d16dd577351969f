"""Train: from labelled articles to a model, everything chosen from out-of-fold scores."""

import hashlib
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from chude.corpus.article import Article
from chude.corpus.splits import folds
from chude.corpus.taxonomy import Taxonomy
from chude.errors import OnRefusal, raise_refusal
from chude.evaluation.metrics import average_precision, evaluate_predictions
from chude.model.bundle import golden_records
from chude.model.classifier import LinearClassifier
from chude.model.decision import Decision, fit_calibration, fit_thresholds
from chude.model.examples import Bools, Examples, OnProgress, make_examples, usable
from chude.model.features import FeatureOptions, fit_features, transform
from chude.model.model import Model
from chude.model.scoring import Linear, Scorer, best_of, blend
from chude.text.passages import passage_tokens
from chude.text.segment import make_segmenter

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]

_GOLDEN_LENGTH = 1200  # characters of a golden article's body


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """How a model is trained.

    segmenter: "underthesea" or "syllable". features: the n-grams.
    strengths: values of C (inverse regularisation) to choose from.
    n_folds: of the cross-validation. seed: of the folds, the solver and the bootstrap.
    """

    segmenter: str = "underthesea"
    features: FeatureOptions = FeatureOptions()
    strengths: tuple[float, ...] = (0.3, 1.0, 3.0)
    n_folds: int = 5
    seed: int = 0


def train(
    articles: Sequence[Article],
    taxonomy: Taxonomy,
    options: TrainOptions = TrainOptions(),
    *,
    on_refusal: OnRefusal = raise_refusal,
    on_progress: OnProgress = lambda *_: None,
) -> Model:
    """Train a model on labelled articles; articles without labels are left out.

    on_progress: called with a step's name, what is done and how much there is.
    Raises ChudeError when nothing can be learnt, and by default at the first refused article or
    theme (see `usable`).
    """
    kept, left = usable(articles, taxonomy, on_refusal)
    segmenter = make_segmenter(options.segmenter)
    examples = make_examples(kept, left, segmenter, on_progress)
    exclusive = left.exclusive
    fold = folds(examples.labels, options.n_folds, options.seed)
    margins, strengths = _out_of_fold(examples, fold, exclusive, options, on_progress)
    calibration = fit_calibration(margins, examples.labels, exclusive)
    thresholds = fit_thresholds(calibration.probabilities(margins), examples.labels)
    on_progress("fitting", 0, 1)
    scorer = _fit(examples, strengths, exclusive, options)
    decision = Decision(thresholds, exclusive)
    model = Model(left, options.segmenter, scorer, calibration, decision)
    model.segmenter = segmenter
    on_progress("fitting", 1, 1)
    probabilities, chosen = _crossed_decisions(margins, examples.labels, fold, exclusive)
    model.provenance = {
        "options": asdict(options),
        "chosen": {"article_C": strengths[0], "passage_C": strengths[1]},
        "python": platform.python_version(),
        "segmenter": segmenter.version,
        "training_data": _describe(examples),
        "metrics": evaluate_predictions(
            examples.labels,
            chosen,
            probabilities,
            left.keys,
            exclusive=exclusive,
            seed=options.seed,
        ),
        "golden": golden_records(model, _golden(examples)),
        "out_of_fold": _frame(examples, left, probabilities, chosen, fold),
    }
    return model


def _out_of_fold(
    examples: Examples,
    fold: NDArray[np.int64],
    exclusive: bool,
    options: TrainOptions,
    on_progress: OnProgress,
) -> tuple[Floats, tuple[float, float]]:
    """Margins (n_articles, n_themes) of each article by models that never saw it.

    Also the C of the article model and of the passage model whose margins are best.
    """
    grid, n_folds = options.strengths, int(fold.max()) + 1
    whole = np.zeros((len(grid), *examples.labels.shape))
    best = np.zeros_like(whole)
    for f in range(n_folds):
        on_progress("cross-validating", f, n_folds)
        outside, inside = np.flatnonzero(fold != f), np.flatnonzero(fold == f)
        seen, unseen = examples.take(outside), examples.take(inside)
        features, matrix = fit_features(seen.tokens, options.features)
        new = transform(unseen.tokens, features)
        parts = passage_tokens(seen.tokens, seen.passages)
        seen_passages = None if exclusive else transform(parts, features)
        parts = passage_tokens(unseen.tokens, unseen.passages)
        new_passages = None if exclusive else transform(parts, features)
        for i, strength in enumerate(grid):
            linear = _fit_articles(matrix, seen.labels, strength, exclusive, options.seed)
            whole[i, inside] = linear.margins(new)
            if seen_passages is not None and new_passages is not None:
                linear = _fit_passages(matrix, seen_passages, seen, strength, options.seed)
                best[i, inside] = best_of(linear.margins(new_passages), unseen.lengths.tolist())
    on_progress("cross-validating", n_folds, n_folds)
    first = _best_strength(whole, examples.labels, exclusive)
    if exclusive:
        return whole[first], (grid[first], grid[first])
    second = _best_strength(best, examples.labels, exclusive)
    return blend(whole[first], best[second]), (grid[first], grid[second])


def _best_strength(margins: Floats, labels: Bools, exclusive: bool) -> int:
    if exclusive:
        quality = (margins.argmax(axis=2) == labels.argmax(axis=1)).mean(axis=1)
    else:
        even = np.ones((1, len(labels)))
        quality = np.array([average_precision(labels, m, even).mean() for m in margins])
    return int(quality.argmax())


def _fit(
    examples: Examples, strengths: tuple[float, float], exclusive: bool, options: TrainOptions
) -> Scorer:
    features, matrix = fit_features(examples.tokens, options.features)
    article = _fit_articles(matrix, examples.labels, strengths[0], exclusive, options.seed)
    if exclusive:
        return Scorer(features, article, None)
    parts = transform(passage_tokens(examples.tokens, examples.passages), features)
    passage = _fit_passages(matrix, parts, examples, strengths[1], options.seed)
    return Scorer(features, article, passage)


def _fit_articles(
    matrix: sp.csr_matrix, labels: Bools, strength: float, exclusive: bool, seed: int
) -> Linear:
    if labels.shape[1] == 1:
        target = labels[:, 0]
    elif exclusive and labels.shape[1] > 2:
        target = labels.argmax(axis=1)
    else:
        target = labels.astype(np.int64)
    machine = LinearClassifier(C=strength, random_state=seed).fit(matrix, target)
    return _linear(machine.coef_, machine.intercept_)


def _fit_passages(
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


def _linear(weights: Floats, intercept: Floats) -> Linear:
    columns = np.ascontiguousarray(weights.T, dtype=np.float32)
    return Linear(columns, intercept.astype(np.float32))


def _crossed_decisions(
    margins: Floats, labels: Bools, fold: NDArray[np.int64], exclusive: bool
) -> tuple[Floats, Bools]:
    """Probabilities and decisions whose calibration and thresholds come from the other folds."""
    probabilities = np.zeros(labels.shape)
    chosen = np.zeros(labels.shape, dtype=bool)
    for f in range(int(fold.max()) + 1):
        others, own = fold != f, fold == f
        calibration = fit_calibration(margins[others], labels[others], exclusive)
        thresholds = fit_thresholds(calibration.probabilities(margins[others]), labels[others])
        probabilities[own] = calibration.probabilities(margins[own])
        chosen[own] = Decision(thresholds, exclusive).chosen(probabilities[own])
    return probabilities, chosen


def _describe(examples: Examples) -> dict[str, Any]:
    fingerprint = hashlib.sha256()
    for article in examples.articles:
        record = f"{article.id}\0{article.text}\0{';'.join(article.themes or ())}\0"
        fingerprint.update(record.encode("utf-8"))
    return {
        "articles": len(examples.articles),
        "passages": int(examples.lengths.sum()),
        "words": len(examples.tokens.ids),
        "fingerprint": fingerprint.hexdigest(),
    }


def _golden(examples: Examples) -> list[Article]:
    """The first article of each of the first themes, cut short."""
    rows = dict.fromkeys(int(column.argmax()) for column in examples.labels.T[:3])
    chosen = [examples.articles[row] for row in rows]
    return [Article(a.id, a.title, a.body[:_GOLDEN_LENGTH]) for a in chosen]


def _frame(
    examples: Examples,
    taxonomy: Taxonomy,
    probabilities: Floats,
    chosen: Bools,
    fold: NDArray[np.int64],
) -> "pl.DataFrame":
    import polars as pl

    columns: dict[str, Any] = {"article": [a.id for a in examples.articles], "fold": fold}
    for k, key in enumerate(taxonomy.keys):
        columns[f"label_{key}"] = examples.labels[:, k]
        columns[f"chosen_{key}"] = chosen[:, k]
        columns[f"probability_{key}"] = probabilities[:, k].round(6)
    return pl.DataFrame(columns)
