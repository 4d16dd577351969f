"""From the bytes of a file to text, or a refusal that says what to do."""

import codecs
import re

from chude.corpus.encodings.charts import charts, surface
from chude.corpus.encodings.damage import refuse_lost_marks
from chude.corpus.encodings.decoded import SOUND, Decoded
from chude.corpus.encodings.detect import guess
from chude.corpus.encodings.heal import ambiguous, heal_encoding
from chude.corpus.encodings.reading import read_words
from chude.errors import Refusal

# The marks of UTF-32 begin like those of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = (("utf-32-le", 4, 0), ("utf-32-be", 4, 3), ("utf-16-le", 2, 0), ("utf-16-be", 2, 1))
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.05  # of the characters of a text; binary files have more
_SAVE = "Save it as UTF-8 with the program that it was written in"


def decode(content: bytes, place: str) -> str | Refusal:
    """Decode a whole text file, line ends as `\\n`, byte-order marks dropped, NFC if changed.

    Understood are UTF-8, UTF-16, UTF-32, the 8-bit encodings of `charts()` and all that
    `heal_encoding` heals. Returns a Refusal for a binary file, for any other encoding and where two
    encodings read as well.
    """
    found = decode_bytes(content, place)
    if isinstance(found, Refusal):
        return found
    healed = heal_encoding(found.text, place)
    if isinstance(healed, Refusal):
        return healed
    return healed.text.replace("\r\n", "\n").replace("\r", "\n")


def decode_bytes(content: bytes, place: str, expected: str | None = None) -> Decoded | Refusal:
    """Decode bytes and no more: entities and double encoding stay, for formats with a syntax.

    expected: the encoding of the bytes before, which decides when several read as well.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decode_strictly(content[len(mark) :], encoding, place, len(mark))
    if b"\0" in content:
        return _decode_with_nulls(content, place, expected)
    try:
        return Decoded(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        return _decode_chart(content, error, place, expected)


def guess_bytes(sample: bytes, place: str) -> str | Refusal:
    """The encoding of a file by its beginning: a codec of Python's, or a name of `charts()`.

    sample: whole lines, some dozens of them. Returns a Refusal for what `decode_bytes` refuses.
    """
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return "utf-8-sig" if encoding == "utf-8" else encoding[:6]
    if b"\0" in sample:  # the end of a line may be half of a character of UTF-16
        sample = sample[: len(sample) // 4 * 4]
    found = decode_bytes(sample, place)
    if isinstance(found, Refusal):
        return found
    return "utf-8" if found.encoding == SOUND else found.encoding


def decode_as(content: bytes, encoding: str) -> str:
    """Bytes in an encoding that `guess_bytes` named.

    Raises UnicodeDecodeError for what a codec of Python's cannot decode; charts take every byte.
    """
    if chart := charts().get(encoding):
        return chart.decode(surface(content))
    return content.decode(encoding)


def _decode_strictly(body: bytes, encoding: str, place: str, skipped: int) -> Decoded | Refusal:
    if encoding == "utf-8" and b"\0" in body:
        return _decode_with_nulls(body, place, None)
    try:
        return Decoded(body.decode(encoding), encoding.upper())
    except UnicodeDecodeError as error:
        return _not(encoding, body, error, place, skipped)


def _not(
    encoding: str, body: bytes, error: UnicodeDecodeError, place: str, skipped: int = 0
) -> Refusal:
    line = body.count(b"\n", 0, error.start) + 1
    return Refusal(
        f"{place}:{line}",
        f"not {encoding.upper()} (byte 0x{body[error.start]:02x} at {error.start + skipped})"
        + (", and reads as Vietnamese in no other encoding" if encoding == "utf-8" else ""),
        _SAVE,
    )


def _decode_with_nulls(content: bytes, place: str, expected: str | None) -> Decoded | Refusal:
    """UTF-16 or UTF-32 without a mark; or a text with a few zero bytes, which are dropped."""
    if wide := _decode_wide(content):
        return wide
    body = content.rstrip(b"\0")
    binary = Refusal(place, "a binary file, not text", "Save the article as plain text")
    if body.count(0) > _MOST_CONTROLS * len(body):
        return binary
    found = decode_bytes(body.replace(b"\0", b""), place, expected)
    if isinstance(found, Refusal) and "reads as Vietnamese" not in found.problem:
        return found
    return binary if isinstance(found, Refusal) or _is_binary(found.text) else found


def _is_binary(text: str) -> bool:
    return len(_CONTROLS.findall(text)) > _MOST_CONTROLS * len(text)


def _decode_wide(content: bytes) -> Decoded | None:
    """Most letters are ASCII, so that one byte in two, or three in four, is zero."""
    for encoding, width, place in _WIDE:
        units = len(content) // width
        zeros = sum(content[i::width].count(0) for i in range(width) if i != place)
        least = units * (width - 1) * (0.3 if width == 2 else 0.9)
        if len(content) % width or content[place::width].count(0) or zeros < max(least, 1):
            continue
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _is_binary(text) else Decoded(text, encoding.upper())
    return None


def _decode_chart(
    content: bytes, error: UnicodeDecodeError, place: str, expected: str | None
) -> Decoded | Refusal:
    text = surface(content)
    if refusal := refuse_lost_marks(text, place):
        return refusal
    best = guess(text, expected)
    if best is None:
        return _not("utf-8", content, error, place)
    if best.rival:
        return ambiguous(best, place)
    lines = charts()[best.encoding].decode(text).split("\n")
    pairs = zip(content.split(b"\n"), lines, strict=True)
    text = "\n".join(_better(line, shown) for line, shown in pairs)
    return Decoded(text, best.encoding, best.confidence)


def _better(line: bytes, shown: str) -> str:
    """A line as an 8-bit encoding shows it, or in UTF-8 if that reads better: two files in one."""
    if line.isascii():
        return shown
    try:
        other = line.decode("utf-8")
    except UnicodeDecodeError:
        return shown
    return other if read_words(other).share > read_words(shown).share else shown
