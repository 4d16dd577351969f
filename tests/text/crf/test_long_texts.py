"""Long texts, done in pieces, have the words that they have as a whole."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chude.text.crf import long_texts, segmenter, tag_numpy
from chude.text.crf.segmenter import FastSegmenter
from chude.text.nfc import nfc
from chude.text.tokens import Tokens
from tests.text.crf.invented import ARTICLES, QUIRKS, texts

ALONE, IN_PIECES = FastSegmenter(backend="numpy"), FastSegmenter(backend="numpy")
PIECES = [
    *ARTICLES, *QUIRKS, "Th", "s", "S ", "Th s", "sTh ", "Th\ns ", "UBND.", "UBND.\n", "\n", " ",
    "a.", "http:a", "x.yz/(", "đi " * 20, "\u1100\u1161", "x\u0323\u0301", "1.5", "=)", "\u3000",
]  # fmt: skip
MIXED = st.lists(st.sampled_from(PIECES) | texts(), max_size=12).map("".join)


def in_pieces(batch: list[str], size: int) -> Tokens:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segmenter, "LONG", 0)
        patch.setattr(long_texts, "_PIECE", size)
        patch.setattr(long_texts, "_STRETCH", size)
        patch.setattr(tag_numpy, "_BLOCK_OF_LONG", size)
        return IN_PIECES.segment(batch)


@settings(max_examples=60)
@given(MIXED, st.sampled_from([2, 3, 8, 30, 200]))
@example("UBND.\n", 3)
@example("Th s Th s Th s", 4)
@example(" " * 40, 8)
def test_words_are_those_of_the_whole(text: str, size: int) -> None:
    expected, found = ALONE.segment([text]), in_pieces([text], size)
    assert found.words(0) == expected.words(0)
    assert found.ids.dtype == found.starts.dtype == found.ends.dtype == np.int32
    if not any(len(nfc(c)) > 1 for c in text):  # places of those are in proportion
        assert found.starts.tolist() == expected.starts.tolist()
        assert found.ends.tolist() == expected.ends.tolist()


def test_long_texts_stand_among_others() -> None:
    long = "Bộ đội Biên phòng tuần tra. " * 8000
    assert len(long) > long_texts.LONG
    batch = ["Ông ấy đi.", long, "", long + "UBND."]
    found = FastSegmenter(backend="numpy").segment(batch)
    assert found.words(0) == ALONE.segment(batch[:1]).words(0)
    assert found.words(1) == found.words(3)[:-2]
    assert found.words(2) == []
    assert found.words(3)[-2:] == ["UBND", "."]
    assert found.ends[-1] == len(batch[3])


@pytest.mark.parametrize("unit", ["a.", "- ", "A.", "đi ", "a "])
def test_memory_is_little_more_than_what_comes_of_it(unit: str) -> None:
    text = unit * (250_000 // len(unit))
    known = FastSegmenter(backend="numpy")
    known.segment(["Ông ấy đi."])
    tracemalloc.start()
    known.segment([text])
    memory = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert memory < 25_000_000  # most of it for one block
