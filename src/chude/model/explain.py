"""Explain: what a model knows of a theme."""

import numpy as np

from chude.model.model import Model


def strongest_words(model: Model, theme: str, count: int = 15) -> list[tuple[str, float]]:
    """The n-grams that speak most for a theme, strongest first, with their weights.

    The weight is that of the model of whole articles. Raises KeyError for an unknown theme.
    """
    if theme not in model.taxonomy.keys:
        raise KeyError(theme)
    weights = model.scorer.article.weights[:, model.taxonomy.keys.index(theme)]
    least = np.partition(weights, -count)[-count] if count < len(weights) else -np.inf
    among = np.flatnonzero(weights >= least)  # few to sort; with equal weights more than asked for
    order = among[np.argsort(-weights[among], kind="stable")][:count]
    names = [model.scorer.features.name(int(i)).replace("_", " ") for i in order]
    return list(zip(names, weights[order].tolist(), strict=True))
