"""Reading CRFsuite models."""

import struct
from pathlib import Path

import numpy as np
import pytest

from chude.text.crf.crfsuite import read_crfsuite
from chude.text.crf.installed import verified_model


def database(names: list[str]) -> bytes:
    """A CQDB without its forward hash tables, which the reader does not use."""
    records, offsets = b"", []
    at = 24 + 8 * 256
    for i, name in enumerate(names):
        key = name.encode() + b"\0"
        offsets.append(at + len(records))
        records += struct.pack("<II", i, len(key)) + key
    backward = at + len(records)
    size = backward + 4 * len(names)
    header = struct.pack("<4sIIIII", b"CQDB", size, 0, 0x62445371, len(names), backward)
    return header + bytes(8 * 256) + records + struct.pack(f"<{len(names)}I", *offsets)


def model_bytes(
    labels: list[str], attributes: list[str], features: list[tuple[int, int, int, float]]
) -> bytes:
    chunk = struct.pack("<4sII", b"FEAT", 12 + 20 * len(features), len(features))
    chunk += b"".join(struct.pack("<IIId", *feature) for feature in features)
    label_base, attribute_base = database(labels), database(attributes)
    at = 48 + len(chunk)
    size = at + len(label_base) + len(attribute_base)
    header = struct.pack(
        "<4sI4sIIIIIIIII", b"lCRF", size, b"FOMC", 100, 0, len(labels), len(attributes),
        48, at, at + len(label_base), 0, 0,
    )  # fmt: skip
    return header + chunk + label_base + attribute_base


SMALL = model_bytes(
    ["B-W", "I-W"],
    ["T[0]=nhà", "T[0].lower=nhà", "bias"],
    [(0, 0, 0, 0.5), (0, 2, 1, -1.25), (1, 0, 1, 2.0), (1, 1, 0, -3.0)],
)


def test_reads_labels_attributes_and_weights(tmp_path: Path) -> None:
    path = tmp_path / "model"
    path.write_bytes(SMALL)
    model = read_crfsuite(path)
    assert model.labels == ["B-W", "I-W"]
    assert model.attributes == ["T[0]=nhà", "T[0].lower=nhà", "bias"]
    np.testing.assert_array_equal(model.state, [[0.5, 0], [0, 0], [0, -1.25]])
    np.testing.assert_array_equal(model.transition, [[0, 2], [-3, 0]])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "damaged"),
        (b"RCRF" + SMALL[4:], "not a first-order"),
        (SMALL[:8] + b"SEMI" + SMALL[12:], "not a first-order"),
        (SMALL + b"x", "the header says"),
        (SMALL.replace(b"FEAT", b"TEAF"), "no feature chunk"),
        (SMALL.replace(b"CQDB", b"BQDC"), "no string database"),
        (SMALL.replace("nhà".encode(), b"nh\xff\xff"), "UTF-8|utf-8"),
    ],
)
def test_refuses_what_is_no_model(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "model"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=message) as raised:
        read_crfsuite(path)
    assert str(path) in str(raised.value)


@pytest.mark.parametrize("keep", range(4, len(SMALL), 97))
def test_refuses_a_model_cut_short(tmp_path: Path, keep: int) -> None:
    data = SMALL[:4] + struct.pack("<I", keep) + SMALL[8:keep]
    path = tmp_path / "model"
    path.write_bytes(data)
    with pytest.raises(ValueError, match="model"):
        read_crfsuite(path)


def test_installed_model() -> None:
    from underthesea_core import CRFTagger

    path = verified_model() / "models.bin"
    model = read_crfsuite(path)
    tagger = CRFTagger()
    tagger.load(str(path))
    assert model.labels == tagger.labels()
    assert len(set(model.attributes)) == len(model.attributes) == len(model.state) == 50_671
    for at in range(0, len(model.attributes), 1000):
        labels, score = tagger.tag_with_score([[model.attributes[at]]])
        assert score == model.state[at].max()
        assert labels == [model.labels[int(model.state[at].argmax())]]
