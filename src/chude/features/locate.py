"""Locate: where the n-grams of a vocabulary stand in the texts, not only how often."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chude.features.count_numpy import pack_runs
from chude.features.sparse import Counts, rows_of
from chude.features.tfidf import Features
from chude.text.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Known n-grams of a batch, one text after the other, in each by the first word.

    columns: int32 (n,), features. words: int64 (n, longest), places in `Tokens.ids` of the words of
    each, -1 behind short n-grams. lengths: int64 (n,), words of each. indptr: int64 (n_texts + 1,).
    """

    columns: NDArray[np.int32]
    words: NDArray[np.int64]
    lengths: NDArray[np.int64]
    indptr: NDArray[np.int64]

    @property
    def rows(self) -> NDArray[np.int32]:
        """The text of each."""
        return rows_of(self.indptr)

    @property
    def last_words(self) -> NDArray[np.int64]:
        """The place of the last word of each."""
        return self.words[np.arange(len(self.words)), self.lengths - 1]


def occurrences(tokens: Tokens, features: Features) -> Occurrences:
    """All occurrences of the n-grams of a vocabulary: those that `count` counts."""
    words = features.word_index.words(tokens)
    table = features.ngram_index.table
    columns, places, lengths = [], [], []
    for run in pack_runs(words, features.packing):
        column = table.find(run.keys)
        found = np.flatnonzero(column)
        columns.append(column[found] - 1)
        place = np.full((len(found), features.packing.longest), -1, dtype=np.int64)
        place[:, : run.length] = run.counted[run.firsts[found][:, None] + np.arange(run.length)]
        places.append(place)
        lengths.append(np.full(len(found), run.length))
    joined = np.concatenate(places)
    order = np.argsort(joined[:, 0], kind="stable")
    located = joined[order]
    indptr = np.searchsorted(located[:, 0], tokens.indptr)
    columns_found, n_words = np.concatenate(columns), np.concatenate(lengths)
    return Occurrences(columns_found[order], located, n_words[order], indptr)


def shares(
    features: Features, columns: NDArray[np.int32], rows: NDArray[np.integer], n_rows: int
) -> NDArray[np.float64]:
    """What each occurrence has of its n-gram's TF-IDF weight in its row, (n,), equal parts.

    columns, rows: (n,), of all occurrences in these rows, or the rows would not get their lengths.
    """
    keys = rows.astype(np.int64) << 32 | columns
    entries, of_entry, counts = np.unique(keys, return_inverse=True, return_counts=True)
    indptr = np.searchsorted(entries >> 32, np.arange(n_rows + 1))
    found = Counts(indptr, (entries & 0xFFFFFFFF).astype(np.int32), counts.astype(np.int32))
    return (features.weigh(found).data / counts)[of_entry]
