"""Charts of the 8-bit Vietnamese encodings, and the way through them in both directions.

Bytes come here as a `surface`: a string in which each byte is the character of Latin-1 or of
Windows-1252, because that is how they look once a program has taken them for one of the two and
saved them as UTF-8. So one chart serves files and fields.

Sources, each checked against a second one:

- VISCII: RFC 1456, table 1; equal to glibc's VISCII, letter for letter.
- VPS: the chart of the Vietnamese Professionals Society as kept by the Vietnamese Unicode project
  (vietunicode.sourceforge.net) and UniKey's converter.
- TCVN3 (ABC, fonts `.Vn*`): TCVN 5712:1993, third form; equal to glibc's TCVN where it has the
  letter. No capitals with tone marks: typists took a font of capitals (`.VnTimeH`) instead.
- VNI-Windows: a letter, then its marks; UniKey's converter and xvnkb agree.
- Windows-1258: Microsoft's code page, tone marks combining; equal to Python's codec.

The package viparse (MIT) was looked at first: its tables of TCVN3, VISCII and VPS are the same, but
that of VNI lacks ẳ and ỵ, Windows-1258 and VIQR are missing, VPS is never recognised, and what it
recognises it tells by frequencies of letters, which takes Spanish for Vietnamese unless guarded.
ftfy undoes UTF-8 read as Windows-1252 but also changes quotes and ligatures of sound text.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

VOWELS = ("aàáảãạ", "ăằắẳẵặ", "âầấẩẫậ", "eèéẻẽẹ", "êềếểễệ", "iìíỉĩị",
          "oòóỏõọ", "ôồốổỗộ", "ơờớởỡợ", "uùúủũụ", "ưừứửữự", "yỳýỷỹỵ")  # fmt: skip
"""The twelve vowels, each without a tone mark and with grave, acute, hook, tilde and dot below."""

_ROWS = (*VOWELS, "đ")
# A row a vowel in the order of VOWELS, small and capital letters by turns, đ and Đ in the end.
_VISCII = """
    61E0E1E4E3D5 41C0C1C4C380  E5A2A1C6C7A3 C58281020583  E2A5A4A6E7A7 C28584860687
    65E8E9EBA8A9 45C8C9CB8889  EAABAAACADAE CA8B8A8C8D8E  69ECEDEFEEB8 49CCCD9BCE98
    6FF2F3F6F5F7 4FD2D399A09A  F4B0AFB1B2B5 D4908F919293  BDB6BEB7DEFE B4969597B394
    75F9FAFCFBF8 55D9DA9C9D9E  DFD7D1D8E6F1 BFBBBABCFFB9  79CFFDD6DBDC 599FDD14191E  F0 D0
"""
_VPS = """
    61E0E1E4E3E5 4180C1818202  E6A2A1A3A4A5 888E8D8FF004  E2C0C3C4C5C6 C28483851C03
    65E8E9C8EBCB 45D7C9DEFE05  EA8A898BCD8C CA9390949506  69ECEDCCEFCE 49B5B4B7B810
    6FF2F3D5F586 4FBCB9BDBE11  F4D2D3B087B6 D49796989912  D6A9A7AAABAE F79E9D9FA613
    75F9FAFBDBF8 55A8DAD1AC14  DCD8D9BABBBF D0AFADB11D15  79FF9A9BCF9C 59B2DDFDB319  C7 F1
"""
# Small letters only; the capitals of the seven letters that English lacks stand beside the chart.
_TCVN3 = """
    61B5B8B6B7B9  A8BBBEBCBDC6  A9C7CAC8C9CB  65CCD0CECFD1  AAD2D5D3D4D6  69D7DDD8DCDE
    6FDFE3E1E2E4  ABE5E8E6E7E9  ACEAEDEBECEE  75EFF3F1F2F4  ADF5F8F6F7F9  79FAFDFBFCFE  AE
"""
_TCVN3_CAPITALS = dict(zip("ĂÂÊÔƠƯĐ", range(0xA1, 0xA8), strict=True))
_VNI_TONES = "øùûõï"  # after a letter, in the order of VOWELS
_VNI_HATS = {"â": "âàáåãä", "ă": "êèéúüë"}  # a hat with its tone is one mark
_HATTED = {"â": {"a": "â", "e": "ê", "o": "ô"}, "ă": {"a": "ă"}}
_VNI_ALONE = {"ì": "ì", "í": "í", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î", "đ": "ñ"}
_VNI_HORNS = {"ơ": "ô", "ư": "ö"}

_CP1252 = {
    code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)
}
BYTE_OF = {chr(code): code for code in range(256)} | {c: code for code, c in _CP1252.items()}
"""The byte behind a character of Latin-1 or Windows-1252."""


@dataclass(frozen=True, slots=True)
class Chart:
    """An encoding by its name; decode: surface to NFC; encode: text to bytes.

    `encode` raises UnicodeEncodeError for what the encoding lacks.
    """

    name: str
    decode: Callable[[str], str]
    encode: Callable[[str], bytes]


@cache
def charts() -> Mapping[str, Chart]:
    """The 8-bit encodings by name."""
    tcvn3 = _table(_TCVN3, capitals=False) | _TCVN3_CAPITALS
    small = {letter.upper(): code for letter, code in tcvn3.items() if not letter.isascii()}
    every = (
        _single("TCVN3", tcvn3, _restore_capitals, lossy=small | tcvn3),
        Chart("VNI", _decode_vni, _encode_vni),
        _single("VISCII", _table(_VISCII)),
        _single("VPS", _table(_VPS)),
        Chart("Windows-1258", _decode_1258, _encode_1258),
    )
    return {chart.name: chart for chart in every}


def surface(content: bytes) -> str:
    """Each byte as the character of Latin-1."""
    return content.decode("latin-1")


def _table(rows: str, capitals: bool = True) -> dict[str, int]:
    """Bytes by letters, out of the rows of a chart."""
    letters = "".join(row + row.upper() if capitals else row for row in _ROWS)
    return dict(zip(letters, bytes.fromhex(rows), strict=True))


def _single(
    name: str,
    table: Mapping[str, int],
    then: Callable[[str], str] = lambda text: text,
    lossy: Mapping[str, int] | None = None,
) -> Chart:
    """A chart of one byte a letter."""
    letters = {code: letter for letter, code in table.items() if not letter.isascii()}
    shown = {chr(code): _CP1252[code] for code in range(0x80, 0xA0)}
    shown |= {chr(code): letter for code, letter in letters.items()}
    shown |= {_CP1252[code]: letter for code, letter in letters.items() if code in _CP1252}
    to_text = _by_code(shown)
    free = {chr(code): code for code in (*range(0x80), *range(0xA0, 0x100)) if code not in letters}
    free |= {c: code for code, c in _CP1252.items() if code not in letters}
    codes = free | dict(lossy or table)

    def encode(text: str) -> bytes:
        try:
            return bytes(map(codes.__getitem__, unicodedata.normalize("NFC", text)))
        except KeyError as error:
            reason = f"{name} has no {error.args[0]}"
            raise UnicodeEncodeError(name, text, 0, len(text), reason) from error

    return Chart(name, lambda text: then(text.translate(to_text)), encode)


def _by_code(table: Mapping[str, str]) -> dict[int, str]:
    """A table for `str.translate`."""
    return {ord(character): text for character, text in table.items()}


_WORD = re.compile(r"[^\W\d_]+")
_UNTONED = "".join(row[0] for row in VOWELS[1:]) + "đ"  # ă â ê ô ơ ư đ do have capitals
_SURE_SMALL = re.compile(f"[a-z{_UNTONED}]")
_SURE_CAPITALS = re.compile(f"[^\\W\\d_]{{1,9}}[A-Z{_UNTONED.upper()}]")
_TONED = "".join(row[1:] for row in VOWELS)
_TONED_START = re.compile(rf"([.!?][\"')]?\s{{1,4}})([{_TONED}])")


def _restore_capitals(text: str) -> str:
    """Capitals that TCVN3 cannot write: VIệT → VIỆT; `. ở` → `. Ở`; whole lines of capitals."""
    text = _TONED_START.sub(lambda match: match[1] + match[2].upper(), text)
    return "".join(map(_restore_line, text.splitlines(keepends=True)))


def _restore_line(line: str) -> str:
    if not _SURE_CAPITALS.search(line):
        return line
    if not _SURE_SMALL.search(line):
        return line.upper()
    return _WORD.sub(
        lambda match: (
            match[0].upper()
            if _SURE_CAPITALS.match(match[0]) and not _SURE_SMALL.search(match[0])
            else match[0]
        ),
        line,
    )


@cache
def _vni_pairs() -> dict[str, str]:
    """Letters of Vietnamese by how VNI writes them, small and capital."""
    rows = {row[0]: row for row in VOWELS}
    pairs = {code: letter for letter, code in (_VNI_ALONE | _VNI_HORNS).items()}
    for letter in "aeouy":
        pairs |= {letter + mark: toned for mark, toned in _toned(rows[letter])}
    for letter, base in _VNI_HORNS.items():
        pairs |= {base + mark: toned for mark, toned in _toned(rows[letter])}
    for hat, marks in _VNI_HATS.items():
        for base, letter in _HATTED[hat].items():
            toned_letters = zip(marks, rows[letter], strict=True)
            pairs |= {base + mark: toned for mark, toned in toned_letters}
    return pairs | {code.upper(): letter.upper() for code, letter in pairs.items()}


def _toned(row: str) -> list[tuple[str, str]]:
    return list(zip(_VNI_TONES, row[1:], strict=True))


@cache
def _vni_tables() -> tuple[dict[str, str], "re.Pattern[str]", dict[str, str]]:
    pairs = _vni_pairs()
    # A capital with a small mark and the other way round are typing errors that read well.
    mixed = {code[0] + code[1:].swapcase(): letter for code, letter in pairs.items()} | pairs
    # Some programs set the mark of i behind it, too.
    mixed |= {"i" + mark: letter for mark, letter in _toned(VOWELS[5])}
    mixed |= {"I" + mark.upper(): letter.upper() for mark, letter in _toned(VOWELS[5])}
    pattern = "|".join(sorted(map(re.escape, mixed), key=len, reverse=True))
    codes = {letter: code for code, letter in pairs.items()} | {"ỵ": "î", "Ỵ": "Î"}
    return mixed, re.compile(pattern), codes


_SHOWN_1252 = _by_code({chr(code): c for code, c in _CP1252.items()})


def _decode_vni(text: str) -> str:
    mixed, pattern, _ = _vni_tables()
    return pattern.sub(lambda match: mixed[match[0]], text.translate(_SHOWN_1252))


def _encode_vni(text: str) -> bytes:
    table = _by_code(_vni_tables()[2])
    return unicodedata.normalize("NFC", text).translate(table).encode("cp1252")


_CP1258 = {
    chr(code): c
    for code in range(0x80, 0x100)
    if (c := bytes([code]).decode("cp1258", "ignore") or chr(code))
}
_FROM_1258 = _by_code(
    _CP1258 | {c: _CP1258[chr(code)] for code, c in _CP1252.items() if ord(c) > 0xFF}
)
_1258_TONES = "\u0300\u0301\u0309\u0303\u0323"
_TO_1258 = {
    toned: row[0] + mark for row in VOWELS for mark, toned in zip(_1258_TONES, row[1:], strict=True)
}
_TO_1258 |= {toned.upper(): pair.upper() for toned, pair in _TO_1258.items()}


def _decode_1258(text: str) -> str:
    return unicodedata.normalize("NFC", text.translate(_FROM_1258))


def _encode_1258(text: str) -> bytes:
    composed = unicodedata.normalize("NFC", text)
    return composed.translate(_by_code(_TO_1258)).encode("cp1258")
