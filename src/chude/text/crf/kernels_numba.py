"""The inner loops of encoding, tagging and joining words, compiled by numba.

They do what `steps_numpy` and `tag_numpy` do with NumPy, one text after the other instead of one
operation after the other, and release the interpreter lock. Their arguments are those of
`arrays_numba`.

What is compiled is kept in a cache beside this file or in the user's cache folder. Numba compiles
anew when this file changes, but not when others do; so no function here calls one of another file,
and the numbers that they share with `tables` are written out (a test compares them). Importing
this module imports numba (about half a second); the first calls compile (some seconds) or load.
"""

import numpy as np

from chude.compute.jit import compile_function

GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # as in `pair_table`
_ONE, _QUARTER, _HALF, _LOWER_HALF = (np.uint64(n) for n in (1, 16, 32, 0xFFFFFFFF))
WINDOW = 2  # as in `tag_numpy`
# As in `tables`: identifiers and flags, columns of rows, kinds of templates.
UNKNOWN, BOUNDARY, END = 0, 1, 2
OUTSIDE, OUTSIDE_END = 2, 3
EXACT, LOWER, DIGIT, TITLE, LISTED, WORD = 0, 1, 2, 3, 4, 5
EXACT_1, EXACT_2, EXACT_3, LOWER_1, LOWER_2, DIGIT_1 = 0, 1, 2, 3, 4, 5
TITLE_1, TITLE_2, TITLE_3, LISTED_1, LISTED_2, LISTED_3 = 6, 7, 8, 9, 10, 11
KINDS = 12


@compile_function
def expand(ids, places, bounds, bases, skip, first, pieces, sizes, tokens, starts, ends):
    """Fill in the tokens of the chunks, and how many each text has, none if it is to be skipped."""
    out = 0
    for text in range(len(bases)):
        before = out
        if not skip[text]:
            for i in range(bounds[text], bounds[text + 1]):
                place = places[i] - bases[text]
                for j in range(first[ids[i]], first[ids[i] + 1]):
                    tokens[out] = pieces[j, 0]
                    starts[out] = place + pieces[j, 1]
                    ends[out] = place + pieces[j, 2]
                    out += 1
        sizes[text] = out - before


@compile_function
def find_pair(pairs, first, second):
    """Value of a pair, 0 if it has none."""
    key = np.int64(first) << 32 | np.int64(second)
    mask = len(pairs.keys) - 1
    slot = np.int64((np.uint64(key) * GOLDEN) >> pairs.shift)
    while pairs.keys[slot] != key:
        if pairs.keys[slot] == -1:
            return np.int32(0)
        slot = (slot + 1) & mask
    return pairs.values[slot]


@compile_function
def find_fixed(pairs, first, second):
    """Value of a pair, 0 if it has none."""
    key = np.uint64(first) << _QUARTER | np.uint64(second)
    mask = np.uint64(len(pairs.slots) - 1)
    slot = (key * GOLDEN) >> pairs.shift
    found = pairs.slots[slot]
    while found != 0 and found >> _HALF != key:
        slot = (slot + _ONE) & mask
        found = pairs.slots[slot]
    return np.int32(found & _LOWER_HALF)


@compile_function
def find_ngrams(pairs, triples, opens, size, ids):
    """Fill in `ids[1]` of pairs and `ids[2]` of triples from those of tokens in `ids[0]`."""
    stop = size - WINDOW
    ids[1:, :WINDOW] = BOUNDARY
    for i in range(WINDOW, stop - 1):
        ids[1, i] = UNKNOWN
        if ids[0, i] != UNKNOWN and ids[0, i + 1] != UNKNOWN:
            ids[1, i] = find_fixed(pairs, ids[0, i], ids[0, i + 1])
    ids[1, stop - 1 : size] = BOUNDARY
    for i in range(WINDOW, stop - 2):
        ids[2, i] = UNKNOWN
        if opens[ids[1, i]] and ids[0, i + 2] != UNKNOWN:
            ids[2, i] = find_fixed(triples, ids[1, i], ids[0, i + 2])
    ids[2, max(stop - 2, WINDOW) : size] = END


@compile_function
def tag(model, rows, places, tokens, sizes, begins):
    """For each token, whether a word begins there (see `tag_numpy.inside_words`).

    rows: what there is to know of each distinct token. places: where the weights of its columns
    are (see `arrays_numba.weight_places`).
    """
    # Sums are made four at a time, so that up to three more places are read and written.
    longest = sizes.max() + 2 * WINDOW + 3 if len(sizes) else 0
    kinds = np.zeros((longest, KINDS), np.uint32)
    exact, lower = np.empty((3, longest), np.int32), np.empty((3, longest), np.int32)
    scores = np.empty(longest, np.complex128)
    back = np.empty(longest, np.uint8)
    start = 0
    for size in sizes:
        if size > 0:
            stop = start + size
            look_up(model, rows, places, tokens[start:stop], exact, lower, kinds)
            add_weights(model.weights, kinds, size, scores)
            best_path(model.weights.transition, scores, size, back, begins[start:stop])
            start = stop


@compile_function
def look_up(model, rows, places, tokens, exact, lower, kinds):
    """Fill in where the weights of each kind are, for each place."""
    size = len(tokens) + 2 * WINDOW
    for i in range(size):
        token = tokens[i - WINDOW] if WINDOW <= i < size - WINDOW else 0
        exact[0, i] = rows[token, EXACT]
        lower[0, i] = rows[token, LOWER]
        kinds[i, EXACT_1] = places[token, EXACT]
        kinds[i, LOWER_1] = places[token, LOWER]
        kinds[i, DIGIT_1] = places[token, DIGIT]
        kinds[i, TITLE_1] = places[token, TITLE]
        kinds[i, LISTED_1] = places[token, LISTED]
        # Flags for now:
        kinds[i, TITLE_2] = rows[token, TITLE]
    find_ngrams(model.exact_pairs, model.exact_triples, model.exact_opens, size, exact)
    find_ngrams(model.lower_pairs, model.lower_triples, model.lower_opens, size, lower)
    find_titles(model.weights, size, kinds)
    place_weights(model.weights, EXACT_2, exact[1], size, kinds)
    place_weights(model.weights, EXACT_3, exact[2], size, kinds)
    place_weights(model.weights, LOWER_2, lower[1], size, kinds)
    for i in range(size):
        kinds[i, LISTED_2] = model.listed_pairs[lower[1, i]]
        kinds[i, LISTED_3] = model.listed_triples[lower[2, i]]


@compile_function
def find_titles(weights, size, kinds):
    """Fill in the places of the title flags of pairs and triples; TITLE_2 has those of tokens."""
    pair, pair_width = weights.base[TITLE_2], weights.width[TITLE_2]
    triple, triple_width = weights.base[TITLE_3], weights.width[TITLE_3]
    stop = size - WINDOW
    for i in range(size):
        both = outside = np.uint32(OUTSIDE)
        if i >= WINDOW:
            outside = np.uint32(OUTSIDE_END)
            if i + 1 < stop:
                both = kinds[i, TITLE_2] & kinds[i + 1, TITLE_2]
            if i + 2 < stop:
                outside = both & kinds[i + 2, TITLE_2]
        kinds[i, TITLE_2] = pair + both * pair_width
        kinds[i, TITLE_3] = triple + outside * triple_width


@compile_function
def place_weights(weights, kind, ids, size, kinds):
    """Fill in where the weights of these identifiers of one kind are."""
    base, width, last = weights.base[kind], weights.width[kind], weights.last[kind]
    for i in range(size):
        kinds[i, kind] = base + min(np.uint32(ids[i]), last) * width


@compile_function
def add_weights(weights, kinds, size, scores):
    """Fill in the sums of the weights, made in the order of the templates.

    Four places at a time: the processor makes the four sums, each of which has to wait for the term
    before, side by side. What follows the last place is filled in too.
    """
    flat = kinds.reshape(-1)
    # Unsigned integers as indices spare a test for negative ones.
    one, two, three = np.uint64(KINDS), np.uint64(2 * KINDS), np.uint64(3 * KINDS)
    for i in range(0, size, 4):
        at = np.uint64(i * KINDS)
        sum0 = sum1 = sum2 = sum3 = 0j
        for k in range(len(weights.column)):
            place, column = at + weights.offset[k], weights.column[k]
            sum0 += weights.values[flat[place] + column]
            sum1 += weights.values[flat[place + one] + column]
            sum2 += weights.values[flat[place + two] + column]
            sum3 += weights.values[flat[place + three] + column]
        scores[i], scores[i + 1], scores[i + 2], scores[i + 3] = sum0, sum1, sum2, sum3


@compile_function
def best_path(transition, scores, size, back, begins):
    """Viterbi's recursion over two labels; `begins` is where the first one is, and at 0."""
    stay0, go1, go0, stay1 = transition.flat
    best0, best1 = scores[0].real, scores[0].imag
    for i in range(1, size):
        from0, from1 = best0 + stay0, best1 + go0
        to0, to1 = best0 + go1, best1 + stay1
        back[i] = (from1 > from0) | (to1 > to0) << 1
        # Not max(), which numba compiles to branches that are hard to predict.
        best0 = (from1 if from1 > from0 else from0) + scores[i].real
        best1 = (to1 if to1 > to0 else to0) + scores[i].imag
    label = int(best1 > best0)
    for i in range(size - 1, 0, -1):
        begins[i] = label ^ 1
        label = back[i] >> label & 1
    begins[0] = True


@compile_function
def find_words(longer, rows, tokens, bounds, todo, ids, missing):
    """Fill in the identifiers of the words `todo`, or -1; return how many are missing.

    The words consist of the tokens from `bounds[i]` to `bounds[i + 1]`. For a missing one,
    `missing` has itself, the word it begins with as far as known, and the next token.
    """
    count = 0
    for i in todo:
        word = rows[tokens[bounds[i]], WORD]
        for j in range(bounds[i] + 1, bounds[i + 1]):
            value = find_pair(longer, word, tokens[j])
            if value == 0:
                missing[count, 0], missing[count, 1], missing[count, 2] = i, word, tokens[j]
                count += 1
                word = -1
                break
            word = value - 1
        ids[i] = word
    return count
