"""Tokens, their flags, and words."""

import re
import sys
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from underthesea_core import CRFFeaturizer

from chude.text.crf.lexicon import Lexicon, Vocabulary, is_certain, is_digit, is_title
from chude.text.crf.tables import Row, Tables
from tests.text.crf.invented import ARTICLES, QUIRKS

FLAGS = CRFFeaturizer(["T[0].isdigit", "T[0].istitle", "T[0].is_in_dict", "T[0].lower"], {"nước"})


def flags(token: str) -> list[bool | str]:
    digit, title, listed, lower = FLAGS.process([[[token]]])[0][0]
    return [
        *(f.endswith("True") for f in (digit, title, listed)),
        lower.removeprefix("T[0].lower="),
    ]


def assert_agrees(token: str) -> None:
    expected = [is_digit(token), is_title(token), token.lower() == "nước", token.lower()]
    assert flags(token) == expected, token


TOKEN_CHARACTERS = st.characters(exclude_categories=["Cs", "Cn", "Zs", "Zl", "Zp"])
ODD_TOKENS = [
    "0", "-0", "+7", "--7", "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967296",
    "00000000000000000000001", "0" * 5000, "1" * 5000, "1_0", "1.0", "½", "²", "٣", "1٣", "x1",
    "Nước", "NƯỚC", "nƯỚC", "(A", "a-A", "ǅ", "ẞ", "ß", "ŉ", "ﬁ", "İ", "ı", "ª", "ⅷ", "Ⅷ", "ⓐ", "ʰ",
]  # fmt: skip


@pytest.mark.parametrize("token", ODD_TOKENS)
def test_flags_of_odd_tokens(token: str) -> None:
    assert_agrees(token)


ANY_TOKEN = st.one_of(
    st.text(TOKEN_CHARACTERS, min_size=1, max_size=8).filter(lambda t: not re.search(r"\s", t)),
    st.from_regex(r"[+-]?0*[0-9]{1,14}", fullmatch=True),
)


@given(ANY_TOKEN)
def test_flags_of_any_token(token: str) -> None:
    if is_certain(token[0]):
        # Lower case only matters where the model knows it; of the newest letters it does not.
        assert flags(token)[:3] == [is_digit(token), is_title(token), token.lower() == "nước"]


def test_flags_of_all_characters() -> None:
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if not is_certain(character) or character.isspace():
            continue
        found = flags(character)
        assert found[:2] == [is_digit(character), is_title(character)], hex(code)


def test_unassigned_characters_and_surrogates_are_uncertain() -> None:
    assert not is_certain("\u0378")
    assert not is_certain("\ud800")
    assert not is_certain("ƛ")
    assert is_certain("đ")
    assert is_certain("A")


def test_lower_case_of_what_the_model_knows(tables: Tables) -> None:
    alphabet = {character for token in tables.lower_ids for character in token}
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character) == "Cs" or character.isspace():
            continue
        ours, theirs = character.lower(), str(flags(character)[3])
        if ours != theirs:  # then no token with it is known, either way
            assert not set(ours) <= alphabet
            assert not set(theirs) <= alphabet


def test_vocabulary_numbers_words_as_they_come() -> None:
    vocabulary = Vocabulary()
    assert [vocabulary.add(word) for word in ("nhà", "cửa", "nhà", "nhà_cửa")] == [0, 1, 0, 2]
    assert vocabulary.words == ["nhà", "cửa", "nhà_cửa"]


@pytest.fixture
def lexicon(tables: Tables) -> Lexicon:
    return Lexicon(tables, Vocabulary())


def test_numbers_tokens_from_one(lexicon: Lexicon) -> None:
    assert lexicon.tokens(["Nước", "nước", "Nước", "zzyzx"]) == [1, 2, 1, 3]
    assert lexicon.rows.shape == (4, len(Row))
    first, second, third = lexicon.rows[1:]
    assert first[Row.LOWER] == second[Row.LOWER] > 1
    assert first[Row.TITLE] == 1
    assert second[Row.TITLE] == 0
    assert first[Row.LISTED] == second[Row.LISTED] == 1
    assert third.tolist() == [0, 0, 0, 0, 0, 2]


def test_lengthens_words(lexicon: Lexicon) -> None:
    a, b, c = lexicon.tokens(["a", "b", "a_b"])
    words = lexicon.rows[:, Row.WORD]
    pair = lexicon.lengthen(words[[a, a, b]], np.array([b, a, a], np.int32))
    spelled = lexicon._vocabulary.words
    assert [spelled[word] for word in pair] == ["a_b", "a_a", "b_a"]
    assert pair[0] == words[c]  # the same word, whatever the tokens
    longer = lexicon.lengthen(pair[[0, 0]], np.array([c, c], np.int32))
    assert [spelled[word] for word in longer] == ["a_b_a_b"] * 2
    assert len(set(spelled)) == len(spelled)
    again = lexicon.lengthen(words[[a, a, b]], np.array([b, a, a], np.int32))
    assert again.tolist() == pair.tolist()


def test_samples_hold_what_they_should() -> None:
    assert all(text.strip() for text in ARTICLES)
    assert len(set(QUIRKS)) == len(QUIRKS)
