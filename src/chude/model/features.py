"""TF-IDF of word n-grams, counted as packed integers.

The matrix is that of scikit-learn's `TfidfVectorizer` for the same words and options. Formula:
smooth idf ln((1 + n) / (1 + df)) + 1, sublinear tf 1 + ln(tf), rows of length 1; Salton and Buckley
1988, as scikit-learn's user guide writes it. For exclusive themes the idf is multiplied with
`fit_spread`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from chude.compute.backend import BackendChoice, started
from chude.errors import ChudeError
from chude.model import ngrams, passage_counts
from chude.model.ngrams import Counts, Shape, SparseRows, Words
from chude.model.passage_counts import Parts
from chude.text.fold import fold_all
from chude.text.tokens import Tokens

if TYPE_CHECKING:
    import scipy.sparse as sp

_BITS = 63  # of a signed 64-bit integer, shared by the words of one n-gram
_AT_A_TIME = 1_000_000  # words counted, of which NumPy makes a copy that is twice as large


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
    n-grams.
    idf: float64 (n_features,), what an n-gram weighs, for exclusive themes with `fit_spread`; 0 for
    n-grams that do not count.
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
    def shape(self) -> Shape:
        """How the n-grams are packed."""
        return _shape(len(self.words), self.options)

    @cached_property
    def known(self) -> ngrams.Known:
        """Finds the n-grams in texts."""
        return ngrams.Known(self.grams, len(self.words), self.shape)

    def name(self, column: int) -> str:
        """The n-gram as a string, its words separated by spaces."""
        return " ".join(self.words[i] for i in self.grams[column].tolist() if i >= 0)

    @property
    def names(self) -> list[str]:
        """The n-grams as strings, see `name`."""
        return [self.name(column) for column in range(len(self.grams))]

    def keep(self, columns: NDArray[np.integer]) -> "Features":
        """The vocabulary of these columns alone, without the words they do not need."""
        grams = self.grams[columns]
        inside = grams >= 0
        used = np.unique(grams[inside])
        place = np.full(len(self.words), -1, dtype=np.int32)
        place[used] = np.arange(len(used), dtype=np.int32)
        grams[inside] = place[grams[inside]]
        return Features(self.options, [self.words[i] for i in used], grams, self.idf[columns])

    def weigh(self, counts: Counts, dtype: type[np.floating] = np.float64) -> SparseRows:
        """The TF-IDF matrix (n_texts, n_features), rows of length 1, or 0 where nothing counts."""
        most = int(counts.counts.max(initial=1))
        tf = np.log(np.arange(1, most + 1, dtype=np.float64)) + 1
        if started():
            from chude.model import compiled

            data = np.empty(len(counts.columns), dtype)
            compiled.weigh(counts.indptr, counts.columns, counts.counts, tf, self.idf, data)
            return SparseRows(counts.indptr, counts.columns, data)
        data = tf[counts.counts - 1] * self.idf[counts.columns]
        rows = counts.rows
        # bincount adds in order of the entries, as scikit-learn's normalisation does.
        norms = np.sqrt(np.bincount(rows, data * data, len(counts)))
        norms[norms == 0] = 1
        data /= norms[rows]
        return SparseRows(counts.indptr, counts.columns, data.astype(dtype, copy=False))


def fit_counts(
    tokens: Tokens, options: FeatureOptions, commonest_first: bool = False
) -> tuple[Features, Counts]:
    """Choose the n-grams of a training batch; also returns how often they occur in each text.

    commonest_first: the n-grams by falling number of texts instead of in order. Raises ChudeError
    when no n-gram is left.
    """
    vocabulary, words = _vocabulary(tokens, options)
    shape = _shape(len(vocabulary), options)
    most = options.max_df * len(tokens)
    keys, counts = ngrams.count_new(words, shape, options.min_df, most, commonest_first)
    if not len(keys):
        raise ChudeError(
            f"no word occurs in {options.min_df} articles. Give more articles or lower --min-df."
        )
    df = texts_by_group(counts, np.zeros(len(counts), dtype=np.int64), 1, len(keys))[0]
    idf = fit_idf(df, len(counts), options)
    features = Features(options, vocabulary, ngrams.unpack_grams(keys, shape), idf)
    return features.keep(np.arange(len(idf))), counts


def texts_by_group(
    counts: Counts, groups: NDArray[np.int64], n_groups: int, n_features: int
) -> NDArray[np.int32]:
    """In how many texts of each group each n-gram occurs, (n_groups, n_features).

    groups: (n_texts,), counted from 0.
    """
    found = np.zeros((n_groups, n_features), dtype=np.int32)
    if started():
        from chude.model import compiled

        compiled.count_texts(counts.indptr, counts.columns, groups, found)
    else:
        cells = groups[counts.rows] * n_features + counts.columns
        found += np.bincount(cells, minlength=found.size).reshape(found.shape)
    return found


def fit_idf(df: NDArray[np.integer], n_texts: int, options: FeatureOptions) -> NDArray[np.float64]:
    """The idf of n-grams in so many of the texts, (n_features,); 0 for too rare or common ones."""
    kept = (df >= options.min_df) & (df <= options.max_df * n_texts)
    return np.where(kept, np.log((1 + n_texts) / (1 + df)) + 1, 0.0)


def fit_spread(found: NDArray[np.int32], texts: NDArray[np.integer]) -> NDArray[np.float64]:
    """How unevenly exclusive themes use each n-gram, (n_features,), on average 1.

    found: (n_themes, n_features), in how many texts of each theme; texts: (n_themes,). The
    log-count ratio tells how much oftener a theme's texts hold an n-gram than the others (Wang and
    Manning 2012); its standard deviation over the themes, divided by the mean over all entries, is
    averaged with 1.
    """
    n_themes, n_features = found.shape
    n_texts = int(texts.sum())
    df = found.sum(axis=0)
    log = np.log(np.arange(1, n_texts + 3))  # faster than a logarithm for every cell
    ratios = np.zeros(n_features)
    squares = np.zeros(n_features)
    for inside, size in zip(found, texts, strict=True):
        ratio = log[inside] - log[df - inside] - (log[size + 1] - log[n_texts - size + 1])
        ratios += ratio
        squares += ratio * ratio
    spread = np.sqrt(np.maximum(squares / n_themes - (ratios / n_themes) ** 2, 0))
    mean = spread @ df / max(df.sum(), 1)
    return (1 + spread / mean) / 2 if mean > 0 else np.ones(n_features)


def count(tokens: Tokens, features: Features) -> Counts:
    """How often the n-grams of a vocabulary occur in each text."""
    words = features.places.words(tokens)
    return ngrams.count_known(
        words, features.shape, features.known, features.places.backend.compiled
    )


def count_parts(tokens: Tokens, parts: Parts, features: Features) -> tuple[Counts, Counts]:
    """How often the n-grams of a vocabulary occur in each text, and in each part of the texts."""
    words = features.places.words(tokens)
    compiled = features.places.backend.compiled
    return passage_counts.count_parts(words, parts, features.shape, features.known, compiled)


def csr(rows: SparseRows, n_features: int) -> "sp.csr_matrix":
    """The matrix (n_rows, n_features) in SciPy's form."""
    import scipy.sparse as sp

    shape = (len(rows.indptr) - 1, n_features)
    matrix = sp.csr_matrix((rows.data, rows.columns, rows.indptr), shape=shape)
    matrix.has_canonical_format = True
    return matrix


def sparse_rows(matrix: "sp.csr_matrix") -> SparseRows:
    """The rows of a matrix in SciPy's form; the reverse of `csr`."""
    columns = matrix.indices.astype(np.int32, copy=False)
    return SparseRows(matrix.indptr.astype(np.int64), columns, matrix.data)


def fit_features(tokens: Tokens, options: FeatureOptions) -> tuple[Features, "sp.csr_matrix"]:
    """`fit_counts`, with the TF-IDF matrix instead of the counts."""
    features, counts = fit_counts(tokens, options)
    return features, csr(features.weigh(counts), len(features.idf))


def transform(tokens: Tokens, features: Features) -> "sp.csr_matrix":
    """The TF-IDF matrix (n_texts, n_features) of a batch, float64, rows of length 1 or 0."""
    return csr(features.weigh(count(tokens, features)), len(features.idf))


class _Places:
    """Places of a segmenter's words in a vocabulary, remembered while its list grows."""

    def __init__(self, index: Mapping[str, int], folded: bool) -> None:
        self._index = index
        self._folded = folded
        self._words: list[str] = []
        self._places = np.empty(0, dtype=np.int32)
        self.backend = BackendChoice(work="count")

    def words(self, tokens: Tokens) -> Words:
        """The words of a batch."""
        self.backend.choose(len(tokens.ids))
        return Words(tokens.ids, self._all(tokens.vocabulary), tokens.indptr)

    def _all(self, vocabulary: list[str]) -> NDArray[np.int32]:
        if vocabulary is not self._words:
            self._words, self._places = vocabulary, np.empty(0, dtype=np.int32)
        new = vocabulary[len(self._places) :]
        if new:
            self._places = np.concatenate([self._places, self._find(new)])
        return self._places

    def _find(self, words: list[str]) -> NDArray[np.int32]:
        spelled = fold_all(words) if self._folded else words
        places = np.array([self._index.get(word, ngrams.UNKNOWN) for word in spelled], np.int32)
        unknown = np.flatnonzero(places == ngrams.UNKNOWN)
        left_out = ~_countable([words[i] for i in unknown.tolist()])
        places[unknown[left_out]] = ngrams.LEFT_OUT
        return places


def _countable(words: Sequence[str]) -> NDArray[np.bool_]:
    """Which words have a letter or digit; bare punctuation is left out."""
    found = [word[:1].isalnum() or any(map(str.isalnum, word)) for word in words]
    return np.array(found, dtype=bool)


def _vocabulary(tokens: Tokens, options: FeatureOptions) -> tuple[list[str], Words]:
    """The distinct countable words of a batch, folded if asked for, in order of code points.

    Words that occur less than `min_df` times are unknown: no n-gram of theirs is in enough texts.
    Also returns the words of the batch as places in the vocabulary.
    """
    import polars as pl

    occurrences = np.zeros(len(tokens.vocabulary), dtype=np.int64)
    for ids in np.array_split(tokens.ids, len(tokens.ids) // _AT_A_TIME + 1):
        occurrences += np.bincount(ids, minlength=len(occurrences))
    used = np.flatnonzero(occurrences)
    words = [tokens.vocabulary[i] for i in used.tolist()]
    countable = _countable(words)
    spelled = fold_all(words) if options.folded else words
    # As bytes, which are in the order of the code points: polars has no lone surrogates.
    forms = pl.DataFrame({"form": [word.encode("utf-8", "surrogatepass") for word in spelled]})
    totals = forms.with_columns(total=occurrences[used]).filter(countable)
    totals = totals.group_by("form").agg(pl.sum("total"))
    often = totals.filter(pl.col("total") >= options.min_df).select("form").sort("form")
    places = np.full(len(tokens.vocabulary), ngrams.UNKNOWN, dtype=np.int32)
    found = forms.join(often.with_row_index("place"), "form", "left", maintain_order="left")
    places[used] = found["place"].cast(pl.Int32).fill_null(ngrams.UNKNOWN)
    places[used[~countable]] = ngrams.LEFT_OUT
    vocabulary = [form.decode("utf-8", "surrogatepass") for form in often["form"]]
    return vocabulary, Words(tokens.ids, places, tokens.indptr)


def _shape(size: int, options: FeatureOptions) -> Shape:
    """How n-grams of so many words are packed.

    Raises ChudeError when they do not fit.
    """
    bits = size.bit_length()
    shortest, longest = options.ngrams
    if longest * bits > _BITS:
        raise ChudeError(f"{longest}-grams of {size} words do not fit.")
    return Shape(shortest, longest, bits)
