"""Rich text (.rtf), as WordPad and old Word save it.

Read by striprtf: 8 kB without dependencies, one pass over the tokens, kept since 2014.
"""

from codecs import BOM_UTF8
from collections.abc import Iterator

from chude.corpus.article import Article
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.formats.extra import needs
from chude.corpus.formats.limits import MAX_RECORD, read_at_most
from chude.corpus.formats.raw import document_article
from chude.corpus.formats.source import Source
from chude.errors import Refusal


def read(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """The one article of a document."""
    try:
        from striprtf.striprtf import rtf_to_text
    except ImportError:
        yield needs(source.place, "an RTF document")
        return
    content = read_at_most(source.stream, MAX_RECORD, "a document")
    try:
        rich = content.removeprefix(BOM_UTF8).decode("latin-1")
        text = rtf_to_text(rich, errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, LookupError, IndexError, OverflowError) as error:
        problem = f"not a readable RTF document ({error})"
        yield Refusal(source.place, problem, "Save it again, or as .docx")
        return
    yield document_article(source, "", str(text))
