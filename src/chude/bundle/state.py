"""A model as plain data, and back: dictionaries, strings, numbers and numpy arrays.

The format version goes up when an older chude could not read a new bundle or would read it wrongly.
"""

from typing import Any

from numpy.typing import NDArray

from chude.corpus.taxonomy import Taxonomy, Theme
from chude.features.tfidf import Features
from chude.features.vocabulary import FeatureOptions
from chude.model.decide import Calibration, Decision
from chude.model.model import Model
from chude.model.score import Linear, Scorer
from chude.text.segment import SEGMENTERS

FORMAT = 1


def to_plain(model: Model) -> dict[str, Any]:
    """The model without its provenance, as `model.joblib` holds it."""
    features, scorer = model.scorer.features, model.scorer
    return {
        "format": FORMAT,
        "exclusive": model.taxonomy.exclusive,
        "themes": [
            [theme.key, theme.title_vi, theme.title_en, theme.definition]
            for theme in model.taxonomy.themes
        ],
        "segmenter": model.segmenter_name,
        "features": {
            "ngrams": list(features.options.ngrams),
            "min_df": features.options.min_df,
            "max_df": features.options.max_df,
            "folded": features.options.folded,
            **({} if features.options.numbers else {"numbers": False}),
            "words": "\n".join(features.words),  # one string loads faster than 100,000
            "grams": features.grams,
            "idf": features.idf,
        },
        "article": [scorer.article.weights, scorer.article.intercept],
        "passage": [scorer.passage.weights, scorer.passage.intercept] if scorer.passage else None,
        "calibration": [model.calibration.weights, model.calibration.offset],
        "thresholds": model.decision.thresholds,
        "review_error": model.decision.review_error,
    }


def from_plain(plain: dict[str, Any]) -> Model:
    """The model that `to_plain` made plain.

    Raises KeyError, TypeError, ValueError, AttributeError or IndexError when it is none.
    """
    exclusive = bool(plain["exclusive"])
    stored = plain["features"]
    options = FeatureOptions(
        tuple(stored["ngrams"]),
        stored["min_df"],
        stored["max_df"],
        stored["folded"],
        stored.get("numbers", True),
    )
    words = stored["words"].split("\n")
    weights, offset = plain["calibration"]
    passage = None if plain["passage"] is None else Linear(*plain["passage"])
    features = Features(options, words, stored["grams"], stored["idf"])
    model = Model(
        Taxonomy(tuple(Theme(*entry) for entry in plain["themes"]), exclusive),
        plain["segmenter"],
        Scorer(features, Linear(*plain["article"]), passage),
        Calibration(weights, offset, exclusive),
        Decision(plain["thresholds"], exclusive, plain["review_error"]),
    )
    _check(model)
    return model


def _check(model: Model) -> None:
    if model.segmenter_name not in SEGMENTERS:
        raise ValueError(f"segmenter {model.segmenter_name!r} is unknown")
    grams = model.scorer.features.grams
    n_words = len(model.scorer.features.words)
    if grams.ndim != 2 or grams.min() < -1 or grams.max() >= n_words:
        raise ValueError("n-grams of words that are not there")
    n_features, n_themes = len(model.scorer.features.grams), len(model.taxonomy.themes)
    expected: list[tuple[NDArray[Any], tuple[int, ...]]] = [
        (model.scorer.features.idf, (n_features,)),
        (model.scorer.article.weights, (n_features, n_themes)),
        (model.calibration.weights, (n_themes, 1 if model.scorer.passage is None else 2)),
        (model.calibration.offset, (n_themes,)),
        (model.decision.thresholds, (n_themes,)),
    ]
    if model.scorer.passage is not None:
        expected.append((model.scorer.passage.weights, (n_features, n_themes)))
    for array, shape in expected:
        if array.shape != shape:
            raise ValueError(f"an array of shape {array.shape} where {shape} belongs")
