"""What joblib writes comes back as it was, if it is plain data; nothing else does."""

from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.bundle.safe_load import load_plain
from chude.errors import ChudeError

ARRAYS = [
    np.arange(12.0).reshape(3, 4),
    np.arange(12, dtype=np.float32).reshape(3, 4),
    np.zeros((0, 3), np.int32),
    np.zeros(0),
    np.arange(6, dtype=np.int32).reshape(6, 1),
    np.arange(100_000.0)[::7],
    np.ones((70_000, 5), np.float32),
]
VALUES = [
    None, True, False, 0, 255, 256, 65_535, 65_536, -1, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1,
    2**63 - 1, -(2**63), 0.5, -0.0, float("inf"), "", "dân vận", "ế" * 200, "ộ" * 40_000, "\ud800",
    [], {}, (), [1], (1,), (1, "a"), (1, 2, 3), (1, 2, 3, 4, 5), {"a": {"b": [{"c": ()}]}},
    list(range(2500)), {str(i): [str(i)] for i in range(1500)}, ["lặp", "lặp", ["lặp"]],
]  # fmt: skip


def dump(value: Any, path: Path) -> Path:
    joblib.dump(value, path, protocol=4)
    return path


def assert_same(one: Any, other: Any) -> None:
    assert type(one) is type(other)
    if isinstance(one, np.ndarray):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other, strict=True)
    elif isinstance(one, dict):
        assert list(one) == list(other)
        for key in one:
            assert_same(one[key], other[key])
    elif isinstance(one, (list, tuple)):
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            assert_same(a, b)
    else:
        assert one == other


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_plain_values_come_back(tmp_path: Path, value: Any) -> None:
    assert_same(load_plain(dump(value, tmp_path / "file")), value)


def test_arrays_come_back_as_joblib_reads_them(tmp_path: Path) -> None:
    path = dump({"arrays": ARRAYS, "again": ARRAYS[:1], "n": 1}, tmp_path / "file")
    found = load_plain(path)
    assert_same(found, joblib.load(path))
    for array in found["arrays"]:
        assert array.flags.writeable
        assert array.flags.aligned
        assert array.flags.c_contiguous


leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=300)
    | st.sampled_from(ARRAYS)
)


@given(
    value=st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=5)
            | st.lists(inner, max_size=5).map(tuple)
            | st.dictionaries(st.text(max_size=9), inner, max_size=5)
        ),
        max_leaves=20,
    ).filter(lambda value: depth(value) <= 8)
)
def test_whatever_is_plain_comes_back(tmp_path_factory: Any, value: Any) -> None:
    # No container stands in two places: joblib would write it once.
    path = tmp_path_factory.mktemp("plain") / "file"
    assert_same(load_plain(dump(value, path)), value)


def depth(value: Any) -> int:
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(depth, value), default=0) if isinstance(value, (list, tuple)) else 0


def test_nobody_changes_an_array_by_writing_to_the_file(tmp_path: Path) -> None:
    path = dump({"weights": np.ones(1 << 20)}, tmp_path / "file")
    weights = load_plain(path)["weights"]
    content = path.read_bytes()
    with path.open("r+b") as stream:
        stream.write(bytes(len(content)))
    assert (weights == 1).all()


JOBLIB = {
    "objects": {"words": np.array(["a", None], dtype=object)},
    "fields": np.zeros(2, np.dtype([("a", "i4"), ("b", "f8")])),
    "columns first": np.asfortranarray(np.ones((2, 2))),
    "three dimensions": np.ones((1, 1, 1)),
    "one number": np.array(7.0),
    "64-bit integers": np.arange(3),
    "another byte order": np.arange(3, dtype=">f8"),
    "truths": np.array([True]),
    "texts": np.array(["a"]),
    "a set": {1},
    "bytes": b"a",
    "a complex number": 1j,
    "a class": Path,
    "numbers as keys": {1: 2},
    "a large integer": 1 << 63,
}


@pytest.mark.parametrize("name", JOBLIB)
def test_what_joblib_writes_of_other_things_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ChudeError, match="refused, "):
        load_plain(dump(JOBLIB[name], tmp_path / "file"))


@pytest.mark.parametrize("compress", ["zlib", "gzip", "bz2", "lzma", "xz"])
def test_compressed_files_are_refused(compress: str, tmp_path: Path) -> None:
    joblib.dump({"a": np.zeros(1000)}, tmp_path / "file", compress=compress)
    with pytest.raises(ChudeError, match="refused, it does not begin as a model file does"):
        load_plain(tmp_path / "file")


def test_no_file_ends_in_the_middle_of_anything(tmp_path: Path) -> None:
    content = dump({"a": [1, "hai"], "b": np.arange(3.0)}, tmp_path / "file").read_bytes()
    for end in range(len(content)):
        (tmp_path / "file").write_bytes(content[:end])
        with pytest.raises(ChudeError, match="refused"):
            load_plain(tmp_path / "file")
