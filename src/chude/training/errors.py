"""What cross-validation decided wrongly, explained by the very models that decided it.

The final model has learnt from these articles and is right about most of them, so its explanation
would not be that of the error.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from chude.corpus.article import Article
from chude.corpus.taxonomy import Taxonomy
from chude.features.tfidf import Features
from chude.model.explanation import Explanation
from chude.model.model import Model
from chude.model.score import Scorer
from chude.text.segment import Segmenter
from chude.text.tokens import Tokens
from chude.training.cross_validate import OutOfFold
from chude.training.examples import Examples
from chude.training.fit import CountedExamples, LearningSettings, fit_weights
from chude.training.judge import Crossed
from chude.training.targets import Targets

MOST = 200  # decisions
_LONGEST = 600  # characters of a passage


def fold_models(
    taxonomy: Taxonomy,
    features: Features,
    counted: CountedExamples,
    settings: LearningSettings,
    out_of_fold: OutOfFold,
    scorer: Scorer,
    crossed: Crossed,
) -> Iterator[Model]:
    """The model of each fold: it has never seen the articles of that fold.

    scorer: that of all articles.
    """
    for f, (linears, judge) in enumerate(zip(out_of_fold.linears, crossed.judges, strict=True)):
        weighed = fit_weights(features, counted, settings, f)
        of_fold = replace(scorer, features=weighed, article=linears[0], passage=linears[1])
        yield Model(taxonomy, "", of_fold, *judge)


def explain_errors(
    models: Iterator[Model],
    examples: Examples,
    segmenter: Segmenter,
    targets: Targets,
    crossed: Crossed,
    texts: bool,
) -> bytes:
    """The wrong decisions as JSON Lines, at most 200, the surest first.

    models: of the folds. examples: the first of the articles of `targets` and `crossed`, the others
    have no text that could explain them. segmenter: for exclusive themes, whose examples have no
    offsets. texts: whether to tell titles and passages.
    """
    wrong = _surest(targets, crossed, len(examples.articles))
    explained: dict[tuple[int, int], dict[str, Any]] = {}
    for f, model in enumerate(models):
        own = [(i, k) for i, k in wrong if crossed.fold[i] == f]
        if not own:
            continue
        rows = sorted({i for i, _ in own})
        keys = model.taxonomy.keys
        themes = [keys[k] for k in sorted({k for _, k in own})]
        articles = [examples.articles[i] for i in rows]
        explanations = model.explain_tokens(articles, _tokens(examples, rows, segmenter), themes)
        found = dict(zip(rows, explanations, strict=True))
        for i, k in own:
            error = _record(examples.articles[i], keys[k], found[i], texts)
            error |= {
                "fold": f,
                "label": bool(targets.labels[i, k]),
                "chosen": bool(crossed.chosen[i, k]),
                "probability": round(float(crossed.probabilities[i, k]), 6),
            }
            explained[i, k] = error
    lines = [json.dumps(explained[pair], ensure_ascii=False) + "\n" for pair in wrong]
    return "".join(lines).encode()


def _tokens(examples: Examples, rows: Sequence[int], segmenter: Segmenter) -> Tokens:
    """The words that were judged, with offsets: no marks are restored in training."""
    if any(examples.passages):
        tokens = examples.tokens.take(np.array(rows, dtype=np.int64))
    else:
        tokens = segmenter.segment([examples.articles[i].text for i in rows])
    # A model looks up all words of a vocabulary, and these are few of all articles'.
    used, ids = np.unique(tokens.ids, return_inverse=True)
    words = [tokens.vocabulary[i] for i in used.tolist()]
    return replace(tokens, vocabulary=words, ids=ids.reshape(-1).astype(np.int32))


def _surest(targets: Targets, crossed: Crossed, n_texts: int) -> list[tuple[int, int]]:
    """Article and theme of the wrong decisions, those first that were nearest to certain.

    n_texts: the articles, from the first on, that are asked for.
    """
    wrong = (targets.labels != crossed.chosen) & targets.known
    rows, themes = np.nonzero(wrong[:n_texts])
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
