"""The text layer of PDF files.

Read by pypdfium2, the PDF library of Chrome: of the two that are well kept it is the one whose
parser is fuzzed all the time, some 20 times as fast as pypdf, and one wheel without dependencies.
"""

import re
from collections.abc import Iterator
from statistics import median
from typing import TYPE_CHECKING

from chude.corpus.article import Article
from chude.corpus.dates import dateline
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.formats.extra import needs
from chude.corpus.formats.limits import MAX_TEXT, too_long
from chude.corpus.formats.pdf_layout import (
    find_lines,
    is_picture,
    ranges,
    title_lines,
    without_running,
)
from chude.corpus.formats.raw import document_article, titled_article
from chude.corpus.formats.source import Source, on_disk
from chude.errors import Refusal

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_MOST_PAGES = 5000
_ENDS = re.compile(r"[.!?…:;”\"')]\s*$")
_RECOGNISE = "Recognise its text first, for example with ocrmypdf"
_FULL = 0.75  # of the usual length of a line, below which a line that ends a sentence ends more


def read(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """The one article of a file, and a refusal of its pages that are only pictures."""
    try:
        from pypdfium2 import PdfDocument, PdfiumError
    except ImportError:
        yield needs(source.place, "a PDF file")
        return
    with on_disk(source) as path:
        try:
            document = PdfDocument(path)
        except PdfiumError as error:
            cure = "Save it again, without a password"
            yield Refusal(source.place, f"not a readable PDF file ({error})", cure)
            return
        try:
            yield from _items(document, source)
        except PdfiumError as error:
            yield Refusal(source.place, f"a damaged PDF file ({error})", "Save it again")
        finally:
            document.close()


def _items(document: "PdfDocument", source: Source) -> Iterator[Article | Refusal]:
    """The article, and a refusal of the pages that are only pictures beside others with text."""
    pages: list[list[str]] = []
    title: list[str] = []
    pictures: list[int] = []
    size = 0
    if len(document) > _MOST_PAGES:
        yield Refusal(source.place, f"more than {_MOST_PAGES:,} pages", "Split it")
        return
    for number, page in enumerate(document, 1):
        text = page.get_textpage()
        content = text.get_text_bounded().replace("\r\n", "\n").replace("\r", "\n")
        if not content.strip():
            pictures += [number] if is_picture(page) else []
        elif size == 0:
            title = title_lines(text)
        text.close()
        page.close()
        pages.append(content.split("\n"))
        size += len(content) if content.strip() else 0
        if size > MAX_TEXT:
            yield too_long(source.place, "a text", MAX_TEXT)
            return
    if not size:
        yield Refusal(source.place, "no text layer, only pictures of pages", _RECOGNISE)
        return
    yield _article(pages, title, source)
    if pictures:
        problem = f"no text layer on pages {ranges(pictures)}, which are not read"
        yield Refusal(source.place, problem, _RECOGNISE)


def _article(pages: list[list[str]], title: list[str], source: Source) -> Article | Refusal:
    lines = [line for page in without_running(pages, title) for line in page]
    at = find_lines(lines, title)
    if at is None:
        return document_article(source, "", paragraphs("\n".join(lines)))
    above = [line.strip() for line in lines[:at] if line.strip()]
    below = lines[at + len(title) :]
    while below and not below[0].strip():
        del below[0]
    dated = below[:1] if below and dateline(below[0]) else []
    text = paragraphs("\n".join(below[len(dated) :]), titled=True)
    return titled_article(source, _plain(" ".join(title)), above, [*dated, text])


def _plain(line: str) -> str:
    """A line with the hyphens that Chrome's library marks as those of words cut at its end."""
    return line.replace("\ufffe", "-").replace("\x02", "-")


def paragraphs(text: str, *, titled: bool = False) -> str:
    """Lines as they are printed, joined to paragraphs with an empty line between them.

    A paragraph ends at an empty line, and with a line that ends a sentence before the margin.
    titled: whether the title is known, else it is the first line unless that is as long as others.
    """
    lines = [line.strip() for line in _plain(text).split("\n")]
    lengths = [len(line) for line in lines if line]
    usual = median(sorted(lengths)[len(lengths) // 2 :]) if lengths else 0
    done: list[list[str]] = [[]]
    for number, line in enumerate(lines):
        if not line:
            done.append([])
            continue
        done[-1].append(line)
        if number == 0 and len(line) < usual and not titled:
            done.append([])  # the title
        elif _ENDS.search(line) and len(line) < _FULL * usual:
            done.append([])
    return "\n\n".join(" ".join(lines) for lines in done if lines)
