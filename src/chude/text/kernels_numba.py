"""Healing texts, cutting them into runs of characters and looking these up, compiled by numba.

What is compiled is kept in a cache beside this file or in the user's cache folder. Numba compiles
anew when this file changes, but not when others do; so no function here calls one of another file.
Importing this module imports numba (about half a second); the first calls compile (some seconds) or
load.
"""

import numpy as np

from chude.compute.jit import compile_function

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FNV_BASIS, _FNV_PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_ONE, _HALF, _LOWER_HALF = np.uint64(1), np.uint64(32), np.uint64(0xFFFFFFFF)
UNKNOWN, OUTSIDE, INSIDE = 0, 1, 2  # as in `string_table`
# As in `clusters`:
MARK, SEVERAL, LEFT_OUT, UNSURE = 0xFFFFFF00, 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF
SPACE, STOP, CLOSER = 1, 2, 3  # as in `passages`


@compile_function
def exchange(codes, bases, table, healed, odd):
    """Fill in what `table` has for each code point of texts, until it has something in its place.

    bases: where the texts begin. odd: receives whether that was so; then the rest of the text is
    left as it is, save the line feed after it. Returns whether the table does not know a code
    point; then the texts after are not looked at.
    """
    mark, unsure = np.uint32(MARK), np.uint32(UNSURE)
    for text in range(len(bases)):
        stop = bases[text + 1] if text + 1 < len(bases) else len(codes)
        odd[text] = False
        for i in range(np.uint64(bases[text]), np.uint64(stop)):
            one = table[codes[i]]
            if one >= mark:
                if one == unsure:
                    return True
                odd[text] = True
                healed[stop - 1] = 10
                break
            healed[i] = one
    return False


@compile_function
def compose(given, bases, lengths, place, table, columns, composed, codes, starts, ends, left):
    """Fill in `Composed`, of `left` as much as there is room for; returns how many rows there are.

    given: code points of texts that begin at `bases`. place: where they stand, which is added to
    starts and ends. table: as in `clusters.known_codes`; where it does not know one, -1 is returned
    for rows of `left`. columns, composed: as in `clusters.composed_letters`.
    """
    last = np.uint32(len(composed) - 1)
    # All of one type, and unsigned integers as indices, which spare a test for negative ones.
    mark, several, left_out = np.uint32(MARK), np.uint32(SEVERAL), np.uint32(LEFT_OUT)
    unsure = np.uint32(UNSURE)
    place = np.uint64(place)
    done = np.uint64(0)
    found = 0
    before = np.uint32(0)  # the character that was filled in last
    for text in range(len(bases)):
        if text > 0:
            end = np.uint64(bases[text]) + place
            codes[done], starts[done], ends[done] = 10, end - _ONE, end
            done += _ONE
        first = done
        open_ = False  # whether more marks belong to the last cluster that is left
        for i in range(np.uint64(bases[text]), np.uint64(bases[text] + lengths[text])):
            code = table[given[i]]
            at = i + place
            if code < mark:
                codes[done], starts[done], ends[done] = code, at, at + _ONE
                before = code
                done += _ONE
                open_ = False
                continue
            if code == left_out:
                continue
            if code == unsure:
                return done, -1
            begin = np.int64(at)
            if code != several:
                if open_:
                    if found <= len(left):
                        left[found - 1, 1] = at + _ONE
                    continue
                if done > first:
                    letter = composed[min(before, last), columns[code - mark]]
                    if letter > 0:
                        before = letter
                        codes[done - _ONE], ends[done - _ONE] = letter, at + _ONE
                        continue
                    done -= _ONE
                    begin = np.int64(starts[done])
            if found < len(left):
                left[found, 0], left[found, 1], left[found, 2] = begin, at + _ONE, done
            found += 1
            open_ = True
    return done, found


@compile_function
def restore(texts, indptr, here, there, of_starts, of_ends, starts, ends):
    """What `segment.restore_offsets` does to `starts` and `ends` of the words of these texts."""
    for k in range(len(texts)):
        for word in range(indptr[texts[k]], indptr[texts[k] + 1]):
            starts[word] = of_starts[starts[word] + here[k]] - there[k]
            ends[word] = of_ends[ends[word] + here[k] - 1] - there[k]


@compile_function
def find_slot(hashed, value, codes, start, stop):
    """The slot of the name `codes[start:stop]` with this hash, a free one if it is new."""
    mask = np.uint64(len(hashed.slots) - 1)
    slot = value >> hashed.shift
    while hashed.slots[slot] != 0:
        if hashed.slots[slot] >> _HALF == value & _LOWER_HALF:
            known = (hashed.slots[slot] & _LOWER_HALF) - _ONE
            at = hashed.first[known]
            if hashed.first[known + _ONE] - at == stop - start:
                i = start
                while i < stop and codes[i] == hashed.codes[at]:
                    i += 1
                    at += _ONE
                if i == stop:
                    return slot
        slot = (slot + _ONE) & mask
    return slot


@compile_function
def add_names(hashed, begin, stop):
    """Enter the names numbered `begin:stop`, save empty ones, into the slots."""
    mask = np.uint64(len(hashed.slots) - 1)
    for name in range(begin, stop):
        if hashed.first[name] == hashed.first[name + 1]:
            continue
        value = _FNV_BASIS
        for i in range(hashed.first[name], hashed.first[name + 1]):
            value = (value ^ np.uint64(hashed.codes[i])) * _FNV_PRIME
        value *= GOLDEN
        slot = value >> hashed.shift
        while hashed.slots[slot] != 0:
            slot = (slot + _ONE) & mask
        hashed.slots[slot] = (value & _LOWER_HALF) << _HALF | np.uint64(name + 1)


@compile_function
def cut(hashed, codes, kinds, at, known, limit, ids, starts, count):
    """Cut `codes` from `at` on into runs of INSIDE; fill in their numbers and places.

    A new run becomes name `known` and so on. Stops where `limit` names are known or a
    character is UNKNOWN, and returns the place of the run in question, the number of runs so far
    and the number of names.
    """
    size, last = len(codes), len(kinds) - 1
    i = at
    while i < size:
        kind = kinds[min(codes[i], last)]
        start = i
        value = _FNV_BASIS
        while kind == INSIDE:
            value = (value ^ np.uint64(codes[i])) * _FNV_PRIME
            i += 1
            kind = kinds[min(codes[i], last)] if i < size else OUTSIDE
        if kind == UNKNOWN:
            return start, count, known
        if i > start:
            value *= GOLDEN
            slot = find_slot(hashed, value, codes, start, i)
            if hashed.slots[slot] == 0:
                if known == limit:
                    return start, count, known
                end = hashed.first[known]
                for k in range(start, i):
                    hashed.codes[end] = codes[k]
                    end += 1
                known += 1
                hashed.first[known] = end
                hashed.slots[slot] = (value & _LOWER_HALF) << _HALF | np.uint64(known)
            ids[count] = np.int64(hashed.slots[slot] & _LOWER_HALF) - 1
            starts[count] = start
            count += 1
        i += 1
    return size, count, known


@compile_function
def split(codes, bases, lengths, kinds, limits, spans, indptr):
    """Fill in the passages of texts as `passages.Passages` has them.

    kinds: of characters, as in `passages.kinds`. limits: syllables of the longest paragraph, of a
    window and of the shortest passage.
    """
    longest, window, shortest = limits
    last = np.uint32(len(kinds) - 1)
    starts, ends = spans
    out = 0
    for text in range(len(bases)):
        base = bases[text]
        at, stop = base, base + lengths[text]
        first_passage = out
        held = shortest
        first = True
        while at < stop:
            begin, end, syllables, inside = -1, -1, 0, False
            while at < stop and codes[at] != 10:
                if kinds[min(codes[at], last)] == SPACE:
                    inside = False
                else:
                    if not inside:
                        syllables += 1
                        if begin < 0:
                            begin = at
                    inside = True
                    end = at + 1
                at += 1
            at += 1
            if syllables == 0:
                continue
            if held < shortest:
                out -= 1  # what follows continues the last passage
            else:
                starts[out] = begin - base
            windows = 1
            if syllables > longest:
                syllables, inside, ended = 0, False, False
                for i in range(begin, end):
                    kind = kinds[min(codes[i], last)]
                    if kind == SPACE:
                        if inside and ended and syllables >= window:
                            ends[out] = i - base
                            out += 1
                            windows += 1
                            starts[out] = -1
                            syllables = 0
                        inside = False
                        continue
                    if not inside:
                        syllables += 1
                        ended = False
                        if starts[out] < 0:
                            starts[out] = i - base
                    inside = True
                    if kind == STOP:
                        ended = True
                    elif kind != CLOSER:
                        ended = False
            ends[out] = end - base
            out += 1
            if held < shortest and windows == 1:
                syllables += held
            held = shortest if first else syllables
            first = False
        if out == first_passage:
            starts[out], ends[out] = 0, 0
            out += 1
        indptr[text + 1] = out
