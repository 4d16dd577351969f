"""A file's fields, taken one by one with what each has to be."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chude.errors import ChudeError

_SHOWN = 40  # characters of a wrong value in a message


@dataclass(frozen=True, slots=True)
class Field:
    """A value of plain data and where it stands: `name` in `file`, empty for the whole file.

    Every method raises ChudeError, with the file and the field, when the value is something else
    than what it is taken for. The values are of Python's own types, which JSON and `load_plain`
    give: so a bool is no number.
    """

    file: Path
    name: str
    value: Any

    def wrong(self, problem: str) -> ChudeError:
        """The error for this field; problem: the rest of a sentence that begins with its name."""
        return ChudeError(
            f"{self.file}: damaged ({self.name or 'it'} {problem}). Copy the bundle again, or "
            "train again."
        )

    def table(self, needed: Collection[str], others: bool = False) -> "dict[str, Field]":
        """The fields of a table that has all those needed; others: whether it may have more."""
        if type(self.value) is not dict:
            raise self.wrong(f"is {_kind(self.value)} where a table belongs")
        if missing := [key for key in needed if key not in self.value]:
            raise self.wrong(f"has no {_plain(missing[0])}")
        if not others and (unknown := self.value.keys() - set(needed)):
            raise self.wrong(f"has the unknown field {_shown(min(unknown))}")
        return {key: self._part(_plain(key), value) for key, value in self.value.items()}

    def entries(self, least: int = 0, most: int | None = None) -> "list[Field]":
        """The entries of a list that has so many."""
        if type(self.value) is not list:
            raise self.wrong(f"is {_kind(self.value)} where a list belongs")
        if len(self.value) < least or (most is not None and len(self.value) > most):
            raise self.wrong(f"has {len(self.value)} entries")
        return [self._part(str(i), value) for i, value in enumerate(self.value)]

    def text(self) -> str:
        """A string that can be written as UTF-8."""
        text = self.any_text()
        try:
            text.encode()
        except UnicodeEncodeError:
            raise self.wrong(f"has half a character: {_shown(text)}") from None
        return text

    def any_text(self) -> str:
        """A string, in which there may be lone surrogates."""
        if type(self.value) is not str:
            raise self.wrong(f"is {_kind(self.value)} where a string belongs")
        return self.value

    def one_of(self, words: Collection[str]) -> str:
        """One of these strings."""
        if self.any_text() not in words:
            raise self.wrong(f"is {_shown(self.value)}, which is unknown")
        return self.value

    def flag(self) -> bool:
        """True or False."""
        if type(self.value) is not bool:
            raise self.wrong(f"is {_kind(self.value)} where true or false belongs")
        return self.value

    def integer(self, least: int, most: int = (1 << 63) - 1) -> int:
        """An integer from `least` to `most`."""
        if type(self.value) is not int:
            raise self.wrong(f"is {_kind(self.value)} where an integer belongs")
        if not least <= self.value <= most:
            raise self.wrong("is out of range")
        return self.value

    def number(self, least: float, most: float) -> float:
        """A float or an integer from `least` to `most`, as a float."""
        if type(self.value) not in (int, float):
            raise self.wrong(f"is {_kind(self.value)} where a number belongs")
        if not least <= self.value <= most:  # nor NaN
            raise self.wrong("is out of range")
        return float(self.value)

    def array(
        self, dtype: type[np.generic], shape: tuple[int | None, ...], least: float, most: float
    ) -> NDArray[Any]:
        """An array of numbers from `least` to `most`; shape: None for any size."""
        array = self.value
        if type(array) is not np.ndarray:
            raise self.wrong(f"is {_kind(array)} where an array belongs")
        if array.dtype != dtype:
            raise self.wrong(f"is of {array.dtype} where {np.dtype(dtype)} belongs")
        fits = [want in (None, size) for want, size in zip(shape, array.shape, strict=False)]
        if len(shape) != array.ndim or not all(fits):
            raise self.wrong(f"is of shape {array.shape} where {_spelt(shape)} belongs")
        if array.size and not (least <= array.min() and array.max() <= most):  # nor NaN
            raise self.wrong("has numbers out of range")
        return array

    def _part(self, key: str, value: Any) -> "Field":
        return Field(self.file, f"{self.name}.{key}" if self.name else key, value)


def _kind(value: Any) -> str:
    return "nothing" if value is None else f"of type {type(value).__name__}"


def _plain(key: str) -> str:
    """A key as it stands, or as `_shown` where it is not a name."""
    return key if key.isidentifier() and len(key) <= _SHOWN else _shown(key)


def _shown(text: str) -> str:
    return ascii(text[:_SHOWN])


def _spelt(shape: tuple[int | None, ...]) -> str:
    return f"({', '.join('any' if size is None else str(size) for size in shape)})"
