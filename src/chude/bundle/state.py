"""A model as plain data: dictionaries, strings, numbers and numpy arrays; `validate` reads it."""

from typing import Any

import numpy as np

from chude.bundle.validate import FORMAT
from chude.corpus.passage_sizes import SIZES
from chude.model.decide import LEAST_KNOWN
from chude.model.model import Model
from chude.model.score import Linear, Scorer


def format_of(model: Model) -> int:
    """The oldest format that can hold a model."""
    if _sizes(model.scorer):
        return FORMAT
    if model.scorer.n_best != 1:
        return 3
    usual = model.scorer.features.options.numbers and model.decision.least_known == LEAST_KNOWN
    return 1 if usual else 2


def to_plain(model: Model) -> dict[str, Any]:
    """The model without its provenance, as `model.joblib` holds it."""
    features, scorer = model.scorer.features, model.scorer
    options, f8 = features.options, np.float64
    return {
        "format": format_of(model),
        "exclusive": model.taxonomy.exclusive,
        "themes": [
            [theme.key, theme.title_vi, theme.title_en, theme.definition]
            for theme in model.taxonomy.themes
        ],
        "segmenter": model.segmenter_name,
        "features": {
            "ngrams": list(options.ngrams),
            "min_df": options.min_df,
            "max_df": options.max_df,
            "folded": options.folded,
            **({} if options.numbers else {"numbers": False}),
            "words": "\n".join(features.words),  # one string loads faster than 100,000
            "grams": np.ascontiguousarray(features.grams, np.int32),
            "idf": np.ascontiguousarray(features.idf, f8),
        },
        "article": _linear(scorer.article),
        "passage": _linear(scorer.passage) if scorer.passage else None,
        **({} if scorer.n_best == 1 else {"n_best": scorer.n_best}),
        **_sizes(scorer),
        "calibration": [
            np.ascontiguousarray(model.calibration.weights, f8),
            np.ascontiguousarray(model.calibration.offset, f8),
        ],
        "thresholds": np.ascontiguousarray(model.decision.thresholds, f8),
        "review_error": float(model.decision.review_error),
        **_least_known(float(model.decision.least_known)),
    }


def _least_known(share: float) -> dict[str, float]:
    return {} if share == LEAST_KNOWN else {"least_known": share}


def _sizes(scorer: Scorer) -> dict[str, list[int]]:
    told = scorer.passage is not None and scorer.sizes != SIZES
    return {"passage_sizes": list(scorer.sizes)} if told else {}


def _linear(linear: Linear) -> list[Any]:
    return [
        np.ascontiguousarray(linear.weights, np.float32),
        np.ascontiguousarray(linear.intercept, np.float32),
    ]
