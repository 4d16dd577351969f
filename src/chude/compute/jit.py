"""Compile functions with numba; importing this module imports numba (about half a second)."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import numba

_JOINING = Lock()


def compile_function(function: Any) -> Any:
    """`function` compiled when it is first called; it releases the interpreter lock."""
    try:
        return numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder for the cache can be written
        return numba.njit(nogil=True)(function)


@contextmanager
def joining_operations() -> Iterator[None]:
    """Numba compiles inside with LLVM's SLP vectorizer, which it leaves off by default.

    It joins like operations side by side, as on the lanes of a tuple or the parts of a complex
    number, into vector instructions. The setting is numba's own, so one thread is inside at a time.
    """
    settings: Any = numba.config
    with _JOINING:
        before = settings.SLP_VECTORIZE
        settings.SLP_VECTORIZE = 1
        try:
            yield
        finally:
            settings.SLP_VECTORIZE = before
