"""Files of which chude reads no article, known by how they begin, and what to do with them."""

import re
import zipfile
import zlib
from typing import NamedTuple


class Foreign(NamedTuple):
    """What a file is, and the cure."""

    what: str
    cure: str


_OLD_OFFICE = Foreign(
    "a document of Word or Excel before 2007, or locked with a password",
    "Save it as .docx or .xlsx, without a password",
)
_PICTURE = Foreign("a picture", "Leave it out, or recognise its text first")
_ARROW = Foreign("an Arrow or Feather file", "Save it as .parquet")
_PICKLE = Foreign("a pickle of Python", "Write its articles as CSV or JSON lines")
_MAGIC = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": _OLD_OFFICE,
    b"Rar!": Foreign("a RAR archive", "Pack it as .zip"),
    b"7z\xbc\xaf\x27\x1c": Foreign("a 7-Zip archive", "Pack it as .zip"),
    b"BZh": Foreign("a bzip2 file", "Pack it with gzip"),
    b"\xfd7zXZ": Foreign("an xz file", "Pack it with gzip"),
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF8": _PICTURE,
    b"SQLite format 3": Foreign("a database", "Export its articles as CSV or JSONL"),
    b"AT&TFORM": Foreign("a DjVu file", "Save it as .pdf with a text layer"),
    b"ARROW1": _ARROW,
    b"\xff\xff\xff\xff": _ARROW,  # a stream of it
    b"\x80\x03": _PICKLE,
    b"\x80\x04\x95": _PICKLE,
    b"\x80\x05\x95": _PICKLE,
    b"Obj\x01": Foreign("an Avro file", "Save it as .parquet"),
    b"version https://git-lfs.": Foreign(
        "a pointer of Git LFS and not the file itself", "Fetch that with: git lfs pull"
    ),
    b"bplist00": Foreign(
        "a property list of macOS, as iCloud leaves in place of a file",
        "Download the file itself in the Finder",
    ),
    b"[InternetShortcut]": Foreign("a shortcut of Windows", "Save the page that it leads to"),
}
MAGIC = tuple(_MAGIC)
# Documents that are zip archives, by a file that is in them.
_PACKED = {
    "xl/workbook.bin": Foreign("a binary Excel workbook", "Save it as .xlsx"),
    "ppt/presentation.xml": Foreign("a presentation", "Save its text as .docx or .txt"),
    "Index/Document.iwa": Foreign("a document of Apple's Pages or Numbers", "Export it as .docx"),
}
_MEDIA = {
    "application/vnd.oasis.opendocument.text": Foreign("an OpenDocument text", "Save it as .docx"),
    "application/vnd.oasis.opendocument.spreadsheet": Foreign(
        "an OpenDocument spreadsheet", "Save it as .xlsx"
    ),
    "application/vnd.oasis.opendocument.presentation": _PACKED["ppt/presentation.xml"],
    "application/epub+zip": Foreign("a book", "Unpack it, and give the .xhtml of its articles"),
}
_LONGEST_TYPE = 100  # bytes
_HALF = Foreign("a download that was not finished", "Download it again")
_UNFINISHED = (".crdownload", ".part", ".partial", ".opdownload")
_TAR = Foreign("a tar archive", "Pack it as .zip")
_TAR_AT, _TAR_MAGIC = 257, b"ustar"

_CURE_XML = "Export its articles as HTML, CSV or JSON lines"
_XML = re.compile(r"<(?:\?xml|rss|feed)\b", re.IGNORECASE)
_ELEMENT = re.compile(r"<([A-Za-z][\w:.-]*+)(?:\s[^<>]{0,1000}+)?>")
# Elements that a piece of HTML may begin with, as an article in Markdown; `<data>` is rather XML.
_OF_HTML = """abbr address aside audio b bdi bdo big blockquote canvas caption center cite code dd
del details dfn dialog dl dt em embed fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
header hr i iframe img ins kbd label legend li link main mark math menu meta nav noscript object
ol p picture pre q ruby s samp section small source span strike strong style sub summary sup svg
table tbody td template th thead time tr tt u ul var video"""
_HTML = frozenset(_OF_HTML.split())
# The statement that holds or announces articles, and what stands above the first one of a dump.
_STATEMENT = re.compile(
    r"(?:INSERT|REPLACE)\s+(?:(?:OR\s+)?(?:IGNORE|REPLACE)\s+)?(?:INTO\s+)?\S+\s*"
    r"(?:\([^()\n]*\)\s*)?VALUES\b|COPY\s[^\n]+\sFROM\s+stdin;"
    r"|--\s+(?:MySQL|MariaDB|PostgreSQL|phpMyAdmin|Adminer)\b[^\n]*\bdump\b"
    r"|CREATE\s+TABLE\s+[^\n(]+\([^\n]*(?<=[(,;)])\s*$"
    r"|CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?\S+\s*\n\(\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_ABOVE = re.compile(
    r"\s*;?\s*$|--|\\\w|(?:BEGIN|GO|USE\s+\S+|SET\s[^\n]*(?:\s(?:ON|OFF)|=\s*\w+))\s*$"
    r"|(?:SET|USE|BEGIN|START|DROP|CREATE|ALTER|LOCK|SELECT|COMMENT|PRAGMA|DELETE|TRUNCATE)\s"
    r"[^\n]*;\s*$",
    re.IGNORECASE,
)
_MAILBOX = re.compile(
    r"From \S+\s+[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d[^\n]*\d{4}\r?\n[\w-]+:"
)
_SUBTITLES = re.compile(r"WEBVTT\b|\d+\r?\n\d\d:\d\d:\d\d[,.]\d{3} --> \d\d:")
# What dumps, mailboxes and subtitles begin with, in small letters.
_STARTING = "-- /* insert create drop begin pragma copy set use delete truncate lock from webvtt"
_STARTS = tuple(_STARTING.split())
STARTS = tuple(start.encode() for start in _STARTS)


def foreign(head: bytes, name: str) -> Foreign | None:
    """What a file is by its first bytes, or its name; None: it may hold articles."""
    if told := unfinished(name):
        return told
    if head.startswith(MAGIC):
        return next(told for magic, told in _MAGIC.items() if head.startswith(magic))
    return _TAR if head.startswith(_TAR_MAGIC, _TAR_AT) else None


def unfinished(name: str) -> Foreign | None:
    """What a file is of which a browser has written a part, by its name."""
    return _HALF if name.lower().endswith(_UNFINISHED) else None


def foreign_text(text: str, cut: bool) -> Foreign | None:
    """The same for what is text, of which the first characters are given, without spaces.

    cut: whether it goes on behind these.
    """
    element = _ELEMENT.match(text)
    is_xml = element and element[1].lower() not in _HTML and "</" in text
    if (is_xml and (cut or text.rstrip().endswith(">"))) or _XML.match(text):
        return Foreign("an XML document, whose articles chude does not know", _CURE_XML)
    if text[:8].lower().startswith(_STARTS) and _is_dump(text):
        return Foreign("a dump of a database", "Export its articles as CSV or JSON lines")
    if _SUBTITLES.match(text):
        return Foreign("subtitles with their times", "Save what is said as .txt")
    if _MAILBOX.match(text):
        return Foreign("a mailbox of many mails", "Save each of them as .eml")
    return None


def _is_dump(text: str) -> bool:
    """Whether the first lines are those of a dump; an article may quote such statements."""
    first, *others = text.split("/*")
    without_comments = first + "".join(part.partition("*/")[2] for part in others)
    at = 0
    for line in without_comments.splitlines(keepends=True):
        if _STATEMENT.match(without_comments, at):  # which may go on in the next line
            return True
        if not _ABOVE.match(line):
            return False
        at += len(line)
    return False


def foreign_archive(archive: zipfile.ZipFile) -> Foreign | None:
    """The same for a document that is a zip archive."""
    for name, told in _PACKED.items():
        if name in archive.NameToInfo:
            return told
    if "mimetype" not in archive.NameToInfo:
        return None
    try:
        with archive.open("mimetype") as stream:
            return _MEDIA.get(stream.read(_LONGEST_TYPE).decode("ascii", "replace").strip())
    except (OSError, ValueError, RuntimeError, EOFError, zlib.error, zipfile.BadZipFile):
        return None  # it is refused when its turn comes
