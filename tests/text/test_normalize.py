import itertools
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.text.normalize import fold, heal

VIETNAMESE = st.text(
    "aăâeêioôơuưyàằầèềìòồờùừỳáắấéếíóốớúứýạặậẹệịọộợụựỵđqghtnc Đ“”’\u00a0.,\n", max_size=60
)
TEXT = VIETNAMESE | VIETNAMESE.map(lambda text: unicodedata.normalize("NFD", text))
INVISIBLE = "\u00ad\u200b\ufeff\u200d"


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("hoà", "hòa"), ("Hoà", "hòa"), ("hòa", "hòa"), ("khoẻ", "khỏe"), ("thuỷ", "thủy"),
        ("hoàn", "hoàn"), ("hòan", "hoàn"), ("huỳnh", "huỳnh"), ("hùynh", "huỳnh"),
        ("tuyệt", "tuyệt"), ("loè_loẹt", "lòe_loẹt"),
        ("quý", "quý"), ("qúy", "quý"), ("quỳ", "quỳ"), ("qùy", "quỳ"), ("quỳnh", "quỳnh"),
        ("qúa", "quá"), ("quá", "quá"), ("quả", "quả"),
        ("già", "già"), ("gìa", "già"), ("gíup", "giúp"), ("gì", "gì"), ("gìn", "gìn"),
        ("Ý", "ý"), ("ở", "ở"), ("BĐBP", "bđbp"), ("COVID-19", "covid-19"),
    ],
)  # fmt: skip
def test_one_tone_mark_convention(word: str, folded: str) -> None:
    assert fold(word) == folded


@given(VIETNAMESE)
def test_folding_again_changes_nothing(word: str) -> None:
    assert fold(fold(word)) == fold(word)
    assert len(fold(word)) == len(word)


def test_healing_unifies_quotes_and_spaces() -> None:
    assert heal("“Th\u00f4n”\u00a0H’Mông\u3000a").text == '"Thôn" H\'Mông a'


def test_decomposed_letters_map_back_to_all_their_marks() -> None:
    text = "Nguye\u0302\u0303n\u200b A"
    healed = heal(text)
    assert healed.text == "Nguyễn A"
    [[start, end]] = healed.spans(np.array([[0, 6]])).tolist()
    assert text[start:end] == "Nguye\u0302\u0303n"


@given(TEXT, st.lists(st.tuples(st.integers(0, 60), st.sampled_from(INVISIBLE)), max_size=4))
def test_healed_text_is_composed_and_visible(text: str, hidden: list[tuple[int, str]]) -> None:
    for place, character in hidden:
        text = text[:place] + character + text[place:]
    healed = heal(text)
    assert unicodedata.is_normalized("NFC", healed.text)
    assert not set(healed.text) & set(INVISIBLE)
    assert heal(healed.text).text == healed.text


@given(TEXT)
def test_spans_of_characters_are_in_order_and_say_the_same(text: str) -> None:
    healed = heal(text)
    places = np.arange(len(healed.text))
    spans = healed.spans(np.stack([places, places + 1], axis=1)).tolist()
    assert all(start < end for start, end in spans)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    for character, (start, end) in zip(healed.text, spans, strict=True):
        assert heal(text[start:end]).text == character
