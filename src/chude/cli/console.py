"""Consoles that are not UTF-8 get what they can show; no letter ends a run."""

import codecs
import io
import sys
import unicodedata
from collections.abc import Callable

_TONES = "\u0300\u0301\u0303\u0309\u0323"  # which Windows-1258 writes behind their vowels


def prepare_streams() -> None:
    """Have standard output and error spell the characters that their encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            name = f"chude-{stream.encoding}"
            codecs.register_error(name, _speller(stream.encoding))
            stream.reconfigure(errors=name)


def _speller(encoding: str) -> Callable[[UnicodeError], tuple[str, int]]:
    def spell(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        letters = error.object[error.start : error.end]
        return "".join(_spelled(letter, encoding) for letter in letters), error.end

    return spell


def _spelled(letter: str, encoding: str) -> str:
    r"""The letter with its tone behind it where the encoding has both, else as `\u1ebf`."""
    parts = unicodedata.normalize("NFD", letter)
    vowel = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
    apart = vowel + "".join(part for part in parts if part in _TONES)
    try:
        apart.encode(encoding)
    except UnicodeEncodeError:
        return letter.encode("ascii", "backslashreplace").decode("ascii")
    return apart
