"""TF-IDF of word n-grams, counted as packed integers.

The matrix is that of scikit-learn's `TfidfVectorizer` for the same words and options. Words arrive
as integers from the segmenter, so an n-gram is one 64-bit integer, and counting is sorting.
Formula: smooth idf ln((1 + n) / (1 + df)) + 1, sublinear tf 1 + ln(tf), rows of length 1; Salton
and Buckley 1988, as scikit-learn's user guide writes it.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from chude.errors import ChudeError
from chude.text.crf.pairs import PairTable
from chude.text.normalize import fold
from chude.text.tokens import Tokens

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
    def index(self) -> dict[str, int]:
        """The place of each word."""
        return {word: i for i, word in enumerate(self.words)}

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
    """Countable words of a batch: their places in `vocabulary`, -1 for unknown, and rows."""

    vocabulary: list[str]
    ids: NDArray[np.int64]
    rows: NDArray[np.int32]
    n_rows: int


def fit_features(tokens: Tokens, options: FeatureOptions) -> tuple[Features, sp.csr_matrix]:
    """Choose the n-grams of a training batch; also returns its matrix (n_texts, n_features).

    Raises ChudeError when no n-gram is left.
    """
    words = _sorted(_countable(tokens, options.folded))
    bits = _bits(words.vocabulary, options)
    keys, rows = _pack(words, options.ngrams, bits)
    # A stable sort brings equal n-grams together and keeps their rows in order.
    order = np.argsort(keys, kind="stable")
    keys, rows = keys[order], rows[order]
    first = np.flatnonzero(_changes(keys) | _changes(rows))
    counts = np.diff(np.append(first, len(keys)))
    keys, rows = keys[first], rows[first]
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
    matrix = sp.csc_matrix((counts[taken].astype(float), rows[taken], indptr), shape=shape).tocsr()
    idf = np.log((1 + words.n_rows) / (1 + df[kept])) + 1
    grams = _unpack(keys[column[kept]], options.ngrams[1], bits)
    features = Features(options, words.vocabulary, grams, idf)
    return features.keep(np.arange(len(idf))), _weigh(matrix, idf)


def transform(tokens: Tokens, features: Features) -> sp.csr_matrix:
    """The TF-IDF matrix (n_texts, n_features) of a batch, float64, rows of length 1 or 0."""
    words = _known(_countable(tokens, features.options.folded), features.index)
    bits = _bits(features.words, features.options)
    keys, rows = _pack(words, features.options.ngrams, bits)
    column = features.columns.find(keys)
    found = np.flatnonzero(column)
    entries = (np.ones(len(found)), (rows[found], column[found] - 1))
    shape = (words.n_rows, len(features.grams))
    matrix = sp.csr_matrix(entries, shape=shape)  # adds up equal entries
    matrix.sort_indices()
    return _weigh(matrix, features.idf)


def _countable(tokens: Tokens, folded: bool) -> _Words:
    """Words with a letter or digit in them, folded if asked for; punctuation is left out."""
    index: dict[str, int] = {}
    place = np.full(len(tokens.vocabulary) + 1, -1, dtype=np.int64)
    for i in np.flatnonzero(np.bincount(tokens.ids, minlength=1)).tolist():
        word = tokens.vocabulary[i]
        if any(map(str.isalnum, word)):
            place[i] = index.setdefault(fold(word) if folded else word, len(index))
    ids = place[tokens.ids]
    n_rows = len(tokens.indptr) - 1
    rows = np.repeat(np.arange(n_rows, dtype=np.int32), np.diff(tokens.indptr))
    kept = ids >= 0
    return _Words(list(index), ids[kept], rows[kept], n_rows)


def _sorted(words: _Words) -> _Words:
    """The same words with a vocabulary in order of code points."""
    return _known(words, {word: i for i, word in enumerate(sorted(words.vocabulary))})


def _known(words: _Words, index: dict[str, int]) -> _Words:
    """The same words as places in another vocabulary, -1 where it lacks them."""
    place = np.array([index.get(word, -1) for word in words.vocabulary] or [-1], dtype=np.int64)
    return _Words(list(index), place[words.ids], words.rows, words.n_rows)


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
