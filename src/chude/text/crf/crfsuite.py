"""Read a linear-chain CRF from a CRFsuite model file.

A conditional random field (Lafferty, McCallum & Pereira 2001) for sequences scores a labelling
y of the positions 1..n by a sum: for each position, the weights that its active *attributes*
(strings such as `T[0].lower=năm`, produced by templates that look at the neighbourhood) give to
its label, and for each pair of neighbours the weight of the *transition* between their labels.
The best labelling is found by dynamic programming (Viterbi 1967). Training only decides the
weights; to apply a model one needs nothing but two tables, which this module reads:

* `state[a, l]`: the weight of attribute `a` for label `l`;
* `transition[i, j]`: the weight of label `j` right after label `i`.

The format is that of CRFsuite (Okazaki 2007), little-endian: a header, a chunk `FEAT` of
features (20 bytes each: type, source, target, weight) and two constant databases `CQDB` which
number the labels and the attributes. The chunks `LFRF` and `AFRF` only index the features by
label and attribute and are not needed here.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_HEADER = struct.Struct("<4sI4sIIIIIIIII")
_CHUNK = struct.Struct("<4sII")
_CQDB = struct.Struct("<4sIIIII")
_RECORD = struct.Struct("<II")
_CQDB_BYTE_ORDER = 0x62445371
_FEATURE = np.dtype([("type", "<u4"), ("source", "<u4"), ("target", "<u4"), ("weight", "<f8")])
_STATE, _TRANSITION = 0, 1


@dataclass(frozen=True, slots=True)
class CrfModel:
    """Weights of a first-order linear-chain CRF with L labels and A attributes."""

    labels: list[str]
    attributes: list[str]
    state: NDArray[np.float64]  # (A, L)
    transition: NDArray[np.float64]  # (L, L), from row to column


def read_crfsuite(path: Path) -> CrfModel:
    """Read a CRFsuite model; raises ValueError when the file is not one."""
    try:
        return _parse(path.read_bytes())
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: damaged CRFsuite model: {error}") from error
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def _parse(data: bytes) -> CrfModel:
    header = _HEADER.unpack_from(data)
    if header[0] != b"lCRF" or header[2] != b"FOMC":
        raise ValueError("not a first-order CRFsuite model")
    if header[1] != len(data):
        raise ValueError(f"the header says {header[1]} bytes, the file has {len(data)}")
    features_at, labels_at, attributes_at = header[7:10]
    labels = _read_names(data, labels_at)
    attributes = _read_names(data, attributes_at)
    features = _read_features(data, features_at)
    shape = (len(attributes), len(labels))
    state = _matrix(features[features["type"] == _STATE], shape)
    transition = _matrix(features[features["type"] == _TRANSITION], (len(labels), len(labels)))
    return CrfModel(labels, attributes, state, transition)


def _read_features(data: bytes, at: int) -> NDArray[np.void]:
    magic, _, count = _CHUNK.unpack_from(data, at)
    if magic != b"FEAT":
        raise ValueError("no feature chunk where the header points")
    return np.frombuffer(data, _FEATURE, count, at + _CHUNK.size)


def _matrix(features: NDArray[np.void], shape: tuple[int, int]) -> NDArray[np.float64]:
    matrix = np.zeros(shape)
    matrix[features["source"], features["target"]] = features["weight"]
    return matrix


def _read_names(data: bytes, at: int) -> list[str]:
    """Strings of the CQDB at byte `at`, by identifier.

    Only the backward array (identifier → record) is used; its entries, like all offsets of a CQDB,
    count from the start of that database. A record is an identifier, a size that includes the
    final NUL, and the bytes of the string.
    """
    magic, _, _, byte_order, count, backward = _CQDB.unpack_from(data, at)
    if magic != b"CQDB" or byte_order != _CQDB_BYTE_ORDER:
        raise ValueError("no string database where the header points")
    names = []
    for offset in np.frombuffer(data, "<u4", count, at + backward).tolist():
        _, size = _RECORD.unpack_from(data, at + offset)
        start = at + offset + _RECORD.size
        names.append(data[start : start + size - 1].decode("utf-8"))
    return names
