"""The texts of a batch as one array of code points."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LARGEST = 1 << 28  # characters; NumPy's own strings may not be much longer


@dataclass(frozen=True, slots=True)
class JoinedTexts:
    """Texts with a line feed between them.

    codes: uint32, the code points. starts, lengths: int64 (n_texts,), in code points.
    """

    codes: NDArray[np.uint32]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "JoinedTexts":
        """Join texts; raises TypeError when one of them is no string."""
        codes = code_points("\n".join(texts))
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        return cls(codes, np.cumsum(lengths + 1) - lengths - 1, lengths)

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, text: int) -> str:
        start = self.starts[text]
        return to_string(self.codes[start : start + self.lengths[text]])

    def each(self) -> Iterator[NDArray[np.uint32]]:
        """The code points of one text after the other."""
        for start, length in zip(self.starts.tolist(), self.lengths.tolist(), strict=True):
            yield self.codes[start : start + length]

    @property
    def string(self) -> str:
        """All of it."""
        return to_string(self.codes)


def code_points(text: str) -> NDArray[np.uint32]:
    """The code points of `text`, lone surrogates among them, in memory of their own."""
    if len(text) > _LARGEST:
        return np.frombuffer(bytearray(text.encode("utf-32-le", "surrogatepass")), np.uint32)
    # Several times as fast as encoding.
    return np.array([text]).view(np.uint32)[: len(text)]


def tested(test: Callable[[str], bool], count: int) -> NDArray[np.bool_]:
    """What a test says of each of the first `count` code points, (count,)."""
    return np.fromiter(map(test, map(chr, range(count))), np.bool_, count)


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """The distinct ones of integers in ascending order, (n,).

    `numpy.unique` does the same, but loads `numpy.ma` for it, which is slow to load.
    """
    ordered = np.sort(values)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]


def to_string(codes: NDArray[np.uint32]) -> str:
    """The text with these code points."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")
