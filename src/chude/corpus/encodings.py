"""From the bytes of a file to text, or a refusal that says what to do."""

import codecs

from chude.errors import Refusal

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(content: bytes, place: str) -> str | Refusal:
    """Decode UTF-8, or what a byte-order mark announces; the mark itself is dropped.

    Returns a Refusal for a binary file and for any other encoding.
    """
    encoding, skip = next(
        ((name, len(mark)) for mark, name in _MARKS if content.startswith(mark)), ("utf-8", 0)
    )
    body = content[skip:]
    if encoding == "utf-8" and b"\0" in body:
        return Refusal(place, "a binary file, not text", "Save the article as plain text")
    try:
        return body.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        return Refusal(
            f"{place}:{line}",
            f"not {encoding.upper()} (byte 0x{body[error.start]:02x} at {error.start + skip})",
            "Convert it to UTF-8, for example with: iconv -f CP1258 -t UTF-8",
        )
