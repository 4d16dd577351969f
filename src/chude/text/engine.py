"""When the functions compiled by numba are worth importing."""

from functools import cache
from importlib import import_module
from typing import Literal, get_args

Engine = Literal["auto", "numpy", "numba"]
_SMALL = 100_000  # characters; a batch below is not to wait for numba
_COMPILE_AFTER = 20_000_000  # characters; NumPy takes about as long for them as importing numba


@cache
def compiler_works() -> bool:
    """Whether the optional package numba can be imported, which takes half a second if so."""
    try:
        import_module(".compiled", __package__)
    except ImportError:  # also when numba and NumPy do not fit together
        return False
    return True


def engine_for(characters: int) -> Engine:
    """The engine for so many characters in all."""
    return "numba" if characters >= _COMPILE_AFTER and compiler_works() else "auto"


class EngineChoice:
    """Chooses between NumPy and numba for each batch.

    "auto" takes NumPy, and numba, if installed, from the first large batch on after so many
    characters that it is worth importing. Raises ValueError for an unknown engine.
    """

    def __init__(self, engine: Engine) -> None:
        if engine not in get_args(Engine):
            raise ValueError(f"unknown engine {engine!r}")
        self.engine = engine
        self._characters = 0
        self._started = False

    def compiled(self, characters: int) -> bool:
        """Whether numba is to be used for a batch of so many characters."""
        self._characters += characters
        if self.engine != "auto":
            return self.engine == "numba"
        large = characters >= _SMALL and self._characters >= _COMPILE_AFTER
        self._started = self._started or (large and compiler_works())
        return self._started
