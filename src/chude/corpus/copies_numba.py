"""The hashes of shingles, compiled by numba as `chude.features.kernels_numba` describes it."""

import numba
import numpy as np

from chude.compute.jit import compile_function


@numba.njit(inline="always")
def _mix(value, factors):
    """As in `chude.corpus.copies`."""
    value = (value ^ value >> np.uint64(30)) * factors[0]
    value = (value ^ value >> np.uint64(27)) * factors[1]
    return value ^ value >> np.uint64(31)


@numba.njit(inline="always")
def _beyond(code):
    """The letter of a code point behind the table: those of Chinese and its neighbours count."""
    return np.uint64(code) if code >= 0x2E80 and code < 0x1F000 else np.uint64(0)


@compile_function
def add_keys(codes, ends, letters, character, powers, factors, keys):
    """Fill in the text and the hash of each shingle, as `chude.corpus.copies` has them.

    codes: of texts that end where `ends` says, with a break. letters: of each code point, 0 for a
    break and 1 for what is passed over. powers: of the words of a shingle. Returns how many.
    """
    zero, one = np.uint64(0), np.uint64(1)
    size = len(powers)
    words = np.empty(len(keys), np.uint64)  # of a text
    n_keys = begin = 0
    for text in range(len(ends)):
        owner = np.uint64(text) << np.uint64(32)
        n_words = 0
        word, power = zero, one
        for i in range(begin, ends[text]):
            code = codes[i]
            letter = letters[code] if code < len(letters) else _beyond(code)
            if letter == one:
                continue
            if letter != zero:
                word += letter * power
                power *= character
            elif power != one:  # a word ends
                words[n_words] = _mix(word, factors)
                n_words += 1
                word, power = zero, one
                if n_words >= size:
                    total = zero
                    for j in range(size):
                        total += words[n_words - size + j] * powers[j]
                    keys[n_keys] = owner | _mix(total, factors) >> np.uint64(32)
                    n_keys += 1
        if 0 < n_words < size:
            total = zero
            for j in range(n_words):
                total += words[j] * powers[j]
            keys[n_keys] = owner | _mix(total, factors) >> np.uint64(32)
            n_keys += 1
        begin = ends[text]
    return n_keys
