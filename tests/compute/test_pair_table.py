"""The hash table of pairs."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chude.compute.pair_table import PairTable, pack

IDS = st.integers(0, 2**31 - 1)
SMALL = st.integers(0, 40)
PAIRS = st.one_of(st.tuples(SMALL, SMALL), st.tuples(IDS, IDS))


def keys_of(pairs: list[tuple[int, int]]) -> np.ndarray:
    first, second = np.array(pairs, np.int32).reshape(-1, 2).T
    return pack(first, second)


@given(st.lists(st.dictionaries(PAIRS, st.integers(1, 2**31 - 1)), max_size=5), st.lists(PAIRS))
def test_is_a_dictionary(batches: list[dict[tuple[int, int], int]], others: list) -> None:
    expected: dict[tuple[int, int], int] = {}
    table = PairTable(2)
    for batch in batches:
        new = {pair: value for pair, value in batch.items() if pair not in expected}
        table.insert(keys_of(list(new)), np.array(list(new.values()), np.int32))
        expected |= new
    asked = [*expected, *others]
    found = table.find(keys_of(asked))
    assert found.tolist() == [expected.get(pair, 0) for pair in asked]
    assert len(table) == len(expected)


def test_grows_and_keeps_everything() -> None:
    generator = np.random.default_rng(5)
    keys = np.unique(pack(*generator.integers(0, 3000, (2, 60_000), np.int32)))
    generator.shuffle(keys)
    values = np.arange(1, len(keys) + 1, dtype=np.int32)
    table = PairTable()
    for start in range(0, len(keys), 700):
        table.insert(keys[start : start + 700], values[start : start + 700])
    assert np.array_equal(table.find(keys), values)
    assert not table.find(keys + (3000 << 32)).any()
    assert len(table.keys) < 8 * len(keys)


def test_many_keys_of_one_slot() -> None:
    # Found by trying: keys whose hash starts with the same four bits.
    candidates = pack(np.arange(2000, dtype=np.int32), np.zeros(2000, np.int32))
    table = PairTable(4)
    same = candidates[table._home(candidates) == 3][:7]
    table.insert(same, np.arange(1, 8, dtype=np.int32))
    assert table.find(same).tolist() == [1, 2, 3, 4, 5, 6, 7]


def test_empty() -> None:
    nothing = np.zeros(0, np.int64)
    table = PairTable.of(nothing, np.zeros(0, np.int32))
    assert table.find(nothing).tolist() == []
    assert table.find(np.array([0, 5])).tolist() == [0, 0]
