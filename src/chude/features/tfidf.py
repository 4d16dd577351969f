"""TF-IDF of word n-grams, counted as packed integers.

The matrix is that of scikit-learn's `TfidfVectorizer` for the same words and options. Formula:
smooth idf ln((1 + n) / (1 + df)) + 1, sublinear tf 1 + ln(tf), rows of length 1; Salton and Buckley
1988, as scikit-learn's user guide writes it. For exclusive themes the idf is multiplied with
`fit_spread`.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from chude.compute.backend import started
from chude.errors import ChudeError
from chude.features import passage_counts
from chude.features.count import count_known, count_new
from chude.features.packing import NgramIndex, Packing, unpack_grams
from chude.features.sparse import Counts, Parts, SparseRows
from chude.features.vocabulary import FeatureOptions, WordIndex, build_vocabulary
from chude.text.tokens import Tokens


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
    def word_index(self) -> WordIndex:
        """From a segmenter's words to places in `words`."""
        places = dict(zip(self.words, range(len(self.words)), strict=True))
        return WordIndex(places, self.options)

    @cached_property
    def packing(self) -> Packing:
        """How the n-grams are packed."""
        return Packing.of(len(self.words), self.options.ngrams)

    @cached_property
    def ngram_index(self) -> NgramIndex:
        """Finds the n-grams in texts."""
        return NgramIndex(self.grams, len(self.words), self.packing)

    def name(self, column: int) -> str:
        """The n-gram as a string, its words separated by spaces."""
        return " ".join(self.words[i] for i in self.grams[column].tolist() if i >= 0)

    @property
    def names(self) -> list[str]:
        """The n-grams as strings, see `name`."""
        words = self.words
        return [" ".join([words[i] for i in row if i >= 0]) for row in self.grams.tolist()]

    def with_idf(self, idf: NDArray[np.float64]) -> "Features":
        """The same n-grams with other weights, found in texts by the same indexes."""
        features = replace(self, idf=idf)
        for name in ("word_index", "packing", "ngram_index"):
            features.__dict__[name] = getattr(self, name)
        return features

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
            from chude.features import kernels_numba

            data = np.empty(len(counts.columns), dtype)
            kernels_numba.weigh(counts.indptr, counts.columns, counts.counts, tf, self.idf, data)
            return SparseRows(counts.indptr, counts.columns, data)
        data = self.idf.take(counts.columns)
        data *= np.append(0, tf).take(counts.counts)
        # bincount adds in order of the entries, as scikit-learn's normalisation does.
        norms = np.sqrt(np.bincount(counts.rows, data * data, len(counts)))
        norms[norms == 0] = 1
        data /= np.repeat(norms, np.diff(counts.indptr))
        return SparseRows(counts.indptr, counts.columns, data.astype(dtype, copy=False))


def fit_counts(
    tokens: Tokens,
    options: FeatureOptions,
    commonest_first: bool = False,
    none_is_fine: bool = False,
) -> tuple[Features, Counts]:
    """Choose the n-grams of a training batch; also returns how often they occur in each text.

    commonest_first: the n-grams by falling number of texts instead of in order. Raises ChudeError
    when no n-gram is left, unless none_is_fine.
    """
    vocabulary, words = build_vocabulary(tokens, options)
    packing = Packing.of(len(vocabulary), options.ngrams)
    most = options.max_df * len(tokens)
    keys, counts = count_new(words, packing, options.min_df, most, commonest_first)
    if not len(keys) and not none_is_fine:
        raise ChudeError(
            f"no word occurs in {options.min_df} articles. Give more articles or lower --min-df."
        )
    df = texts_by_group(counts, np.zeros(len(counts), dtype=np.int64), 1, len(keys))[0]
    idf = fit_idf(df, len(counts), options)
    features = Features(options, vocabulary, unpack_grams(keys, packing), idf)
    return features.keep(np.arange(len(idf))), counts


def texts_by_group(
    counts: Counts, groups: NDArray[np.int64], n_groups: int, n_features: int
) -> NDArray[np.int32]:
    """In how many texts of each group each n-gram occurs, (n_groups, n_features).

    groups: (n_texts,), counted from 0.
    """
    found = np.zeros((n_groups, n_features), dtype=np.int32)
    if started():
        from chude.features import kernels_numba

        kernels_numba.count_texts(counts.indptr, counts.columns, groups, found)
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
    # einsum, for the threads of linear algebra would show in the last bits.
    mean = np.einsum("f,f->", spread, df) / max(df.sum(), 1)
    return (1 + spread / mean) / 2 if mean > 0 else np.ones(n_features)


def count(tokens: Tokens, features: Features) -> Counts:
    """How often the n-grams of a vocabulary occur in each text."""
    words = features.word_index.words(tokens)
    compiled = features.word_index.backend.compiled
    return count_known(words, features.packing, features.ngram_index, compiled)


def count_parts(tokens: Tokens, parts: Parts, features: Features) -> tuple[Counts, Counts]:
    """How often the n-grams of a vocabulary occur in each text, and in each part of the texts."""
    words = features.word_index.words(tokens)
    compiled = features.word_index.backend.compiled
    return passage_counts.count_parts(
        words, parts, features.packing, features.ngram_index, compiled
    )
