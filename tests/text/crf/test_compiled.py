"""What the compiled functions share with other modules."""

from __future__ import annotations

import pytest

from chude.text.crf import kernel, pairs, tables
from chude.text.crf.tables import Kind, Row

compiled = pytest.importorskip("chude.text.crf.compiled")


def test_numbers_written_out_are_those_of_the_other_modules() -> None:
    names = ["UNKNOWN", "BOUNDARY", "END", "OUTSIDE", "OUTSIDE_END"]
    assert all(getattr(compiled, name) == getattr(tables, name) for name in names)
    assert all(getattr(compiled, kind.name) == kind for kind in [*Kind, *Row])
    assert len(Kind) == compiled.KINDS
    assert kernel.WINDOW == compiled.WINDOW
    assert pairs._MULTIPLIER == compiled.GOLDEN
