from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chude.batches import batched, weighed


@given(st.lists(st.integers()), st.integers(1, 5))
def test_chunks_hold_everything_in_order(items: list[int], size: int) -> None:
    chunks = list(batched(items, size))
    assert [item for chunk in chunks for item in chunk] == items
    assert all(len(chunk) == size for chunk in chunks[:-1])
    assert all(chunks)


@given(st.lists(st.integers(0, 9)), st.integers(1, 5), st.integers(0, 20))
def test_chunks_weigh_no_more_than_they_may(items: list[int], size: int, most: int) -> None:
    chunks = list(weighed(items, size, most, lambda item: item))
    assert [item for chunk in chunks for item in chunk] == items
    assert all(len(chunk) == 1 or sum(chunk) <= most for chunk in chunks)
    assert all(0 < len(chunk) <= size for chunk in chunks)
    for one, other in pairwise(chunks):  # none is cut before it must be
        assert len(one) == size or sum(one) + other[0] > most
