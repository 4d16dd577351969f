"""Marks that are gone for good: question marks and replacement characters inside the words."""

import re

from chude.errors import Refusal

AGAIN = "Take the text again from where it came, and save it as UTF-8"
_INSIDE = re.compile(  # `bi?n`, `?i`, `BI?N`; neither `sao?Tôi` nor `/?id=3`
    "(?<![/=&.])[?\ufffd](?=[a-zà-ỹ])|(?<=[A-Z])[?\ufffd](?=[A-ZÀ-Ỹ])|(?<=[^\\W\\d_])\ufffd"
)
_WORD = re.compile(r"\S+")


def lost_marks(text: str) -> int:
    """How many letters of a text were replaced by ? or U+FFFD; 0 unless they are more than a few.

    A question mark counts when a letter follows at once, as in `Vi?t`; in sound text that is a
    capital after a missing space, or an address. More than a few is one in eight words, and three.
    """
    inside = len(_INSIDE.findall(text))
    if inside < 3:
        return 0
    return inside if inside * 8 > len(_WORD.findall(text)) else 0


def refuse_lost_marks(text: str, place: str) -> Refusal | None:
    """The refusal of a text whose letters are question marks; None for any other."""
    if not (lost := lost_marks(text)):
        return None
    problem = f"{lost} letters are question marks, their diacritics were lost when it was saved"
    return Refusal(place, problem, AGAIN)
