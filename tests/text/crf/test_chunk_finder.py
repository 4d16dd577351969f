import re
import sys

from hypothesis import given
from hypothesis import strategies as st

from chude.text.code_points import JoinedTexts
from chude.text.crf.chunk_finder import ChunkFinder
from chude.text.string_table import StringTable

# Letters of Vietnamese, a symbol and characters without a byte; white space of several kinds.
CHARACTERS = "aẵỸ9.–я字\U0001f600\ud800 \n\u3000\x1f"


def assert_finds(finder: ChunkFinder, names: StringTable, texts: list[str]) -> None:
    """The chunks and places of a regular expression, numbered as they come."""
    known = len(names.names)
    ids, places = finder.find(JoinedTexts.of(texts))
    text = "\n".join(texts)
    expected = [(match[0], match.start()) for match in re.finditer(r"\S+", text)]
    assert [match for match, _ in expected] == text.split()
    found = [names.names[i] for i in ids.tolist()]
    assert list(zip(found, places.tolist(), strict=True)) == expected
    assert names == {name: i for i, name in enumerate(names.names)}
    new = [chunk for chunk in dict.fromkeys(text.split()) if names[chunk] >= known]
    assert names.names[known:] == new


@given(st.lists(st.lists(st.text(CHARACTERS, max_size=30), max_size=4), max_size=4))
def test_finds_the_chunks_of_batches(batches: list[list[str]]) -> None:
    names = StringTable()
    finder = ChunkFinder(names)
    for batch in batches:
        assert_finds(finder, names, batch)
        names[f"thêm {len(names)}"]  # added in another way


def test_tells_chunks_of_any_length_apart() -> None:
    names = StringTable()
    finder = ChunkFinder(names)
    texts = ["a" * size for size in range(1, 30)] + ["nghiêng", "nghiêng,", "nghiêng,,", "ng"]
    for _ in range(2):  # met for the first time, and known
        assert_finds(finder, names, texts)
        assert_finds(finder, names, [" ".join(texts)])


def test_tells_all_characters_apart() -> None:
    names = StringTable()
    finder = ChunkFinder(names)
    for first in range(0, sys.maxunicode + 1, 1 << 16):
        characters = map(chr, range(first, first + (1 << 16)))
        assert_finds(finder, names, ["\n".join(f"x{character}y" for character in characters)])


def test_takes_chunks_that_were_numbered_elsewhere() -> None:
    names = StringTable()
    numbers = [names["nhà"], names["rất-dài-lắm"]]
    assert_finds(ChunkFinder(names), names, ["nhà rất-dài-lắm nhà"])
    assert [names["nhà"], names["rất-dài-lắm"]] == numbers
