"""When the functions compiled by numba are worth importing, and whether they are in use.

A backend is NumPy or numba. NumPy is there at once; importing numba takes half a second, and it may
not be installed. What both can do is the same to the last bit, so the choice is one of speed alone.
Every threshold of that kind stands here.
"""

import sys
from functools import cache
from importlib import import_module
from typing import Literal, get_args

Backend = Literal["auto", "numpy", "numba"]

_JIT = "chude.compute.jit"

# Of a kind of work that comes in batches: the size of one that is not to wait for numba, and that
# of all batches so far, from which on what numba costs at first is little beside what they took.
STREAMS = {
    "segment": (100_000, 20_000_000),  # characters
    "count": (20_000, 4_000_000),  # words
    "restore": (50_000, 500_000),  # characters of texts without marks
}
# Bytes of a file of articles in which numba saves twice what it costs at first.
LARGE_FILE = 10_000_000
# Of a kind of work that comes as a whole: the size from which numba is done first.
WHOLES = {
    "segment": 20_000_000,  # characters
    "count": 2_000_000,  # words
    "fit": 300_000,  # words times themes; to import scikit-learn alone takes longer than numba
}


_expected = 0


def expect(size: int) -> None:
    """Say that a file of that many bytes is read from now on, which may be worth numba at once."""
    global _expected
    _expected = size


@cache
def start() -> bool:
    """Import numba; False where it cannot be. Takes half a second the first time."""
    try:
        import_module(_JIT)
    except ImportError:  # also when numba and NumPy do not fit together
        return False
    return True


def started() -> bool:
    """Whether numba is loaded already, so that its functions cost no more than their calls."""
    return sys.modules.get(_JIT) is not None


def worthwhile(work: str, size: int) -> bool:
    """Whether numba pays for a whole of that size and can be had; then it is loaded.

    work: a key of `WHOLES`.
    """
    return size >= WHOLES[work] and start()


class BackendChoice:
    """Chooses between NumPy and numba for each batch.

    "auto" takes NumPy, and numba, if installed, from the first large batch on that is of a large
    file or comes after much work. work: a key of `STREAMS`. Raises ValueError for an unknown
    backend.
    """

    def __init__(self, backend: Backend = "auto", work: str = "segment") -> None:
        if backend not in get_args(Backend):
            raise ValueError(f"unknown backend {backend!r}")
        self.backend = backend
        self.compiled = backend == "numba"
        self._work = work
        self._done = 0

    def choose(self, size: int) -> bool:
        """Whether numba is to be used for a batch of that size, and from then on."""
        self._done += size
        small, many = STREAMS[self._work]
        if self.backend == "auto" and not self.compiled:
            worth = _expected >= LARGE_FILE or self._done >= many
            self.compiled = size >= small and worth and start()
        return self.compiled
