"""Train: from labelled articles to a model, everything chosen from out-of-fold scores."""

import hashlib
import platform
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chude.bundle.golden import golden_records
from chude.compute.backend import Backend, worthwhile
from chude.cores import usable_cores
from chude.corpus.article import Article
from chude.corpus.copies import copy_notes
from chude.corpus.splits import folds
from chude.corpus.tally import Tally, count_line
from chude.corpus.taxonomy import Taxonomy
from chude.errors import OnRefusal, raise_refusal
from chude.evaluation.metrics import evaluate_predictions
from chude.features.vocabulary import FeatureOptions
from chude.model.decide import Decision
from chude.model.model import Model
from chude.text.cache.folder import TokenCache
from chude.text.cache.segmenter import CachedSegmenter
from chude.text.segment import Segmenter, make_segmenter
from chude.training.calibrate import fit_calibration
from chude.training.cross_validate import cross_validate
from chude.training.examples import Bools, Examples, OnProgress, make_examples, select_learnable
from chude.training.fit import LearningSettings, count_examples, fit_scorer
from chude.training.solvers.registry import choose_solver, get_solver
from chude.training.thresholds import fit_thresholds

Floats = NDArray[np.float64]

_MANY = 20_000  # articles; above, so many are left to learn from that 3 folds do
_MOST_SEGMENTERS = 4
_ONE_IN = 10_000  # articles; rarer n-grams double the model and do not make it more exact
_GOLDEN_LENGTH = 1200  # characters of a golden article's body


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """How a model is trained.

    segmenter: "underthesea" or "syllable".
    features: the n-grams; None for those of 1 and 2 words that occur in 2 articles, or in one of
        10,000 where that is more.
    C_values: the inverse of the regularisation, as in scikit-learn, to choose from.
    n_folds: of the cross-validation; None for 5, or 3 where there are more than 20,000 articles.
    seed: of the folds, the solver and the bootstrap.
    """

    segmenter: str = "underthesea"
    features: FeatureOptions | None = None
    C_values: tuple[float, ...] = (0.3, 1.0, 3.0)
    n_folds: int | None = None
    seed: int = 0

    def complete(self, n_articles: int) -> tuple[FeatureOptions, int]:
        """The n-grams and the number of folds for so many articles."""
        features = self.features or FeatureOptions(min_df=max(2, ceil(n_articles / _ONE_IN)))
        return features, self.n_folds or (3 if n_articles > _MANY else 5)


def train(
    articles: Sequence[Article],
    taxonomy: Taxonomy,
    options: TrainOptions = TrainOptions(),
    *,
    on_refusal: OnRefusal = raise_refusal,
    on_note: Callable[[str], None] = lambda note: None,
    on_progress: OnProgress = lambda *_: None,
    cache: TokenCache | None = None,
    left_out: int = 0,
) -> Model:
    """Train a model on labelled articles; articles without labels are left out.

    on_note: called with lines about how many articles were found and what became of them, and
        about near copies, which are never in two folds.
    on_progress: called with a step's name, what is done and how much there is.
    cache: keeps the articles' words for the next training, and gives those of the last one.
    left_out: articles that were refused before, for the count.
    Raises ChudeError when nothing can be learnt, and by default at the first refused article or
    theme (see `select_learnable`).
    """
    learnable, themes, groups = select_learnable(articles, taxonomy, on_refusal)
    for note in _notes(articles, learnable, groups, left_out):
        on_note(note)
    characters = sum(len(article.title) + len(article.body) for article in learnable)
    backend: Backend = "numba" if worthwhile("segment", characters) else "auto"
    # NumPy's segmenters would wait for each other, and compiled ones do so in part.
    n_segmenters = min(usable_cores(), _MOST_SEGMENTERS) if backend == "numba" else 1
    segmenters = [make_segmenter(options.segmenter, backend) for _ in range(n_segmenters)]
    cached = [_cached(segmenter, cache) for segmenter in segmenters]
    examples = make_examples(learnable, themes, cached, on_progress)
    exclusive = themes.exclusive
    ngrams, n_folds = options.complete(len(learnable))
    fold = folds(examples.labels, n_folds, options.seed, groups)
    solver = choose_solver(len(examples.tokens.ids), len(themes.keys))
    settings = LearningSettings(exclusive, ngrams, get_solver(solver), options.seed)
    on_progress("counting", 0, 1)
    features, counted = count_examples(examples, fold, settings)
    on_progress("counting", 1, 1)
    out_of_fold = cross_validate(
        examples, features, counted, fold, options.C_values, settings, on_progress
    )
    margins, C_values = out_of_fold.margins, out_of_fold.C_values
    on_progress("fitting", 0, 1)
    with ThreadPoolExecutor(1) as pool:
        # The solver leaves the interpreter free for all that only needs the margins.
        fitting = pool.submit(
            fit_scorer, examples, features, counted, C_values, settings, out_of_fold.dual
        )
        calibration = fit_calibration(margins, examples.labels, exclusive)
        thresholds = fit_thresholds(calibration.probabilities(margins), examples.labels)
        probabilities, chosen = _crossed_decisions(margins, examples.labels, fold, exclusive)
        metrics = evaluate_predictions(
            examples.labels,
            chosen,
            probabilities,
            themes.keys,
            exclusive=exclusive,
            seed=options.seed,
        )
        training_data = _describe(examples)
        scorer = fitting.result()
    decision = Decision(thresholds, exclusive)
    model = Model(themes, options.segmenter, scorer, calibration, decision)
    # A new one: the vocabulary of those above has to be looked up whole for every batch.
    model.segmenter = _cached(make_segmenter(options.segmenter), cache)
    on_progress("fitting", 1, 1)
    model.provenance = {
        "options": asdict(replace(options, features=ngrams, n_folds=n_folds)),
        "chosen": {
            "article_C": C_values[0],
            "passage_C": C_values[1],
            "solver": solver,
        },
        "python": platform.python_version(),
        "segmenter": segmenters[0].version,
        "training_data": training_data,
        "metrics": metrics,
        "golden": golden_records(model, _golden(examples)),
        "out_of_fold": _csv(examples, themes, probabilities, chosen, fold),
    }
    model.segmenter = segmenters[0]  # what is predicted later has no place in the cache
    return model


def _notes(
    articles: Sequence[Article],
    learnable: Sequence[Article],
    groups: NDArray[np.int64],
    left_out: int,
) -> Iterator[str]:
    tally = Tally()
    tally.add(learnable)
    tally.unlabelled = sum(article.themes is None for article in articles)
    yield count_line(tally.counts(left_out + len(articles) - len(learnable) - tally.unlabelled))
    yield from tally.notes()
    yield from copy_notes(learnable, groups)


def _cached(segmenter: Segmenter, cache: TokenCache | None) -> Segmenter:
    return segmenter if cache is None else CachedSegmenter(segmenter, cache)


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


def _csv(
    examples: Examples,
    taxonomy: Taxonomy,
    probabilities: Floats,
    chosen: Bools,
    fold: NDArray[np.int64],
) -> bytes:
    import polars as pl

    columns: dict[str, Any] = {"article": [a.id for a in examples.articles], "fold": fold}
    for k, key in enumerate(taxonomy.keys):
        columns[f"label_{key}"] = examples.labels[:, k]
        columns[f"chosen_{key}"] = chosen[:, k]
        columns[f"probability_{key}"] = probabilities[:, k].round(6)
    return pl.DataFrame(columns).write_csv().encode()
