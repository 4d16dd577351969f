"""How long the passages of an article are, which texts and counts of them have to agree on."""

from typing import NamedTuple


class Sizes(NamedTuple):
    """Lengths in syllables.

    A longer paragraph than `longest` is cut into windows; a window ends with the sentence in which
    it reaches `window`; a shorter paragraph than `shortest` goes on with the next one.
    """

    longest: int
    window: int
    shortest: int


SIZES = Sizes(150, 75, 40)
SHORTER = Sizes(75, 50, 25)  # which cross-validation on real newspaper articles preferred
