from hypothesis import given
from hypothesis import strategies as st

from chude.batches import batched


@given(st.lists(st.integers()), st.integers(1, 5))
def test_chunks_hold_everything_in_order(items: list[int], size: int) -> None:
    chunks = list(batched(items, size))
    assert [item for chunk in chunks for item in chunk] == items
    assert all(len(chunk) == size for chunk in chunks[:-1])
    assert all(chunks)
