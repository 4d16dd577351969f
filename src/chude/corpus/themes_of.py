"""The themes that a value of a column names, however the program that wrote it spells them."""

import ast
import json
import math
import re
import unicodedata
import warnings
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

MULTI_HOT = "its themes are a row of 0 and 1 without names"
NO_NAME = "a theme without a letter or digit, as `-` is"

# What pandas, R and databases write for a value that is missing. `none` in small letters is the
# folder of articles that carry no theme, `None` is Python's missing value.
_MISSING = {"nan", "null", "<na>", "n/a", "na", "nat", "#n/a", "\\n"}
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_WHOLE = re.compile(r"(\d+)\.0*")
_QUOTED = re.compile(r"""'([^']*)'|"([^"]*)\"""")
_NAMED = re.compile(r"[^\W_]")
_NAN = re.compile(r"(?<=[\[(,:{ ])nan(?=[\]),} ])")
_HIVE = re.compile(r"(?:themes?|labels?)=(.+)", re.IGNORECASE)
_HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"
_LONGEST = 200  # characters of a label or a cell that is remembered
_LONGEST_LITERAL = 10_000
_SEPARATORS = (";", "|", "#", ",", "/", "+", "&")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONED = re.compile(f"([{_TONES}])(\\w+)")
_TRUTH = {"0": False, "1": True, "false": False, "true": True, "": False}


def clean_label(label: str) -> str:
    """A label in composed letters, with plain single spaces and nothing invisible."""
    # A corpus has few labels, each many times; what is no label is not to be held.
    return _clean(label) if len(label) <= _LONGEST else _clean.__wrapped__(label)


@lru_cache(1024)
def _clean(label: str) -> str:
    visible = _INVISIBLE.sub("", label)
    return " ".join(unicodedata.normalize("NFC", visible).split())


def alike(label: str) -> str:
    """What is the same for all spellings of one label: its case and the place of tone marks folded.

    `Văn Hoá`, `văn hóa` → the same; for comparing, not for showing.
    """
    letters = unicodedata.normalize("NFD", clean_label(label).casefold())
    return _TONED.sub(r"\2\1", letters)  # a tone mark goes to the end of its syllable


def folder_label(folder: str) -> str | None:
    """The label that a folder's name is, also as Hive writes it: `theme=emulation`; None: none."""
    match = _HIVE.fullmatch(folder) if "=" in folder else None
    if match is None:
        return folder
    return None if match[1] == _HIVE_NULL else unquote(match[1])


class ThemeNames:
    """Finds the theme a label means among the keys of a taxonomy."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = tuple(keys)
        self._exact = {clean_label(key): key for key in self.keys}
        self._alike: dict[str, str | None] = {}
        for key in self.keys:  # None: two themes differ in case or tone marks alone
            self._alike[alike(key)] = None if alike(key) in self._alike else key

    def find(self, label: str) -> str | None:
        """The key of the theme; None when it is none, or might be two."""
        label = clean_label(label)
        return self._exact.get(label) or self._alike.get(alike(label))

    def split(self, label: str) -> tuple[str, ...]:
        """The label's key, or those of its parts, or the label itself where they are no themes."""
        key = self.find(label)
        return (key,) if key else self.parts(label) or (label,)

    def parts(self, label: str) -> tuple[str, ...]:
        """The keys in `a|b`, `a#b`, `a, b`, `a/b`; none when one of the parts is no theme."""
        for separator in _SEPARATORS:
            parts = [part for part in label.split(separator) if part.strip()]
            keys = [key for key in map(self.find, parts) if key]
            if separator in label and keys and len(keys) == len(parts):
                return tuple(dict.fromkeys(keys))
        return ()

    def resolve(self, themes: Iterable[str]) -> tuple[str, ...]:
        """The keys that labels mean; a label that means none stays as it is."""
        return tuple(dict.fromkeys(key for label in themes for key in self.split(label)))


def parse_themes(value: Any, keys: Sequence[str] | None = None) -> tuple[str, ...] | str | None:
    """The themes in a cell of a table: `a; b`, a list, `"['a', 'b']"`, a number, `{theme: 0 or 1}`.

    value: None, NaN and what other programs write for them is not labelled; an empty string or list
        is labelled with no theme. keys: of the taxonomy, whose spelling wins and by which `a|b`,
        `a#b`, `a, b` are told from a name; None accepts any name.

    Returns None for not labelled, or a string that says what is wrong with the value.
    """
    known = None if keys is None else tuple(keys)
    if isinstance(value, str) and len(value) <= _LONGEST:
        return _parse_string(value, known)
    return _parse(value, known)


@lru_cache(1024)
def _parse_string(value: str, keys: tuple[str, ...] | None) -> tuple[str, ...] | str | None:
    return _parse(value, keys)


def _parse(value: Any, keys: tuple[str, ...] | None) -> tuple[str, ...] | str | None:
    names = None if keys is None else _theme_names(keys)
    if isinstance(value, str):
        if names is not None and (key := names.find(value)):
            return (key,)
        value = _of_string(value)
    elif isinstance(value, Mapping):
        value = _of_mapping(value)
    if not isinstance(value, (list, tuple, set)):
        value = None if is_missing(value) else [value]
    if value is None:
        return None
    if _is_multi_hot(value):
        return MULTI_HOT
    if value and all(map(is_missing, value)):
        return None
    if any(isinstance(item, str) and item.strip() and not _NAMED.search(item) for item in value):
        return NO_NAME
    labels = [_label(item) for item in value if not is_missing(item)]
    if any(label is None for label in labels):
        return _unknown(value)
    themes = tuple(dict.fromkeys(label for label in labels if label))
    return themes if names is None else names.resolve(themes)


@lru_cache(8)  # a table has one taxonomy and many rows
def _theme_names(keys: tuple[str, ...]) -> ThemeNames:
    return ThemeNames(keys)


def _of_string(text: str) -> Any:
    """The list in a string, or None where it says that a value is missing."""
    text = clean_label(text.replace("\n", "|")) if "\n" in text.strip() else clean_label(text)
    if text == "None" or text.casefold() in _MISSING:
        return None
    if text == "none":
        return []
    if quoted := _QUOTED.fullmatch(text):
        return [quoted[1] or quoted[2] or ""]
    if text[:1] + text[-1:] not in ("[]", "()", "{}"):
        return text.split(";")
    try:
        value = json.loads(text)
        return _of_mapping(value) if isinstance(value, dict) else value
    except (ValueError, RecursionError):
        pass
    inner = text[1:-1]
    if _QUOTED.search(inner) and not _QUOTED.sub("", inner).strip(" ,;"):
        return [single or double for single, double in _QUOTED.findall(inner)]  # also NumPy's
    if (value := _literal(text)) is not None:
        return _of_mapping(value) if isinstance(value, dict) else value
    if not inner.strip("0123456789. "):
        return [float(number) for number in inner.split() if number.strip(".")]
    return re.split("[,;]", inner)


def _literal(text: str) -> Any:
    """The list or dictionary that is written as Python shows it, as pandas does in CSV; or None."""
    if len(text) > _LONGEST_LITERAL:
        return None
    try:
        with warnings.catch_warnings(action="ignore"):  # of backslashes
            value = ast.literal_eval(_NAN.sub("None", text))
        str(value)  # fails where a number has more digits than Python writes
        return sorted(value, key=str) if isinstance(value, set) else value
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None  # TypeError: a list as a key, or in a set


def _of_mapping(value: Mapping[str, Any]) -> Any:
    """The names that are true, or the list in Label Studio's `{"choices": [...]}`."""
    if list(value) == ["choices"]:
        choices = value["choices"]
        return [choices] if isinstance(choices, str) else choices
    truth = {name: _truth(item) for name, item in value.items()}
    if len(truth) > 1 and all(item is not None for item in truth.values()):
        return [name for name, true in truth.items() if true]
    missing = all(is_missing(item) for item in value.values())
    return None if missing else [dict(value)]


def flagged(cells: Mapping[str, Any]) -> Any:
    """The themes whose cells are 1 and not 0, None where cells are missing and none is filled in.

    A cell that is missing beside a 1 counts as 0, since many write the 1s alone; beside a 0 it may
    be one that nobody has decided. The cells themselves, which `parse_themes` refuses, where one is
    neither 0 nor 1.
    """
    filled = [item for item in cells.values() if not is_missing(item)]
    empty = all(isinstance(item, str) and not item.strip() for item in filled)
    if empty and (not cells or len(filled) < len(cells)):
        return None
    truth = {name: _truth(item) for name, item in cells.items()}
    if True in truth.values():
        truth = {name: not is_missing(cells[name]) and true for name, true in truth.items()}
    if None in truth.values():
        return dict(cells)
    return [name for name, true in truth.items() if true]


def _truth(item: Any) -> bool | None:
    if isinstance(item, (bool, int, float)):
        return bool(item) if item in (0, 1) else None
    if isinstance(item, str):
        return _TRUTH.get(_number(item.strip()).lower())
    return None


def is_missing(item: Any) -> bool:
    """Whether a value is what programs write where there is none: None, NaN, `nan`, `NULL`."""
    if isinstance(item, str):
        return item.strip() == "None" or item.strip().casefold() in _MISSING
    return item is None or (isinstance(item, float) and math.isnan(item))


def _is_multi_hot(items: Iterable[Any]) -> bool:
    """Whether a list holds 0 and 1 as no list of labels does: as truths, fractions or twice."""
    items = list(items)
    if len(items) < 2 or not all(isinstance(i, (bool, int, float)) and i in (0, 1) for i in items):
        return False
    return len(set(items)) < len(items) or not all(type(item) is int for item in items)


def _unknown(value: Iterable[Any]) -> str:
    """What is wrong with labels that cannot be read.

    It names neither theme nor value, so that all rows in which something is neither 0 nor 1 get one
    message, whatever the column.
    """
    cells = (item for flags in value if isinstance(flags, Mapping) for item in flags.values())
    if any(_truth(item) is None for item in cells):
        return "themes of an unknown form, in which one is neither 0 nor 1"
    kinds = sorted({type(item).__name__ for item in value})
    return f"themes of an unknown form ({', '.join(kinds)})"


def _label(item: Any) -> str | None:
    if isinstance(item, str):
        return _number(clean_label(item))
    if isinstance(item, float) and item.is_integer():
        return str(int(item))
    return str(item) if isinstance(item, int) else None


def _number(text: str) -> str:
    """`1.0` → `1`, as a column of whole numbers is written when one of them is missing."""
    match = _WHOLE.fullmatch(text)
    return match[1] if match else text
