"""Train: from labelled articles to a model, everything chosen from out-of-fold scores."""

import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chude.bundle.golden import golden_records
from chude.bundle.manifest import MOST_NOTES
from chude.compute.backend import Backend, worthwhile
from chude.cores import usable_cores
from chude.corpus.article import Article
from chude.corpus.copies import copy_notes
from chude.corpus.counts import Counts
from chude.corpus.describe import describe
from chude.corpus.labelled import WRITTEN
from chude.corpus.splits import folds
from chude.corpus.tally import Tally, count_line
from chude.corpus.taxonomy import Taxonomy
from chude.errors import OnRefusal, raise_refusal
from chude.features.vocabulary import FeatureOptions
from chude.model.decide import Calibration, Decision
from chude.model.model import Model
from chude.text.cache.folder import TokenCache
from chude.text.cache.segmenter import CachedSegmenter
from chude.text.segment import Segmenter, make_segmenter
from chude.training.calibrate import choose_n_best
from chude.training.cross_validate import OutOfFold, cross_validate
from chude.training.errors import explain_errors, fold_models
from chude.training.examples import Examples, OnProgress, make_examples, select_learnable
from chude.training.fingerprint import fingerprint
from chude.training.fit import LearningSettings, count_examples, fit_scorer
from chude.training.judge import (
    Crossed,
    calibrate,
    crossed_decisions,
    drawn_facts,
    figures,
    figures_by_source,
    judged_rows,
    out_of_fold_csv,
)
from chude.training.known import choose_least_known
from chude.training.mix import check_counts, passage_sizes, targets_of
from chude.training.solvers.registry import choose_solver, get_solver
from chude.training.targets import Bools, Targets, concatenate_targets

Floats = NDArray[np.float64]

_MANY = 20_000  # articles; above, so many are left to learn from that 3 folds do
_DRAWN = 100  # articles drawn by chance; from here on every one of 10 folds has its share of them
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
    n_folds: of the cross-validation; None for 5, 10 where 100 articles or more drawn by chance are
        judged, or 3 where there are more than 20,000 articles.
    seed: of the folds, the solver and the bootstrap.
    texts: whether the bundle's errors.jsonl, and its report, hold passages of the articles.
    """

    segmenter: str = "underthesea"
    features: FeatureOptions | None = None
    C_values: tuple[float, ...] = (0.3, 1.0, 3.0)
    n_folds: int | None = None
    seed: int = 0
    texts: bool = True

    def complete(self, n_articles: int, n_drawn: int = 0) -> tuple[FeatureOptions, int]:
        """The n-grams and the number of folds for so many articles.

        n_drawn: those drawn by chance that judge; so few that with 5 it tells how the folds fall.
        """
        features = self.features or FeatureOptions(min_df=max(2, ceil(n_articles / _ONE_IN)))
        n_folds = 3 if n_articles > _MANY else 10 if n_drawn >= _DRAWN else 5
        return features, self.n_folds or n_folds


def train(
    articles: Sequence[Article],
    taxonomy: Taxonomy,
    options: TrainOptions = TrainOptions(),
    *,
    corpora: Mapping[str, Counts] | None = None,
    on_refusal: OnRefusal = raise_refusal,
    on_note: Callable[[str], None] = lambda note: None,
    on_progress: OnProgress = lambda *_: None,
    cache: TokenCache | None = None,
    refused: int = 0,
    left_out: int = 0,
) -> Model:
    """Train a model on labelled articles; articles without labels are left out.

    corpora: counts of further articles, by the names of their sources.
    on_note: called with lines about how many articles were found and what became of them, and
        about near copies, which are never in two folds.
    on_progress: called with a step's name, what is done and how much there is.
    cache: keeps the articles' words for the next training, and gives those of the last one.
    refused, left_out: what reading refused and left out, for the count.
    Raises ChudeError when nothing can be learnt, and by default at the first refused article or
    theme (see `select_learnable`).
    """
    corpora = corpora or {}
    counts = list(corpora.values())
    sizes = passage_sizes(corpora)
    segmenters = _segmenters(articles, options.segmenter)
    features, _ = options.complete(0)
    check_counts(corpora, taxonomy, segmenters[0].version, features)
    learnable, themes, groups = select_learnable(articles, taxonomy, on_refusal, counts)
    notes = list(_notes(articles, learnable, groups, refused, left_out))
    for note in notes:
        on_note(note)
    cached = [_cached(segmenter, cache) for segmenter in segmenters]
    examples = make_examples(learnable, themes, cached, on_progress, sizes)
    targets = concatenate_targets(
        [examples.targets, *(targets_of(one, themes.keys) for one in counts)]
    )
    judged = judged_rows(targets)
    by_chance = bool(targets.by_chance[judged].all())
    ngrams, n_folds = options.complete(len(targets), by_chance * int(judged.sum()))
    if counts:
        ngrams = replace(ngrams, numbers=False)
    # Where all is known, what is known makes no difference.
    sorts = np.hstack([targets.labels & targets.known, targets.known])
    fold = folds(sorts, n_folds, options.seed, groups)
    words = len(examples.tokens.ids) + sum(int(one.counts.sum()) for one in counts)
    solver = choose_solver(words, len(themes.keys))
    # Worth it on the press; a model of texts of which none was drawn by chance is as it was before.
    scaled = not themes.exclusive and by_chance
    settings = LearningSettings(themes.exclusive, ngrams, get_solver(solver), options.seed, scaled)
    on_progress("counting", 0, 1)
    vocabulary, counted = count_examples(examples, targets, fold, settings, counts)
    on_progress("counting", 1, 1)
    out_of_fold = cross_validate(
        targets, vocabulary, counted, fold, options.C_values, settings, judged, on_progress
    )
    on_progress("fitting", 0, 1)
    with ThreadPoolExecutor(1) as pool:
        # The solver leaves the interpreter free for all that only needs the margins.
        fitting = pool.submit(
            fit_scorer,
            targets,
            vocabulary,
            counted,
            out_of_fold.C_values,
            settings,
            out_of_fold.dual,
        )
        n_best = _choose_n_best(out_of_fold, targets, judged)
        margins = out_of_fold.margins(n_best)
        crossed = crossed_decisions(margins, targets, fold, judged, themes.exclusive)
        calibration, decision, provenance = _judge(
            margins, crossed, targets, judged, themes, options.seed, examples, corpora
        )
        least_known = choose_least_known(examples.tokens, counted, vocabulary, fold, ngrams.min_df)
        decision = replace(decision, least_known=least_known)
        provenance["training_data"] = _describe(examples, targets, words, counts)
        provenance["training_data"]["notes"] = notes[:MOST_NOTES]
        scorer = replace(fitting.result(), n_best=n_best, sizes=sizes)
    model = Model(themes, options.segmenter, scorer, calibration, decision)
    # A new one: the vocabulary of those above has to be looked up whole for every batch.
    model.segmenter = _cached(make_segmenter(options.segmenter), cache)
    judged_by = fold_models(themes, vocabulary, counted, settings, out_of_fold, scorer, crossed)
    errors = explain_errors(judged_by, examples, segmenters[0], targets, crossed, options.texts)
    on_progress("fitting", 1, 1)
    model.provenance = {
        "options": asdict(replace(options, features=ngrams, n_folds=n_folds)),
        "chosen": {
            "article_C": out_of_fold.C_values[0],
            "passage_C": out_of_fold.C_values[1],
            **({} if n_best == 1 else {"n_best": n_best}),
            "solver": solver,
        },
        "python": platform.python_version(),
        "segmenter": segmenters[0].version,
        **provenance,
        "golden": golden_records(model, _golden(examples)),
        "errors": errors,
    }
    model.segmenter = segmenters[0]  # what is predicted later has no place in the cache
    return model


def _notes(
    articles: Sequence[Article],
    learnable: Sequence[Article],
    groups: NDArray[np.int64],
    refused: int,
    left_out: int,
) -> Iterator[str]:
    tally = Tally()
    tally.add(learnable)
    tally.unlabelled = sum(article.themes is None for article in articles)
    refused += len(articles) - len(learnable) - tally.unlabelled
    yield count_line(tally.counts(refused, left_out))
    yield from tally.notes()
    yield from copy_notes(learnable, groups[: len(learnable)])


def _choose_n_best(out_of_fold: OutOfFold, targets: Targets, judged: Bools) -> int:
    if not out_of_fold.best:
        return 1
    margins = [out_of_fold.margins(n) for n in range(1, len(out_of_fold.best) + 1)]
    return choose_n_best(margins, targets.labels, targets.known, judged)


def _judge(
    margins: Floats,
    crossed: Crossed,
    targets: Targets,
    judged: Bools,
    themes: Taxonomy,
    seed: int,
    examples: Examples,
    corpora: Mapping[str, Counts],
) -> tuple[Calibration, Decision, dict[str, Any]]:
    """What is decided by out-of-fold margins, and what these say of the model."""
    keys, exclusive = themes.keys, themes.exclusive
    calibration, thresholds = calibrate(margins, targets.labels, targets.known, judged, exclusive)
    chosen, probabilities = crossed.chosen, crossed.probabilities
    provenance: dict[str, Any] = {
        "metrics": figures(judged, targets, chosen, probabilities, keys, exclusive, seed)
    }
    if corpora:
        sources = _sources(len(examples.articles), corpora)
        provenance["metrics_by_source"] = figures_by_source(
            sources, targets, chosen, probabilities, keys, seed
        )
        provenance["by_chance"] = {
            name: np.flatnonzero(counts.by_chance).tolist() for name, counts in corpora.items()
        }
    names = [article.id for article in examples.articles]
    names += [f"{name}:{i}" for name, counts in corpora.items() for i in range(len(counts))]
    has_text = np.arange(len(names)) < len(examples.articles)
    marks = {"judged": judged, "has_text": has_text} if corpora else {}
    provenance["out_of_fold"] = out_of_fold_csv(names, targets, keys, crossed, marks)
    return calibration, Decision(thresholds, exclusive), provenance


def _sources(n_texts: int, corpora: Mapping[str, Counts]) -> dict[str, Bools]:
    """Which articles are of which source, those that came as texts as `written`."""
    sizes = [n_texts, *map(len, corpora.values())]
    source = np.repeat(np.arange(len(sizes)), sizes)
    return {name: source == i for i, name in enumerate([WRITTEN, *corpora]) if sizes[i]}


def _segmenters(articles: Sequence[Article], name: str) -> list[Segmenter]:
    """As many as can work side by side on so much text."""
    characters = sum(len(article.title) + len(article.body) for article in articles)
    backend: Backend = "numba" if worthwhile("segment", characters) else "auto"
    # NumPy's segmenters would wait for each other, and compiled ones do so in part.
    count = min(usable_cores(), _MOST_SEGMENTERS) if backend == "numba" else 1
    return [make_segmenter(name, backend) for _ in range(count)]


def _cached(segmenter: Segmenter, cache: TokenCache | None) -> Segmenter:
    return segmenter if cache is None else CachedSegmenter(segmenter, cache)


def _describe(
    examples: Examples, targets: Targets, words: int, corpora: Sequence[Counts]
) -> dict[str, Any]:
    return {
        "articles": len(targets),
        "passages": int(targets.lengths.sum()),
        "words": words,
        "fingerprint": fingerprint(examples.articles, corpora),
        **drawn_facts(targets),
        **describe(examples.articles),
    }


def _golden(examples: Examples) -> list[Article]:
    """The first article of each of the first themes, cut short; none where there are no texts."""
    if not examples.articles:
        return []
    rows = dict.fromkeys(int(column.argmax()) for column in examples.targets.labels.T[:3])
    chosen = [examples.articles[row] for row in rows]
    return [Article(a.id, a.title, a.body[:_GOLDEN_LENGTH]) for a in chosen]
