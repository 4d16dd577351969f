"""Count the n-grams of whole texts and those of their parts in one pass, compiled by numba.

As in `kernels_numba`, no compiled function here calls one of another file.
"""

import numpy as np

from chude.compute.jit import compile_function
from chude.features.count_numba import allocate
from chude.features.packing import NgramIndex, Packing
from chude.features.sparse import Counts, Parts, Words

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # as in `chude.compute.pair_table`
_UNKNOWN, _LEFT_OUT = -1, -2  # as in `sparse`


def count_parts(
    words: Words, parts: Parts, packing: Packing, index: NgramIndex
) -> tuple[Counts, Counts]:
    """What `passage_counts.count_parts` returns."""
    whole = allocate(words, packing)
    of_parts = allocate(Words(words.ids, words.place, parts.bounds), packing)
    fill_counts(
        index.arrays,
        words.arrays,
        *parts,
        (packing.shortest, packing.longest, packing.bits),
        len(index),
        (whole.indptr, whole.columns, whole.counts),
        (of_parts.indptr, of_parts.columns, of_parts.counts),
    )
    return whole.trimmed(), of_parts.trimmed()


@compile_function
def fill_counts(known, texts, part_bounds, parts_of, shape, n_columns, whole, parts):
    """Count the n-grams of a vocabulary in each text and in each of its parts.

    known: as `NgramIndex.arrays` has it. texts: as `sparse.Words.arrays` has them.
    part_bounds: (n_parts + 1,), of words; parts_of: (n_texts + 1,), the first part of each text.
    shape: shortest and longest n-gram, bits of a place. whole, parts: indptr, columns and counts to
    be filled in.
    """
    singles, slots, shift = known
    ids, place_of, bounds = texts
    shortest, longest, bits = shape
    full = (np.int64(1) << (bits * longest)) - 1
    most = np.int64(0)
    for text in range(len(bounds) - 1):
        most = max(most, bounds[text + 1] - bounds[text])
    room = most * (longest - shortest + 1)
    keys, first_slots = np.empty(room, np.int64), np.empty(room, np.int64)
    key_parts = np.empty(room, np.int32)
    # Columns that were found, and the part each is in, or -1: sorted together by column.
    found, found_parts = np.empty(room, np.int32), np.empty(room, np.int32)
    other, other_parts = np.empty(room, np.int32), np.empty(room, np.int32)
    digit_bits = 1
    while 1 << (2 * digit_bits) < n_columns:
        digit_bits += 1
    starts = np.zeros(1 << digit_bits, np.int64)
    mask, digits = len(slots) - 1, (1 << digit_bits) - 1
    touched = np.int64(0)
    for text in range(len(bounds) - 1):
        size = n_keys = 0
        run, length = np.int64(0), 0
        first_part = parts_of[text]
        n_parts = parts_of[text + 1] - first_part
        for part in range(n_parts):
            since = 0  # words in a row in this part
            for i in range(part_bounds[first_part + part], part_bounds[first_part + part + 1]):
                place = place_of[ids[i]]
                if place == _LEFT_OUT:
                    continue
                if place == _UNKNOWN:
                    length = since = 0
                    continue
                if shortest == 1:
                    found[size], found_parts[size] = singles[place] - 1, part
                    size += singles[place] > 0  # not an `if`, which cannot be predicted
                run = ((run << bits) | (place + 1)) & full
                length, since = min(length + 1, longest), min(since + 1, longest)
                for n in range(max(shortest, 2), length + 1):
                    key = (run & ((np.int64(1) << (bits * n)) - 1)) << (bits * (longest - n))
                    keys[n_keys], key_parts[n_keys] = key, part if n <= since else -1
                    first_slots[n_keys] = np.int64((np.uint64(key) * _GOLDEN) >> shift)
                    n_keys += 1
        # Loads that do not wait for each other: when the loop below needs them, they are there.
        for i in range(n_keys):
            touched ^= slots[first_slots[i], 0]
        for i in range(n_keys):
            slot = first_slots[i]
            while slots[slot, 0] != keys[i] and slots[slot, 0] != -1:
                slot = (slot + 1) & mask
            found[size], found_parts[size] = slots[slot, 1] - 1, key_parts[i]
            size += slots[slot, 0] != -1
        # Sort by the lower half of the bits, then by the upper (radix sort).
        source, source_parts, target, target_parts = found, found_parts, other, other_parts
        for down in (0, digit_bits):
            starts[:] = 0
            for i in range(size):
                starts[(source[i] >> down) & digits] += 1
            before = np.int64(0)
            for digit in range(len(starts)):
                before, starts[digit] = before + starts[digit], before
            for i in range(size):
                digit = (source[i] >> down) & digits
                at = starts[digit]
                target[at], target_parts[at] = source[i], source_parts[i]
                starts[digit] = at + 1
            source, source_parts, target, target_parts = target, target_parts, source, source_parts
        fill_row(whole, text, found, size)
        fill_parts(parts, first_part, n_parts, found, found_parts, size)
    return touched


@compile_function
def fill_row(counts, row, columns, size):
    """Fill in a row from its columns in order, repeated as often as they occur."""
    indptr, row_columns, row_counts = counts
    out = indptr[row]
    for i in range(size):
        if i == 0 or columns[i] != columns[i - 1]:
            row_columns[out], row_counts[out] = columns[i], 0
            out += 1
        row_counts[out - 1] += 1
    indptr[row + 1] = out


@compile_function
def fill_parts(counts, first, n_parts, columns, parts, size):
    """Fill in the rows of the parts from `first` on, from columns in order and their parts."""
    indptr, row_columns, row_counts = counts
    ends = np.zeros(n_parts + 1, np.int64)
    for i in range(size):
        ends[parts[i] + 1] += 1  # those of no part come first
    ends[0] = indptr[first]
    for part in range(n_parts):
        ends[part + 1] += ends[part]
    begins = ends[:-1].copy()
    ends = begins.copy()
    for i in range(size):
        part = parts[i]
        if part >= 0:
            out = ends[part]
            if out == begins[part] or row_columns[out - 1] != columns[i]:
                row_columns[out], row_counts[out] = columns[i], 0
                out += 1
                ends[part] = out
            row_counts[out - 1] += 1
    out = indptr[first]
    for part in range(n_parts):
        for i in range(begins[part], ends[part]):
            row_columns[out], row_counts[out] = row_columns[i], row_counts[i]
            out += 1
        indptr[first + part + 1] = out
