"""Evaluate a model on labelled articles."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chude.batches import batched
from chude.cores import usable_cores
from chude.corpus.article import Article
from chude.corpus.read import Position
from chude.corpus.tally import Tally, count_line
from chude.errors import ChudeError
from chude.evaluation.metrics import Bools, Floats, evaluate_predictions
from chude.workers import in_order

if TYPE_CHECKING:
    from chude.model.model import Model


_CHUNK = 256


def evaluate(
    model: "Model",
    articles: Iterable[Article],
    *,
    seed: int = 0,
    jobs: int | None = 1,
    position: Position | None = None,
    on_note: Callable[[str], None] = lambda note: None,
) -> dict[str, Any]:
    """Figures of a model on labelled articles, as `evaluate_predictions` gives them, and `counts`.

    The themes that are judged are those that `Model.predict` gives: none to a text that is strange.

    counts: how many articles were found and what became of them, as `Tally.counts` gives them;
        those without labels are not judged, nor those of which a theme of the model is contested.
        position: knows what reading refused and left out.
    on_note: called with lines about the counts. jobs: processes that predict, None for one a core.

    Raises ChudeError when none is left to judge by.
    """
    keys = model.taxonomy.keys
    labels: list[list[bool]] = []
    tally = Tally()

    def labelled() -> Iterator[list[Article]]:
        for found_chunk in batched(articles, _CHUNK):
            settled = [article for article in found_chunk if not _contested(article, keys)]
            tally.add(settled)
            tally.contested += len(found_chunk) - len(settled)
            chunk = [article for article in settled if article.themes is not None]
            labels.extend([key in (a.themes or ()) for key in keys] for a in chunk)
            if chunk:
                yield chunk

    jobs = usable_cores() if jobs is None else jobs
    judged = list(in_order(partial(_judged, model), labelled(), jobs))
    counts = tally.counts(position.refused, position.left_out) if position else tally.counts()
    for note in (count_line(counts), *tally.notes()):
        on_note(note)
    if not labels and tally.contested:
        raise ChudeError(
            "no labelled articles of which all themes are settled. Settle some to evaluate on."
        )
    if not labels:
        raise ChudeError("no labelled articles to evaluate on. Name the column of labels.")
    chosen, probabilities = map(np.concatenate, zip(*judged, strict=True))
    figures = evaluate_predictions(
        np.array(labels),
        chosen,
        probabilities,
        keys,
        exclusive=model.taxonomy.exclusive,
        seed=seed,
    )
    return {**figures, "counts": counts}


def _contested(article: Article, keys: Sequence[str]) -> bool:
    """Whether its label of one of the themes is not settled: training does not judge by it either.

    What contradicts such a label may be right.
    """
    return article.themes is not None and any(key in article.unsettled for key in keys)


def _judged(model: "Model", articles: Sequence[Article]) -> tuple[Bools, Floats]:
    """Which themes each article is given, and their probabilities: (n_articles, n_themes) each."""
    found = model.predict(articles)
    chosen = [[key in one.themes for key in model.taxonomy.keys] for one in found]
    return np.array(chosen), np.array([list(one.probabilities.values()) for one in found])
