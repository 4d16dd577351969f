"""Count n-grams of words: with NumPy, or compiled where that pays."""

import numpy as np
from numpy.typing import NDArray

from chude.compute.backend import worthwhile
from chude.features import count_numpy
from chude.features.packing import NgramIndex, Packing
from chude.features.sparse import Counts, Words


def count_new(
    words: Words, packing: Packing, least: float, most: float, commonest_first: bool = False
) -> tuple[NDArray[np.int64], Counts]:
    """The keys that occur in `least` to `most` texts, and how often in which text.

    commonest_first: by falling number of texts, which makes learning faster, instead of in order.
    """
    if worthwhile("count", len(words.ids)):
        from chude.features import count_numba

        return count_numba.count_new(words, packing, least, most, commonest_first)
    return count_numpy.count_new(words, packing, least, most, commonest_first)


def count_known(words: Words, packing: Packing, index: NgramIndex, compiled: bool) -> Counts:
    """How often known n-grams occur in each text; compiled: whether to use numba."""
    if compiled:
        from chude.features import count_numba

        return count_numba.count_known(words, packing, index)
    return count_numpy.count_known(words, packing, index)
