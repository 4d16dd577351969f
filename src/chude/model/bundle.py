"""A bundle: the folder that holds one trained model.

`model.joblib` is data, not code: dictionaries, strings, numbers and numpy arrays, no class of
scikit-learn or chude. `manifest.json` says what it is and proves that it is whole;
`out_of_fold.csv` holds what cross-validation said of each training article; `report.html` is for
people.

The format version goes up when an older chude could not read a new bundle or would read it wrongly.
"""

import json
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chude.corpus.article import Article
from chude.corpus.taxonomy import Taxonomy, Theme
from chude.errors import ChudeError
from chude.features.tfidf import Features
from chude.features.vocabulary import FeatureOptions
from chude.files import atomic_folder, sha256
from chude.model.decision import Calibration, Decision
from chude.model.model import Model
from chude.model.safe_load import load_plain
from chude.model.scoring import Linear, Scorer
from chude.text.segment import SEGMENTERS

FORMAT = 1
_PACKAGES = ("chude", "joblib", "numpy", "scikit-learn", "scipy", "underthesea")
_OUT_OF_FOLD = "out_of_fold.csv"
_TOLERANCE = 1e-4  # between a golden article's probability and its replay on another machine


def save(model: Model, path: Path) -> None:
    """Write the bundle in one step: `path` holds the old bundle or the whole new one.

    Sets `model.version`. Raises ChudeError when the folder cannot be written to.
    """
    import joblib

    from chude.evaluation.report import render_html

    provenance = dict(model.provenance)
    out_of_fold = provenance.pop("out_of_fold", None)
    with atomic_folder(path) as folder:
        # A fixed protocol, so that the bytes do not depend on the version of Python.
        joblib.dump(_to_plain(model), folder / "model.joblib", protocol=4)
        digest = sha256(folder / "model.joblib")
        model.version = digest[:12]
        manifest = {
            **provenance,  # first: that of a loaded model holds these fields of its old manifest
            "format": FORMAT,
            "sha256": digest,
            "packages": {name: package_version(name) for name in _PACKAGES},
            "themes": list(model.taxonomy.keys),
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
        (folder / "report.html").write_text(render_html(model), encoding="utf-8")
        if out_of_fold is not None:
            (folder / _OUT_OF_FOLD).write_bytes(out_of_fold)


def load(path: str | Path) -> Model:
    """Read a bundle and replay its golden articles.

    Raises ChudeError when a file is missing, damaged, foreign or of a newer format, and when the
    golden articles come out otherwise than they did in training.
    """
    folder = Path(path)
    manifest = read_manifest(folder)
    file = folder / "model.joblib"
    if not file.is_file():
        raise ChudeError(f"{file}: no such file. Copy the whole bundle, or train again.")
    if (digest := sha256(file)) != manifest["sha256"]:
        raise ChudeError(
            f"{file}: its SHA-256 is not the manifest's, it was changed or damaged. "
            "Copy the bundle again, or train again."
        )
    plain = load_plain(file)
    try:
        model = _from_plain(plain)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise ChudeError(f"{file}: not a chude model ({error}). Train again.") from None
    model.provenance = manifest
    if (folder / _OUT_OF_FOLD).is_file():  # kept for a later save
        model.provenance["out_of_fold"] = (folder / _OUT_OF_FOLD).read_bytes()
    model.version = digest[:12]
    _replay(model, manifest["golden"], folder)
    return model


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a bundle.

    Raises ChudeError when it is missing, damaged or of a newer format.
    """
    file = folder / "manifest.json"
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
        newer = manifest["format"] > FORMAT
        complete = isinstance(manifest["sha256"], str) and isinstance(manifest["golden"], list)
    except (FileNotFoundError, NotADirectoryError):
        raise ChudeError(
            f"{folder}: no model here. Train one with: chude train CORPUS --model {folder}"
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ChudeError(f"{file}: damaged ({error}). Copy the bundle again.") from None
    if newer:
        raise ChudeError(
            f"{file}: format {manifest['format']}, this chude reads up to {FORMAT}. Update chude."
        )
    if not complete:
        raise ChudeError(f"{file}: damaged (fields of the wrong kind). Copy the bundle again.")
    return dict(manifest)


def golden_records(model: Model, articles: list[Article]) -> list[dict[str, Any]]:
    """Articles with the probabilities the model gives them, to be replayed at load."""
    rows = model.probabilities(articles).tolist()
    return [
        {"title": article.title, "body": article.body, "probabilities": row}
        for article, row in zip(articles, rows, strict=True)
    ]


def _replay(model: Model, golden: list[dict[str, Any]], folder: Path) -> None:
    try:
        articles = [Article(str(i), g["title"], g["body"]) for i, g in enumerate(golden)]
        found = model.probabilities(articles)
        expected = np.array([g["probabilities"] for g in golden]).reshape(found.shape)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise ChudeError(f"{folder}: the model does not run ({error}). Train again.") from None
    off = np.abs(found - expected) > _TOLERANCE
    if off.any():
        row, column = map(int, np.argwhere(off)[0])
        changed = [
            f"{name} {then} → {package_version(name)}"
            for name, then in model.provenance["packages"].items()
            if package_version(name) != then
        ]
        raise ChudeError(
            f"{folder}: golden article {articles[row].title!r} had probability "
            f"{expected[row, column]:.4f} of {model.taxonomy.keys[column]}, now "
            f"{found[row, column]:.4f}. Changed since training: {', '.join(changed) or 'nothing'}. "
            "Install the versions of the manifest, or train again."
        )


def _to_plain(model: Model) -> dict[str, Any]:
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


def _from_plain(plain: dict[str, Any]) -> Model:
    exclusive = bool(plain["exclusive"])
    stored = plain["features"]
    options = FeatureOptions(
        tuple(stored["ngrams"]), stored["min_df"], stored["max_df"], stored["folded"]
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
