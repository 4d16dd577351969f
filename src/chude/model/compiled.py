"""The inner loops of counting, scoring and learning, compiled by numba.

They do what `ngrams`, `scoring` and liblinear do, one text after the other, and release the
interpreter lock. The results of counting and scoring are equal bit for bit to those without numba.

What is compiled is kept in a cache beside this file or in the user's cache folder. Numba compiles
anew when this file changes but not when others do, so all compiled functions are here. Importing
this module imports numba (about half a second); the first calls compile (some seconds) or load.
"""

import numba
import numpy as np

from chude.text.compiled import compile_function

LANES = 16  # themes learnt side by side: 16 float32 fill a cache line of 64 bytes
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # as in `chude.text.crf.pairs`
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
def count_rows(table, size, grow, texts, shape, row, seen, indptr, columns, counts):
    """Count the n-grams of the texts from `row` on; returns the next row and the table's size.

    texts: places of words, bounds of texts. shape: shortest and longest n-gram, bits of a place.
    With `grow`, new n-grams get the next number, and counting stops before the table is more than
    half full.
    seen: zeros, as many as the table can number; they are zeros again at the end.
    """
    places, bounds = texts
    most = 0
    for text in range(row, len(bounds) - 1):
        most = max(most, bounds[text + 1] - bounds[text])
    keys = np.empty(most * shape[1], np.int64)
    slots = np.empty(most * shape[1], np.int64)
    mask = len(table.keys) - 1
    touched = np.int64(0)
    while row < len(bounds) - 1:
        first, last = bounds[row], bounds[row + 1]
        if grow and (size + shape[1] * (last - first)) * 2 > len(table.keys):
            break
        found = list_keys(places[first:last], shape, keys, slots, table.shift)
        # Loads that do not wait for each other: when the loop below needs them, they are there.
        for i in range(found):
            touched ^= table.keys[slots[i]] ^ table.values[slots[i]]
        out = indptr[row]
        for i in range(found):
            slot = slots[i]
            while table.keys[slot] != keys[i] and table.keys[slot] != -1:
                slot = (slot + 1) & mask
            if table.keys[slot] == -1:
                if not grow:
                    continue
                size += 1
                table.keys[slot] = keys[i]
                table.values[slot] = size
            column = table.values[slot] - 1
            columns[out] = column
            out += seen[column] == 0  # not an `if`, which cannot be predicted
            seen[column] += 1
        if not grow:  # else they are renumbered later
            columns[indptr[row] : out].sort()
        for i in range(indptr[row], out):
            counts[i] = seen[columns[i]]
            seen[columns[i]] = 0
        row += 1
        indptr[row] = out
    return row, size, touched


@compile_function
def count_known(known, texts, shape, seen, indptr, columns, counts):
    """Count the n-grams of a vocabulary in each text.

    known: as `ngrams.Known` has it, its arrays and the shift. texts, shape: as in `count_rows`.
    seen: zeros, as many as there are columns; they are zeros again at the end.
    """
    singles, slots, shift = known
    places, bounds = texts
    most = np.int64(0)
    for row in range(len(bounds) - 1):
        most = max(most, bounds[row + 1] - bounds[row])
    keys, first_slots = np.empty(most * shape[1], np.int64), np.empty(most * shape[1], np.int64)
    sorter = make_sorter(len(seen), most * shape[1])
    mask = len(slots) - 1
    touched = np.int64(0)
    for row in range(len(bounds) - 1):
        out = indptr[row]
        of_text = places[bounds[row] : bounds[row + 1]]
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
def renumber(indptr, columns, counts, place):
    """Put `place[column]` for each column and each row in order, without those placed below 0."""
    pairs = np.empty(0, np.int64)
    out = start = np.int64(0)
    for row in range(len(indptr) - 1):
        stop = indptr[row + 1]
        if stop - start > len(pairs):
            pairs = np.empty(2 * (stop - start), np.int64)
        kept = 0
        for i in range(start, stop):
            if place[columns[i]] >= 0:
                pairs[kept] = np.int64(place[columns[i]]) << 32 | counts[i]
                kept += 1
        pairs[:kept].sort()
        for i in range(kept):
            columns[out + i] = pairs[i] >> 32
            counts[out + i] = pairs[i] & 0xFFFFFFFF
        out += kept
        start = stop
        indptr[row + 1] = out


@compile_function
def count_texts(indptr, columns, rows, df):
    """Add to df[column] the number of these rows that have an entry there."""
    for row in rows:
        for i in range(indptr[row], indptr[row + 1]):
            df[columns[i]] += 1


@compile_function
def weigh(indptr, columns, counts, tf, idf, data):
    """Fill in the TF-IDF weights of `Features.weigh`."""
    for row in range(len(indptr) - 1):
        squares = 0.0
        for i in range(indptr[row], indptr[row + 1]):
            data[i] = tf[counts[i] - 1] * idf[columns[i]]
            squares += data[i] * data[i]
        norm = np.sqrt(squares) if squares > 0 else 1.0
        for i in range(indptr[row], indptr[row + 1]):
            data[i] /= norm


@compile_function
def add_margins(indptr, columns, data, weights, margins):
    """Fill in margins (n_rows, n_themes), the products of sparse rows with weights."""
    sums = np.empty(weights.shape[1])  # of its own: nothing else can change it, which makes it fast
    for row in range(len(indptr) - 1):
        sums[:] = 0
        for i in range(indptr[row], indptr[row + 1]):
            weight = weights[columns[i]]
            for k in range(len(sums)):
                sums[k] += data[i] * weight[k]
        margins[row] = sums


# The lanes are written out: a tuple stays in the processor's registers, an array does not.


@numba.njit(inline="always")
def _lanes(w, i):
    """`w[i]` as a tuple."""
    return (
        w[i, 0], w[i, 1], w[i, 2], w[i, 3], w[i, 4], w[i, 5], w[i, 6], w[i, 7],
        w[i, 8], w[i, 9], w[i, 10], w[i, 11], w[i, 12], w[i, 13], w[i, 14], w[i, 15],
    )  # fmt: skip


@numba.njit(inline="always")
def _put(w, i, v):
    """`w[i] = v`"""
    w[i, 0], w[i, 1], w[i, 2], w[i, 3] = v[0], v[1], v[2], v[3]
    w[i, 4], w[i, 5], w[i, 6], w[i, 7] = v[4], v[5], v[6], v[7]
    w[i, 8], w[i, 9], w[i, 10], w[i, 11] = v[8], v[9], v[10], v[11]
    w[i, 12], w[i, 13], w[i, 14], w[i, 15] = v[12], v[13], v[14], v[15]


@numba.njit(inline="always")
def _plus(a, x, b):
    """`a + x * b`"""
    return (
        a[0] + x * b[0], a[1] + x * b[1], a[2] + x * b[2], a[3] + x * b[3],
        a[4] + x * b[4], a[5] + x * b[5], a[6] + x * b[6], a[7] + x * b[7],
        a[8] + x * b[8], a[9] + x * b[9], a[10] + x * b[10], a[11] + x * b[11],
        a[12] + x * b[12], a[13] + x * b[13], a[14] + x * b[14], a[15] + x * b[15],
    )  # fmt: skip


@compile_function
def descend(rows, indptr, columns, data, signs, softness, alpha, weights):
    """One round of dual coordinate descent over `rows`, as `svm.fit` describes it.

    signs, alpha: (n_rows of the matrix, LANES); weights: (n_features + 1, LANES), the intercept
    last. Returns the sum over the rows of the largest projected gradient that was met.
    """
    zero, one = np.float32(0), np.float32(1)
    bias = len(weights) - 1
    step = np.empty((1, LANES), np.float32)
    violation = 0.0
    for row in rows:
        margin = _lanes(weights, bias)
        length = one
        for i in range(indptr[row], indptr[row + 1]):
            length += data[i] * data[i]
            margin = _plus(margin, data[i], _lanes(weights, columns[i]))
        moved = False
        worst = zero
        for k in range(LANES):
            old = alpha[row, k]
            gradient = signs[row, k] * margin[k] - one + softness * old
            worst = max(worst, -gradient if old == zero else abs(gradient))
            new = max(old - gradient / (length + softness), zero)
            step[0, k] = (new - old) * signs[row, k]
            moved |= new != old
            alpha[row, k] = new
        violation += float(worst)
        if moved:
            steps = _lanes(step, 0)
            _put(weights, bias, _plus(_lanes(weights, bias), one, steps))
            for i in range(indptr[row], indptr[row + 1]):
                column = columns[i]
                _put(weights, column, _plus(_lanes(weights, column), data[i], steps))
    return violation
