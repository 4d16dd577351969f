"""Count a labelled corpus, so that it can be learnt from without its texts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from chude.corpus.article import Article
from chude.corpus.counts import Counts
from chude.corpus.taxonomy import Taxonomy
from chude.features import sparse
from chude.features.tfidf import Features, count, fit_counts
from chude.features.vocabulary import FeatureOptions
from chude.text.passages import passage_tokens
from chude.text.segment import make_segmenter
from chude.training.chains import cut_chains
from chude.training.examples import OnProgress, make_examples
from chude.training.targets import Targets

LEAST = 5


def count_corpus(
    articles: Sequence[Article],
    taxonomy: Taxonomy,
    *,
    segmenter: str = "underthesea",
    least: int = LEAST,
    seed: int = 0,
    on_progress: OnProgress = lambda *_: None,
) -> Counts:
    """The n-grams of 1 and 2 words and the labels of labelled articles, passage by passage.

    Articles without labels are left out. least: articles that an n-gram must stand in; rarer ones
    are left out. Digits count as 0, and pairs are dropped where too much of a passage would follow
    from them (see `cut_chains`). seed: of the order of articles and passages.

    Raises ChudeError when no n-gram is left.
    """
    words = make_segmenter(segmenter)
    labelled = [article for article in articles if article.themes is not None]
    examples = make_examples(labelled, taxonomy, [words], on_progress)
    options = FeatureOptions(min_df=least, numbers=False)
    features, _ = fit_counts(examples.tokens, options)
    counts = count(passage_tokens(examples.tokens, examples.passages), features)
    told = _tell(counts, features, examples.targets.lengths, least)
    vocabulary, counts = _close_up(told, features)
    targets, counts = _shuffle(examples.targets, counts, seed)
    return Counts(
        segmenter=words.version,
        ngrams=options.ngrams,
        taxonomy=taxonomy,
        vocabulary=vocabulary,
        lengths=targets.lengths,
        indptr=counts.indptr,
        columns=counts.columns,
        counts=counts.counts,
        labels=targets.labels,
        known=targets.known,
        passage_labels=targets.passage_labels,
        passage_known=targets.passage_known,
        by_chance=targets.by_chance,
    )


def _tell(
    counts: sparse.Counts, features: Features, lengths: NDArray[np.int64], least: int
) -> sparse.Counts:
    """The counts that may be told: n-grams of enough articles, and no long chains of pairs."""
    article = np.repeat(np.arange(len(lengths)), lengths)
    while True:
        df = _articles_of(counts, article, len(features.grams))
        rare = (df < least)[counts.columns]
        counts = _keep(counts, ~rare)
        chained = ~_unchained(counts, features.grams, df)
        counts = _keep(counts, ~chained)
        if not rare.any() and not chained.any():
            return counts


def _articles_of(
    counts: sparse.Counts, article: NDArray[np.int64], n_ngrams: int
) -> NDArray[np.int64]:
    """In how many articles each n-gram stands, inside passages."""
    pairs = np.unique(counts.columns.astype(np.int64) << 32 | article[counts.rows])
    return np.bincount(pairs >> 32, minlength=n_ngrams)


def _unchained(
    counts: sparse.Counts, grams: NDArray[np.int32], df: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which entries may be told, (n_entries,)."""
    told = np.ones(len(counts.columns), dtype=bool)
    is_pair = (grams[:, 1] >= 0)[counts.columns]
    for start, stop in zip(counts.indptr[:-1], counts.indptr[1:], strict=True):
        entries = start + np.flatnonzero(is_pair[start:stop])
        columns = counts.columns[entries]
        pairs = [(first, second) for first, second in grams[columns].tolist()]
        told[entries] = cut_chains(pairs, df[columns].tolist())
    return told


def _keep(counts: sparse.Counts, kept: NDArray[np.bool_]) -> sparse.Counts:
    sums = np.concatenate([[0], np.cumsum(kept)])
    return sparse.Counts(sums[counts.indptr], counts.columns[kept], counts.counts[kept])


def _close_up(counts: sparse.Counts, features: Features) -> tuple[list[str], sparse.Counts]:
    """The n-grams that are left, the commonest first, and the counts of them alone."""
    passages = np.bincount(counts.columns, minlength=len(features.grams))
    order = np.argsort(-passages, kind="stable")
    used = order[: np.count_nonzero(passages)]
    column = np.zeros(len(features.grams), dtype=np.int32)
    column[used] = np.arange(len(used), dtype=np.int32)
    columns = column[counts.columns]
    inside = np.lexsort((columns, counts.rows))
    vocabulary = [features.name(i) for i in used.tolist()]
    return vocabulary, sparse.Counts(counts.indptr, columns[inside], counts.counts[inside])


def _shuffle(targets: Targets, counts: sparse.Counts, seed: int) -> tuple[Targets, sparse.Counts]:
    """Articles, and the passages of each, in an order drawn by chance."""
    random = np.random.default_rng(seed)
    order = random.permutation(len(targets))
    ends = np.cumsum(targets.lengths)
    passages = [
        random.permutation(np.arange(end - length, end))
        for length, end in zip(targets.lengths[order], ends[order], strict=True)
    ]
    rows = np.concatenate(passages)
    shuffled = Targets(
        targets.labels[order],
        targets.known[order],
        targets.passage_labels[rows],
        targets.passage_known[rows],
        targets.lengths[order],
        targets.by_chance[order],
    )
    sizes = np.diff(counts.indptr)[rows]
    indptr = np.concatenate([[0], np.cumsum(sizes)])
    entries = np.repeat(counts.indptr[rows] - indptr[:-1], sizes) + np.arange(indptr[-1])
    return shuffled, sparse.Counts(indptr, counts.columns[entries], counts.counts[entries])
