"""What annotators said of an article beyond its themes: marked spans, themes not settled.

Also whether they took back what stands there, as they do in Prodigy, and all but that as a row.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chude.corpus.article import Article
from chude.corpus.themes_of import parse_themes
from chude.errors import Refusal

ANNOTATIONS = ("spans", "contested", "drawn", "answer")  # columns
_NOT_TAKEN = ("reject", "ignore")  # answers of Prodigy to a label that was proposed

_BY_CHANCE = "chance"

Span = tuple[int, int]


def annotate(article: Article, row: Mapping[str, Any], moved: bool) -> Article | Refusal:
    """The article with its marked spans, themes not settled, and how it was drawn, where told.

    It is not labelled where the label was rejected: that tells of none of the other themes.

    moved: whether its text is no longer the row's to the letter, so that no span can be found.
    """
    given = row.get("spans")
    spans = _spans(given, len(article.text)) if isinstance(given, Mapping) else None
    if isinstance(spans, str):
        cure = 'Write {"theme": [[start, end], …]}, offsets in title, blank line and text'
        return Refusal(article.source, spans, cure)
    if spans and moved:
        problem = "spans of a text that had to be put into Unicode, so that offsets moved"
        return Refusal(article.source, problem, "Write the text in Unicode and mark it again")
    unsettled = row.get("contested")
    keys = parse_themes(unsettled) if isinstance(unsettled, (str, list)) else ()
    if isinstance(keys, str):
        cure = "Write a list, a string or `;` between the themes"
        return Refusal(article.source, f"contested {keys}", cure)
    by_chance = str(row.get("drawn")).strip().casefold() == _BY_CHANCE
    if row.get("answer") in _NOT_TAKEN:
        article = replace(article, themes=None)
    return replace(article, spans=spans, unsettled=keys or (), by_chance=by_chance)


def marks_of(article: Article) -> dict[str, Any]:
    """What `annotate` reads back: the columns that the article needs in JSON, often none."""
    marks: dict[str, Any] = {}
    if article.spans is not None:
        marks["spans"] = article.spans
    if article.unsettled:
        marks["contested"] = article.unsettled
    if article.by_chance:
        marks["drawn"] = _BY_CHANCE
    return marks


def _spans(given: Mapping[str, Any], length: int) -> dict[str, tuple[Span, ...]] | str:
    """Offsets by theme, or what is wrong with them; length: of the article's text."""
    found: dict[str, tuple[Span, ...]] = {}
    for key, ranges in given.items():
        if ranges is None:  # in a table that has a column a theme
            continue
        if not isinstance(ranges, list) or not all(map(_is_span, ranges)):
            return "spans of an unknown form"
        if any(not 0 <= start < end <= length for start, end in ranges):
            return f"spans of {key!r} that lie outside the text, which has {length} characters"
        found[str(key)] = tuple((start, end) for start, end in ranges)
    return found


def _is_span(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(end, int) and not isinstance(end, bool) for end in value)
    )
