"""Golden articles: what a model said of a few articles in training, replayed when it is loaded."""

from pathlib import Path
from typing import Any

import numpy as np

from chude.corpus.article import Article
from chude.errors import ChudeError
from chude.model.model import Model

PACKAGES = ("chude", "joblib", "numpy", "scikit-learn", "scipy", "underthesea")
_LENGTH = 1200  # characters of a golden article's title, and of its body
_SHOWN = 60  # characters of a foreign text in a message
_TOLERANCE = 1e-4  # between a golden article's probability and its replay on another machine


def golden_records(model: Model, articles: list[Article]) -> list[dict[str, Any]]:
    """Articles, cut short, with the probabilities the model gives them, to be replayed at load."""
    articles = [Article(a.id, a.title[:_LENGTH], a.body[:_LENGTH]) for a in articles]
    rows = model.probabilities(articles).tolist()
    return [
        {"title": article.title, "body": article.body, "probabilities": row}
        for article, row in zip(articles, rows, strict=True)
    ]


def replay(model: Model, golden: list[dict[str, Any]], folder: Path) -> None:
    """Raise ChudeError when the golden articles come out otherwise than they did in training."""
    try:
        articles = [Article(str(i), g["title"], g["body"]) for i, g in enumerate(golden)]
        found = model.probabilities(articles)
        expected = np.array([g["probabilities"] for g in golden]).reshape(found.shape)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise ChudeError(f"{folder}: the model does not run ({error}). Train again.") from None
    off = ~(np.abs(found - expected) <= _TOLERANCE)
    if off.any():
        from importlib.metadata import version

        row, column = map(int, np.argwhere(off)[0])
        changed = [
            f"{name} {_short(then)} → {now}"
            for name, then in model.provenance["packages"].items()
            if name in PACKAGES and (now := version(name)) != then
        ]
        raise ChudeError(
            f"{folder}: golden article '{_short(articles[row].title)}' had probability "
            f"{expected[row, column]:.4f} of {_short(model.taxonomy.keys[column])}, now "
            f"{found[row, column]:.4f}. Changed since training: {', '.join(changed) or 'nothing'}. "
            "Install the versions of the manifest, or train again."
        )


def _short(text: str) -> str:
    """A foreign text as a message can hold it."""
    return repr(text[:_SHOWN])[1:-1]
