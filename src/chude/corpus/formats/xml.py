"""XML of documents, read as a stream; nothing but elements and texts, no declarations of entities.

Word's and Excel's files are read by the standard library's zipfile and expat: python-docx and
python-calamine build the whole document or sheet first, so that a few kilobytes that unpack to
gigabytes, or a million cells that refer to one long string, take all memory. Here one paragraph or
one row is held at a time.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import BinaryIO, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from chude.corpus.formats.limits import InputError

_PIECE = 1 << 16
_DEEPEST = 200  # elements one inside the other; Word's have some dozens


def events(stream: BinaryIO, limit: int, keep: frozenset[str]) -> Iterator[tuple[str, Element]]:
    """`start` and `end` of each element, its name without the namespace.

    keep: names of elements whose content is there when they end; of others it is dropped.
    Raises InputError for declarations of entities, for what is not XML and beyond the limits.
    """
    parser: XMLPullParser[Element] = XMLPullParser(("start", "end"))
    read, depth, before = 0, 0, b""
    try:
        while piece := stream.read(_PIECE):
            read += len(piece)
            if b"<!DOCTYPE" in before + piece or b"<!ENTITY" in before + piece:
                raise InputError("declares entities, which documents do not", "Save it again")
            before = piece[-9:]
            if read > limit:
                raise InputError(f"more than {limit // 1_000_000} MB of XML", "Split it")
            parser.feed(piece)
            for event, element in cast(Iterator[tuple[str, Element]], parser.read_events()):
                element.tag = element.tag.rpartition("}")[2]
                depth += 1 if event == "start" else -1
                if depth > _DEEPEST:
                    raise InputError("nested more deeply than documents are", "Save it again")
                yield event, element
                if event == "end" and element.tag not in keep:
                    element.clear()
    except ParseError as error:
        raise InputError(f"damaged XML ({error})", "Save it again") from None


def attribute(element: Element, name: str) -> str | None:
    """An attribute's value whatever its namespace."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return value
    return None


def open_part(archive: zipfile.ZipFile, name: str) -> BinaryIO:
    """A part of a document; empty where there is none."""
    try:
        return cast(BinaryIO, archive.open(name))
    except KeyError:
        return io.BytesIO()
