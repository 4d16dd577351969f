"""Marks that were left out come back, where the words of the vocabulary tell them."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.features.restore import Restorer, is_bare, strip_marks
from chude.features.tfidf import fit_counts
from chude.features.vocabulary import FeatureOptions
from chude.text.segment import make_segmenter
from tests.invented import make_articles

TEXTS = [article.text for article in make_articles(60)]
WORDS = ["bộ", "đội", "giúp", "dân", "bản", "gặt", "lúa", ",", ".", "12", "xyz"]
SYLLABLES = st.lists(st.sampled_from(WORDS), max_size=20)


@pytest.fixture(scope="module", params=["syllable", "underthesea"])
def restorer(request: pytest.FixtureRequest) -> Restorer:
    tokens = make_segmenter(request.param).segment(TEXTS)
    return Restorer(fit_counts(tokens, FeatureOptions())[0])


def spelled(restorer: Restorer, text: str) -> str:
    tokens = restorer.tokens([text])
    return " ".join(tokens.words(0)).replace("_", " ")


def test_words_of_the_vocabulary_get_their_marks_back(restorer: Restorer) -> None:
    bare = strip_marks("Bộ đội giúp bà con gặt lúa chạy mưa suốt hai ngày")
    assert bare == "Bo doi giup ba con gat lua chay mua suot hai ngay"
    assert spelled(restorer, bare) == "bộ đội giúp bà con gặt lúa chạy mưa suốt hai ngày"


def test_other_words_stay_as_they_are(restorer: Restorer) -> None:
    assert spelled(restorer, "Qwerty bo doi") == "Qwerty bộ đội"
    assert restorer.tokens(["", "..."]).indptr.tolist() == [0, 0, 0]


@given(SYLLABLES)
def test_words_stand_where_their_syllables_do(restorer: Restorer, syllables: list[str]) -> None:
    text = strip_marks(" ".join(syllables))
    words = restorer.words(text)
    assert all(before.end <= after.start for before, after in itertools.pairwise(words))
    letters = [i for i, character in enumerate(text) if character.isalnum()]
    assert all(any(word.start <= i < word.end for word in words) for i in letters)
    tokens = restorer.tokens([text])
    for i, word in enumerate(tokens.words(0)):
        inside = text[tokens.starts[i] : tokens.ends[i]]
        assert strip_marks(word).replace("_", " ").lower() == inside.lower()


@pytest.mark.parametrize(
    ("text", "bare", "readable"),
    [
        ("Bo doi giup ba con gat lua", True, True),
        ("Bộ đội giúp bà con gặt lúa", False, False),
        ("The weather forecast promises thunderstorms over Brussels", True, False),
        ("a. b. c, d e-g", True, False),
        ("", False, False),
    ],
)
def test_only_vietnamese_without_marks_is_read(
    restorer: Restorer, text: str, bare: bool, readable: bool
) -> None:
    assert (is_bare(text), restorer.can_read(text)) == (bare, readable)


@pytest.mark.parametrize("unit", ["Bo doi giup ba con gat lua. ", "bo doi ", "gat lua-"])
def test_long_texts_are_read_piece_by_piece(restorer: Restorer, unit: str) -> None:
    text = unit * 3000
    words = restorer.words(text)
    assert all(before.end <= after.start for before, after in itertools.pairwise(words))
    inside = "".join(text[word.start : word.end] for word in words)
    assert inside.replace(" ", "") == "".join(filter(str.isalnum, text))
    tokens = restorer.tokens([text, "Qwerty"])
    assert tokens.indptr.tolist() == [0, len(words), len(words) + 1]
    assert tokens.starts[:-1].tolist() == [word.start for word in words]
