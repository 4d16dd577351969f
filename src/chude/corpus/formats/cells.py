"""Values of a table's cells, whatever program wrote them."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from chude.corpus.labels import split_themes

_MISSING = ("nan", "null", "<na>")  # how pandas and databases write that there is no value


def whole(value: Any) -> Any:
    """A whole float as the integer that it was before pandas met a missing value."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def themes_of(value: Any) -> tuple[str, ...] | str | None:
    """Themes; None: not labelled; a string: what is wrong."""
    if isinstance(value, str):
        return None if value.strip().lower() in _MISSING else split_themes(value)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, Mapping) and "choices" in value:  # as Label Studio writes them
        return themes_of(value["choices"])
    if isinstance(value, (int, float)):
        return (str(whole(value)),)
    if isinstance(value, list):
        keys = [key for key in value if key is not None and key != ""]
        if _is_multi_hot(keys):
            return "themes as zeros and ones, a column of numbers without their names"
        if all(isinstance(key, (str, int)) or whole(key) is not key for key in keys):
            return tuple(dict.fromkeys(str(whole(key)).strip() for key in keys))
    return f"themes of an unknown form: {value!r:.60}"


def _is_multi_hot(values: Sequence[Any]) -> bool:
    """Zeros and ones that say of each theme whether it is there; ids of themes are distinct."""
    return (
        len(values) > 1
        and all(isinstance(value, (bool, int, float)) and value in (0, 1) for value in values)
        and (len(values) > 2 or isinstance(values[0], (bool, float)) or values[0] == values[1])
    )
