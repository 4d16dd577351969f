"""All that a report tells, as one plain dictionary: for the page, JSON and the model card."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from chude.corpus.article import Article
from chude.corpus.checks import CorpusChecks
from chude.corpus.describe import describe
from chude.errors import ChudeError
from chude.evaluation.crossed import (
    calibration,
    combinations,
    curves,
    doubtful_share,
    mistakes,
    read_marked,
    threshold_counts,
)
from chude.model.model import Model
from chude.model.summary import strongest_columns, summary
from chude.show.findings import doubtful_in, findings_of
from chude.show.view import titles_of, view_of_error

WORDS = 15  # of a theme and side
MOST_OF_A_KIND = 50  # errors of a theme and kind
TEXTS = ("full", "passage", "none")
_WHOLE = 1e-6  # of which a number of articles may be off by rounding


def report_facts(
    model: Model, texts: str = "full", corpus: Iterable[Article] | None = None
) -> dict[str, Any]:
    """The facts of a model whose provenance is that of its bundle.

    texts: of the errors' articles, "full", "passage" for the clearest passage alone, or "none" for
    neither texts nor titles. corpus: describes the data anew. What the bundle does not
    hold is None. Raises ChudeError when what it holds is damaged.
    """
    facts = summary(model, 0)
    n_articles = facts["training_data"]["articles"]
    for key, theme in facts["themes"].items():
        del theme["strongest"]
        theme["words"] = _words(model, key, n_articles)
    known = model.provenance
    facts["metrics_by_source"] = known.get("metrics_by_source")
    facts["review_error"] = model.decision.review_error
    checks = CorpusChecks()
    watched = None if corpus is None else checks.watch(corpus)
    facts["data"] = _described(facts["training_data"]) if watched is None else describe(watched)
    kept = known.get("errors")
    facts["errors"] = _errors(model, None if kept is None else bytes(kept), texts)
    facts["training_data"] = {"notes": [], **facts["training_data"]}
    return facts | _crossed(model, checks)


def _described(data: Mapping[str, Any]) -> dict[str, Any] | None:
    wanted = ("years", "lengths")
    return {name: data[name] for name in wanted} if all(name in data for name in wanted) else None


def _crossed(model: Model, checks: CorpusChecks) -> dict[str, Any]:
    content = model.provenance.get("out_of_fold")
    if content is None:
        names = (
            "doubtful", "texts", "mistakes", "thresholds", "calibration", "curves", "combinations",
        )  # fmt: skip
        return {**dict.fromkeys(names), "findings": findings_of((), checks)}
    try:
        every, texts, judged = read_marked(
            bytes(content), model.taxonomy.keys, ("", "has_text", "judged")
        )
    except ValueError as problem:
        raise ChudeError(f"out_of_fold.csv: {problem}. Copy the bundle again.") from None
    table = judged.settled  # the articles that the figures are of
    error, exclusive = model.decision.review_error, model.taxonomy.exclusive
    return {
        "doubtful": doubtful_share(table, error),
        "texts": len(texts.ids),  # of these alone errors are recorded
        "mistakes": mistakes(texts if texts.ids else table),
        "thresholds": threshold_counts(table, error, exclusive),
        "calibration": calibration(table),
        "curves": curves(table),
        "combinations": combinations(every),
        "findings": findings_of(doubtful_in(texts, exclusive), checks),
    }


def _words(model: Model, theme: str, n_articles: int) -> dict[str, list[dict[str, Any]]]:
    """Words for and against, of both models, and how many training articles hold each."""
    return {
        f"{'against' if against else 'for'}_{'passage' if passages else 'article'}": [
            {
                "text": model.scorer.features.name(column).replace("_", " "),
                "weight": round(weight, 4),
                "articles": _articles(model, column, n_articles),
            }
            for column, weight in strongest_columns(model, theme, WORDS, against, passages)
            if weight and (weight < 0) == against
        ]
        for passages in (False, True)
        for against in (False, True)
    }


def _articles(model: Model, column: int, n_articles: int) -> int | None:
    """In how many training articles an n-gram stands, which its smooth idf tells.

    None for exclusive themes, whose n-grams weigh more than the idf.
    """
    found = (1 + n_articles) * np.exp(1 - model.scorer.features.idf[column]) - 1
    whole = round(float(found))
    return whole if abs(found - whole) <= _WHOLE * (1 + whole) and whole > 0 else None


def _errors(model: Model, content: bytes | None, texts: str) -> list[dict[str, Any]] | None:
    """The errors of errors.jsonl, at most 50 of a theme and kind."""
    if content is None:
        return None
    titles = titles_of(model.taxonomy)
    taken: dict[tuple[str, bool], int] = {}
    errors = []
    for number, line in enumerate(content.splitlines(), 1):
        try:
            error = json.loads(line)
            view_of_error(error, titles)  # what can be shown is whole
            float(error["probability"])
            kind = error["theme"], bool(error["label"])
        except (ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError) as problem:
            raise ChudeError(
                f"errors.jsonl, line {number}: damaged ({problem}). Copy the bundle again."
            ) from None
        taken[kind] = taken.get(kind, 0) + 1
        if taken[kind] <= MOST_OF_A_KIND:
            errors.append(_shown(error, texts))
    return errors


def _shown(error: dict[str, Any], texts: str) -> dict[str, Any]:
    if texts == "full":
        return error
    for passage in error["explanation"]["passages"]:
        if texts == "none" or not passage["clearest"]:
            passage.pop("text", None)
    return error if texts == "passage" else {**error, "title": None}
