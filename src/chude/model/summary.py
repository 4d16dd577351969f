"""Summary: what a model is, as one plain dictionary for tables, pages and notebooks."""

from typing import Any

import numpy as np

from chude.model.model import Model

_PROVENANCE = (
    "python", "packages", "segmenter", "options", "chosen", "training_data", "metrics",
)  # fmt: skip


def summary(model: Model, words: int = 15, against: bool = False) -> dict[str, Any]:
    """Sizes, themes with thresholds and strongest words, and where the model comes from.

    words: strongest words a theme; against: also those against it. Of the
    provenance there is what the model knows of it.
    """
    known = model.provenance
    thresholds = zip(model.taxonomy.themes, model.decision.thresholds.tolist(), strict=True)
    linears = [linear for linear in (model.scorer.article, model.scorer.passage) if linear]
    return {
        "version": model.version,
        "exclusive": model.taxonomy.exclusive,
        "features": len(model.scorer.features.grams),
        "words": len(model.scorer.features.words),
        "weights_bytes": sum(linear.weights.nbytes for linear in linears),
        "themes": {
            theme.key: {
                "title_vi": theme.title_vi,
                "title_en": theme.title_en,
                "threshold": threshold,
                "strongest": strongest_words(model, theme.key, words),
                **_against(model, theme.key, words, against),
            }
            for theme, threshold in thresholds
        },
        **{key: known[key] for key in _PROVENANCE if key in known},
    }


def _against(model: Model, theme: str, words: int, wanted: bool) -> dict[str, Any]:
    found = {"strongest_against": strongest_words(model, theme, words, against=True)}
    return found if wanted else {}


def strongest_words(
    model: Model, theme: str, count: int = 15, against: bool = False, passages: bool = False
) -> list[tuple[str, float]]:
    """The n-grams that speak most for a theme, or against it, strongest first, with their weights.

    passages: the weights of the model of passages instead of those of whole articles; a model
    without one has no such words. Raises KeyError for an unknown theme.
    """
    found = strongest_columns(model, theme, count, against, passages)
    name = model.scorer.features.name
    return [(name(column).replace("_", " "), weight) for column, weight in found]


def strongest_columns(
    model: Model, theme: str, count: int, against: bool = False, passages: bool = False
) -> list[tuple[int, float]]:
    """As `strongest_words`, each n-gram as its column of `Scorer.features`."""
    if theme not in model.taxonomy.keys:
        raise KeyError(theme)
    linear = model.scorer.passage if passages else model.scorer.article
    if linear is None or not count:
        return []
    weights = linear.weights[:, model.taxonomy.keys.index(theme)]
    speaking = -weights if against else weights
    least = np.partition(speaking, -count)[-count] if count < len(speaking) else -np.inf
    among = np.flatnonzero(speaking >= least)  # few to sort; with equals more than asked for
    order = among[np.argsort(-speaking[among], kind="stable")][:count]
    return list(zip(order.tolist(), weights[order].tolist(), strict=True))
