"""Bundles stored long ago load, and say what they said then."""

import json
from pathlib import Path

import pytest

import chude
from tests import ROOT

DATA = ROOT / "tests" / "data"
BUNDLES = sorted(folder.name for folder in DATA.glob("bundle-*") if folder.is_dir())
ROUNDING = 2e-4  # of a probability written to 4 digits, on another machine


def test_they_are_there() -> None:
    assert {"bundle-1", "bundle-1-exclusive"} <= set(BUNDLES)


@pytest.mark.parametrize("name", BUNDLES)
def test_a_stored_bundle_says_what_it_said(name: str) -> None:
    model = chude.load(DATA / name)
    lines = (DATA / f"{name}.predictions.jsonl").read_text(encoding="utf-8").splitlines()
    expected = [json.loads(line) for line in lines]
    predictions = model.predict(chude.read(DATA / "articles.jsonl"))
    assert len(predictions) == len(expected) == 5
    for prediction, stored in zip(predictions, expected, strict=True):
        now = prediction.record()
        assert now["probabilities"] == pytest.approx(stored["probabilities"], abs=ROUNDING)
        for field in ("id", "themes", "decision", "model"):
            assert now[field] == stored[field]


@pytest.mark.parametrize("name", BUNDLES)
def test_a_stored_bundle_can_be_saved_again(name: str, tmp_path: Path) -> None:
    model = chude.load(DATA / name)
    chude.save(model, tmp_path / "again")
    assert chude.load(tmp_path / "again").taxonomy == model.taxonomy
