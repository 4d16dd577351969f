"""What the fast segmenter knows, built once and then kept in the user's cache folder.

Arranging the verified model takes a third of a second, importing underthesea for its rules a fifth;
reading both back takes a fiftieth. The file holds the SHA-256 of all that follows, then arrays in
the format of `numpy.save`, none of them of objects; strings are one array of bytes, as JSON. A
file that is not whole is made anew, and a folder that cannot be written to costs nothing but time.
"""

import contextlib
import hashlib
import io
import itertools
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from chude.compute.pair_table import PairTable
from chude.errors import ChudeError
from chude.files import atomic_path, cache_folder, open_regular
from chude.text.crf.crfsuite import read_crfsuite
from chude.text.crf.installed import SHA256, VERSIONS, load_pickles, verified_model
from chude.text.crf.reference import TokenRules
from chude.text.crf.tables import NGrams, Tables, Template, build_tables

FORMAT = 2  # goes up when anything else is kept, or the same is built otherwise
_DIGEST = hashlib.sha256().digest_size


class Prepared(NamedTuple):
    """The arranged model, and the rules for tokens."""

    tables: Tables
    rules: TokenRules


@cache
def load_prepared() -> Prepared:
    """That of the verified underthesea; `UnverifiedError` when it is not the installed one."""
    model = verified_model()
    try:
        file = stored_file()
    except ChudeError:
        return build(model)
    known = read(file)
    if known is None:
        known = build(model)
        with contextlib.suppress(ChudeError):
            write(known, file)
    return known


def build(model: Path) -> Prepared:
    """What is to be known, from the model's folder and the installed underthesea."""
    templates, words = load_pickles(model)
    tables = build_tables(read_crfsuite(model / "models.bin"), templates, words)
    return Prepared(tables, TokenRules.of_underthesea())


def stored_file() -> Path:
    """Where what is known of the verified underthesea is kept.

    Raises ChudeError when there is no cache folder.
    """
    key = json.dumps([FORMAT, VERSIONS, SHA256], sort_keys=True).encode()
    return cache_folder() / f"segmentation-{hashlib.sha256(key).hexdigest()[:16]}"


def write(known: Prepared, file: Path) -> None:
    """Keep it; raises ChudeError when the file cannot be written."""
    stream = io.BytesIO()
    for array in _arrays(known):
        np.save(stream, array, allow_pickle=False)
    content = stream.getvalue()
    with atomic_path(file) as temporary:
        temporary.write_bytes(hashlib.sha256(content).digest() + content)


def read(file: Path) -> Prepared | None:
    """What `write` wrote, or None where it is not there or not whole."""
    try:
        with open_regular(file) as stored:
            content = stored.read()
    except OSError:
        return None
    if hashlib.sha256(memoryview(content)[_DIGEST:]).digest() != content[:_DIGEST]:
        return None
    stream = io.BytesIO(content)  # which is not copied
    stream.seek(_DIGEST)
    return _known(map(np.load, itertools.repeat(stream)))


def _arrays(known: Prepared) -> Iterator[NDArray[Any]]:
    """All that is known; identifiers count from 2 in the order of the tokens."""
    tables = known.tables
    strings = {
        "templates": [template.name for template in tables.templates],
        "exact": list(tables.exact_ids),
        "lower": list(tables.lower_ids),
        "expression": known.rules.expression,
        "spellings": known.rules.spellings,
    }
    yield np.frombuffer(json.dumps(strings, ensure_ascii=False).encode(), np.uint8)
    yield np.cumsum([len(weights) for weights in tables.weights])
    yield np.concatenate(tables.weights)
    yield tables.transition
    for ngrams in (tables.exact, tables.lower):
        for table in (ngrams.pairs, ngrams.triples):
            yield table.keys
            yield table.values
        yield ngrams.opens
    yield tables.listed_tokens
    yield tables.listed_pairs
    yield tables.listed_triples


def _known(arrays: Iterator[NDArray[Any]]) -> Prepared:
    strings = json.loads(next(arrays).tobytes())
    ends = next(arrays)
    tables = Tables(
        templates=[Template.parse(name) for name in strings["templates"]],
        weights=np.split(next(arrays), ends[:-1]),
        transition=next(arrays),
        exact_ids=_numbered(strings["exact"]),
        lower_ids=_numbered(strings["lower"]),
        exact=_ngrams(arrays),
        lower=_ngrams(arrays),
        listed_tokens=next(arrays),
        listed_pairs=next(arrays),
        listed_triples=next(arrays),
    )
    return Prepared(tables, TokenRules(strings["expression"], strings["spellings"]))


def _numbered(tokens: list[str]) -> dict[str, int]:
    return dict(zip(tokens, range(2, len(tokens) + 2), strict=True))


def _ngrams(arrays: Iterator[NDArray[Any]]) -> NGrams:
    pairs, triples = (PairTable.of_slots(next(arrays), next(arrays)) for _ in range(2))
    return NGrams(pairs, triples, next(arrays))
