"""Unicode's normal form NFC in linear time."""

import re
import sys
import unicodedata
from functools import cache

_SHORT = 256  # characters, of which any order is sorted in some microseconds
_MANY = 64  # combining marks in a row; Unicode's limit for streams is 30 (UAX #15, 13)


def nfc(text: str) -> str:
    """`unicodedata.normalize("NFC", text)`.

    Python sorts combining marks in a row by exchanging neighbours, in quadratic time; so many of
    them are put in their canonical order (UAX #15) before it sees them, by a stable sort.
    """
    if len(text) > _SHORT and not unicodedata.is_normalized("NFC", text):
        text = _many_marks().sub(_in_order, text)
    return unicodedata.normalize("NFC", text)


@cache
def _many_marks() -> re.Pattern[str]:
    """Many characters in a row that have a combining class."""
    marks = (chr(code) for code in range(sys.maxunicode + 1) if unicodedata.combining(chr(code)))
    return re.compile(f"[{''.join(marks)}]{{{_MANY},}}")


def _in_order(match: re.Match[str]) -> str:
    return "".join(sorted(match[0], key=unicodedata.combining))
