"""The scanner finds what underthesea's expression does, and does not look back."""

import random
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chude.text.crf.reference import TokenRules
from chude.text.crf.scanner import scan
from tests.text.crf.invented import ARTICLES, QUIRKS, texts

PIECES = [
    "http:", "https://", "ftp:", "ftps:///", "http:a", "%", "ab.cd/", "x.yz", "a.b-c.vn", ".com",
    ".info/", ".abcdefghijklm", ".abcdefghijklmn", "@", "a@b.c", "_x+y@z.w", "v.v", "v.v.", "T.Ư",
    "A.", "Đ", "H&M", "Th.S", "Mr.", "e-mail", "NĐ-CP", "4K", "43H-0530", "1.5", "1,5", "2/3",
    "20.08.2014", "10:20:50", "1-2", "09-123-456", "3x4", "(", ")", "(a)", "(a(b)c)", "((", "))",
    "<", ">", "[", "]", "{", "}", ":", ";", "'", '"', ".", ",", "!", "?", "«", "”", "’", "`", "-",
    "--", "+", "_", "/", "//", "a", "bc", "đ", "Ạ", "Z", "0", "12", "٣", "ʺ", "=>", "=))", ":)",
    ":D", "<3", "°C", "\u0301", "🙂", " ", "\n", "#", "$", "~",
]  # fmt: skip
MIXED = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
FAR = st.lists(st.sampled_from([*"ab.-/@:()A9,<é ", "http:", ".vn", "ftp:/"]), max_size=16)


@given(MIXED | FAR.map("".join) | texts() | st.text(max_size=30))
@example("http:(a(b)c)d).e")
@example("ab.cd/(x)(y")
@example("x@ab.cd.ef@g.hi/j")
def test_finds_the_tokens_of_the_expression(rules: TokenRules, text: str) -> None:
    expected = [list(match.span()) for match in rules.pattern.finditer(text)]
    assert scan(text, rules.near).tolist() == expected


def test_finds_the_tokens_of_many_short_texts(rules: TokenRules) -> None:
    rng = random.Random(0)
    far = [*"ab.-/@:()A9,<é ", "http:", ".vn", "ftp:/", "x.yz/(", "(a)", "((a)b)"]
    for _ in range(20_000):
        text = "".join(rng.choices(rng.choice([PIECES, far]), k=rng.randrange(1, 17)))
        expected = [list(match.span()) for match in rules.pattern.finditer(text)]
        assert scan(text, rules.near).tolist() == expected


@pytest.mark.parametrize("text", ARTICLES + QUIRKS)
def test_finds_the_tokens_of_texts(rules: TokenRules, text: str) -> None:
    expected = [list(match.span()) for match in rules.pattern.finditer(text)]
    assert scan(text, rules.near).tolist() == expected


UNITS = [
    "a.", "1.", "1-", "Th.", "1.5", "1.1", "a-", "a@", "a@b.", "a@b.c", "v.v", "A.", "A&", "A'",
    "a_", "http:", "http:a", "ab.cd/", "ab.cd", "a.bc-", "(", ")", "(a", "(a)", "a(b(", ":", ":D",
    "1x", "1A", "1/", "1,", "-+", "a-+", ".", "=)", "e-", "\u0301", "a\u0301", "http:(", "http:(a)",
    "x.yz/(a(b)", "+", "a+", "@", "'", "1:", "10:20:", "09-123-", "12-1234-", "Đ&", "UBND.",
    "a:", "/",
]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_takes_linear_time(rules: TokenRules, unit: str) -> None:
    expected = [list(match.span()) for match in rules.pattern.finditer(unit * 40)]
    assert scan(unit * 40, rules.near).tolist() == expected
    for before, after in (("", ""), ("A", "@"), ("http:", "::::"), ("x.yz/(", ")")):
        text = before + unit * (50_000 // len(unit)) + after
        begin = time.process_time()
        spans = scan(text, rules.near)
        assert time.process_time() - begin < 2
        assert (spans[:, 1] - spans[:, 0]).sum() == len(text)


@pytest.mark.parametrize("unit", ["a@", "ab/", "(", "a,"])
def test_looks_for_no_full_stop_through_all_of_the_text(rules: TokenRules, unit: str) -> None:
    begin = time.process_time()
    scan(unit * 500_000 + "/", rules.near)
    assert time.process_time() - begin < 2


def test_does_not_try_all_ways(rules: TokenRules) -> None:
    # Underthesea's own expression takes a time that doubles with each colon.
    assert len(scan("http:a" + ":" * 5000, rules.near)) == 4
