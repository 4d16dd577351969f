"""Summary: what a model is, as one plain dictionary for tables, pages and notebooks."""

from typing import Any

from chude.model.explain import strongest_words
from chude.model.model import Model

_PROVENANCE = (
    "python", "packages", "segmenter", "options", "chosen", "training_data", "metrics",
)  # fmt: skip


def summary(model: Model, words: int = 15) -> dict[str, Any]:
    """Sizes, themes with thresholds and strongest words, and where the model comes from.

    words: strongest words a theme. Of the provenance there is what the model knows of it.
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
            }
            for theme, threshold in thresholds
        },
        **{key: known[key] for key in _PROVENANCE if key in known},
    }
