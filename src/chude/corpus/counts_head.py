"""What a file of counts says of itself: by what it was counted, its themes and its vocabulary."""

import base64
import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from chude.corpus.passage_sizes import SIZES, Sizes
from chude.corpus.taxonomy import Taxonomy, Theme
from chude.errors import ChudeError

# Goes up when an older chude could not read the file or would read it wrongly. 1: passages have
# `SIZES`.
FORMAT = 2
MOST_THEMES = 64  # the bits of a number
MOST_NGRAMS = 1 << 22
_MOST_BYTES = 1 << 27  # of a vocabulary


@dataclass(frozen=True, slots=True)
class Head:
    """The metadata of a file: as in `Counts`, and the number of its articles."""

    segmenter: str
    ngrams: tuple[int, int]
    taxonomy: Taxonomy
    vocabulary: list[str]
    articles: int
    sizes: Sizes

    def to_json(self) -> str:
        """The metadata as they stand in the file."""
        themes = [[t.key, t.title_vi, t.title_en, t.definition] for t in self.taxonomy.themes]
        head = {
            "format": FORMAT,
            "segmenter": self.segmenter,
            "ngrams": list(self.ngrams),
            "passage_sizes": list(self.sizes),
            "articles": self.articles,
            "exclusive": self.taxonomy.exclusive,
            "themes": themes,
            "vocabulary": _pack_words(self.vocabulary),
        }
        return json.dumps(head, ensure_ascii=False)


def damaged(path: Path, problem: object) -> NoReturn:
    """Raise the ChudeError for a file that does not hold what `write_counts` writes."""
    first = next(iter(str(problem).splitlines()), "unreadable")
    raise ChudeError(
        f"{path}: damaged or changed by hand ({first}). Copy it again, or make it again with: "
        "chude counts"
    )


def read_head(path: Path, described: str) -> Head:
    """The metadata. Raises ChudeError when they are newer, damaged or of the wrong kinds."""
    try:
        head = json.loads(described)
    except (ValueError, RecursionError):
        damaged(path, "its metadata cannot be read")
    if not isinstance(head, dict) or not _is_number(head.get("format")):
        damaged(path, "its metadata tell no format")
    if head["format"] > FORMAT:
        raise ChudeError(
            f"{path}: counts of a newer format, this chude reads up to {FORMAT}. Update chude."
        )
    head = {"passage_sizes": list(SIZES), **head} if head["format"] == 1 else head
    if wrong := [name for name, right in _KINDS.items() if not right(head.get(name))]:
        damaged(path, f"field {wrong[0]!r} of its metadata is not what it should be")
    themes = tuple(Theme(*theme) for theme in head["themes"])
    try:
        vocabulary = _unpack_words(head["vocabulary"])
    except (ValueError, zlib.error) as error:
        damaged(path, f"its vocabulary, {error}")
    shortest, longest = head["ngrams"]
    if problem := _vocabulary_fault(vocabulary, shortest, longest):
        damaged(path, problem)
    taxonomy = Taxonomy(themes, head["exclusive"])
    return Head(
        head["segmenter"],
        (shortest, longest),
        taxonomy,
        vocabulary,
        head["articles"],
        Sizes(*head["passage_sizes"]),
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _are_ngrams(value: Any) -> bool:
    fine = isinstance(value, list) and len(value) == 2 and all(map(_is_number, value))
    return fine and value[0] <= value[1] <= 3


def _are_sizes(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 3 and all(map(_is_number, value))


def _are_themes(value: Any) -> bool:
    return (
        isinstance(value, list)
        and 1 <= len(value) <= MOST_THEMES
        and all(
            isinstance(theme, list) and len(theme) == 4 and all(map(_is_text, theme)) and theme[0]
            for theme in value
        )
        and len({theme[0] for theme in value}) == len(value)
    )


def _is_text(value: Any) -> bool:
    """Whether it is a string that can be written; JSON can spell halves of pairs, UTF-8 cannot."""
    return isinstance(value, str) and value.encode("utf-8", "replace").decode() == value


_KINDS: dict[str, Callable[[Any], bool]] = {
    "segmenter": lambda value: isinstance(value, str),
    "ngrams": _are_ngrams,
    "passage_sizes": _are_sizes,
    "articles": _is_number,
    "exclusive": lambda value: value is False,  # counts go with any number of themes alone
    "themes": _are_themes,
    "vocabulary": lambda value: isinstance(value, str),
}


def _vocabulary_fault(vocabulary: Sequence[str], shortest: int, longest: int) -> str | None:
    if len(vocabulary) > MOST_NGRAMS or len(set(vocabulary)) < len(vocabulary):
        return "n-grams stand twice in its vocabulary, or there are too many"
    # Many: without a list of its words for each.
    spaces = {ngram.count(" ") for ngram in vocabulary}
    padded = (f" {ngram} " for ngram in vocabulary)
    if spaces - set(range(shortest - 1, longest)) or any("  " in ngram for ngram in padded):
        return f"n-grams of other lengths than {shortest} to {longest} words"
    return None


def _pack_words(vocabulary: Sequence[str]) -> str:
    packed = zlib.compress("\n".join(vocabulary).encode("utf-8"), 9)
    return base64.b64encode(packed).decode("ascii")


def _unpack_words(packed: str) -> list[str]:
    """The n-grams; raises ValueError or zlib.error when they are unreadable or too many."""
    unpacking = zlib.decompressobj()
    words = unpacking.decompress(base64.b64decode(packed, validate=True), _MOST_BYTES)
    if not unpacking.eof:
        raise ValueError("cut off or too large")
    return words.decode("utf-8").split("\n") if words else []
