"""What cross-validation decided wrongly, explained by the very models that decided it.

The final model has learnt from these articles and is right about most of them, so its explanation
would not be that of the error.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chude.corpus.article import Article
from chude.corpus.taxonomy import Taxonomy
from chude.features.tfidf import Features
from chude.model.decide import Calibration, Decision, Floats
from chude.model.explanation import Explanation
from chude.model.model import Model
from chude.model.score import Scorer
from chude.text.segment import Segmenter
from chude.text.tokens import Tokens
from chude.training.cross_validate import OutOfFold
from chude.training.examples import Bools, Examples
from chude.training.fit import CountedExamples, LearningSettings, fit_weights

MOST = 200  # decisions
_LONGEST = 600  # characters of a passage


@dataclass(frozen=True, slots=True)
class Crossed:
    """Decisions on each training article by what was learnt from the other folds.

    fold: (n_articles,). probabilities, chosen: (n_articles, n_themes). judges: of each fold the
    calibration and the thresholds.
    """

    fold: NDArray[np.int64]
    probabilities: Floats
    chosen: Bools
    judges: Sequence[tuple[Calibration, Decision]]


class _Segmented:
    """A segmenter of texts whose words are known already."""

    version = ""

    def __init__(self, texts: Sequence[str], tokens: Tokens) -> None:
        self._tokens = tokens
        self._rows = {text: row for row, text in enumerate(texts)}

    def segment(self, texts: Sequence[str]) -> Tokens:
        return self._tokens.take(np.array([self._rows[text] for text in texts], dtype=np.int64))


def fold_models(
    examples: Examples,
    taxonomy: Taxonomy,
    features: Features,
    counted: CountedExamples,
    settings: LearningSettings,
    out_of_fold: OutOfFold,
    crossed: Crossed,
    segmenter: Segmenter,
) -> Iterator[Model]:
    """The model of each fold: it has never seen the articles of that fold.

    segmenter: for exclusive themes, whose examples have no offsets.
    """
    if not settings.exclusive:
        segmenter = _Segmented([article.text for article in examples.articles], examples.tokens)
    for f, (linears, judge) in enumerate(zip(out_of_fold.linears, crossed.judges, strict=True)):
        scorer = Scorer(fit_weights(features, counted, settings, f), *linears)
        model = Model(taxonomy, "", scorer, *judge)
        model.segmenter = segmenter
        yield model


def explain_errors(
    models: Iterator[Model], examples: Examples, crossed: Crossed, texts: bool
) -> bytes:
    """The wrong decisions as JSON Lines, at most 200, the surest first.

    models: of the folds. texts: whether to tell titles and passages.
    """
    wrong = _surest(examples.labels, crossed)
    explained: dict[tuple[int, int], dict[str, Any]] = {}
    for f, model in enumerate(models):
        own = [(i, k) for i, k in wrong if crossed.fold[i] == f]
        rows = sorted({i for i, _ in own})
        keys = model.taxonomy.keys
        themes = [keys[k] for k in sorted({k for _, k in own})]
        explanations = model.explain([examples.articles[i] for i in rows], themes)
        found = dict(zip(rows, explanations, strict=True))
        for i, k in own:
            error = _record(examples.articles[i], keys[k], found[i], texts)
            error |= {
                "fold": f,
                "label": bool(examples.labels[i, k]),
                "chosen": bool(crossed.chosen[i, k]),
                "probability": round(float(crossed.probabilities[i, k]), 6),
            }
            explained[i, k] = error
    lines = [json.dumps(explained[pair], ensure_ascii=False) + "\n" for pair in wrong]
    return "".join(lines).encode()


def _surest(labels: Bools, crossed: Crossed) -> list[tuple[int, int]]:
    """Article and theme of the wrong decisions, those first that were nearest to certain."""
    rows, themes = np.nonzero(labels != crossed.chosen)
    probability = crossed.probabilities[rows, themes]
    sure = np.where(crossed.chosen[rows, themes], probability, 1 - probability)
    order = np.argsort(-sure, kind="stable")[:MOST]
    return list(zip(rows[order].tolist(), themes[order].tolist(), strict=True))


def _record(article: Article, theme: str, explanation: Explanation, texts: bool) -> dict[str, Any]:
    """An error; its decision and fold are filled in by the caller."""
    record = explanation[theme].record()
    if texts:
        for passage in record["passages"]:
            text = article.text[passage["start"] : passage["end"]]
            passage["text"] = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return {
        "article": article.id,
        "theme": theme,
        "fold": None,
        "label": None,
        "chosen": None,
        "probability": None,
        "title": article.title if texts else None,
        "date": article.date and article.date.isoformat(),
        "explanation": record,
    }
