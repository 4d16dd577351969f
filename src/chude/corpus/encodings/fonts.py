"""Runs of a document by their font: the fonts that gave the old encodings their letters."""

import re

from chude.corpus.encodings.charts import charts

_SUBSET = re.compile(r"^[A-Z]{6}\+")  # how PDF names a font of which it holds a part
_FAMILIES = ((".vn", "TCVN3"), ("vni", "VNI"), ("vps", "VPS"))
_PRIVATE = {0xF000 + code: code for code in range(0x20, 0x100)}  # where Word puts symbol fonts


def font_encoding(font_name: str | None) -> str | None:
    """The encoding that a font's letters are in: `.VnTime` TCVN3, `VNI-Times` VNI; else None."""
    name = _SUBSET.sub("", font_name or "").strip().lower()
    return next((encoding for start, encoding in _FAMILIES if name.startswith(start)), None)


def decode_font(text: str, font_name: str | None) -> str:
    """A run's text as its font shows it; that of any other font comes back as it is.

    The TCVN3 fonts whose names end in H (`.VnTimeH`) show small letters as capitals.
    """
    encoding = font_encoding(font_name)
    if encoding is None:
        return text
    decoded = charts()[encoding].decode(text.translate(_PRIVATE))
    capitals = encoding == "TCVN3" and (font_name or "").strip().endswith("H")
    return decoded.upper() if capitals else decoded
