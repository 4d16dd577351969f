"""Growing columns."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.compute.growing import GrowingArray


@given(st.lists(st.none() | st.lists(st.integers(0, 99))))
def test_is_a_list(parts: list[list[int] | None]) -> None:
    column, expected = GrowingArray(np.int32), []
    for part in parts:
        if part is None:
            column.extend(np.arange(3))
            expected += [0, 1, 2]
        else:
            column.extend(part)
            expected += part
        assert len(column) == len(expected)
        assert column.array.tolist() == expected
    assert column.array.dtype == np.int32


def test_rows() -> None:
    column = GrowingArray(np.uint8, 3)
    assert column.array.shape == (0, 3)
    column.extend((1, 2, 3))
    column.extend((4, 5, 6))
    assert len(column) == 2
    assert column.array.tolist() == [[1, 2, 3], [4, 5, 6]]


def test_arrays_handed_out_do_not_change() -> None:
    column = GrowingArray(np.int32)
    column.extend(range(16))
    before = column.array
    column.extend(range(100))
    assert column.array[16:].tolist() == list(range(100))
    assert before.tolist() == list(range(16))


def test_refuses_what_does_not_fit() -> None:
    column = GrowingArray(np.uint8)
    with pytest.raises(OverflowError):
        column.extend([256])
