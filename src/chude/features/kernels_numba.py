"""The inner loops of counting and scoring, compiled by numba.

They do what `count_numpy` and `tfidf` do, one text after the other, and release the interpreter
lock. The results are equal bit for bit to those without numba.

What is compiled is kept in a cache beside this file or in the user's cache folder. Numba compiles
anew when this file changes but not when others do, so no function here calls one of another file.
Importing this module imports numba (about half a second); the first calls compile (some seconds) or
load.
"""

import numpy as np

from chude.compute.jit import compile_function

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # as in `chude.compute.pair_table`
_UNKNOWN, _LEFT_OUT = -1, -2  # as in `ngrams`
_FEW = 128  # numbers; below, counting their digits takes longer than comparing them


@compile_function
def list_keys(places, shape, keys, slots, multiplier_shift):
    """Fill in the keys of a run of words and their first slots; returns the number of keys."""
    shortest, longest, bits = shape
    full = (np.int64(1) << (bits * longest)) - 1
    run, length, out = np.int64(0), 0, 0
    for place in places:
        if place == _LEFT_OUT:
            continue
        if place == _UNKNOWN:
            length = 0
            continue
        run = ((run << bits) | (place + 1)) & full
        length = min(length + 1, longest)
        for n in range(shortest, length + 1):
            key = (run & ((np.int64(1) << (bits * n)) - 1)) << (bits * (longest - n))
            keys[out] = key
            slots[out] = np.int64((np.uint64(key) * _GOLDEN) >> multiplier_shift)
            out += 1
    return out


@compile_function
def count_new(slots, shift, texts, shape, n_singles, row, tally, indptr, columns, counts):
    """Count the n-grams of the texts from `row` on, and number new ones in the order they come.

    slots: int64 (n_slots, 2), an empty table (0 is no key) of keys and numbers; a key's place comes
    from the upper bits of its hash, which `shift` leaves. Counting stops before it is more than
    three quarters full. texts: as `sparse.Words.arrays` has them. shape: shortest and longest
    n-gram, bits of a place. n_singles: words that have their place as number, without the table; 0
    or all.
    tally: zeros (n_numbers, 2), of the text in hand, zeros again at the end, and of texts.
    Returns the next row and the table's size.
    """
    ids, place_of, bounds = texts
    most = np.int64(0)
    for text in range(row, len(bounds) - 1):
        most = max(most, bounds[text + 1] - bounds[text])
    keys, first_slots = np.empty(most * shape[1], np.int64), np.empty(most * shape[1], np.int64)
    mask = len(slots) - 1
    size, touched = np.int64(0), np.int64(0)
    while row < len(bounds) - 1:
        of_text = place_of[ids[bounds[row] : bounds[row + 1]]]
        if (size + shape[1] * len(of_text)) * 4 > len(slots) * 3:
            break
        out = indptr[row]
        if n_singles > 0:
            for place in of_text:
                if place >= 0:
                    columns[out] = place
                    out += tally[place, 0] == 0  # not an `if`, which cannot be predicted
                    tally[place, 0] += 1
        found = list_keys(of_text, shape, keys, first_slots, shift)
        # Loads that do not wait for each other: when the loop below needs them, they are there.
        for i in range(found):
            touched ^= slots[first_slots[i], 0]
        for i in range(found):
            slot = first_slots[i]
            while slots[slot, 0] != keys[i] and slots[slot, 0] != 0:
                slot = (slot + 1) & mask
            if slots[slot, 0] == 0:
                slots[slot, 0], slots[slot, 1] = keys[i], n_singles + size
                size += 1
            number = slots[slot, 1]
            columns[out] = number
            out += tally[number, 0] == 0
            tally[number, 0] += 1
        for i in range(indptr[row], out):
            counts[i] = tally[columns[i], 0]
            tally[columns[i], 0] = 0
            tally[columns[i], 1] += 1
        row += 1
        indptr[row] = out
    return row, size, touched


@compile_function
def add_keys(slots, shift, size, others, wanted, keys):
    """Enter keys of another table, and number new ones from `size` on; returns the next number.

    Both are as `count_new` has them. wanted: whether to enter the key, by its number in the other
    table. Fills in keys[number]. Keys stand in the order of their hashes in both tables, so memory
    is read in order.
    """
    mask = len(slots) - 1
    for i in range(len(others)):
        key = others[i, 0]
        if key == 0 or not wanted[others[i, 1]]:
            continue
        slot = np.int64((np.uint64(key) * _GOLDEN) >> shift)
        while slots[slot, 0] != key and slots[slot, 0] != 0:
            slot = (slot + 1) & mask
        if slots[slot, 0] == 0:
            slots[slot, 0], slots[slot, 1] = key, size
            keys[size] = key
            size += 1
    return size


@compile_function
def find_keys(slots, shift, others, numbers):
    """Fill in for the other table's numbers those that its keys have in this one, or -1."""
    mask = len(slots) - 1
    for i in range(len(others)):
        key = others[i, 0]
        if key == 0:
            continue
        slot = np.int64((np.uint64(key) * _GOLDEN) >> shift)
        while slots[slot, 0] != key and slots[slot, 0] != 0:
            slot = (slot + 1) & mask
        numbers[others[i, 1]] = slots[slot, 1] if slots[slot, 0] == key else -1


@compile_function
def count_known(known, texts, shape, seen, indptr, columns, counts):
    """Count the n-grams of a vocabulary in each text.

    known: as `NgramIndex.arrays` has it. texts, shape: as in `count_new`.
    seen: zeros, as many as there are columns; they are zeros again at the end.
    """
    singles, slots, shift = known
    ids, place_of, bounds = texts
    most = np.int64(0)
    for row in range(len(bounds) - 1):
        most = max(most, bounds[row + 1] - bounds[row])
    keys, first_slots = np.empty(most * shape[1], np.int64), np.empty(most * shape[1], np.int64)
    sorter = make_sorter(len(seen), most * shape[1])
    mask = len(slots) - 1
    touched = np.int64(0)
    for row in range(len(bounds) - 1):
        out = indptr[row]
        of_text = place_of[ids[bounds[row] : bounds[row + 1]]]
        for place in of_text:
            if place >= 0 and singles[place] > 0:
                column = singles[place] - 1
                columns[out] = column
                out += seen[column] == 0  # not an `if`, which cannot be predicted
                seen[column] += 1
        found = list_keys(of_text, shape, keys, first_slots, shift)
        # Loads that do not wait for each other: when the loop below needs them, they are there.
        for i in range(found):
            touched ^= slots[first_slots[i], 0]
        for i in range(found):
            slot = first_slots[i]
            while slots[slot, 0] != keys[i] and slots[slot, 0] != -1:
                slot = (slot + 1) & mask
            if slots[slot, 0] != -1:
                column = slots[slot, 1] - 1
                columns[out] = column
                out += seen[column] == 0
                seen[column] += 1
        sort_numbers(columns[indptr[row] : out], sorter)
        for i in range(indptr[row], out):
            counts[i] = seen[columns[i]]
            seen[columns[i]] = 0
        indptr[row + 1] = out
    return touched


@compile_function
def make_sorter(limit, most):
    """What `sort_numbers` needs for at most so many numbers below a limit."""
    bits = 1
    while 1 << (2 * bits) < limit:
        bits += 1
    return bits, np.zeros(1 << bits, np.int64), np.empty(most, np.int32)


@compile_function
def sort_numbers(numbers, sorter):
    """Sort in place: by the lower half of the bits, then by the upper (radix sort)."""
    if len(numbers) < _FEW:
        numbers.sort()
        return
    bits, ends, between = sorter
    mask = (1 << bits) - 1
    source, target = numbers, between[: len(numbers)]
    for shift in (0, bits):
        ends[:] = 0
        for number in source:
            ends[(number >> shift) & mask] += 1
        before = np.int64(0)
        for digit in range(len(ends)):
            before, ends[digit] = before + ends[digit], before
        for number in source:
            digit = (number >> shift) & mask
            target[ends[digit]] = number
            ends[digit] += 1
        source, target = target, source


@compile_function
def renumber(indptr, columns, counts, place, n_columns):
    """Put `place[column]` for each column and each row in order, without those placed below 0."""
    most = np.int64(0)
    for row in range(len(indptr) - 1):
        most = max(most, indptr[row + 1] - indptr[row])
    sorter = make_sorter(n_columns, most)
    count_of = np.empty(n_columns, np.int32)
    out = start = np.int64(0)
    for row in range(len(indptr) - 1):
        stop, first = indptr[row + 1], out
        for i in range(start, stop):
            column = place[columns[i]]
            if column >= 0:
                columns[out] = column
                count_of[column] = counts[i]
                out += 1
        sort_numbers(columns[first:out], sorter)
        for i in range(first, out):
            counts[i] = count_of[columns[i]]
        start = stop
        indptr[row + 1] = out


@compile_function
def count_texts(indptr, columns, groups, found):
    """Add to found[group, column] the number of rows of that group that have an entry there."""
    for row in range(len(indptr) - 1):
        of_group = found[groups[row]]
        for i in range(indptr[row], indptr[row + 1]):
            of_group[columns[i]] += 1


@compile_function
def weigh(indptr, columns, counts, tf, idf, data):
    """Fill in the TF-IDF weights of `Features.weigh`."""
    for row in range(len(indptr) - 1):
        squares = 0.0
        for i in range(indptr[row], indptr[row + 1]):
            weight = tf[counts[i] - 1] * idf[columns[i]]
            squares += weight * weight
        norm = np.sqrt(squares) if squares > 0 else 1.0
        for i in range(indptr[row], indptr[row + 1]):
            data[i] = tf[counts[i] - 1] * idf[columns[i]] / norm
