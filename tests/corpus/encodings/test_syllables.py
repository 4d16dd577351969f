import pytest

from chude.corpus.encodings.syllables import syllables

VALID = """nghiêng quýt gì giếng hoà hòa thuỷ thủy khuya quốc xoong ngoèo nguyễn ươm ý yếu rượu
khuỷu quy ghe kẻ cả ngã nghệ giặt ở à ừ huơ thuở xuề quệch"""
INVALID = "ka cê ngi nghà gê tòc đờng quổc ồu fáng wà zô jì bảp chìt giiế hoaf viêt"


@pytest.mark.parametrize("word", VALID.split())
def test_words_of_the_language_are_syllables(word: str) -> None:
    assert word in syllables()


@pytest.mark.parametrize("word", INVALID.split())
def test_what_breaks_a_rule_is_none(word: str) -> None:
    assert word not in syllables()
