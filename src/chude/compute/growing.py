"""Growing columns of integers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


class GrowingArray:
    """An array that grows at its end, of values or (with a `width`) of rows.

    Its memory doubles when full.
    """

    __slots__ = ("_buffer", "_size", "_width")

    def __init__(self, dtype: type[np.generic], width: int = 1) -> None:
        self._buffer: NDArray[Any] = np.zeros(16, dtype)
        self._size = 0
        self._width = width

    def __len__(self) -> int:
        return self._size // self._width

    @property
    def array(self) -> NDArray[Any]:
        """Shape (n,) or (n, width); growing later does not change arrays handed out before."""
        values = self._buffer[: self._size]
        return values if self._width == 1 else values.reshape(-1, self._width)

    @property
    def memory(self) -> NDArray[Any]:
        """The values and the room behind them, (more than n,)."""
        return self._buffer

    def reserve(self, count: int) -> None:
        """Make room in the memory for so many more values."""
        self._reserve(self._size + count)

    def claim(self, size: int) -> None:
        """Have so many values; those that are new have been written to the memory."""
        self._size = size

    def _reserve(self, size: int) -> None:
        if size > len(self._buffer):
            buffer = np.zeros(max(size, 2 * len(self._buffer)), self._buffer.dtype)
            buffer[: self._size] = self._buffer[: self._size]
            self._buffer = buffer

    def extend(self, values: Sequence[int] | NDArray[Any]) -> None:
        """Append values, those of a row one by one."""
        size = self._size + len(values)
        self._reserve(size)
        self._buffer[self._size : size] = values
        self._size = size
