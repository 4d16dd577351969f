"""Where the words of a text stand, and its n-grams, and which of them are the same."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.integer]


class Distinct(NamedTuple):
    """Distinct numbers of spans.

    numbers: (n_distinct,). which: (n,), which of them each span has. places: (n,), the spans
    ordered by number; those of number i are places[bounds[i]:bounds[i + 1]].
    """

    numbers: Integers
    which: Integers
    places: Integers
    bounds: Integers

    def places_of(self, i: int) -> Integers:
        """The spans that have the number at place i."""
        return self.places[self.bounds[i] : self.bounds[i + 1]]


@dataclass(frozen=True, eq=False)
class Spans:
    """Offsets in `Article.text` of parts of an article, in order; integers (n,) each.

    numbers: of words the passage each lies in, of n-grams the columns of the model's features.
    """

    starts: Integers
    ends: Integers
    numbers: Integers

    def part(self, inside: slice) -> "Spans":
        """Some of them, one after the other."""
        return Spans(self.starts[inside], self.ends[inside], self.numbers[inside])

    @cached_property
    def distinct(self) -> Distinct:
        """Distinct numbers, in the order in which they first occur."""
        # Number and place in one integer: values are sorted several times faster than places.
        packed = np.sort(self.numbers.astype(np.int64) << 32 | np.arange(len(self.numbers)))
        numbers, places = packed >> 32, packed & 0xFFFFFFFF
        begins = np.flatnonzero(np.diff(numbers, prepend=-1))
        counts = np.diff(begins, append=len(numbers))
        order = np.argsort(places[begins])
        bounds = np.concatenate([[0], np.cumsum(counts[order])])
        moved = np.repeat(begins[order] - bounds[:-1], counts[order])
        places = places[moved + np.arange(len(numbers))]
        which = np.empty(len(numbers), dtype=np.int64)
        which[places] = np.repeat(np.arange(len(order)), counts[order])
        return Distinct(numbers[begins[order]], which, places, bounds)

    def pairs(self, places: Integers) -> tuple[tuple[int, int], ...]:
        """Start and end of those at these places."""
        starts, ends = self.starts[places].tolist(), self.ends[places].tolist()
        return tuple(zip(starts, ends, strict=True))
