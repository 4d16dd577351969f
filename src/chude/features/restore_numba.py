"""The best path of `restore`, compiled by numba as `kernels_numba` describes it."""

import numba
import numpy as np

from chude.compute.jit import compile_function

_UNKNOWN = -1  # as in `chude.features.restore`


@numba.njit(inline="always")
def _find(values, low, high, wanted):
    """Where a value stands, or would stand, in a sorted part of an array."""
    while low < high:
        middle = (low + high) // 2
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@numba.njit(inline="always")
def _add(first, last, following, end, way):
    """Link a way behind the others that end at a place."""
    if last[end] >= 0:
        following[last[end]] = way
    else:
        first[end] = way
    last[end] = way


@compile_function
def count_ways(tree, syllables, starts, ends):
    """At most how many ways `best_words` goes."""
    bounds, letters, nodes, word_bounds = tree
    count = len(syllables) + 1
    for place in range(len(syllables)):
        node, end = 0, place
        while end < len(syllables):
            child = _find(letters, bounds[node], bounds[node + 1], syllables[end])
            if child == bounds[node + 1] or letters[child] != syllables[end]:
                break
            node, end = nodes[child], end + 1
            count += word_bounds[node + 1] - word_bounds[node]
            if end == len(syllables) or starts[end] - ends[end - 1] != 1:
                break
    return count


@compile_function
def best_words(tree, words, pairs, rarest, beam, syllables, starts, ends, out):
    """Fill in the likeliest words of syllables, as `Restorer` finds them: word, start, end.

    tree, words, pairs: as `Restorer._arrays` has them. A way is a word that ends at a place, its
    score, where it began, and the way before it; those that end at one place are linked in the
    order in which they came. Returns how many words there are.
    """
    bounds, letters, nodes, word_bounds = tree
    numbers, alone, shared = words
    pair_bounds, seconds, shares = pairs
    size = count_ways(tree, syllables, starts, ends)
    word, begin = np.empty(size, np.int32), np.empty(size, np.int32)
    before, following = np.empty(size, np.int64), np.full(size, -1, np.int64)
    score = np.empty(size)
    first, last = np.full(len(starts) + 1, -1, np.int64), np.full(len(starts) + 1, -1, np.int64)
    word[0], score[0], begin[0], before[0] = _UNKNOWN, 0.0, 0, -1
    first[0] = last[0] = 0
    n_ways = 1
    best = np.empty(beam + 1, np.int64)
    for place in range(len(starts)):
        n_all, n_best = 0, 0
        way = first[place]
        while way >= 0:
            n_all += 1
            way = following[way]
        way = first[place]
        while way >= 0:
            i = n_best
            if n_all > beam:  # the best ones in order, those that came first before their equals
                while i > 0 and score[best[i - 1]] < score[way]:
                    best[i] = best[i - 1]
                    i -= 1
            best[i] = way
            n_best = min(n_best + 1, beam)
            way = following[way]
        node, end, one_syllable = 0, place, False
        while end < len(starts):
            child = _find(letters, bounds[node], bounds[node + 1], syllables[end])
            if child == bounds[node + 1] or letters[child] != syllables[end]:
                break
            node, end = nodes[child], end + 1
            some = word_bounds[node + 1] > word_bounds[node]
            one_syllable |= some and end == place + 1
            for k in range(word_bounds[node], word_bounds[node + 1]):
                for i in range(n_best):
                    previous = word[best[i]]
                    share = alone[k]
                    if previous != _UNKNOWN:
                        high = pair_bounds[previous + 1]
                        pair = _find(seconds, pair_bounds[previous], high, numbers[k])
                        known = pair < high and seconds[pair] == numbers[k]
                        share = shares[pair] if known else shared[k]
                    if i == 0 or score[best[i]] + share > score[n_ways]:
                        score[n_ways], before[n_ways] = score[best[i]] + share, best[i]
                word[n_ways], begin[n_ways] = numbers[k], place
                _add(first, last, following, end, n_ways)
                n_ways += 1
            if end == len(starts) or starts[end] - ends[end - 1] != 1:
                break  # words do not go across punctuation
        if not one_syllable:
            for i in range(n_best):
                if i == 0 or score[best[i]] + rarest > score[n_ways]:
                    score[n_ways], before[n_ways] = score[best[i]] + rarest, best[i]
            word[n_ways], begin[n_ways] = _UNKNOWN, place
            _add(first, last, following, place + 1, n_ways)
            n_ways += 1
    way = at = first[len(starts)]
    while at >= 0:
        if score[at] > score[way]:
            way = at
        at = following[at]
    place, count = len(starts), 0
    while place > 0:
        out[count, 0], out[count, 1], out[count, 2] = word[way], starts[begin[way]], ends[place - 1]
        place, way, count = begin[way], before[way], count + 1
    for i in range(count // 2):
        for column in range(3):
            k = count - 1 - i
            out[i, column], out[k, column] = out[k, column], out[i, column]
    return count
