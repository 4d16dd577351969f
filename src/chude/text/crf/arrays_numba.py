"""A model and tables as plain arrays, for the compiled functions."""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chude.compute.pair_table import EMPTY, PairTable
from chude.text.crf.tables import Kind, Tables
from chude.text.crf.tag_numpy import WINDOW


class FixedPairs(NamedTuple):
    """Hash table of pairs that does not grow, with a slot to read for each look-up as a rule.

    Slots hold the two parts of a pair, 16 bits each, and its value, or 0; at most one in four is
    full.
    """

    slots: NDArray[np.uint64]
    shift: np.uint64


class Weights(NamedTuple):
    """All weights in one array.

    The weights of the templates of one kind stand together, a row for each identifier. The weights
    of template k for identifier i of its kind q are at `base[q] + width[q] * min(i, last[q]) +
    column[k]`. `offset[k]` is the template's first place, counted from the first that any
    template sees, times the number of kinds, plus its kind.
    """

    values: NDArray[np.complex128]
    base: NDArray[np.uint32]
    width: NDArray[np.uint32]
    last: NDArray[np.uint32]
    column: NDArray[np.uint32]
    offset: NDArray[np.uint32]
    transition: NDArray[np.float64]


class CrfArrays(NamedTuple):
    """A model, ready for the compiled functions."""

    exact_pairs: FixedPairs
    exact_triples: FixedPairs
    exact_opens: NDArray[np.bool_]
    lower_pairs: FixedPairs
    lower_triples: FixedPairs
    lower_opens: NDArray[np.bool_]
    listed_pairs: NDArray[np.uint32]  # place of the weights, by lower pair identifier
    listed_triples: NDArray[np.uint32]  # by lower triple identifier
    weights: Weights


def fixed_pairs(table: PairTable) -> FixedPairs:
    """Arrays of `table` as it is now; raises ValueError for a part of over 16 bits."""
    full = table.keys != EMPTY
    keys, values = table.keys[full], table.values[full]
    first, second = keys >> 32, keys & 0xFFFFFFFF
    if max(first.max(initial=0), second.max(initial=0)) >> 16:
        raise ValueError("the model has more than 65536 distinct tokens or pairs")
    bits = (4 * len(keys) + 1).bit_length()
    wide = PairTable(bits)
    wide.insert(first << 16 | second, values)
    slots = (wide.keys << 32 | wide.values).view(np.uint64)
    return FixedPairs(np.where(wide.keys == EMPTY, np.uint64(0), slots), np.uint64(64 - bits))


@cache
def arrange(tables: Tables) -> CrfArrays:
    """Arrays of `tables`."""
    weights = arrange_weights(tables)
    return CrfArrays(
        fixed_pairs(tables.exact.pairs),
        fixed_pairs(tables.exact.triples),
        tables.exact.opens,
        fixed_pairs(tables.lower.pairs),
        fixed_pairs(tables.lower.triples),
        tables.lower.opens,
        weight_places(weights, Kind.LISTED_2, tables.listed_pairs),
        weight_places(weights, Kind.LISTED_3, tables.listed_triples),
        weights,
    )


def weight_places(
    weights: Weights, kinds: Kind | list[Kind], ids: NDArray[np.integer]
) -> NDArray[np.uint32]:
    """Where the weights of identifiers of one kind, or of one column for each kind, are."""
    rows = np.minimum(ids, weights.last[kinds])
    return (weights.base[kinds] + rows * weights.width[kinds]).astype(np.uint32)


def arrange_weights(tables: Tables) -> Weights:
    """All weights in one array (see `Weights`)."""
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
