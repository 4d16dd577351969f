"""Mix: learn from texts and from counts of other corpora together."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from chude.corpus.counts import Counts, check_countable
from chude.corpus.passage_sizes import SIZES, Sizes
from chude.corpus.taxonomy import Taxonomy
from chude.errors import ChudeError
from chude.features import sparse
from chude.features.tfidf import Features
from chude.features.vocabulary import FeatureOptions
from chude.training.targets import Targets

if TYPE_CHECKING:
    import scipy.sparse as sp


def check_counts(
    corpora: Mapping[str, Counts], taxonomy: Taxonomy, segmenter: str, options: FeatureOptions
) -> None:
    """Raise ChudeError unless counts can be learnt from with these themes, words and n-grams.

    corpora: by the names of their files. segmenter: its version.
    """
    if corpora:
        check_countable(taxonomy)
    for name, counts in corpora.items():
        keys = counts.taxonomy.keys
        if set(keys) != set(taxonomy.keys) or counts.taxonomy.exclusive != taxonomy.exclusive:
            raise ChudeError(
                f"{name}: counts of the themes {', '.join(keys)}, articles of the themes "
                f"{', '.join(taxonomy.keys)}. Mix corpora of one themes.toml."
            )
        if counts.segmenter != segmenter:
            raise ChudeError(
                f"{name}: counts of words cut by {counts.segmenter}, here it is {segmenter}. "
                "Train with that --segmenter and version, or make the counts again with: "
                "chude counts"
            )
        if counts.ngrams != options.ngrams or not options.folded:
            raise ChudeError(
                f"{name}: counts of n-grams of {counts.ngrams[0]} to {counts.ngrams[1]} folded "
                "words, asked for are others. Train with the n-grams of the counts."
            )
        if counts.sizes != passage_sizes(corpora):
            raise ChudeError(
                f"{name}: counts of passages of another length than in {next(iter(corpora))}. "
                "Make the older of the two again with: chude counts"
            )


def passage_sizes(corpora: Mapping[str, Counts]) -> Sizes:
    """How long passages are that are mixed with those of these counts, if there are any."""
    return next((counts.sizes for counts in corpora.values()), SIZES)


def targets_of(counts: Counts, keys: Sequence[str]) -> Targets:
    """What is known of the articles, their themes in the order of these keys."""
    order = [counts.taxonomy.keys.index(key) for key in keys]
    return Targets(
        counts.labels[:, order],
        counts.known[:, order],
        counts.passage_labels[:, order],
        counts.passage_known[:, order],
        counts.lengths,
        counts.by_chance,
    )


def join_features(features: Features, corpora: Sequence[Counts]) -> Features:
    """The vocabulary of texts with all n-grams of counts, in order, not weighed yet."""
    ngrams = set(features.names).union(*(counts.vocabulary for counts in corpora))
    split = [ngram.split(" ") for ngram in ngrams]
    words = sorted(set(chain.from_iterable(split)))
    index = {word: i for i, word in enumerate(words)}
    grams = np.full((len(split), features.options.ngrams[1]), -1, dtype=np.int32)
    lengths = np.array([len(ngram) for ngram in split])
    inside = np.arange(grams.shape[1]) < lengths[:, None]
    grams[inside] = [index[word] for word in chain.from_iterable(split)]
    grams = grams[np.lexsort(grams.T[::-1])]
    return replace(features, words=words, grams=grams, idf=np.ones(len(grams)))


def join_counts(
    features: Features, whole: sparse.Counts, passages: sparse.Counts, corpora: Sequence[Counts]
) -> tuple[sparse.Counts, sparse.Counts]:
    """The rows of texts, then those of counts: of whole articles, and of their passages.

    The counts of a whole article are the sums of its passages'. Columns are in no order yet, see
    `sort_columns`.
    """
    column = {name: i for i, name in enumerate(features.names)}
    wholes, parts = [whole], [passages]
    for counts in corpora:
        columns = np.array([column[ngram] for ngram in counts.vocabulary], dtype=np.int32)
        of_passages = _matrix(counts.indptr, columns[counts.columns], counts.counts, len(column))
        firsts = np.concatenate([[0], np.cumsum(counts.lengths)])
        ones = np.ones(firsts[-1], dtype=np.int32)
        sums = _matrix(firsts, np.arange(firsts[-1]), ones, firsts[-1])
        parts.append(_counts(of_passages))
        wholes.append(_counts(sums @ of_passages))
    return sparse.stack_counts(wholes), sparse.stack_counts(parts)


def sort_columns(
    features: Features, counts: Sequence[sparse.Counts], commonest_first: bool
) -> tuple[Features, list[sparse.Counts]]:
    """The same with the columns of each row in order.

    counts: the first is that of the articles that are counted in. commonest_first: that order is
    by falling number of texts, as some solvers are faster with.
    """
    n_columns = len(features.idf)
    if commonest_first:
        df = np.bincount(counts[0].columns, minlength=n_columns)
        order = np.lexsort((np.arange(n_columns), -df))
        place = np.empty(n_columns, dtype=np.int32)
        place[order] = np.arange(n_columns, dtype=np.int32)
        features = replace(features, grams=features.grams[order], idf=features.idf[order])
        counts = [replace(one, columns=place[one.columns]) for one in counts]
    return features, [_sorted(one, n_columns) for one in counts]


def _sorted(counts: sparse.Counts, n_columns: int) -> sparse.Counts:
    matrix = _matrix(counts.indptr, counts.columns, counts.counts, n_columns)
    matrix.sort_indices()
    return _counts(matrix)


def _matrix(
    indptr: NDArray[np.integer],
    columns: NDArray[np.integer],
    data: NDArray[np.int32],
    n_columns: int,
) -> "sp.csr_matrix":
    import scipy.sparse as sp

    return sp.csr_matrix((data, columns, indptr), shape=(len(indptr) - 1, n_columns))


def _counts(matrix: "sp.csr_matrix") -> sparse.Counts:
    indptr = matrix.indptr.astype(np.int64)
    return sparse.Counts(indptr, matrix.indices.astype(np.int32), matrix.data.astype(np.int32))
