"""Evaluate a model on labelled articles."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from chude.batches import batched
from chude.corpus.article import Article
from chude.errors import ChudeError
from chude.evaluation.metrics import evaluate_predictions

if TYPE_CHECKING:
    from chude.model.model import Model


_CHUNK = 256


def evaluate(model: "Model", articles: Iterable[Article], *, seed: int = 0) -> dict[str, Any]:
    """Figures of a model on labelled articles, as `evaluate_predictions` gives them.

    Articles without labels are left out. Raises ChudeError when none is labelled.
    """
    labels: list[list[bool]] = []
    probabilities = []
    for chunk in batched((a for a in articles if a.themes is not None), _CHUNK):
        labels.extend([key in (a.themes or ()) for key in model.taxonomy.keys] for a in chunk)
        probabilities.append(model.probabilities(chunk))
    if not labels:
        raise ChudeError("no labelled articles to evaluate on. Name the column of labels.")
    found = np.concatenate(probabilities)
    return evaluate_predictions(
        np.array(labels),
        model.decision.chosen(found),
        found,
        model.taxonomy.keys,
        exclusive=model.taxonomy.exclusive,
        seed=seed,
    )
