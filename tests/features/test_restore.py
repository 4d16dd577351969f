"""Marks that were left out come back, where the words of the vocabulary tell them."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.features.restore import Restorer, is_bare, strip_marks
from chude.features.tfidf import Features, fit_counts
from chude.features.vocabulary import FeatureOptions
from chude.text.segment import make_segmenter
from tests.invented import make_articles

TEXTS = [article.text for article in make_articles(60)]
WORDS = ["bộ", "đội", "giúp", "dân", "bản", "gặt", "lúa", ",", ".", "12", "xyz"]
SYLLABLES = st.lists(st.sampled_from(WORDS), max_size=20)


@pytest.fixture(scope="module", params=["syllable", "underthesea"])
def features(request: pytest.FixtureRequest) -> Features:
    tokens = make_segmenter(request.param).segment(TEXTS)
    return fit_counts(tokens, FeatureOptions())[0]


@pytest.fixture(scope="module")
def restorer(features: Features) -> Restorer:
    return Restorer(features)


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
    tokens = restorer.tokens([text])
    spans = list(zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True))
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    letters = [i for i, character in enumerate(text) if character.isalnum()]
    assert all(any(start <= i < end for start, end in spans) for i in letters)
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


def test_any_weights_are_taken() -> None:
    features = fit_counts(make_segmenter("syllable").segment(TEXTS), FeatureOptions())[0]
    idf = np.resize([744.0, 1e9, 1e-300, 3.0, 0.0], len(features.idf))
    tokens = Restorer(replace(features, idf=idf)).tokens(["bo doi giup dan", "qwerty"])
    assert tokens.indptr.tolist() == [0, 4, 5]


@given(SYLLABLES, st.sampled_from([" ", ", ", "-"]), st.integers(1, 300))
def test_with_and_without_numba_the_same_words(
    features: Features, syllables: list[str], between: str, times: int
) -> None:
    pytest.importorskip("numba")
    text = strip_marks(between.join(syllables * times))
    compiled = Restorer(features, "numba").tokens([text, "qwerty"])
    plain = Restorer(features, "numpy").tokens([text, "qwerty"])
    assert compiled.vocabulary == plain.vocabulary
    for name in ("ids", "starts", "ends", "indptr"):
        np.testing.assert_array_equal(getattr(compiled, name), getattr(plain, name))


@pytest.mark.parametrize("unit", ["Bo doi giup ba con gat lua. ", "bo doi ", "gat lua-"])
def test_long_texts_are_read_piece_by_piece(restorer: Restorer, unit: str) -> None:
    text = unit * 3000
    tokens = restorer.tokens([text, "Qwerty"])
    spans = list(zip(tokens.starts[:-1].tolist(), tokens.ends[:-1].tolist(), strict=True))
    assert tokens.indptr.tolist() == [0, len(spans), len(spans) + 1]
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    inside = "".join(text[start:end] for start, end in spans)
    assert inside.replace(" ", "") == "".join(filter(str.isalnum, text))
