"""The text layer of PDF files.

Read by pypdfium2, the PDF library of Chrome: of the two that are well kept it is the one whose
parser is fuzzed all the time, some 20 times as fast as pypdf, and one wheel without dependencies.
"""

import re
from collections.abc import Iterator
from statistics import median
from typing import TYPE_CHECKING

from chude.corpus.article import Article
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.formats.extra import needs
from chude.corpus.formats.limits import MAX_TEXT, too_long
from chude.corpus.formats.raw import document_article
from chude.corpus.formats.source import Source, on_disk
from chude.errors import Refusal

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_MOST_PAGES = 5000
_ENDS = re.compile(r"[.!?…:;”\"')]\s*$")
_FULL = 0.75  # of the usual length of a line, below which a line that ends a sentence ends more


def read(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """The one article of a file."""
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
            yield _article(document, source)
        except PdfiumError as error:
            yield Refusal(source.place, f"a damaged PDF file ({error})", "Save it again")
        finally:
            document.close()


def _article(document: "PdfDocument", source: Source) -> Article | Refusal:
    pages: list[str] = []
    size = 0
    if len(document) > _MOST_PAGES:
        return Refusal(source.place, f"more than {_MOST_PAGES:,} pages", "Split it")
    for page in document:
        text = page.get_textpage()
        pages.append(text.get_text_bounded().replace("\r\n", "\n").replace("\r", "\n"))
        text.close()
        page.close()
        size += len(pages[-1])
        if size > MAX_TEXT:
            return too_long(source.place, "a text", MAX_TEXT)
    if not "".join(pages).strip():
        cure = "Recognise its text first, for example with ocrmypdf"
        return Refusal(source.place, "no text layer, only pictures of pages", cure)
    return document_article(source, "", paragraphs("\n".join(pages)))


def paragraphs(text: str) -> str:
    """Lines as they are printed, joined to paragraphs with an empty line between them.

    A paragraph ends at an empty line, and with a line that ends a sentence before the margin.
    """
    lines = [line.strip() for line in text.replace("\ufffe", "-").replace("\x02", "-").split("\n")]
    lengths = [len(line) for line in lines if line]
    usual = median(sorted(lengths)[len(lengths) // 2 :]) if lengths else 0
    done: list[list[str]] = [[]]
    for number, line in enumerate(lines):
        if not line:
            done.append([])
            continue
        done[-1].append(line)
        if number == 0 and len(line) < usual:
            done.append([])  # the title
        elif _ENDS.search(line) and len(line) < _FULL * usual:
            done.append([])
    return "\n\n".join(" ".join(lines) for lines in done if lines)
