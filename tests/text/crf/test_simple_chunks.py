"""Tokens of simple chunks against underthesea's regular expression."""

import itertools
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.text.code_points import code_points
from chude.text.crf.reference import TokenRules
from chude.text.crf.simple_chunks import split_simple
from tests.text.crf.invented import ARTICLES, QUIRKS


def split(chunks: list[str]) -> list[list[tuple[int, int]] | None]:
    """Places of the tokens of each chunk, None if it is not simple."""
    pieces, simple = split_simple(code_points("".join(chunk + "\n" for chunk in chunks)))
    starts = [0, *itertools.accumulate(len(chunk) + 1 for chunk in chunks)]
    found: list[list[tuple[int, int]] | None] = [[] if easy else None for easy in simple.tolist()]
    for chunk, start, end in zip(*(column.tolist() for column in pieces), strict=True):
        spans = found[chunk]
        assert spans is not None
        spans.append((start - starts[chunk], end - starts[chunk]))
    return found


def assert_as_expression(rules: TokenRules, chunks: list[str]) -> int:
    """Compare those that are simple; how many are."""
    count = 0
    for chunk, spans in zip(chunks, split(chunks), strict=True):
        if spans is not None:
            count += 1
            for text in (chunk, chunk + " "):
                assert spans == [match.span() for match in rules.pattern.finditer(text)], chunk
    return count


@pytest.mark.parametrize(
    "chunk",
    ["nước", "Nậm", "BĐBP", "nước,", "nước.", "nước...", "(xã", "xã)", "xã).", '"Đúng"', "“Đúng”,",
     "năm:", "12", "12,", "(12)", "12.", "12;", "'mổ", "mổ'", "và/hoặc", "A4", "m2,", "Thu", "Ths)",
     "chưa?!", "…", "–", "100%", "$5", "lọc...,", "trong[1]", "Thơ.", "TP)."],
)  # fmt: skip
def test_simple_shapes(rules: TokenRules, chunk: str) -> None:
    assert assert_as_expression(rules, [chunk]) == 1


@pytest.mark.parametrize(
    "chunk",
    ["TP.", "TP.HCM", "Tp.", "T.Ư", "ThS.", "Mr.", "H'Mông", "N’Thôn", "v.v...", "a@b.vn",
     "vidu.vn", "http://vidu.vn", "17/9", "1,5", "1.250", "4K", "3x4", "10:20:50", ":D", ":))",
     "=))", "<3", "H&M", "e-mail", "Điện-Biên", "--", "->", "30°C", "♥‿♥", "ʺ", "a_b", "This",
     "Th.s", "Th)s", "mình.Các", "43H-0530", "½", "x²"],
)  # fmt: skip
def test_shapes_left_to_the_expression(chunk: str) -> None:
    assert split([chunk]) == [None]
    assert split(["nước", chunk, "xã."]) == [[(0, 4)], None, [(0, 2), (2, 3)]]


def test_all_short_chunks_of_delicate_characters(rules: TokenRules) -> None:
    delicate = "aĐThs1.,:'/)="
    chunks = ["".join(c) for n in range(1, 5) for c in itertools.product(delicate, repeat=n)]
    assert assert_as_expression(rules, chunks) > len(chunks) / 10


def test_every_character(rules: TokenRules) -> None:
    characters = [chr(c) for c in range(sys.maxunicode + 1) if not chr(c).isspace()]
    known = characters[: characters.index("\u2100")]
    chunks = [
        shape.format(c) for c in known for shape in ("{}", "a{}", "{}a", "{}1", "1{}", "Đ{}.")
    ]
    assert assert_as_expression(rules, chunks) > len(chunks) / 2
    assert set(map(str, split(characters[len(known) :: 97]))) == {"None"}


LETTERS = st.text("aâđĐTThsSDMrpxvXeƯQỲ", min_size=1, max_size=6)
ROMAN = st.text("IVXLC", min_size=1, max_size=4)
DIGITS = st.text("0123456789", min_size=1, max_size=6)
MARKS = st.text(".,:;!?\"'’“”()[]/-…&@=<>%+_°#", min_size=1, max_size=3)
HARD = st.sampled_from([c for text in [*ARTICLES, *QUIRKS] for c in text.split()])
CHUNKS = st.lists(LETTERS | ROMAN | DIGITS | MARKS, min_size=1, max_size=5).map("".join) | HARD


@given(st.lists(CHUNKS, min_size=1, max_size=8))
def test_any_chunks(rules: TokenRules, chunks: list[str]) -> None:
    assert_as_expression(rules, chunks)


@given(st.lists(LETTERS | DIGITS, max_size=3), st.text('.,;!?")(…', max_size=4), st.text("(\"“'"))
def test_frequent_shapes(rules: TokenRules, runs: list[str], after: str, before: str) -> None:
    chunk = before + ")(".join(runs) + after
    if chunk:
        assert_as_expression(rules, [chunk, chunk.upper(), chunk.lower()])
