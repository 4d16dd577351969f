import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.corpus.encodings.charts import VOWELS, charts, surface
from chude.corpus.encodings.viqr import decode_viqr

# RFC 1456, table 1: columns 8x to Fx, row by row.
RFC_1456 = """
A. O^` O~ o^` A` DD a` dd
A(' O^? a(' o^? A' u+' a' u+.
A(` O^~ a(` o^~ A^ O` a^ o`
A(. O^. a(. O+~ A~ O' a~ o'
A^' O+. a^' O+ A? O^ a? o^
A^` O+' a^` o^. A( a. a( o~
A^? O+` a^? o+` a(? y? u+~ o?
A^. O+? a^. o+? a(~ u+` a^~ o.
E~ I. e~ i. E` u+? e` u.
E. O? e. U+. E' U` e' u`
E^' O. e^' U+' E^ U' e^ u'
E^` I? e^` U+` E? y~ e? u~
E^? U? e^? U+? I` y. i` u?
E^~ U~ e^~ o+ I' Y' i' y'
E^. U. e^. o+' I~ o+~ i~ o+.
O^' Y` o^' U+ y` u+ i? U+~
"""
# TCVN 5712:1993, the codes A1 to AE and B5 to FE; a space where it has none.
TCVN_5712 = {0xA1: "ĂÂÊÔƠƯĐăâêôơưđ", 0xB5: "àảãáạ ằẳẵắ       ặầẩẫấậè ẻẽéẹềểễếệìỉ   ĩíịò"
             " ỏõóọồổỗốộờởỡớợù ủũúụừửữứựỳỷỹýỵ"}  # fmt: skip
# The Vietnamese Professionals Society's chart of small letters.
VPS_SMALL = {
    "a": "E0 E1 E4 E3 E5", "ă": "A2 A1 A3 A4 A5", "â": "C0 C3 C4 C5 C6", "e": "E8 E9 C8 EB CB",
    "ê": "8A 89 8B CD 8C", "i": "EC ED CC EF CE", "o": "F2 F3 D5 F5 86", "ô": "D2 D3 B0 87 B6",
    "ơ": "A9 A7 AA AB AE", "u": "F9 FA FB DB F8", "ư": "D8 D9 BA BB BF", "y": "FF 9A 9B CF 9C",
}  # fmt: skip

SMALL = "".join(VOWELS) + "đ"
LETTERS = SMALL + SMALL.upper()
PUNCTUATION = " .,;:!?()\"'-0123456789\n"
CAPITALS_OF_TCVN3 = "ĂÂÊÔƠƯĐAEIOUY"


def test_viscii_is_the_chart_of_rfc_1456() -> None:
    rows = [row.split() for row in RFC_1456.split("\n") if row]
    for column in range(8):
        for row in range(16):
            shown = chr(0x80 + 16 * column + row)
            assert charts()["VISCII"].decode(shown) == decode_viqr(rows[row][column] + "n")[:-1]


def test_tcvn3_is_the_chart_of_the_standard() -> None:
    for start, letters in TCVN_5712.items():
        for code, letter in enumerate(letters, start):
            if letter != " ":
                assert charts()["TCVN3"].encode(letter) == bytes([code]), letter


def test_vps_is_its_society_s_chart() -> None:
    for row in VOWELS:
        assert charts()["VPS"].encode(row[1:]) == bytes.fromhex(VPS_SMALL[row[0]])


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("ÑOÄC LAÄP TÖÏ DO HAÏNH PHUÙC", "ĐỘC LẬP TỰ DO HẠNH PHÚC"),
        ("thuûy tinh, lyù luaän, kyõ sö", "thủy tinh, lý luận, kỹ sư"),
        ("haèng ngaøy, saün saøng", "hằng ngày, sẵn sàng"),
        ("chieán siõ, thò traán, gì, chæ", "chiến sĩ, thị trấn, gì, chỉ"),
        ("thaúng, ÑAÚNG, tî, LAÁY", "thẳng, ĐẲNG, tỵ, LẤY"),
    ],
)
def test_vni_reads_what_was_typed_with_it(shown: str, text: str) -> None:
    assert charts()["VNI"].decode(shown) == text


def test_windows_1258_is_python_s_codec() -> None:
    text = "Bộ đội Hữu Nghị, €5"
    written = charts()["Windows-1258"].encode(text)
    assert unicodedata.normalize("NFC", written.decode("cp1258")) == text


@given(st.sampled_from(["VISCII", "VPS", "VNI", "Windows-1258"]), st.data())
def test_what_is_encoded_is_decoded(name: str, data: st.DataObject) -> None:
    # Windows-1258 and VNI join a letter and the mark behind it, so words are what they can say.
    text = data.draw(st.text(LETTERS + PUNCTUATION if name in ("VISCII", "VPS") else LETTERS))
    chart = charts()[name]
    assert chart.decode(surface(chart.encode(text))) == text


@given(st.text(SMALL + CAPITALS_OF_TCVN3 + ",;- "))
def test_tcvn3_keeps_every_letter_and_loses_only_capitals_with_tones(text: str) -> None:
    chart = charts()["TCVN3"]
    assert chart.decode(surface(chart.encode(text))).lower() == text.lower()


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("VIỆT NAM hôm nay", "VIỆT NAM hôm nay"),
        ("ỦY BAN NHÂN DÂN", "ỦY BAN NHÂN DÂN"),
        ("UBND Hà Nội", "UBND Hà Nội"),
        ("Lúa chín. Ở bản Pa, mưa.", "Lúa chín. Ở bản Pa, mưa."),
        ('"Mưa." Ảnh: báo.\r\n\r\nỦa?', '"Mưa." Ảnh: báo.\r\n\r\nỦa?'),
        ("BỘ ĐỘI GIÚP DÂN", "BỘ ĐỘI GIÚP DÂN"),
    ],
)
def test_tcvn3_gets_its_capitals_back_where_they_are_sure(text: str, read: str) -> None:
    chart = charts()["TCVN3"]
    assert chart.decode(surface(chart.encode(text))) == read


@pytest.mark.parametrize("name", ["VISCII", "VPS", "TCVN3", "VNI", "Windows-1258"])
def test_a_letter_that_an_encoding_lacks_is_an_error(name: str) -> None:
    with pytest.raises(UnicodeEncodeError):
        charts()[name].encode("Пограничник")
