"""Word documents (.docx): paragraphs with the fonts of their runs, title and date, notes.

Fonts matter because the old ones (`.VnTime`, `VNI-Times`) show other letters than the file holds.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO
from xml.etree.ElementTree import Element

from chude.corpus.article import Article
from chude.corpus.dates import dateline
from chude.corpus.encodings import decode, decode_font
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.formats.docx_styles import Styles, font_of, is_on, read_styles
from chude.corpus.formats.limits import MAX_RECORD, MAX_TEXT, InputError, too_long
from chude.corpus.formats.raw import document_article, titled_article
from chude.corpus.formats.source import Source, on_disk
from chude.corpus.formats.xml import attribute, events, open_part
from chude.errors import Refusal

_DAMAGED = (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError)
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
# What Word keeps twice, for older programs; what was deleted or stood elsewhere, and how it looked.
_LEFT_OUT = frozenset({"Fallback", "del", "moveFrom", "rPrChange", "pPrChange"})
_MARKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_LONGEST_TITLE = 40  # words
_FIRST = 10  # paragraphs among which a title may be; letterheads are tables of some
_KICKER = 20  # words that may stand in a paragraph above a title that is only a heading

Paragraph = tuple[str, str]  # style and text


def read(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """The one article of a document."""
    try:
        with on_disk(source) as path, zipfile.ZipFile(path) as archive:
            styles = read_styles(open_part(archive, "word/styles.xml"))
            paragraphs = _filled(archive, "word/document.xml", styles)
            notes = [text for name in _NOTES for _, text in _filled(archive, name, styles)]
    except _DAMAGED as error:
        problem = f"not a readable Word document ({error})"
        yield Refusal(source.place, problem, "Save it again as .docx")
        return
    article = _article(paragraphs, styles, source)
    yield article if isinstance(article, Refusal) else _with_notes(article, notes)


def _filled(archive: zipfile.ZipFile, name: str, styles: Styles) -> list[Paragraph]:
    """The paragraphs of a part that have text."""
    with open_part(archive, name) as part:
        return [(style, text) for style, text in _paragraphs(part, styles) if text.strip()]


def _article(paragraphs: list[Paragraph], styles: Styles, source: Source) -> Article | Refusal:
    if not paragraphs:
        return Refusal(source.place, "no text in it", "Give a document with text, not pictures")
    texts = [text for _, text in paragraphs]
    at = _title_at(paragraphs, styles)
    if at is not None and len(texts[at].split()) <= _LONGEST_TITLE:
        return titled_article(source, texts[at].strip(), texts[:at], texts[at + 1 :])
    dated = len(texts) > 2 and dateline(texts[0]) is not None  # the date stands above the title
    if len(texts) == 1 or len(texts[0].split()) > _LONGEST_TITLE or dated:
        return document_article(source, "", "\n\n".join(texts))
    return document_article(source, texts[0].strip(), "\n\n".join(texts[1:]))


def _title_at(paragraphs: list[Paragraph], styles: Styles) -> int | None:
    """Which of the first paragraphs is the title by its style, if any.

    A heading is one where there is no other, below nothing but short lines: else it is that of a
    section, below a title that has no style.
    """
    for number, (style, _) in enumerate(paragraphs[:_FIRST]):
        if styles.is_title(style):
            return number
    headings = [n for n, (style, _) in enumerate(paragraphs) if styles.is_heading(style)]
    if headings[:1] == [0]:
        return 0
    if len(headings) != 1 or headings[0] >= _FIRST:
        return None
    above = paragraphs[: headings[0]]
    return headings[0] if all(len(text.split()) <= _KICKER for _, text in above) else None


def _with_notes(article: Article, notes: list[str]) -> Article | Refusal:
    """The article with its footnotes and endnotes as the last paragraphs."""
    if not notes:
        return article
    text = decode("\n\n".join(notes).encode("utf-8", "replace"), article.source)
    if isinstance(text, Refusal):
        return text
    if len(article.body) + len(text) > MAX_TEXT:
        return too_long(article.source, "a text", MAX_TEXT)
    return replace(article, body=f"{article.body}\n\n{text.strip()}")


class _Paragraphs:
    """The paragraph that is being read."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._style = ""
        self._font: str | None = None
        self._hidden = False
        self._runs: list[tuple[str | None, str]] = []
        self._size = 0

    def start(self, element: Element) -> Paragraph | None:
        """A paragraph that the start of an element ends, if it does."""
        done, tag = None, element.tag
        if tag == "p":  # a box inside a paragraph has paragraphs of its own
            done = self._end() if self._runs else None
            self._style, self._font = "", None
        elif tag == "r":
            self._font = self._styles.font(self._style)
            self._hidden = self._style in self._styles.hidden
        elif tag == "pStyle":
            self._style = attribute(element, "val") or ""
        elif tag == "rStyle":
            self._hidden |= attribute(element, "val") in self._styles.hidden
        elif tag == "rFonts":
            self._font = font_of(element) or self._font
        elif tag == "vanish":  # in a run, for that of a paragraph's mark stands before them
            self._hidden = is_on(element)
        return done

    def end(self, element: Element) -> Paragraph | None:
        """A paragraph that the end of an element ends, if it does."""
        if element.tag == "p":
            return self._end()
        text = _MARKS.get(element.tag) or (element.text if element.tag == "t" else None)
        if text and not self._hidden:
            self._size += len(text)
            if self._size > MAX_TEXT:
                raise InputError(too_long("", "a text", MAX_TEXT).problem, "Split it")
            self._runs.append((self._font, text))
        return None

    def _end(self) -> Paragraph:
        """Its text, decoded where its fonts are those of old encodings."""
        text = "".join(decode_font(text, font) for font, text in self._runs)
        self._runs = []
        return self._style, text


def _paragraphs(part: BinaryIO, styles: Styles) -> Iterator[Paragraph]:
    """The style and the text of each paragraph, also of those in tables and boxes."""
    state = _Paragraphs(styles)
    skipped = 0  # elements that are open, of which the first is left out
    for event, element in events(part, MAX_RECORD, frozenset()):
        start = event == "start"
        if skipped or _is_left_out(element):
            skipped += 1 if start else -1
        elif done := state.start(element) if start else state.end(element):
            yield done


def _is_left_out(element: Element) -> bool:
    """Whether an element is no text of the document; of notes those that are only separators."""
    if element.tag in ("footnote", "endnote"):
        return attribute(element, "type") not in (None, "normal")
    return element.tag in _LEFT_OUT
