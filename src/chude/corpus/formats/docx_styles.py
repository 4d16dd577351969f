"""The styles of Word documents: what they are called, their fonts, and which of them hide text."""

from dataclasses import dataclass, field
from typing import BinaryIO
from xml.etree.ElementTree import Element

from chude.corpus.formats.limits import MAX_RECORD
from chude.corpus.formats.xml import attribute, events

_OFF = ("0", "false", "off")
_TITLES = ("title", "tieude", "tiu", "tiêuđề")  # also the ids that Vietnamese Word gives it
_HEADINGS = ("heading1", "u1")


@dataclass(slots=True)
class Styles:
    """Styles by their ids. fonts: also that of all the rest, by ""."""

    fonts: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)

    def font(self, style: str) -> str | None:
        """The font of text in a style."""
        return self.fonts.get(style) or self.fonts.get("")

    def is_title(self, style: str) -> bool:
        """Whether a paragraph in a style is a title."""
        return self._name(style) in _TITLES

    def is_heading(self, style: str) -> bool:
        """Whether a paragraph in a style is a heading of the first level."""
        return self._name(style) in _HEADINGS

    def _name(self, style: str) -> str:
        """A style's name, which is English in any Word, where its id is in the user's language."""
        return "".join(self.names.get(style, style).casefold().split())


def read_styles(part: BinaryIO) -> Styles:
    """The styles of a document's part for them."""
    styles = Styles()
    style, in_table = "", False
    with part:
        for event, element in events(part, MAX_RECORD, frozenset()):
            if element.tag == "tblStylePr":  # of some cells only
                in_table = event == "start"
            if event != "start" or in_table:
                continue
            if element.tag == "style":
                style = attribute(element, "styleId") or ""
            elif element.tag == "name" and style:
                styles.names[style] = attribute(element, "val") or style
            elif element.tag == "rFonts" and (font := font_of(element)):
                styles.fonts.setdefault(style, font)
            elif element.tag == "vanish" and is_on(element):
                styles.hidden.add(style)
    return styles


def font_of(element: Element) -> str | None:
    """The font that an element names for letters."""
    return attribute(element, "ascii") or attribute(element, "hAnsi")


def is_on(element: Element) -> bool:
    """Whether a property that is on or off is on, as it is without a value."""
    return attribute(element, "val") not in _OFF
