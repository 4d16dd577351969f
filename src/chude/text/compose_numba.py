"""Leave invisible characters out and compose letters with their marks, compiled by numba."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chude.text import kernels_numba
from chude.text.clusters import composed_letters
from chude.text.code_points import JoinedTexts
from chude.text.compose_numpy import Composed

_FEW = 1024  # clusters that are left


def compose(texts: JoinedTexts) -> Composed:
    """What `compose_numpy.compose` does."""
    size = len(texts.codes)
    codes, left = np.empty(size, np.uint32), np.empty((_FEW, 3), np.int64)
    spans: NDArray[Any] = np.empty((2, size), np.int32 if size < 1 << 31 else np.int64)
    arrays = texts.codes, texts.starts, texts.lengths, *composed_letters(), codes, *spans
    done, found = kernels_numba.compose(*arrays, left)
    if found > len(left):
        left = np.empty((found, 3), np.int64)
        kernels_numba.compose(*arrays, left)
    return Composed(codes[:done], spans[0, :done], spans[1, :done], left[:found])
