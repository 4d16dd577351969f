import time

import pytest

from chude.corpus.encodings import (
    Decoded,
    decode_font,
    font_encoding,
    heal_encoding,
    heal_fields,
    looks_sound,
)
from chude.corpus.encodings.charts import charts, surface
from chude.errors import Refusal
from tests.corpus.encodings.samples import ARTICLE, FOREIGN

TITLE, _, BODY = ARTICLE.partition("\n\n")


def in_font(text: str, name: str) -> str:
    return surface(charts()[name].encode(text))


def test_sound_strings_come_back_as_they_are() -> None:
    for text in (ARTICLE, "", "Hà Nội", *FOREIGN, ARTICLE + "\r\n" + FOREIGN[1]):
        found = heal_encoding(text)
        assert found == Decoded(text, "UTF-8", 1.0)


@pytest.mark.parametrize(
    "text",
    ["và –\n\nSáng – –\n", "Ê – Ê – –", "“và” – – – “là”", "Giá – 5 €", "Sáng\n\nvà – – 日"],
)
def test_dashes_beside_words_that_read_are_no_letters(text: str) -> None:
    assert heal_encoding(text) == Decoded(text, "UTF-8", 1.0)


def test_a_string_says_what_it_was_in_and_how_sure_that_is() -> None:
    found = heal_encoding(in_font(BODY, "VNI"))
    assert isinstance(found, Decoded)
    assert (found.text, found.encoding) == (BODY, "VNI")
    assert 0.9 < found.confidence <= 1
    entities = in_font(BODY, "TCVN3").encode("ascii", "xmlcharrefreplace").decode()
    found = heal_encoding(entities)
    assert isinstance(found, Decoded)
    assert (found.text, found.encoding) == (BODY, "HTML entities + TCVN3")


def test_a_paragraph_in_an_old_font_among_sound_ones_is_healed_alone() -> None:
    found = heal_encoding(f"{TITLE}\n{in_font(BODY, 'TCVN3')}\nẢnh: báo xã\nL'été à Genève")
    assert isinstance(found, Decoded)
    assert found.text == f"{TITLE}\n{BODY}\nẢnh: báo xã\nL'été à Genève"


def test_a_short_title_follows_its_body() -> None:
    title = in_font("Mưa to", "TCVN3")
    assert heal_encoding(title) == Decoded(title)
    assert heal_fields([title, in_font(BODY, "TCVN3"), ""], "a:1") == ["Mưa to", BODY, ""]
    assert heal_fields([TITLE, BODY], "a:1") == [TITLE, BODY]


def test_fields_whose_marks_are_lost_are_refused() -> None:
    refusal = heal_fields(["B? ??i gi?p d?n", BODY.encode("ascii", "replace").decode()], "a:1")
    assert isinstance(refusal, Refusal)
    assert refusal.place == "a:1"


def test_interviews_and_addresses_are_not_lost_marks() -> None:
    text = "Ông nghĩ sao?Tôi thấy tốt. Xem https://example.vn/?id=3 nhé. Còn gì nữa?Hết rồi."
    assert looks_sound(text)


def test_the_check_of_sound_text_is_cheap() -> None:
    text = ARTICLE * 20
    looks_sound(text)
    start = time.perf_counter()
    for _ in range(100):
        assert looks_sound(text)
    microseconds_a_kb = 1e6 * (time.perf_counter() - start) / 100 / (len(text.encode()) / 1000)
    assert microseconds_a_kb < 100  # 5 on an idle machine


@pytest.mark.parametrize(
    ("font", "encoding", "shown", "text"),
    [
        (".VnTime", "TCVN3", "Bé ®éi", "Bộ đội"),
        (".VnTimeH", "TCVN3", "bé ®éi", "BỘ ĐỘI"),
        ("ABCDEF+.VnArialH", "TCVN3", "viÖt nam", "VIỆT NAM"),
        ("VNI-Times", "VNI", "Boä ñoäi", "Bộ đội"),
        ("VPS Times", "VPS", "B¶ Ç¶i", "Bộ đội"),
        (".VnTime", "TCVN3", "B\uf0e9 \uf0ae\uf0e9i", "Bộ đội"),
        ("Times New Roman", None, "Bộ đội é", "Bộ đội é"),
        (None, None, "é", "é"),
    ],
)
def test_a_run_is_read_by_its_font(
    font: str | None, encoding: str | None, shown: str, text: str
) -> None:
    assert font_encoding(font) == encoding
    assert decode_font(shown, font) == text
