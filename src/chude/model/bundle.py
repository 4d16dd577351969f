"""A bundle: the folder that holds one trained model.

`model.joblib` is data, not code: dictionaries, strings, numbers and numpy arrays, no class of
scikit-learn or chude. `manifest.json` says what it is and proves that it is whole;
`out_of_fold.csv` holds what cross-validation said of each training article; `report.html` is for
people. A bundle may come from anybody: the files are read as `entries`, `safe_load`, `validate` and
`manifest` say, and whatever is in them, a load ends in a model or in one ChudeError.

The format version goes up when an older chude could not read a new bundle or would read it wrongly.
"""

import hashlib
import json
import os
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

import numpy as np

from chude.corpus.article import Article
from chude.errors import ChudeError
from chude.files import atomic_folder, sha256
from chude.model.entries import Unread
from chude.model.fields import Field
from chude.model.manifest import MOST_MANIFEST, check_manifest, parse_manifest
from chude.model.model import Model
from chude.model.safe_load import MOST_BYTES, parse_plain, read_bytes
from chude.model.scoring import Linear
from chude.model.validate import FORMAT, model_of

_PACKAGES = ("chude", "joblib", "numpy", "scikit-learn", "scipy", "underthesea")
_OUT_OF_FOLD = "out_of_fold.csv"
_GOLDEN_LENGTH = 1200  # characters of a golden article's title, and of its body
_SHOWN = 60  # characters of a foreign text in a message
_TOLERANCE = 1e-4  # between a golden article's probability and its replay on another machine


def save(model: Model, path: Path) -> None:
    """Write the bundle in one step: `path` holds the old bundle or the whole new one.

    Sets `model.version`. Raises ChudeError when the folder cannot be written to.
    """
    import joblib

    from chude.evaluation.report import render_html

    provenance = dict(model.provenance)
    out_of_fold = provenance.pop("out_of_fold", None)
    table = None if out_of_fold is None else bytes(out_of_fold)  # read before it is replaced
    plain = _to_plain(model)
    model_of(plain, path / "model.joblib")  # nothing is written that cannot be loaded
    with atomic_folder(path) as folder:
        # A fixed protocol, so that the bytes do not depend on the version of Python.
        joblib.dump(plain, folder / "model.joblib", protocol=4)
        _check_size(path, (folder / "model.joblib").stat().st_size, MOST_BYTES)
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
        check_manifest(Field(path / "manifest.json", "", json.loads(text)))
        # A lone surrogate of a golden article is escaped, as JSON can hold it in no other way.
        content = f"{text}\n".encode("utf-8", "backslashreplace")
        _check_size(path, len(content), MOST_MANIFEST)
        (folder / "manifest.json").write_bytes(content)
        (folder / "report.html").write_text(render_html(model), encoding="utf-8")
        if table is not None:
            (folder / _OUT_OF_FOLD).write_bytes(table)


def load(path: str | Path) -> Model:
    """Read a bundle and replay its golden articles.

    Raises ChudeError when a file is missing, damaged, foreign or of a newer format, and when the
    golden articles come out otherwise than they did in training.
    """
    folder = Path(path)
    manifest = read_manifest(folder)
    file = folder / "model.joblib"
    if not os.path.lexists(file):
        raise ChudeError(f"{file}: no such file. Copy the whole bundle, or train again.")
    content = read_bytes(file)
    digest = hashlib.sha256(content.data).hexdigest()
    if digest != manifest["sha256"]:
        raise ChudeError(
            f"{file}: its SHA-256 is not the manifest's, it was changed or damaged. "
            "Copy the bundle again, or train again."
        )
    model = model_of(parse_plain(content, file), file)
    if list(model.taxonomy.keys) != manifest["themes"]:
        raise ChudeError(f"{folder}: model and manifest have other themes. Copy the bundle again.")
    manifest.pop("out_of_fold", None)  # it is a file
    model.provenance = manifest
    if (table := Unread.at(folder / _OUT_OF_FOLD)) is not None:  # kept for a later save
        model.provenance["out_of_fold"] = table
    model.version = digest[:12]
    _replay(model, manifest["golden"], folder)
    return model


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a bundle, checked as `parse_manifest` says.

    Raises ChudeError when it is missing, damaged or of a newer format.
    """
    file = folder / "manifest.json"
    if not os.path.lexists(file):
        raise ChudeError(
            f"{folder}: no model here. Train one with: chude train CORPUS --model {folder}"
        )
    return parse_manifest(file)


def golden_records(model: Model, articles: list[Article]) -> list[dict[str, Any]]:
    """Articles, cut short, with the probabilities the model gives them, to be replayed at load."""
    articles = [Article(a.id, a.title[:_GOLDEN_LENGTH], a.body[:_GOLDEN_LENGTH]) for a in articles]
    rows = model.probabilities(articles).tolist()
    return [
        {"title": article.title, "body": article.body, "probabilities": row}
        for article, row in zip(articles, rows, strict=True)
    ]


def _check_size(path: Path, size: int, most: int) -> None:
    if size > most:
        raise ChudeError(
            f"{path}: the model is too large to be loaded, {size:,} bytes of at most {most:,}. "
            "Train with a larger --min-df, or fewer themes."
        )


def _replay(model: Model, golden: list[dict[str, Any]], folder: Path) -> None:
    try:
        articles = [Article(str(i), g["title"], g["body"]) for i, g in enumerate(golden)]
        found = model.probabilities(articles)
        expected = np.array([g["probabilities"] for g in golden]).reshape(found.shape)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise ChudeError(f"{folder}: the model does not run ({error}). Train again.") from None
    off = ~(np.abs(found - expected) <= _TOLERANCE)
    if off.any():
        row, column = map(int, np.argwhere(off)[0])
        changed = [
            f"{name} {_short(then)} → {now}"
            for name, then in model.provenance["packages"].items()
            if name in _PACKAGES and (now := package_version(name)) != then
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


def _to_plain(model: Model) -> dict[str, Any]:
    features, scorer = model.scorer.features, model.scorer
    options, f8 = features.options, np.float64
    return {
        "format": FORMAT,
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
            "words": "\n".join(features.words),  # one string loads faster than 100,000
            "grams": np.ascontiguousarray(features.grams, np.int32),
            "idf": np.ascontiguousarray(features.idf, f8),
        },
        "article": _linear(scorer.article),
        "passage": _linear(scorer.passage) if scorer.passage else None,
        "calibration": [
            np.ascontiguousarray(model.calibration.weights, f8),
            np.ascontiguousarray(model.calibration.offset, f8),
        ],
        "thresholds": np.ascontiguousarray(model.decision.thresholds, f8),
        "review_error": float(model.decision.review_error),
    }


def _linear(linear: Linear) -> list[Any]:
    return [
        np.ascontiguousarray(linear.weights, np.float32),
        np.ascontiguousarray(linear.intercept, np.float32),
    ]
