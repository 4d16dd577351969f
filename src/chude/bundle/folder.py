"""A bundle: the folder that holds one trained model.

`model.joblib` is data, not code: dictionaries, strings, numbers and numpy arrays, no class of
scikit-learn or chude. `manifest.json` says what it is and proves that it is whole;
`out_of_fold.csv` holds what cross-validation said of each training article, `errors.jsonl` why it
was wrong where it was; `report.html` is for people. A bundle may come from anybody: the files are
read as `entries`, `safe_load`, `validate` and `manifest` say, and whatever is in them, a load ends
in a model or in one ChudeError.
"""

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from chude.bundle.entries import Unread
from chude.bundle.fields import Field
from chude.bundle.golden import PACKAGES, replay
from chude.bundle.manifest import MOST_MANIFEST, check_manifest, parse_manifest
from chude.bundle.place import new_bundle
from chude.bundle.safe_load import MOST_BYTES, parse_plain, read_bytes
from chude.bundle.state import format_of, to_plain
from chude.bundle.validate import model_of
from chude.errors import ChudeError
from chude.files import sha256
from chude.model.model import Model

_KEPT = {"out_of_fold": "out_of_fold.csv", "errors": "errors.jsonl"}  # fields of the provenance
REPORT_LANGUAGE = "vi"  # that report.html opens in; it can switch


def save(model: Model, path: str | Path) -> None:
    """Write the bundle in one step: `path` holds the old bundle or the whole new one.

    Sets `model.version`. Raises UsageError where something else is that would be lost (see
    `chude.bundle.place`), ChudeError when the folder cannot be written to.
    """
    from importlib.metadata import version

    import joblib

    from chude.show.report import report_page
    from chude.show.report_facts import report_facts

    path = Path(path)
    provenance = dict(model.provenance)
    fields = {field: provenance.pop(field, None) for field in _KEPT}
    # Read before they are replaced.
    kept = {field: bytes(table) for field, table in fields.items() if table is not None}
    plain = to_plain(model)
    model_of(plain, path / "model.joblib")  # nothing is written that cannot be loaded
    with new_bundle(path) as folder:
        # A fixed protocol, so that the bytes do not depend on the version of Python.
        joblib.dump(plain, folder / "model.joblib", protocol=4)
        _check_size(path, (folder / "model.joblib").stat().st_size, MOST_BYTES)
        digest = sha256(folder / "model.joblib")
        model.version = digest[:12]
        manifest = {
            **provenance,  # first: that of a loaded model holds these fields of its old manifest
            "format": format_of(model),
            "sha256": digest,
            "packages": {name: version(name) for name in PACKAGES},
            "themes": list(model.taxonomy.keys),
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        check_manifest(Field(path / "manifest.json", "", json.loads(text)))
        # A lone surrogate of a golden article is escaped, as JSON can hold it in no other way.
        content = f"{text}\n".encode("utf-8", "backslashreplace")
        _check_size(path, len(content), MOST_MANIFEST)
        (folder / "manifest.json").write_bytes(content)
        # Of the manifest as `load` gives it, so that `chude report` writes the same page.
        loaded = replace(model, provenance={**json.loads(text), **kept})
        report = report_page(report_facts(loaded), REPORT_LANGUAGE)
        (folder / "report.html").write_text(report + "\n", encoding="utf-8")
        for field, table in kept.items():
            (folder / _KEPT[field]).write_bytes(table)


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
    model.provenance = {k: v for k, v in manifest.items() if k not in _KEPT}  # these are files
    for field, name in _KEPT.items():
        if (table := Unread.at(folder / name)) is not None:  # for a later save; may be missing
            model.provenance[field] = table
    model.version = digest[:12]
    replay(model, manifest["golden"], folder)
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


def _check_size(path: Path, size: int, most: int) -> None:
    if size > most:
        raise ChudeError(
            f"{path}: the model is too large to be loaded, {size:,} bytes of at most {most:,}. "
            "Train with a larger --min-df, or fewer themes."
        )
