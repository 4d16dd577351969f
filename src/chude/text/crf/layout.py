"""A model and tables as plain arrays, for the compiled functions."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .kernel import WINDOW
from .pairs import PairTable
from .tables import Kind, Tables


class Pairs(NamedTuple):
    """Arrays of a ``PairTable``; ``shift`` makes a slot of a hash."""

    keys: NDArray[np.int64]
    values: NDArray[np.int32]
    shift: np.uint64


class Weights(NamedTuple):
    """All weights in one array.

    The weights of the templates of one kind stand together, a row for each identifier. The weights
    of template k for identifier i of its kind q are at ``base[q] + width[q] * min(i, last[q]) +
    column[k]``. ``offset[k]`` is the template's first place, counted from the first that any
    template sees, times the number of kinds, plus its kind.
    """

    values: NDArray[np.complex128]
    base: NDArray[np.uint32]
    width: NDArray[np.uint32]
    last: NDArray[np.uint32]
    column: NDArray[np.uint32]
    offset: NDArray[np.uint32]
    transition: NDArray[np.float64]


class Model(NamedTuple):
    """A model, ready for the compiled functions."""

    exact_pairs: Pairs
    exact_triples: Pairs
    exact_opens: NDArray[np.bool_]
    lower_pairs: Pairs
    lower_triples: Pairs
    lower_opens: NDArray[np.bool_]
    listed_pairs: NDArray[np.uint8]
    listed_triples: NDArray[np.uint8]
    weights: Weights


def pairs(table: PairTable) -> Pairs:
    """Arrays of ``table``."""
    return Pairs(table.keys, table.values, np.uint64(64 - table.bits))


@cache
def arrange(tables: Tables) -> Model:
    """Arrays of ``tables``."""
    return Model(
        pairs(tables.exact.pairs),
        pairs(tables.exact.triples),
        tables.exact.opens,
        pairs(tables.lower.pairs),
        pairs(tables.lower.triples),
        tables.lower.opens,
        tables.listed_pairs,
        tables.listed_triples,
        arrange_weights(tables),
    )


def arrange_weights(tables: Tables) -> Weights:
    """All weights in one array (see ``Weights``)."""
    by_kind: dict[Kind, list[int]] = {kind: [] for kind in Kind}
    for i, template in enumerate(tables.templates):
        by_kind[template.kind].append(i)
    blocks: list[NDArray[np.complex128]] = []
    base, last, size = [], [], 0
    for kind in Kind:
        columns = [tables.weights[i] for i in by_kind[kind]]
        rows = max((len(column) for column in columns), default=1)
        block = np.zeros((rows, len(columns)), np.complex128)
        for i, weights in enumerate(columns):
            block[: len(weights), i] = weights
        base.append(size)
        last.append(rows - 1)
        blocks.append(block.reshape(-1))
        size += block.size
    offset = [(t.start + WINDOW) * len(Kind) + t.kind for t in tables.templates]
    column = [by_kind[t.kind].index(i) for i, t in enumerate(tables.templates)]
    return Weights(
        values=np.concatenate(blocks),
        base=np.array(base, np.uint32),
        width=np.array([len(by_kind[kind]) for kind in Kind], np.uint32),
        last=np.array(last, np.uint32),
        column=np.array(column, np.uint32),
        offset=np.array(offset, np.uint32),
        transition=tables.transition,
    )
