"""What the compiled functions share with other modules, and their hash table of pairs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.compute import pair_table
from chude.compute.pair_table import PairTable, pack
from chude.text.crf import tables, tag_numpy
from chude.text.crf.arrays_numba import fixed_pairs
from chude.text.crf.tables import Kind, Row

compiled = pytest.importorskip("chude.text.crf.kernels_numba")


def test_numbers_written_out_are_those_of_the_other_modules() -> None:
    names = ["UNKNOWN", "BOUNDARY", "END", "OUTSIDE", "OUTSIDE_END"]
    assert all(getattr(compiled, name) == getattr(tables, name) for name in names)
    assert all(getattr(compiled, kind.name) == kind for kind in [*Kind, *Row])
    assert len(Kind) == compiled.KINDS
    assert tag_numpy.WINDOW == compiled.WINDOW
    assert pair_table._MULTIPLIER == compiled.GOLDEN


IDS = st.integers(0, 5) | st.integers(0, 65535)


@given(st.dictionaries(st.tuples(IDS, IDS), st.integers(1, 1 << 30)), st.lists(st.tuples(IDS, IDS)))
def test_finds_pairs(known: dict[tuple[int, int], int], others: list[tuple[int, int]]) -> None:
    keys = np.array(list(known), np.int32).reshape(-1, 2)
    table = PairTable.of(pack(*keys.T), np.array(list(known.values()), np.int32))
    fixed = fixed_pairs(table)
    for pair in [*known, *others]:
        assert compiled.find_fixed(fixed, *pair) == known.get(pair, 0)


def test_pairs_of_a_larger_model_are_refused() -> None:
    table = PairTable.of(np.array([65536 << 32 | 1]), np.array([1], np.int32))
    with pytest.raises(ValueError, match="more than 65536"):
        fixed_pairs(table)
