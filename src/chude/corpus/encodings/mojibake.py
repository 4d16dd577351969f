"""UTF-8 that was taken for Windows-1252, Latin-1 or Windows-1258 and saved as UTF-8 once more."""

import itertools
import re

from chude.corpus.encodings.charts import BYTE_OF
from chude.corpus.encodings.reading import is_cased
from chude.corpus.encodings.syllables import syllables

# Windows-1258 shows the lead bytes C3 and E3 as Ă and ă, and is Windows-1252 otherwise.
_BYTES = {c: code for c, code in BYTE_OF.items() if code >= 0x80} | {"Ă": 0xC3, "ă": 0xE3}
_RUN = re.compile("[" + re.escape("".join(_BYTES)) + "]{2,}")
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_SPACE_FOR_A0 = re.compile(r"([^\W\d_]{0,6})Ã ( ?)([a-z]{0,6})")
_LEFT = re.compile("á»[?�]?|Ã[?�]|áº|Æ(?=[?�])")
_LEFT_IN_WORD = re.compile("(?:á»[?�]?|Ã[?�]|[^\\W\\d_])+")
# What the bytes 81, 8D, 8F, 90 and 9D make of it, for which Windows-1252 has no characters.
_LACKING = {"á»": "ềọỏờỐ", "Ã": "ÁÍÝ"}
_STROKE = re.compile("Ä[?\ufffd]?")  # Đ, the only one of its kind
# Those of several syllables that articles have.
_USUAL = """
    về đề nghề bề kề lề thề nề rề nền bền đền tiền miền hiền điền quyền truyền thuyền điều nhiều
    chiều kiều triều liều đều lều biền viền phiền liền triền kiềm niềm tiềm mềm thềm người trường
    đường thường lường lời trời đời thời giờ chờ nhờ bờ cờ tờ mời rời ngờ thờ mờ vời dường hường
    nường mọi họ học trọng đọc gọi chọn trọn nhọn lọc gọn ngọc ngọn thọ nọ dọc mọc cọc bọc nhỏ
    khỏe khỏi hỏi giỏi mỏ bỏ cỏ tỏ đỏ ngỏ hỏng mỏng nỏ thỏa lỏng á í ít ích ý
"""
_TAILS = frozenset(("m", "n", "ng", "nh", "o", "i", "y", "u"))


def undo_mojibake(text: str) -> str:
    """The text with each run of such characters back as what it was; other characters stay."""
    if not _RUN.search(text):
        return text
    return _RUN.sub(_undo, text)


def mend_spaces(text: str) -> str:
    """After `undo_mojibake`: an Ã and a space is à whose no-break space an editor made a space."""
    return _SPACE_FOR_A0.sub(_mend, text)


def restore_lost(text: str) -> str:
    """After `undo_mojibake`: letters that lack their last byte, where only one makes a syllable.

    đưá»�ng is đường. Where several make one (vá»�: về, vỏ, vờ), the one that is usual; where that
    does not tell either, the word stays.
    """
    return _LEFT_IN_WORD.sub(_restore, _STROKE.sub("Đ", text))


def _restore(match: "re.Match[str]") -> str:
    word = match[0]
    pieces = _LEFT.split(word)
    if not 1 < len(pieces) < 4:
        return word
    choices = [_LACKING.get(piece.rstrip("?�"), "") for piece in _LEFT.findall(word)]
    words = [
        "".join(map("".join, zip(pieces, (*letters, ""), strict=True)))
        for letters in itertools.product(*choices)
    ]
    fitting = [one for one in words if one.lower() in syllables() and is_cased(one)]
    usual = [one for one in fitting if one.lower() in _USUAL.split()]
    return next((found[0] for found in (fitting, usual) if len(found) == 1), word)


def count_lost(text: str) -> int:
    """After `undo_mojibake`: letters that lack their last byte, which Windows-1252 has none for."""
    return len(_LEFT.findall(text))


def without_lost(text: str) -> str:
    """The text without such letters."""
    return _LEFT.sub("", _STROKE.sub("", text))


def _undo(match: "re.Match[str]") -> str:
    run = match[0]
    content = bytes(_BYTES[c] for c in run)
    pieces, end = [], 0
    for found in _SEQUENCE.finditer(content):
        try:
            letter = found[0].decode("utf-8")
        except UnicodeDecodeError:
            continue
        pieces += [run[end : found.start()], letter]
        end = found.end()
    return "".join((*pieces, run[end:]))


def _mend(match: "re.Match[str]") -> str:
    before, space, tail = match.groups()
    joined = tail in _TAILS and f"{before}à{tail}".lower() in syllables()
    return f"{before}à{tail}" if not space and (joined or not tail) else f"{before}à {tail}"
