"""Time and memory grow with the length of a text and no faster, whatever is repeated in it."""

import time
import tracemalloc

import pytest
from underthesea import word_tokenize

from chude.text.heal import heal
from chude.text.passages import split_passages
from chude.text.segment import make_segmenter

SYLLABLES = ["đi ", "bộ đội ", "của ", "Việt Nam ", "xã hội chủ nghĩa ", "không ", "1 ", "Ạ "]
MARKS = ["\u0301", "a\u0301", "b\u0301", "x\u0323\u0301", "\u200b", "\u00ad ", "ᄀ\u1161", "\u0378"]
SIGNS = [
    "a.",
    "1.",
    "1-",
    "Th.",
    "1.5 ",
    "1.1.",
    "Th s ",
    "A.",
    "- ",
    ".",
    ":",
    "a@",
    "\u3000",
    " ",
    "(",
    "=)",
    "v.v",
]
LINES = ["\n", "a\n", ". ", "a. ", "UBND. "]
UNITS = [*SYLLABLES, *MARKS, *SIGNS, *LINES]
SEGMENTER = make_segmenter("underthesea", "numpy")


@pytest.mark.parametrize("unit", UNITS)
def test_words_of_repetitions_are_those_of_underthesea(unit: str) -> None:
    for text in (unit * 300, f"Ông {unit * 40} ở xã {unit * 9}"):
        words = " ".join(SEGMENTER.segment([text]).words(0))
        assert words == word_tokenize(heal(text).text, format="text")


@pytest.mark.parametrize("unit", UNITS)
def test_repetitions_take_linear_time_and_memory(unit: str) -> None:
    text = unit * (50_000 // len(unit))
    tracemalloc.start()
    begin = time.process_time()
    tokens = make_segmenter("underthesea", "numpy").segment([text])
    split_passages(text)
    seconds = time.process_time() - begin
    memory = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seconds < 4  # tracing takes most of it
    assert memory < 25_000_000
    assert tokens.ends.max(initial=0) <= len(text)


def test_a_repeated_phrase_does_not_fill_the_memory() -> None:
    phrase = "cán bộ chiến sĩ đồn biên phòng "
    tracemalloc.start()
    found = make_segmenter("underthesea", "numpy").segment([phrase * 3000, phrase * 2999])
    memory = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert memory < 25_000_000
    assert found.words(0)[:40] == found.words(1)[:40]


def test_every_syllable_may_be_one_long_word() -> None:
    one = " ".join(["đi"] * 5000)
    [word] = SEGMENTER.segment([one]).words(0)
    assert word == one.replace(" ", "_")
