"""A bundle: the folder that holds one trained model.

`model.joblib` is data, not code: dictionaries, strings, numbers and numpy arrays, no class of
scikit-learn or chude. `manifest.json` says what it is and proves that it is whole;
`out_of_fold.csv` holds what cross-validation said of each training article, `errors.jsonl` why it
was wrong where it was; `report.html` is for people.
"""

import json
from dataclasses import replace
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

from chude.bundle.golden import replay
from chude.bundle.safe_load import load_plain
from chude.bundle.state import FORMAT, from_plain, to_plain
from chude.errors import ChudeError
from chude.files import atomic_folder, sha256
from chude.model.model import Model

_PACKAGES = ("chude", "joblib", "numpy", "scikit-learn", "scipy", "underthesea")
_KEPT = {"out_of_fold": "out_of_fold.csv", "errors": "errors.jsonl"}  # fields of the provenance
REPORT_LANGUAGE = "vi"  # that report.html opens in; it can switch


def save(model: Model, path: str | Path) -> None:
    """Write the bundle in one step: `path` holds the old bundle or the whole new one.

    Sets `model.version`. Raises ChudeError when the folder cannot be written to.
    """
    import joblib

    from chude.show.report import report_page
    from chude.show.report_facts import report_facts

    provenance = dict(model.provenance)
    kept = {field: provenance.pop(field, None) for field in _KEPT}
    with atomic_folder(Path(path)) as folder:
        # A fixed protocol, so that the bytes do not depend on the version of Python.
        joblib.dump(to_plain(model), folder / "model.joblib", protocol=4)
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
        # Of the manifest as `load` gives it, so that `chude report` writes the same page.
        loaded = replace(model, provenance={**json.loads(text), **kept})
        report = report_page(report_facts(loaded), REPORT_LANGUAGE)
        (folder / "report.html").write_text(report + "\n", encoding="utf-8")
        for field, content in kept.items():
            if content is not None:
                (folder / _KEPT[field]).write_bytes(content)


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
        model = from_plain(plain)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise ChudeError(f"{file}: not a chude model ({error}). Train again.") from None
    model.provenance = manifest
    for field, name in _KEPT.items():
        if (folder / name).is_file():  # kept for a later save; older bundles have fewer files
            model.provenance[field] = (folder / name).read_bytes()
    model.version = digest[:12]
    replay(model, manifest["golden"], folder)
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
