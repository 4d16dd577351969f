"""VIQR (RFC 1456): Vietnamese in ASCII, marks behind their letters: `Vie^.t Nam, ddu+o+`ng`."""

import re
import unicodedata
from functools import cache

from chude.corpus.encodings.charts import VOWELS
from chude.corpus.encodings.syllables import syllables

_TONES = "`'?~."  # in the order of VOWELS
_HATS = {"â": "a^", "ă": "a(", "ê": "e^", "ô": "o^", "ơ": "o+", "ư": "u+"}
_SHAPES = {code: letter for letter, code in _HATS.items()} | {"u*": "ư", "o*": "ơ"}
_ROW = {row[0]: row for row in VOWELS}
_LETTER = re.compile(
    r"\\(?P<literal>.)|(?P<d>[dD][dD])"
    r"|(?P<shape>[aA][\^(]|[eE]\^|[oO][\^+*]|[uU][+*]|[aeiouyAEIOUY])(?P<tone>[`'?~.])?"
)
_TOKEN = re.compile(r"(?:[A-Za-z]|(?<=[aeiouyAEIOUY^(+*])[\^(+*`'?~.]|\\[^\w\s])+")
_STRONG = re.compile(r"[aeoAEO]\^|[aA]\(|[uoUO][+*](?![\d\s])|[aeiouyAEIOUY][^\w\s]?[`~]|[dD][dD]")
_SURE = re.compile(  # in one word: a hat, a horn, dd where no English has it, a tone before a final
    r"[aeoAEO]\^|[aA]\(|[uoUO][+*]|\\|^[dD]d|DD"
    r"|[aeiouyAEIOUY][`'?~.](?i:ch?|n[gh]?|[mptkiuoya])$"
)
_ESCAPES = re.compile(r"[A-Za-z]\\[.?]")
_STOP = re.compile(r"(?<!\\)(?:\.\.\.|[.?])$")
_PAUSE = re.compile(r"[\"')\]]*(?:\s+[\"'(]*[A-Z-]|\s*\n|\s*$)")

# Where a sentence may end, `nghi.` is nghị or nghi with a full stop; these are read with the tone.
_USUAL = """
    ạ bị bộ bệ cạ chị chợ cụ dạ dạy dị dự đạo đạ độ địa hạ hệ họ hộ hội hụ kệ kị kỵ lạ lệ lị lộ lợ
    lụ lũy lụa mạ mẹ mị mộ mợ mụ mỵ nạ nghị ngụ nhị nhạ nợ nụ phụ quỵ rễ rệ sẹ sị sụ sự tạ tệ thị
    thọ thợ thụ tị tọa tộ tợ tụ tự tỵ trị trọ trợ trụ vạ vị vợ vụ vệ nghệ xị họa ả bả bỏ bể bổ cả
    cỏ cổ của cửa chả chỉ chỗ chủ chở cử cứ cở củ dẻ dở để đỏ đổ đủ giả giở giữ hả hổ hở hủ kể kẻ
    khổ khỏ lẻ lở mả mẻ mở mổ mủ ngả ngỏ ngủ ngửa nhả nhỏ nhỉ nổ nở nữa nửa ở phả phở phổ phủ quả
    quỷ rẻ rổ rủ sả sở sổ sửa tả thả thẻ thổ thở thủ tỉ tỉa tổ tủ tỷ trả trẻ trổ trở trễ tử từ vỏ
    vở vỉ vỡ xả xẻ xử sử nghỉ xỏ hóa tỏa quỹ lửa rửa chữa chứ chưa nghĩa mỏ mỡ nhờ
"""


def marks(text: str) -> int:
    """How many marks of VIQR that no English text has: hats, horns, grave, tilde, dd."""
    return len(_STRONG.findall(text))


def decode_viqr(text: str) -> str:
    """The text with its marks on the letters, NFC.

    A word that reads as Vietnamese with its marks, or has a mark that no other text has, is
    changed; others (addresses, English) stay. Text that writes `\\.` for a full stop after a vowel,
    as RFC 1456 asks, has nothing ambiguous. In other text, a full stop or question mark where a
    sentence may end is a tone only if the syllable is usual with it.
    """
    read = _read_token if _ESCAPES.search(text) else _read_before_pause
    return _TOKEN.sub(read, text)


def _read_token(match: "re.Match[str]") -> str:
    return _read(match[0])


def _read_before_pause(match: "re.Match[str]") -> str:
    token = match[0]
    stop = _STOP.search(token)
    if not stop or not _PAUSE.match(match.string, match.end()):
        return _read(token)
    bare, toned = _read(token[: stop.start()]), _read(token)
    return toned if len(stop[0]) == 1 and toned.lower() in _usual() else bare + stop[0]


@cache
def _usual() -> frozenset[str]:
    return frozenset(_USUAL.split())


def _read(token: str) -> str:
    read = _LETTER.sub(_letter, token)
    bare = _LETTER.sub(_letter, token[:-1])
    if read.lower() not in syllables() and bare.lower() in syllables() and token[-1] in "'?.":
        return bare + token[-1]
    if _SURE.search(token):
        return read
    word = read.rstrip(".,?!'")
    return read if word.lower() in syllables() else token


def _letter(match: "re.Match[str]") -> str:
    if match["literal"]:
        return match["literal"]
    if match["d"]:
        return "Đ" if match["d"][0] == "D" else "đ"
    shape, tone = match["shape"], match["tone"]
    letter = _SHAPES.get(shape.lower(), shape.lower())
    if tone:
        letter = _ROW[letter][1 + _TONES.index(tone)]
    return letter.upper() if shape[0].isupper() else letter


def _codes() -> dict[int, str]:
    codes: dict[str, str] = {}
    for row in VOWELS:
        base = _HATS.get(row[0], row[0])
        codes |= {letter: base + tone for letter, tone in zip(row, ("", *_TONES), strict=True)}
    codes["đ"] = "dd"
    codes |= {letter.upper(): code.upper() for letter, code in codes.items()}
    return str.maketrans(codes)


_CODES = _codes()
_ESCAPED = re.compile(r"\\|(?<=[aeiouyAEIOUY^(+*])[.?'`~^(+*]|(?<=[dD])[dD]")


def encode_viqr(text: str) -> str:
    """The text in VIQR; what would be read as a mark gets a backslash, as RFC 1456 asks."""
    composed = unicodedata.normalize("NFC", text)
    plain = unicodedata.normalize("NFD", composed).replace("đ", "d").replace("Đ", "D")
    plain = re.sub("[\u0300-\u036f]", "", plain)
    literal = {match.start() for match in _ESCAPED.finditer(plain)}
    code = "".join(
        "\\" + c if c.isascii() and i in literal else c.translate(_CODES)
        for i, c in enumerate(composed)
    )
    if not code.isascii():
        raise UnicodeEncodeError("VIQR", text, 0, len(text), "VIQR is ASCII with Vietnamese marks")
    return code
