"""TF-IDF of word n-grams, counted as packed integers.

The matrix is that of scikit-learn's `TfidfVectorizer` for the same words and options. Words arrive
as integers from the segmenter, so an n-gram is one 64-bit integer, and counting is sorting.
Formula: smooth idf ln((1 + n) / (1 + df)) + 1, sublinear tf 1 + ln(tf), rows of length 1; Salton
and Buckley 1988, as scikit-learn's user guide writes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from chude.errors import ChudeError
from chude.text.crf.pairs import PairTable
from chude.text.normalize import fold
from chude.text.tokens import Tokens

_UNKNOWN, _LEFT_OUT = -1, -2  # in place of a word's place
_BITS = 63  # of a signed 64-bit integer, shared by the words of one n-gram


@dataclass(frozen=True, slots=True)
class FeatureOptions:
    """What is counted.

    ngrams: shortest and longest n-gram, in words, at most 3.
    min_df: articles that an n-gram must occur in. max_df: share of articles it may occur in.
    folded: words in lower case with one tone-mark convention, or as they stand.
    """

    ngrams: tuple[int, int] = (1, 2)
    min_df: int = 2
    max_df: float = 1.0
    folded: bool = True


@dataclass(frozen=True)
class Features:
    """A fitted vocabulary of n-grams.

    words: the distinct words; grams: int32 (n_features, n), places in `words`, -1 behind shorter
    n-grams; idf: float64 (n_features,).
    """

    options: FeatureOptions
    words: list[str]
    grams: NDArray[np.int32]
    idf: NDArray[np.float64]

    @cached_property
    def places(self) -> "_Places":
        """From a segmenter's words to places in `words`."""
        return _Places({word: i for i, word in enumerate(self.words)}, self.options.folded)

    @cached_property
    def columns(self) -> PairTable:
        """From packed n-grams to their columns, counted from 1."""
        keys = _pack_grams(self.grams, _bits(self.words, self.options))
        return PairTable.of(keys, np.arange(1, len(keys) + 1, dtype=np.int32))

    @property
    def names(self) -> list[str]:
        """The n-grams as strings, their words separated by spaces."""
        return [" ".join(self.words[i] for i in gram if i >= 0) for gram in self.grams.tolist()]

    def keep(self, columns: NDArray[np.integer]) -> "Features":
        """The vocabulary of these columns alone, without the words they do not need."""
        grams = self.grams[columns]
        used = np.unique(grams[grams >= 0])
        place = np.full(len(self.words) + 1, -1, dtype=np.int32)
        place[used] = np.arange(len(used), dtype=np.int32)
        words = [self.words[i] for i in used]
        return Features(self.options, words, place[grams], self.idf[columns])


@dataclass(frozen=True, slots=True)
class _Words:
    """Countable words of a batch: their places in a vocabulary, -1 for unknown, and rows."""

    ids: NDArray[np.int64]
    rows: NDArray[np.int32]
    n_rows: int


def fit_features(tokens: Tokens, options: FeatureOptions) -> tuple[Features, sp.csr_matrix]:
    """Choose the n-grams of a training batch; also returns its matrix (n_texts, n_features).

    Raises ChudeError when no n-gram is left.
    """
    vocabulary = _vocabulary(tokens, options.folded)
    bits = _bits(vocabulary, options)
    index = {word: i for i, word in enumerate(vocabulary)}
    words = _Places(index, options.folded).words(tokens)
    keys, rows = _pack(words, options.ngrams, bits)
    keys, found, counts = _count(keys, rows, options.ngrams[1] * bits)
    column = np.flatnonzero(_changes(keys))
    df = np.diff(np.append(column, len(keys)))
    kept = (df >= options.min_df) & (df <= options.max_df * words.n_rows)
    if not kept.any():
        raise ChudeError(
            f"no word occurs in {options.min_df} articles. Give more articles or lower --min-df."
        )
    taken = np.repeat(kept, df)
    indptr = np.concatenate([[0], np.cumsum(df[kept])])
    shape = (words.n_rows, int(kept.sum()))
    matrix = sp.csc_matrix((counts[taken].astype(float), found[taken], indptr), shape=shape).tocsr()
    idf = np.log((1 + words.n_rows) / (1 + df[kept])) + 1
    grams = _unpack(keys[column[kept]], options.ngrams[1], bits)
    features = Features(options, vocabulary, grams, idf)
    return features.keep(np.arange(len(idf))), _weigh(matrix, idf)


def transform(tokens: Tokens, features: Features) -> sp.csr_matrix:
    """The TF-IDF matrix (n_texts, n_features) of a batch, float64, rows of length 1 or 0."""
    words = features.places.words(tokens)
    bits = _bits(features.words, features.options)
    keys, rows = _pack(words, features.options.ngrams, bits)
    column = features.columns.find(keys)
    found = np.flatnonzero(column)
    entries = (np.ones(len(found)), (rows[found], column[found] - 1))
    shape = (words.n_rows, len(features.grams))
    matrix = sp.csr_matrix(entries, shape=shape)  # adds up equal entries
    matrix.sort_indices()
    return _weigh(matrix, features.idf)


class _Places:
    """Places of a segmenter's words in a vocabulary, remembered while its list grows."""

    def __init__(self, index: Mapping[str, int], folded: bool) -> None:
        self._index = index
        self._folded = folded
        self._words: list[str] = []
        self._places = np.empty(0, dtype=np.int64)

    def words(self, tokens: Tokens) -> _Words:
        """The countable words of a batch."""
        ids = self._all(tokens.vocabulary)[tokens.ids]
        n_rows = len(tokens)
        rows = np.repeat(np.arange(n_rows, dtype=np.int32), np.diff(tokens.indptr))
        kept = ids > _LEFT_OUT
        return _Words(ids[kept], rows[kept], n_rows)

    def _all(self, vocabulary: list[str]) -> NDArray[np.int64]:
        if vocabulary is not self._words:
            self._words, self._places = vocabulary, np.empty(0, dtype=np.int64)
        new = vocabulary[len(self._places) :]
        if new:
            places = np.array([self._place(word) for word in new], dtype=np.int64)
            self._places = np.concatenate([self._places, places])
        return self._places

    def _place(self, word: str) -> int:
        if not _is_countable(word):
            return _LEFT_OUT
        return self._index.get(fold(word) if self._folded else word, _UNKNOWN)


def _is_countable(word: str) -> bool:
    """Whether a letter or digit is in it; bare punctuation is left out."""
    return any(map(str.isalnum, word))


def _vocabulary(tokens: Tokens, folded: bool) -> list[str]:
    """The distinct countable words of a batch, folded if asked for, in order of code points."""
    used = np.flatnonzero(np.bincount(tokens.ids, minlength=1)).tolist()
    words = (tokens.vocabulary[i] for i in used if i < len(tokens.vocabulary))
    return sorted({fold(word) if folded else word for word in words if _is_countable(word)})


def _bits(vocabulary: list[str], options: FeatureOptions) -> int:
    bits = len(vocabulary).bit_length()
    if options.ngrams[1] * bits > _BITS:
        raise ChudeError(f"{options.ngrams[1]}-grams of {len(vocabulary)} words do not fit.")
    return bits


def _pack(
    words: _Words, ngrams: tuple[int, int], bits: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Keys and rows of all n-grams that stay inside their row and hold no unknown word.

    A key holds the places of the words counted from 1, the first word in the highest bits, 0
    behind a short n-gram: so keys are in the order of the n-grams as strings.
    """
    keys_of, rows_of = [], []
    for n in range(ngrams[0], ngrams[1] + 1):
        count = max(0, len(words.ids) - n + 1)
        rows = words.rows[:count]
        inside = rows == words.rows[n - 1 :][:count]
        keys = np.zeros(count, dtype=np.int64)
        for i in range(n):
            part = words.ids[i : i + count]
            inside &= part >= 0
            keys = (keys << bits) | (part + 1)
        keys_of.append(keys[inside] << (bits * (ngrams[1] - n)))
        rows_of.append(rows[inside])
    return np.concatenate(keys_of), np.concatenate(rows_of)


def _count(
    keys: NDArray[np.int64], rows: NDArray[np.int32], key_bits: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Distinct (key, row) pairs in order, and how often each occurs."""
    row_bits = int(rows.max(initial=0)).bit_length()
    if key_bits + row_bits <= _BITS:
        pairs = np.sort((keys << row_bits) | rows)  # one integer sorts faster than two
        first = np.flatnonzero(_changes(pairs))
        keys, found = pairs[first] >> row_bits, pairs[first] & ((1 << row_bits) - 1)
    else:
        order = np.argsort(keys, kind="stable")  # keeps the rows of a key in order
        pairs, ordered = keys[order], rows[order]
        first = np.flatnonzero(_changes(pairs) | _changes(ordered))
        keys, found = pairs[first], ordered[first].astype(np.int64)
    return keys, found, np.diff(np.append(first, len(pairs)))


def _pack_grams(grams: NDArray[np.int32], bits: int) -> NDArray[np.int64]:
    keys = np.zeros(len(grams), dtype=np.int64)
    for column in grams.T:
        keys = (keys << bits) | (column + 1)
    return keys


def _unpack(keys: NDArray[np.int64], width: int, bits: int) -> NDArray[np.int32]:
    shifts = bits * np.arange(width - 1, -1, -1)
    return ((keys[:, None] >> shifts) & ((1 << bits) - 1)).astype(np.int32) - 1


def _changes(values: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Where a run of equal values begins."""
    changes = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=changes[1:])
    return changes


def _weigh(counts: sp.csr_matrix, idf: NDArray[np.float64]) -> sp.csr_matrix:
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    data = (np.log(counts.data) + 1) * idf[counts.indices]
    # bincount adds in order of the entries, as scikit-learn's normalisation does.
    norms = np.sqrt(np.bincount(rows, weights=data * data, minlength=counts.shape[0]))
    counts.data = data / norms[rows]
    return counts
