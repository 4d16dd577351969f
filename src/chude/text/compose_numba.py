"""Leave invisible characters out and compose letters with their marks, compiled by numba."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chude.text import kernels_numba
from chude.text.clusters import composed_letters, known_codes, settle
from chude.text.code_points import JoinedTexts
from chude.text.compose_numpy import Composed

_FEW = 1024  # clusters that are left


def compose(texts: JoinedTexts, place: int, room: Sequence[NDArray[Any]]) -> Composed:
    """What `compose_numpy.compose` does.

    room: what becomes the code points, starts and ends, with at least as many entries as the texts.
    """
    arrays = texts.codes, texts.starts, texts.lengths, place, known_codes(), *composed_letters()
    left = np.empty((_FEW, 3), np.int64)
    done, found = kernels_numba.compose(*arrays, *room, left)
    if found < 0:
        settle(texts.codes)
        done, found = kernels_numba.compose(*arrays, *room, left)
    if found > len(left):
        left = np.empty((found, 3), np.int64)
        kernels_numba.compose(*arrays, *room, left)
    codes, starts, ends = (column[:done] for column in room)
    return Composed(codes, starts, ends, left[:found])
