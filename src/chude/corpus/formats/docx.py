"""Word documents (.docx): paragraphs with the fonts of their runs, title and date.

Fonts matter because the old ones (`.VnTime`, `VNI-Times`) show other letters than the file holds.
"""

import zipfile
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element

from chude.corpus.article import Article
from chude.corpus.encodings import decode_font
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.formats.limits import MAX_RECORD, MAX_TEXT, InputError, too_long
from chude.corpus.formats.raw import document_article
from chude.corpus.formats.source import Source, on_disk
from chude.corpus.formats.xml import attribute, events, open_part
from chude.errors import Refusal

_DAMAGED = (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError)
_NOTHING = frozenset[str]()


def read(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """The one article of a document."""
    try:
        with on_disk(source) as path, zipfile.ZipFile(path) as archive:
            fonts = _style_fonts(open_part(archive, "word/styles.xml"))
            with open_part(archive, "word/document.xml") as part:
                paragraphs = list(_paragraphs(part, fonts))
    except _DAMAGED as error:
        problem = f"not a readable Word document ({error})"
        yield Refusal(source.place, problem, "Save it again as .docx")
        return
    yield _article(paragraphs, source)


def _article(paragraphs: list[tuple[str, str]], source: Source) -> Article | Refusal:
    filled = [(style, text) for style, text in paragraphs if text.strip()]
    if not filled:
        return Refusal(source.place, "no text in it", "Give a document with text, not pictures")
    title, rest = "", filled
    if filled[0][0].lower() in ("title", "heading1", "tieude", "tiu") or len(filled) > 1:
        title, rest = filled[0][1], filled[1:]
    if len(title.split()) > 40:
        title, rest = "", filled
    return document_article(source, title.strip(), "\n\n".join(text for _, text in rest))


def _style_fonts(part: BinaryIO) -> dict[str, str]:
    """The fonts of styles by their ids; that of all the rest by ""."""
    fonts: dict[str, str] = {}
    style = ""
    with part:
        for event, element in events(part, MAX_RECORD, _NOTHING):
            if event != "start":
                continue
            if element.tag == "style":
                style = attribute(element, "styleId") or ""
            elif element.tag == "rFonts" and (font := _font(element)):
                fonts.setdefault(style, font)
    return fonts


def _font(element: Element) -> str | None:
    return attribute(element, "ascii") or attribute(element, "hAnsi")


def _paragraphs(part: BinaryIO, fonts: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The style and the text of each paragraph, also of those in tables and boxes."""
    style, font, size = "", None, 0
    runs: list[tuple[str | None, str]] = []
    skipped = 0  # what Word keeps twice, for older programs
    for event, element in events(part, MAX_RECORD, _NOTHING):
        tag, start = element.tag, event == "start"
        if tag == "Fallback":
            skipped += 1 if start else -1
        elif skipped:
            continue
        elif tag == "p" and start:
            if runs:  # a box inside a paragraph has paragraphs of its own
                yield style, _join(runs)
            style, runs, font = "", [], None
        elif tag == "p":
            yield style, _join(runs)
            runs = []
        elif tag == "r" and start:
            font = fonts.get(style) or fonts.get("")
        elif tag == "pStyle" and start:
            style = attribute(element, "val") or ""
        elif tag == "rFonts" and start:
            font = _font(element) or font
        elif tag == "t" and not start:
            text = element.text or ""
            size += len(text)
            if size > MAX_TEXT:
                raise InputError(too_long("", "a text", MAX_TEXT).problem, "Split it")
            runs.append((font, text))
        elif tag in ("tab", "br", "cr") and not start:
            runs.append((font, "\n" if tag != "tab" else " "))


def _join(runs: list[tuple[str | None, str]]) -> str:
    """The text of a paragraph, decoded where their fonts are those of old encodings."""
    return "".join(decode_font(text, font) for font, text in runs)
