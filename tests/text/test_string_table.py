import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.text import string_table as module
from chude.text.code_points import code_points
from chude.text.string_table import INSIDE, OUTSIDE, UNKNOWN, Kinds, RunFinder, StringTable

compiled = pytest.importorskip("chude.text.kernels_numba")


def fresh_kinds() -> Kinds:
    """All of ASCII is known but digits; the last entry stands for what is above 0x2000."""
    table = np.array([INSIDE if chr(code).isalpha() else OUTSIDE for code in range(0x2001)])
    table[ord("0") : ord("9") + 1] = UNKNOWN
    table[0x2000] = INSIDE
    return Kinds(table.astype(np.uint8))


def cut(finder: RunFinder, names: StringTable, text: str) -> list[tuple[str, int]]:
    ids, starts = finder.cut(code_points(text))
    assert finder.lengths(ids).tolist() == [len(names.names[i]) for i in ids.tolist()]
    return [(names.names[i], start) for i, start in zip(ids.tolist(), starts.tolist(), strict=True)]


def test_kinds_written_out_are_those_of_the_other_module() -> None:
    for name in ("UNKNOWN", "OUTSIDE", "INSIDE"):
        assert getattr(compiled, name) == getattr(module, name)


@given(st.lists(st.lists(st.text("aáb1\U0001f600\ud800", min_size=1, max_size=5))))
def test_finds_names(batches: list[list[str]]) -> None:
    names = StringTable()
    finder = RunFinder(names, fresh_kinds())
    for batch in batches:
        number = names["thêm"]  # added in another way
        found = cut(finder, names, "..".join(batch) + ".")
        assert [name for name, _ in found] == batch
        assert [start for _, start in found] == [
            sum(map(len, batch[:i])) + 2 * i for i in range(len(batch))
        ]
        assert names["thêm"] == number
        assert names == {name: i for i, name in enumerate(names.names)}


def test_a_text_may_end_in_a_name_or_be_empty() -> None:
    names = StringTable()
    finder = RunFinder(names, fresh_kinds())
    assert cut(finder, names, "xã") == [("xã", 0)]
    assert cut(finder, names, "") == []
    assert cut(finder, names, "xã 9") == [("xã", 0), ("9", 3)]


def test_finds_names_of_one_hash() -> None:
    names = StringTable()
    ids = [names[name] for name in ("nhà", "nha", "nh", "nhàn")]
    hashed = RunFinder(names, fresh_kinds()).enter()
    # As if all had the same hash: every slot is probed from one place on.
    hashed.slots[:] = 0
    value = np.uint64(7 << 52 | 12345)
    home = int(value) >> int(hashed.shift)
    for i, name in enumerate(ids):
        hashed.slots[home + i] = 12345 << 32 | name + 1
    for i, name in enumerate(names.names):
        assert compiled.find_slot(hashed, value, code_points(name), 0, len(name)) == home + i
    free = compiled.find_slot(hashed, value, code_points("nhi"), 0, 3)
    assert hashed.slots[free] == 0


def test_many_names() -> None:
    names = StringTable()
    finder = RunFinder(names, fresh_kinds())
    for start in range(0, 20_000, 3000):
        words = [f"từ{i}" for i in range(start // 2, start + 3000)]
        assert [name for name, _ in cut(finder, names, " ".join(words))] == words
    assert len(names) == len(set(names.names)) == 21_000
