"""Spans of a text, and which of them have the same number."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chude.model.spans import Spans

NUMBERS = st.lists(st.integers(0, 5) | st.integers(0, 2**31 - 1), max_size=60)


@given(NUMBERS)
def test_distinct_numbers_come_in_the_order_in_which_they_first_occur(numbers: list[int]) -> None:
    at = np.arange(len(numbers))
    distinct = Spans(at, at + 1, np.array(numbers, dtype=np.int32)).distinct
    assert distinct.numbers.tolist() == list(dict.fromkeys(numbers))
    assert distinct.numbers[distinct.which].tolist() == numbers


@given(NUMBERS)
def test_the_places_of_a_number_are_in_the_order_of_the_text(numbers: list[int]) -> None:
    at = np.arange(len(numbers))
    distinct = Spans(at, at + 1, np.array(numbers, dtype=np.int32)).distinct
    for i, number in enumerate(distinct.numbers.tolist()):
        assert distinct.places_of(i).tolist() == [p for p, n in enumerate(numbers) if n == number]
