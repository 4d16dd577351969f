"""Which format a source has by what is in it, since endings lie and are left out."""

import re

from chude.corpus.encodings import decode_bytes
from chude.corpus.formats import registry
from chude.corpus.formats.columns import ColumnNames, has_text_column
from chude.corpus.formats.foreign import MAGIC, STARTS, Foreign, foreign, foreign_text
from chude.corpus.formats.markup import looks_like_html
from chude.corpus.formats.registry import Format
from chude.corpus.formats.source import Source
from chude.corpus.formats.table_in_text import has_rows
from chude.corpus.formats.unpack import GZIP, ZIP, ZSTD
from chude.errors import Refusal

_MAGIC = (
    (b"PAR1", registry.PARQUET),
    (b"%PDF-", registry.PDF),
    (b"{\\rtf", registry.RTF),
    (b"\xef\xbb\xbf{\\rtf", registry.RTF),
)
_NOT_RAW = (*(magic for magic, _ in _MAGIC), *MAGIC, b"PK", GZIP, ZSTD)
_TABLES = (registry.CSV, registry.TSV, registry.JSON, registry.JSONL)
_MHT = re.compile(
    rb"(?:[\w-]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)*?"
    rb"(?:mime-version|content-type|received|return-path|message-id):",
    re.IGNORECASE,
)
# Also Python's own. A string in brackets is a list where another one follows, or nothing but lists.
_JSON = re.compile(
    r"""\s*(?:\{\s*["']|\[\s*(?:\{\s*["']|\[|$"""
    r"""|"(?:[^"\\]|\\.)*+(?:\Z|"\s*(?:\Z|,\s*(?:["\[{]|\Z)|\]\s*(?:\Z|\[)))))""",
    re.DOTALL,
)
_FASTTEXT = re.compile(r"\s*__label__\S+\s|[^\n]*[^\n]\s__label__\S+\s*(?:\n|$)")
_NUMBERED = re.compile(r'(?:"?\d+"?[,;\t][^\n]+\n\s*){3}')  # rows without a line of names
_LIST = Foreign("a list of files, not an article", "Name them, or their folder, as inputs")
_WEB = Foreign("a list of web addresses, not an article", "Save their pages, and name those files")
_LINES = 20  # of a list of files that are looked at
_ENDINGS = tuple(ending.encode() for ending in registry.ENDINGS)
_SPECIAL = (*STARTS, b"sep=", b'"sep=')
_HEAD = 1 << 14  # bytes of a text that are looked at


def sniff(source: Source, columns: ColumnNames) -> Format | Refusal:
    """The format of a source by its first bytes, by its name where these do not tell.

    A Refusal is for what is known to be no text, and for what is neither text nor named.
    """
    head = source.head
    if told := foreign(head, source.name):
        return Refusal(source.place, *told)
    if form := next((form for magic, form in _MAGIC if head.startswith(magic)), None):
        return form
    named = registry.format_of_name(source.name)
    if head.startswith(ZIP):  # texts begin with `PK` too, of the air defence
        return _office(source)
    if named in (registry.PARQUET, registry.PDF, registry.XLSX, registry.DOCX):
        return named  # whose reader says that it is none
    if named is registry.ZIP:
        return Refusal(source.place, "no zip archive", "Pack it again")
    if named is registry.RAW and _is_plainly_raw(head, columns):
        return named
    text = _text(head, source.place)
    if isinstance(text, Refusal):
        # Only a table may be damaged in one row; a text is refused by its own reader.
        return named or Refusal(source.place, text.problem, text.cure)
    found = _of_text(text, head, named, columns)
    if found is registry.HTML and source.name.lower().endswith(".xls"):
        return Refusal(source.place, "a table saved as a web page", "Save it as .xlsx")
    if found in (registry.RAW, registry.MARKDOWN):
        text = text.lstrip("\ufeff \t\r\n")
        told = foreign_text(text, len(head) >= _HEAD) or _list(text)
        return Refusal(source.place, *told) if told else found
    return found


def _list(text: str) -> Foreign | None:
    """What a text is whose lines are names of files, as `find` and `dir` write them, or pages."""
    if not text.partition("\n")[0].rstrip().lower().endswith(registry.ENDINGS):
        return None
    lines = text.split("\n", _LINES)[:_LINES]
    filled = [line.strip().lower() for line in lines if line.strip()]
    if len(filled) < 2 or not all(line.endswith(registry.ENDINGS) for line in filled):
        return None
    return _WEB if any(line.startswith(("http://", "https://")) for line in filled) else _LIST


def is_surely_raw(content: bytes, name: str, columns: ColumnNames) -> bool:
    """Whether a whole file, not empty, is packed in nothing and one for which `sniff` says raw."""
    return (
        registry.format_of_name(name) is registry.RAW
        and not content.startswith(_NOT_RAW)
        and _is_plainly_raw(content, columns)
    )


def _is_plainly_raw(head: bytes, columns: ColumnNames) -> bool:
    """Whether a text has no sign of any other format, which most articles' files have not."""
    start = head[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    first = start.partition(b"\n")[0]
    return (
        not start.startswith((b"<", b"{", b"[", b"__label__", b"\xff\xfe", b"\xfe\xff"))
        and b"\t" not in first
        and b";" not in first
        and b"\0" not in first
        and not first.strip().isdigit()  # as the first of many subtitles is numbered
        and b":" not in first
        and not ((b"," in first or b"|" in first) and _may_name_text(first, columns))
        and first.count(b",") == first.count(b", ")  # as in sentences, and not between names
        and b"__label__" not in first
        and not first[:8].lower().startswith(_SPECIAL)
        and not (b"." in first and first.strip().lower().endswith(_ENDINGS))
        and head.count(b"<") < 3
    )


def _may_name_text(first: bytes, columns: ColumnNames) -> bool:
    return bool(columns.text) or b"text" in first.lower() or b"body" in first.lower()


def _of_text(text: str, head: bytes, named: Format | None, columns: ColumnNames) -> Format:
    start = text.lstrip("\ufeff \t\r\n")
    if named not in _TABLES and _MHT.match(head):
        return registry.MHT
    if named is not registry.HTML and looks_like_html(start, whole=named not in _TABLES):
        return registry.HTML
    if named is registry.RAW or named is registry.MARKDOWN or named is None:
        if _FASTTEXT.match(start):
            return registry.FASTTEXT
        if _JSON.match(start):
            return registry.JSON
        first = start.partition("\n")[0].partition("\r")[0]
        unnamed = named is None
        if has_text_column(first, columns, unnamed) or (unnamed and _NUMBERED.match(start)):
            return registry.CSV
        if has_rows(start, len(head) >= _HEAD):
            return registry.CSV
    if named in (registry.CSV, registry.TSV) and _JSON.match(start):
        return registry.JSON
    return named or registry.RAW


def _text(head: bytes, place: str) -> str | Refusal:
    """The first bytes as text, the last of which may be half of a character."""
    head = head[:_HEAD]
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or head.count(0) * 10 > len(head)
    if len(head) == _HEAD and not wide:
        head = head[: max(head.rfind(b"\n"), head.rfind(b" ")) + 1] or head[:-4]
    found = decode_bytes(head, place)
    return found if isinstance(found, Refusal) else found.text


def _office(source: Source) -> Format:
    """Which of the documents that are zip archives; `unpacked` has left only such."""
    import zipfile

    assert source.path is not None  # as `unpacked` has it
    with zipfile.ZipFile(source.path) as archive:
        return registry.DOCX if "word/document.xml" in archive.NameToInfo else registry.XLSX
