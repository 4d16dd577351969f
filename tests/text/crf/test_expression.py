"""Properties of underthesea's regular expression that cutting texts at white space rests on.

The parsed expression is walked, so that these hold for all texts and not for the tried ones only.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

import pytest
from underthesea.pipeline.word_tokenize.regex_tokenize import regex_patterns_combine

SPACES = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()]
CATEGORIES = {
    _constants.CATEGORY_SPACE: str.isspace,
    _constants.CATEGORY_NOT_SPACE: lambda c: not c.isspace(),
    _constants.CATEGORY_WORD: lambda c: c.isalnum() or c == "_",
    _constants.CATEGORY_NOT_WORD: lambda c: not (c.isalnum() or c == "_"),
    _constants.CATEGORY_DIGIT: str.isdecimal,
}
Node = tuple[Any, Any]


def nodes(pattern: Any) -> Iterator[Node]:
    """All nodes of a parsed expression; those within look-arounds only as these."""
    for operation, argument in pattern:
        yield operation, argument
        if operation == _constants.BRANCH:
            for branch in argument[1]:
                yield from nodes(branch)
        elif operation in (_constants.SUBPATTERN, _constants.MAX_REPEAT, _constants.MIN_REPEAT):
            yield from nodes(argument[-1])


def class_holds(items: list[Node], character: str) -> bool:
    """Whether a character class matches ``character``."""
    found = negated = False
    for operation, argument in items:
        if operation == _constants.NEGATE:
            negated = True
        elif operation == _constants.LITERAL:
            found |= ord(character) == argument
        elif operation == _constants.RANGE:
            found |= argument[0] <= ord(character) <= argument[1]
        else:
            assert operation == _constants.CATEGORY
            found |= CATEGORIES[argument](character)
    return found != negated


@pytest.fixture(scope="module")
def parsed() -> list[Node]:
    return list(nodes(_parser.parse(regex_patterns_combine, re.VERBOSE | re.UNICODE)))


def test_only_known_kinds_of_nodes(parsed: list[Node]) -> None:
    known = ("LITERAL", "IN", "ANY", "AT", "ASSERT", "ASSERT_NOT", "BRANCH", "SUBPATTERN")
    known += ("MAX_REPEAT", "MIN_REPEAT")
    assert {operation for operation, _ in parsed} <= {getattr(_constants, name) for name in known}


def test_nothing_but_two_dots_matches_white_space(parsed: list[Node]) -> None:
    for operation, argument in parsed:
        if operation == _constants.LITERAL:
            assert not chr(argument).isspace()
        elif operation == _constants.IN:
            assert not any(class_holds(argument, space) for space in SPACES)
    assert Counter(operation for operation, _ in parsed)[_constants.ANY] == 2


def test_the_two_dots_stand_between_th_and_s(parsed: list[Node]) -> None:
    dots = [i for i, (operation, _) in enumerate(parsed) if operation == _constants.ANY]
    around = ["".join(chr(parsed[i + k][1]) for k in (-2, -1, 1)) for i in dots]
    assert around == ["ThS", "Ths"]
    spaced = re.compile(regex_patterns_combine, re.VERBOSE | re.UNICODE)
    for before in ("Th", "h", "T", "xTh", "ThT"):
        for after in ("s", "S", "x", "."):
            found = spaced.search(f"{before} {after}")
            crossing = any(" " in m.group() for m in spaced.finditer(f"{before} {after}"))
            assert found is not None
            assert not crossing or (before.endswith("Th") and after in "sS")


def look_arounds(parsed: list[Node]) -> Counter[str]:
    """Look-arounds and anchors, written out."""
    found: Counter[str] = Counter()
    for operation, argument in parsed:
        if operation == _constants.AT:
            found[str(argument)] += 1
        elif operation in (_constants.ASSERT, _constants.ASSERT_NOT):
            direction, inner = argument
            found[f"{operation} {direction} {list(inner)}"] += 1
    return found


def test_look_arounds_are_those_that_were_considered(parsed: list[Node]) -> None:
    at, space = "(LITERAL, 64)", "(IN, [(CATEGORY, CATEGORY_SPACE)])"
    assert look_arounds(parsed) == {
        "ASSERT_NOT 1 [(AT, AT_END)]": 1,  # [A-ZĐ]+\.(?!$)
        f"ASSERT_NOT -1 [{at}]": 1,  # (?<!@): white space and the beginning are no @
        f"ASSERT_NOT 1 [{at}]": 1,  # (?!@): nor is the end
        "AT_BOUNDARY": 1,  # \b: white space and both ends are no word characters
        "ASSERT -1 [(AT, AT_BOUNDARY)]": 1,  # (?<=\b)
        f"ASSERT 1 [{space}]": 1,  # :D+(?=\s) and :D+(?=$): white space or the end
        "ASSERT 1 [(AT, AT_END)]": 1,
    }


def test_a_letter_needs_no_alternative_but_words() -> None:
    """The shortcut for chunks of letters: others need a character that is no letter."""
    top = _parser.parse(regex_patterns_combine, re.VERBOSE | re.UNICODE)
    pattern = re.compile(regex_patterns_combine, re.VERBOSE | re.UNICODE)
    assert len(list(top)) == 1
    letters = [chr(c) for c in range(sys.maxunicode + 1) if chr(c).isalpha() and chr(c) != "ʺ"]
    for start in range(0, len(letters), 1000):
        chunk = "".join(letters[start : start + 1000])
        if not re.search("Th", chunk):
            assert pattern.match(chunk).end() == len(chunk)  # type: ignore[union-attr]
    for letter in letters:
        assert pattern.match(letter + " ").end() == 1  # type: ignore[union-attr]


def test_digits_are_not_told_apart(parsed: list[Node]) -> None:
    """The shortcut for chunks that differ in their digits: no part but ``<3`` names a digit."""
    for i, (operation, argument) in enumerate(parsed):
        if operation == _constants.IN:
            assert len({class_holds(argument, digit) for digit in "0123456789"}) == 1
        elif operation == _constants.LITERAL and chr(argument).isdigit():
            assert [chr(parsed[i - 1][1]), chr(argument)] == ["<", "3"]
        elif operation == _constants.NOT_LITERAL:
            assert not chr(argument).isdigit()
