"""TF-IDF of word n-grams, counted as packed integers.

The matrix is that of scikit-learn's `TfidfVectorizer` for the same words and options. Words arrive
as integers from the segmenter, so an n-gram is one 64-bit integer, and counting is sorting.
Formula: smooth idf ln((1 + n) / (1 + df)) + 1, sublinear tf 1 + ln(tf), rows of length 1; Salton
and Buckley 1988, as scikit-learn's user guide writes it.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from chude.errors import ChudeError
from chude.text.normalize import fold
from chude.text.segment import Tokens

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


@dataclass(frozen=True, slots=True)
class Features:
    """A fitted vocabulary of n-grams.

    words: the distinct words; grams: int32 (n_features, n), places in `words`, -1 behind shorter
    n-grams; idf: float64 (n_features,).
    """

    options: FeatureOptions
    words: list[str]
    grams: NDArray[np.int32]
    idf: NDArray[np.float64]

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
    """Countable words of a batch: ids into `vocabulary` and the row each stands in."""

    vocabulary: list[str]
    ids: NDArray[np.int64]
    rows: NDArray[np.int64]
    n_rows: int


def fit_features(tokens: Tokens, options: FeatureOptions) -> tuple[Features, sp.csr_matrix]:
    """Choose the n-grams of a training batch; also returns its matrix (n_texts, n_features).

    Raises ChudeError when no n-gram is left.
    """
    words = _countable(tokens, options.folded)
    low, high = options.ngrams
    bits = max(1, len(words.vocabulary).bit_length())
    if high * bits > _BITS:
        raise ChudeError(f"{high}-grams of {len(words.vocabulary)} words do not fit. Use shorter.")
    grams, blocks = [], []
    for n in range(low, high + 1):
        keys, rows = _pack(words.ids, words.rows, n, bits)
        rows, keys, counts = _count(rows, keys)
        distinct, inverse, df = np.unique(keys, return_inverse=True, return_counts=True)
        kept = (df >= options.min_df) & (df <= options.max_df * words.n_rows)
        column = np.cumsum(kept) - 1
        taken = kept[inverse]
        shape = (words.n_rows, int(kept.sum()))
        entries = (counts[taken], (rows[taken], column[inverse[taken]]))
        blocks.append(sp.csr_matrix(entries, shape=shape))
        grams.append(_unpack(distinct[kept], n, high, bits))
    features = Features(options, words.vocabulary, np.concatenate(grams), np.empty(0))
    if not len(features.grams):
        raise ChudeError(
            f"no word occurs in {options.min_df} articles. Give more articles or lower --min-df."
        )
    counts = sp.hstack(blocks, format="csr")
    order = np.argsort(np.array(features.names, dtype=np.dtypes.StringDType()), kind="stable")
    df = np.bincount(counts.indices, minlength=counts.shape[1])[order]
    idf = np.log((1 + words.n_rows) / (1 + df)) + 1
    features = Features(options, features.words, features.grams[order], idf)
    counts.indices = np.argsort(order).astype(counts.indices.dtype)[counts.indices]
    counts.has_sorted_indices = False
    counts.sort_indices()
    return features.keep(np.arange(len(order))), _weigh(counts, idf)


def transform(tokens: Tokens, features: Features) -> sp.csr_matrix:
    """The TF-IDF matrix (n_texts, n_features) of a batch, float64, rows of length 1 or 0."""
    words = _countable(tokens, features.options.folded)
    known = {word: i for i, word in enumerate(features.words)}
    place = np.array([known.get(word, -1) for word in words.vocabulary] or [-1], dtype=np.int64)
    ids = place[words.ids]
    bits = max(1, len(features.words).bit_length())
    rows_of, columns_of, counts_of = [], [], []
    lengths = (features.grams >= 0).sum(axis=1)
    for n in range(features.options.ngrams[0], features.options.ngrams[1] + 1):
        columns = np.flatnonzero(lengths == n)
        table = _pack_grams(features.grams[columns, :n], bits)
        by_key = np.argsort(table)
        keys, rows = _pack(ids, words.rows, n, bits)
        keys, rows, found = _look_up(table[by_key], keys, rows)
        rows, found, counts = _count(rows, found)
        rows_of.append(rows)
        columns_of.append(columns[by_key][found])
        counts_of.append(counts)
    entries = (np.concatenate(rows_of), np.concatenate(columns_of))
    shape = (words.n_rows, len(features.grams))
    matrix = sp.csr_matrix((np.concatenate(counts_of), entries), shape=shape)
    matrix.sort_indices()
    return _weigh(matrix, features.idf)


def _countable(tokens: Tokens, folded: bool) -> _Words:
    """Words with a letter or digit in them, folded if asked for; punctuation is left out."""
    index: dict[str, int] = {}
    place = np.full(len(tokens.vocabulary) + 1, -1, dtype=np.int64)
    for i in np.unique(tokens.ids).tolist():
        word = tokens.vocabulary[i]
        if any(map(str.isalnum, word)):
            place[i] = index.setdefault(fold(word) if folded else word, len(index))
    ids = place[tokens.ids]
    n_rows = len(tokens.indptr) - 1
    rows = np.repeat(np.arange(n_rows), np.diff(tokens.indptr))
    kept = ids >= 0
    return _Words(list(index), ids[kept], rows[kept], n_rows)


def _pack(
    ids: NDArray[np.int64], rows: NDArray[np.int64], n: int, bits: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Keys and rows of all n-grams that stay inside their row and hold no unknown word (-1)."""
    count = max(0, len(ids) - n + 1)
    inside = rows[:count] == rows[n - 1 :][:count]
    keys = np.zeros(count, dtype=np.int64)
    for i in range(n):
        part = ids[i : i + count]
        inside &= part >= 0
        keys = (keys << bits) | part
    return keys[inside], rows[:count][inside]


def _pack_grams(grams: NDArray[np.int32], bits: int) -> NDArray[np.int64]:
    keys = np.zeros(len(grams), dtype=np.int64)
    for i in range(grams.shape[1]):
        keys = (keys << bits) | grams[:, i]
    return keys


def _unpack(keys: NDArray[np.int64], n: int, width: int, bits: int) -> NDArray[np.int32]:
    grams = np.full((len(keys), width), -1, dtype=np.int32)
    for i in range(n):
        grams[:, i] = (keys >> (bits * (n - 1 - i))) & ((1 << bits) - 1)
    return grams


def _look_up(
    table: NDArray[np.int64], keys: NDArray[np.int64], rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The keys that stand in the sorted `table`, with their rows and places in it."""
    if not len(table):
        empty = np.empty(0, dtype=np.int64)
        return empty, empty, empty
    place = np.minimum(np.searchsorted(table, keys), len(table) - 1)
    found = table[place] == keys
    return keys[found], rows[found], place[found]


def _count(
    rows: NDArray[np.int64], keys: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Distinct (row, key) pairs, in order, with how often each occurs."""
    if len(rows) and int(rows[-1]) < (1 << _BITS) // (int(keys.max()) + 1):
        radix = int(keys.max()) + 1
        pairs = np.sort(rows * radix + keys)
        first = np.flatnonzero(np.diff(pairs, prepend=-1))
        rows, keys = np.divmod(pairs[first], radix)
    else:
        order = np.lexsort((keys, rows))
        rows, keys = rows[order], keys[order]
        new = np.ones(len(rows), dtype=bool)
        new[1:] = (np.diff(rows) != 0) | (np.diff(keys) != 0)
        first = np.flatnonzero(new)
        pairs, rows, keys = keys, rows[first], keys[first]
    counts = np.diff(np.append(first, len(pairs))) if len(first) else np.empty(0)
    return rows, keys, counts.astype(np.float64)


def _weigh(counts: sp.csr_matrix, idf: NDArray[np.float64]) -> sp.csr_matrix:
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    data = (np.log(counts.data) + 1) * idf[counts.indices]
    # bincount adds in order of the entries, as scikit-learn's normalisation does.
    norms = np.sqrt(np.bincount(rows, weights=data * data, minlength=counts.shape[0]))
    counts.data = data / norms[rows]
    return counts
