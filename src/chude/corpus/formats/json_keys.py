"""Objects of JSON in which a key stands twice: Python keeps the last value and says nothing."""

import json
from typing import Any


class Doubled(dict[str, Any]):
    """An object with a key more than once; twice: the keys whose values are not all the same."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.twice = [key for key, value in pairs if value != self[key]]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    return row if len(row) == len(pairs) else Doubled(pairs)


DECODER = json.JSONDecoder(object_pairs_hook=_object)


def has_doubled(row: dict[str, Any]) -> bool:
    """Whether there is a key twice in an object or in one that is a value of it."""
    return type(row) is Doubled or Doubled in map(type, row.values())


def keys_twice(value: Any) -> list[str]:
    """The keys of an object that have several values."""
    return value.twice if isinstance(value, Doubled) else []
