"""Streams in chunks."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` items, the last one shorter; itertools.batched comes with Python 3.12."""
    iterator = iter(items)
    while chunk := list(itertools.islice(iterator, size)):
        yield chunk


def weighed(
    items: Iterable[T], size: int, most: int, weigh: Callable[[T], int]
) -> Iterator[list[T]]:
    """Lists of at most `size` items that weigh at most `most` together; a heavier one is alone."""
    held: list[T] = []
    weight = 0
    for item in items:
        own = weigh(item)
        if held and (len(held) == size or weight + own > most):
            yield held
            held, weight = [], 0
        held.append(item)
        weight += own
    if held:
        yield held
