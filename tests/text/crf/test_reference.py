"""What is installed, underthesea's own words with places, and normalisation."""

import itertools
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from underthesea import word_tokenize
from underthesea.pipeline.text_normalize.character_normalize import normalize_characters_in_text
from underthesea.pipeline.text_normalize.text_normalizer import character_map, token_map
from underthesea.pipeline.text_normalize.token_normalize import token_normalize
from underthesea.pipeline.word_tokenize import regex_tokenize

from chude.text.crf import reference
from chude.text.crf.reference import TokenRules, normalise, origins, segment_text
from tests.text.crf.invented import ARTICLES, QUIRKS, texts

MARKS = "\u0301\u0323\u0302\u031b\u0308\u0345\u0344"
JAMO = "\u1100\u1161\u11a8가"
SPECIAL = st.text(st.sampled_from("aeoưĐðx .\u0958\u2126\u2000\u09c7\u09be\ufb2c" + MARKS + JAMO))


@given(st.one_of(SPECIAL, st.text(), texts()))
def test_normalises_as_underthesea(text: str) -> None:
    assert normalise(text) == normalize_characters_in_text(text)


def test_exchanges_the_letters_that_underthesea_does() -> None:
    assert {a: a.translate(reference._EXCHANGED) for a in character_map} == character_map
    assert len(reference._EXCHANGED) == len(character_map)


@given(st.one_of(st.sampled_from(sorted(token_map)), SPECIAL, st.text(), texts()))
def test_spells_as_underthesea(rules: TokenRules, token: str) -> None:
    piece = normalise(token)
    assert rules.spell(piece) == token_normalize(piece)


@given(st.one_of(SPECIAL, st.text(), texts()))
@example("tie\u0302\u0301ng")
@example("e\u0308\u0323")
def test_origins(text: str) -> None:
    normalised = normalise(text)
    spans = origins(text, normalised).tolist()
    assert len(spans) == len(normalised)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in itertools.pairwise(spans))
    if all(len(unicodedata.normalize("NFC", c)) == 1 for c in text):
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))


def test_origins_of_composed_characters() -> None:
    text = "tie\u0302\u0301ng o\u0309"
    assert normalise(text) == "tiếng ỏ"
    spans = origins(text, "tiếng ỏ").tolist()
    assert spans == [[0, 1], [1, 2], [2, 5], [5, 6], [6, 7], [7, 8], [8, 10]]


def test_origins_of_a_character_taken_apart() -> None:
    spans = origins("x\u0958y", normalise("x\u0958y")).tolist()
    assert spans == [[0, 1], [1, 2], [1, 2], [2, 3]]


def test_origins_of_many_marks_takes_linear_time() -> None:
    text = "a" + "\u0301" * 50_000
    assert len(origins(text, normalise(text))) == 50_000


@pytest.mark.parametrize("text", ARTICLES + QUIRKS)
def test_segments_a_text(text: str) -> None:
    found = segment_text(text)
    assert " ".join(found.words) == word_tokenize(text, format="text")
    assert len(found.words) == len(found.starts) == len(found.ends)
    if text == normalise(text):
        spelled = [
            "".join(text[a:b].split()) for a, b in zip(found.starts, found.ends, strict=True)
        ]
        assert "".join(spelled) == "".join(text.split())


def test_places_of_normalised_words() -> None:
    text = "  Vie\u0323\u0302t Nam baì hát"
    found = segment_text(text)
    pieces = [text[a:b] for a, b in zip(found.starts, found.ends, strict=True)]
    assert dict(zip(found.words, pieces, strict=True)) == {
        "Việt_Nam": "Vie\u0323\u0302t Nam",
        "bài": "baì",
        "hát": "hát",
    } or found.words == ["Việt_Nam", "bài_hát"]


def test_token_rules_ignore_words_fixed_by_others(rules: TokenRules) -> None:
    text = "ban an ninh"
    before = regex_tokenize.patterns
    try:
        word_tokenize("x", fixed_words=["an ninh"])
        fresh = TokenRules.of_underthesea()
        assert fresh.spans_of_text(text).tolist() == [[0, 3], [4, 6], [7, 11]]
    finally:
        regex_tokenize.patterns = before


LETTERS = st.text(st.sampled_from("aâđĐTThsSʺxDvXe한ب"), min_size=1, max_size=8)


@given(LETTERS, st.booleans())
def test_shortcut_for_letters(rules: TokenRules, chunk: str, final: bool) -> None:
    text = chunk if final else chunk + " "
    expected = [list(match.span()) for match in rules.pattern.finditer(text)]
    assert rules.spans(chunk, final).tolist() == expected
