"""Strings that hold another encoding's characters: found cheaply, healed or refused.

A string out of JSON, Parquet or a document is Unicode by form, but may hold the bytes of TCVN3 as
Latin-1 characters, UTF-8 encoded twice, HTML entities, VIQR or question marks in place of letters.
Sound text, nearly all there is, is told by counts of bytes; only what looks odd is read.
"""

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from chude.corpus.encodings.charts import charts
from chude.corpus.encodings.damage import AGAIN, lost_marks, refuse_lost_marks
from chude.corpus.encodings.decoded import Decoded, chain
from chude.corpus.encodings.detect import Guess, guess, guess_viqr
from chude.corpus.encodings.mojibake import (
    count_lost,
    mend_spaces,
    restore_lost,
    undo_mojibake,
    without_lost,
)
from chude.corpus.encodings.reading import SAMPLE, read_words
from chude.corpus.encodings.viqr import decode_viqr
from chude.errors import Refusal

_ENTITY = re.compile(r"&(?:#\d{2,7}|#[xX][\da-fA-F]{2,6}|[A-Za-z]{2,8}\d{0,2});")
_ESCAPED_AMPERSAND = re.compile(r"&(?:amp;)+(?=#?\w{2,8};)")
_UNICODE_ONLY = re.compile("[\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")
_SIGN_IN_WORD = re.compile(r"[A-Za-z][¡-¿×÷]|[¡-¿×÷][A-Za-z]")
_WORD = re.compile(r"[^\W\d_]+")
_COMBINING = re.compile("[\u0300-\u036f]")
_ODD = re.compile("[\ufeff\ufffd]")
_TWICE = "UTF-8 encoded twice"
_MOST_LOST = 0.02  # of the words; above, a text with lost letters is refused
_BETTER = 0.1  # how much better than as it is a text must read in another encoding
_MARKS_OF_VIQR = 60  # characters of a text in which fewer than one such mark is no VIQR
_LAYERS = 3  # how often entities and double encoding are undone, one inside the other


def heal_encoding(text: str, place: str = "text", expected: str | None = None) -> Decoded | Refusal:
    """The text as it was meant, NFC when it was changed; sound text comes back as it is.

    place: what a refusal calls the text. expected: the encoding of its neighbours, if known.
    Returns a Refusal when the marks are lost or two encodings read as well.
    """
    return Decoded(text) if looks_sound(text) else _heal(text, place, expected)


def heal_fields(fields: Sequence[str], place: str) -> list[str] | Refusal:
    """The fields of one record, healed; what the long ones are in tells what the short ones are."""
    if all(map(looks_sound, fields)):
        return list(fields)
    together = _heal("\n".join(fields), place, None)
    if isinstance(together, Refusal):
        return together
    expected = together.encoding.rpartition(" + ")[2]
    healed = [heal_encoding(field, place, expected) for field in fields]
    refused = next((one for one in healed if isinstance(one, Refusal)), None)
    return refused or [one.text for one in healed if isinstance(one, Decoded)]


def looks_sound(text: str) -> bool:
    """Whether nothing about a text's characters is odd; some microseconds for a kilobyte.

    In sound Vietnamese, letters that only Unicode has (ạ to ỹ, three bytes of UTF-8) are more
    frequent than those of Latin-1 (à, ê, two bytes): 0.2 to 1.4 of these to one of those in each
    of 42,000 press articles.
    """
    if text.count("?") * 60 > len(text) and lost_marks(text):
        return False
    if "&" in text and _has_letter_entities(text):
        return False
    if text.isascii():
        return _MARKS_OF_VIQR * sum(map(text.count, "^+`~")) <= len(text) and "\0" not in text
    content = text.encode("utf-8", "surrogatepass")
    # Counted as seldom as can be: a count takes far longer than to find out that there is none.
    signs = content.count(b"\xc2") if b"\xc2" in content else 0
    own = content.count(b"\xe1")
    if signs + content.count(b"\xc3") > 4 + 1.5 * own:
        return False
    if b"\xcc" in content or b"\0" in content or (b"\xef" in content and _ODD.search(text)):
        return False
    if not own:
        return (
            not signs and b"\xc3" not in content and _MARKS_OF_VIQR * text.count("^") <= len(text)
        )
    return not signs or (b"\xc3\xa1\xc2\xba" not in content and b"\xc3\xa1\xc2\xbb" not in content)


def _heal(text: str, place: str, expected: str | None) -> Decoded | Refusal:
    found = Decoded(_composed(text.replace("\ufeff", "").replace("\0", "")))
    for _ in range(_LAYERS):
        peeled = _peel(found)
        if peeled is found:
            break
        found = peeled
    if found.encoding.endswith(_TWICE):
        found = replace(found, text=restore_lost(mend_spaces(found.text)))
        if (lost := count_lost(found.text)) > max(1, _MOST_LOST * len(found.text.split())):
            problem = f"UTF-8 read as Windows-1252 and saved again, with {lost} letters lost"
            return Refusal(place, problem, AGAIN)
    read = _read_legacy(found, place, expected)
    if isinstance(read, Refusal):
        return read
    if refusal := refuse_lost_marks(read.text, place):
        return refusal
    return replace(read, text=_composed(read.text))


def _composed(text: str) -> str:
    """NFC, only where there are combining marks."""
    return unicodedata.normalize("NFC", text) if _COMBINING.search(text) else text


def _has_letter_entities(text: str) -> bool:
    """Whether one word in 50 has a letter as an entity: in web pages' leftovers one may."""
    text = _ESCAPED_AMPERSAND.sub("&", text)
    read = (html.unescape(match) for match in _ENTITY.findall(text))
    letters = sum(len(c) == 1 and not c.isascii() and c.isalpha() for c in read)
    return letters > 0 and letters * 50 >= text.count(" ")


def _peel(found: Decoded) -> Decoded:
    """Without HTML entities, or decoded once more; `found` itself if neither is there."""
    text = found.text
    if "&" in text and _has_letter_entities(text):
        plain = _ESCAPED_AMPERSAND.sub("&", text)
        plain = _ENTITY.sub(lambda match: html.unescape(match[0]), plain)
        return Decoded(plain, chain(found.encoding, "HTML entities"))
    undone = undo_mojibake(text)
    if undone == text or not _undoing_helps(text, undone):
        return found
    return Decoded(undone, chain(found.encoding, _TWICE))


def _undoing_helps(text: str, undone: str) -> bool:
    """Whether it reads better, or nearly every character outside ASCII was half of another one."""
    before, after = read_words(text), read_words(undone)
    if after.vietnamese > before.vietnamese and after.share > before.share + 0.1:
        return True
    halves, wholes = _outside_ascii(text), _outside_ascii(without_lost(undone))
    return halves - wholes >= 3 and halves >= 1.8 * wholes


def _outside_ascii(text: str) -> int:
    return sum(not character.isascii() for character in text)


def _read_legacy(found: Decoded, place: str, expected: str | None) -> Decoded | Refusal:
    text = found.text
    if not _UNICODE_ONLY.search(text):
        viqr = guess_viqr(text)
        if viqr and _enough(text, plain := decode_viqr(text)):
            return _as(found, plain, viqr)
        return _read_chart(found, text, place, expected)
    # Unicode in one paragraph, an old font's characters in the next: only the bad lines count.
    lines = text.split("\n")
    bad = [i for i, line in enumerate(lines) if _reads_badly(line)]
    if not bad:
        return found
    read = _read_chart(found, "\n".join(lines[i] for i in bad), place, expected)
    if isinstance(read, Refusal) or read is found:
        return read
    for i, line in zip(bad, read.text.split("\n"), strict=True):
        if not _reads_badly(line):
            lines[i] = line
    return replace(read, text="\n".join(lines))


def _reads_badly(line: str) -> bool:
    if line.isascii():
        return False
    reading = read_words(line)
    return reading.share < 0.5 or not reading.is_vietnamese


def _read_chart(found: Decoded, text: str, place: str, expected: str | None) -> Decoded | Refusal:
    if text.isascii():
        return found
    as_is = read_words(text)
    if 0 < as_is.words == as_is.vietnamese:
        return found  # dashes and quotes are letters of some charts
    best = guess(text, expected)
    if best is None or best.confidence < as_is.share + _BETTER:
        return found
    decoded = charts()[best.encoding].decode(text)
    if expected != best.encoding and not _enough(text, decoded):
        return found
    if best.rival:
        return ambiguous(best, place)
    return _as(found, decoded, best)


def _enough(text: str, decoded: str) -> bool:
    """Whether there is enough to call a valid string something else: three words that now read.

    In a short text a dash and a sign of money, each by itself, are letters of some charts.
    """
    words = set(_WORD.findall(decoded[:SAMPLE])).difference(_WORD.findall(text[:SAMPLE]))
    words = {word for word in words if not word.isascii()}
    distinct = sum(read_words(word).vietnamese for word in words)
    return distinct >= 3 or (distinct == 2 and bool(_SIGN_IN_WORD.search(text)))


def _as(found: Decoded, text: str, best: Guess) -> Decoded:
    return Decoded(text, chain(found.encoding, best.encoding), best.confidence)


def ambiguous(best: Guess, place: str) -> Refusal:
    """The refusal of a text that reads as well in two encodings."""
    problem = f"reads as {best.encoding} as well as {best.rival}"
    return Refusal(place, problem, "Save it as UTF-8 with the program that it was written in")
