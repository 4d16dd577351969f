"""The installed underthesea: whether it is what the fast segmenter was verified with."""

import hashlib
import importlib.util
from pathlib import Path

VERSIONS = {"underthesea": "9.5.0", "underthesea_core": "3.3.2"}
MODEL = "pipeline/word_tokenize/models/ws_crf_vlsp2013_20230727"
EXPRESSION = "pipeline/word_tokenize/regex_tokenize.py"
RULES = "pipeline/text_normalize/tn_rules_2023_07_14.bin"
SHA256 = {
    f"{MODEL}/dictionary.bin": "ec8c62b3881c6682c18959988e1fe08800cc835777778845bded470ca02745d9",
    f"{MODEL}/features.bin": "cf93263c7c7973bf50122b0be76a394443ff61be00c1368713dee1b7d5b8a435",
    f"{MODEL}/models.bin": "c3a64c64349f1d73304f89babacaa8f8cd6078b1ec1a1b2c104e9e411ac1d2c3",
    EXPRESSION: "5cb4fdc04fc806ac51842d9ec96834e9647262361bf865bacc164e96dc898a76",
    RULES: "a8ef96ef9837f6a377154fdfc970b9b88351d39f9353fa693d53ab49798817f9",
}


class UnverifiedError(Exception):
    """The installed underthesea is not the one that the fast segmenter was verified against."""


def verified_model() -> Path:
    """Folder of the verified model; `UnverifiedError` when another version is installed."""
    spec = importlib.util.find_spec("underthesea")
    if spec is None or spec.origin is None:
        raise UnverifiedError("underthesea cannot be found")
    folder = Path(spec.origin).parent
    for package, version in VERSIONS.items():
        # Where pip puts what is installed; only what is elsewhere needs importlib.metadata, which
        # is slow to load.
        if not (folder.parent / f"{package}-{version}.dist-info").is_dir():
            _check_version(package, version)
    for name, digest in SHA256.items():
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise UnverifiedError(f"underthesea's {name} is not the verified file")
    return folder / MODEL


def _check_version(package: str, version: str) -> None:
    import importlib.metadata

    found = importlib.metadata.version(package)
    if found != version:
        raise UnverifiedError(f"{package} {found} is installed, {version} was verified")


def load_pickles(model: Path) -> tuple[list[str], set[str]]:
    """The model's feature templates and dictionary, from files checked by `verified_model`."""
    import pickle

    # Written by joblib, which without arrays in the data gives a plain pickle.
    templates = pickle.loads((model / "features.bin").read_bytes())
    words = pickle.loads((model / "dictionary.bin").read_bytes())
    return templates, words
