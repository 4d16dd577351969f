"""The themes of a task, as `themes.toml` lists them."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chude.corpus.encodings import decode
from chude.corpus.themes_of import clean_label
from chude.errors import ChudeError, Refusal
from chude.files import open_regular

_KNOWN = ("title_vi", "title_en", "definition")  # keys of a theme's table
_NEAR = 0.85  # how alike a misspelt key is; `title` is none
_IN_OTHERS = re.compile("(?:title|definition)_[a-z]{2}")  # a user's own, in other languages


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme: its key in data files, its titles for readers and what it means."""

    key: str
    title_vi: str = ""
    title_en: str = ""
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The themes in order; `exclusive` means exactly one theme an article."""

    themes: tuple[Theme, ...]
    exclusive: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(theme.key for theme in self.themes)

    @classmethod
    def of(cls, keys: Iterable[str], exclusive: bool = False) -> "Taxonomy":
        """A taxonomy of bare keys, sorted, for corpora that come without `themes.toml`."""
        return cls(tuple(Theme(key) for key in sorted(set(keys))), exclusive)

    @classmethod
    def load(cls, path: Path) -> "Taxonomy":
        """Read `themes.toml`.

        Raises ChudeError when the file is missing, is not TOML, lists no theme or has a
        misspelt key.
        """
        try:
            with open_regular(path, follow=True) as stream:
                text = decode(stream.read(), str(path))
            if isinstance(text, Refusal):
                raise ChudeError(str(text))
            table = tomllib.loads(text)
        except FileNotFoundError:
            raise ChudeError(f"{path}: no such file. Name a themes.toml with --themes.") from None
        except OSError as error:
            raise ChudeError(
                f"{path}: cannot be read ({error.strerror}). Check the path."
            ) from error
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise ChudeError(
                f"{path}: not a readable TOML file ({error}). Correct it; a key with other letters "
                'than a to z stands in quotes: ["đời sống"].'
            ) from error
        exclusive = table.pop("exclusive", False)
        if not isinstance(exclusive, bool):
            raise ChudeError(f"{path}: `exclusive` must be true or false. Correct it.")
        if not any(isinstance(entry, dict) for entry in table.values()):
            raise ChudeError(f"{path}: lists no themes. Write one table a theme: [my_theme].")
        _check_keys(table, path)
        themes = tuple(_theme(clean_label(key), entry) for key, entry in table.items())
        if not all(theme.key for theme in themes):
            raise ChudeError(f"{path}: a theme without a name. Name it, or delete its table.")
        if len({theme.key for theme in themes}) < len(themes):
            raise ChudeError(f"{path}: two themes of one name. Keep one table a theme.")
        return cls(themes, exclusive)


def _check_keys(table: dict[str, Any], path: Path) -> None:
    """Raise ChudeError for a misspelt or misplaced key, which would be passed over in silence.

    What resembles no key, such as `owner`, is a note of the user's own.
    """
    for key, entry in table.items():
        if not isinstance(entry, dict):
            raise ChudeError(
                f"{path}: the key {key!r} above the themes is not known. "
                "What may stand there is exclusive = true or false."
            )
        for name in sorted(entry.keys() - _KNOWN):
            dotted = f'["{key}.{name}"]' if isinstance(entry[name], dict) else None
            if cure := _cure(name, dotted):
                raise ChudeError(
                    f"{path}: the key {name!r} of the theme {key!r} is not known. {cure} "
                    f"The keys are {', '.join(_KNOWN)}."
                )


def _cure(key: str, dotted: str | None) -> str | None:
    """What to write instead of a theme's key; None where it resembles nothing."""
    import difflib

    if dotted:
        return f"A theme with a dot in its name stands in quotes: {dotted}."
    if _IN_OTHERS.fullmatch(key):
        return None
    near = difflib.get_close_matches(key, (*_KNOWN, "exclusive"), 1, _NEAR)
    if near == ["exclusive"]:
        return "What may stand above the first theme is exclusive = true or false."
    return f"Write {near[0]!r}?" if near else None


def _theme(key: str, entry: dict[str, object]) -> Theme:
    return Theme(
        key,
        title_vi=str(entry.get("title_vi", "")),
        title_en=str(entry.get("title_en", "")),
        definition=str(entry.get("definition", "")).strip(),
    )
