"""Count a labelled corpus, so that it can be learnt from without its texts."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chude.corpus.article import Article
from chude.corpus.copies import compared_text, near_copies
from chude.corpus.counts import Counts, check_countable, write_counts
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.labelled import is_counts, read_labelled
from chude.corpus.outputs import check_output
from chude.corpus.passage_sizes import SHORTER, Sizes
from chude.corpus.read import Position
from chude.corpus.tally import Tally, count_line
from chude.corpus.taxonomy import Taxonomy
from chude.errors import ChudeError, OnRefusal, raise_refusal
from chude.features import sparse, tfidf
from chude.features.tfidf import Features, fit_counts
from chude.features.vocabulary import FeatureOptions
from chude.text.passages import passage_tokens
from chude.text.segment import make_segmenter
from chude.training.chains import cut_chains, may_be_chained
from chude.training.examples import OnProgress, make_examples, without_duplicates
from chude.training.targets import Targets

LEAST = 5


def count(
    articles: str | Path | Iterable[str | Path | Article],
    output: str | Path,
    taxonomy: Taxonomy | str | Path | None = None,
    *,
    labels: str | Path | None = None,
    columns: ColumnNames | None = None,
    segmenter: str = "underthesea",
    least: int = LEAST,
    seed: int = 0,
    on_refusal: OnRefusal = raise_refusal,
    on_note: Callable[[str], None] = lambda note: None,
    on_progress: OnProgress = lambda *_: None,
) -> None:
    """Write the counts of labelled articles: what a model can learn from, without their texts.

    articles, taxonomy, labels, columns: as in `train`. output: its name ends in .counts.parquet.
    least: articles an n-gram must stand in. seed: of the order in which passages are written.

    Raises ChudeError when nothing is labelled, or `output` cannot be written, is in an input or is
    named otherwise.

    >>> import chude
    >>> chude.count("data", "mine.counts.parquet", segmenter="syllable")
    >>> model = chude.train("mine.counts.parquet", segmenter="syllable")
    """
    items = [articles] if isinstance(articles, (str, Path)) else list(articles)
    check_output(Path(output), items, [taxonomy, labels])
    if not is_counts(output):
        raise ChudeError(f"{output}: name the file so that it ends in .counts.parquet.")
    position = Position()
    found = read_labelled(
        items, taxonomy, labels=labels, columns=columns, on_refusal=on_refusal, position=position
    )
    for name in found.counts:
        on_note(f"{name}: counts already, left out")
    counts = count_corpus(
        found.articles,
        found.taxonomy,
        segmenter=segmenter,
        least=least,
        seed=seed,
        on_refusal=on_refusal,
        on_progress=on_progress,
    )
    write_counts(counts, Path(output))
    labelled = [article for article in found.articles if article.themes is not None]
    tally = Tally()
    tally.add({article.id: article for article in reversed(labelled)}.values())
    tally.unlabelled = len(found.articles) - len(labelled)
    twice = len(labelled) - len(counts)
    left_out = position.left_out + len(found.counts)
    on_note(count_line(tally.counts(position.refused + twice, left_out)))
    n_articles, n_passages = len(counts), counts.lengths.sum()
    on_note(f"{n_articles} articles, {n_passages} passages, {len(counts.vocabulary)} n-grams")


def count_corpus(
    articles: Sequence[Article],
    taxonomy: Taxonomy,
    *,
    segmenter: str = "underthesea",
    least: int = LEAST,
    seed: int = 0,
    sizes: Sizes = SHORTER,
    on_refusal: OnRefusal = raise_refusal,
    on_progress: OnProgress = lambda *_: None,
) -> Counts:
    """The n-grams of 1 and 2 words and the labels of labelled articles, passage by passage.

    Articles without labels are left out, and those whose id has stood before are refused: the same
    article again would make its n-grams common. least: articles that an n-gram must stand in, near
    copies being one; rarer ones are left out. Digits count as 0, and pairs are dropped where too
    much of a passage would follow from them (see `cut_chains`). seed: of the order of articles and
    passages. sizes: of the passages. Raises ChudeError when nothing is labelled, no n-gram is left,
    or there can be no counts of the themes.
    """
    check_countable(taxonomy)
    labelled = [article for article in articles if article.themes is not None]
    if not labelled:
        raise ChudeError("no labelled articles. Give labels in labels.csv or a column of themes.")
    distinct = without_duplicates(labelled, on_refusal)
    words = make_segmenter(segmenter)
    examples = make_examples(distinct, taxonomy, [words], on_progress, sizes)
    options = FeatureOptions(min_df=least, numbers=False)
    features, _ = fit_counts(examples.tokens, options)
    counts = tfidf.count(passage_tokens(examples.tokens, examples.passages), features)
    counts = _keep(counts, _writable(features)[counts.columns])
    groups = near_copies(map(compared_text, distinct))
    told = _tell(counts, features, examples.targets.lengths, groups, least)
    vocabulary, counts = _close_up(told, features)
    if not vocabulary:
        raise ChudeError(
            f"no word stands in {least} articles. Give more articles or lower --least."
        )
    targets, counts, order = _shuffle(examples.targets, counts, seed)
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
        sizes=sizes,
        copies=_numbered(groups[order]),
    )


def _numbered(groups: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Groups of several articles by numbers from 1, and 0 for those alone; None without any."""
    _, first, group, size = np.unique(
        groups, return_index=True, return_inverse=True, return_counts=True
    )
    several = np.flatnonzero(size > 1)
    number = np.zeros(len(size), dtype=np.int64)
    number[several[np.argsort(first[several])]] = np.arange(1, len(several) + 1)
    return number[group] if len(several) else None


def _tell(
    counts: sparse.Counts,
    features: Features,
    lengths: NDArray[np.int64],
    groups: NDArray[np.int64],
    least: int,
) -> sparse.Counts:
    """The counts that may be told: n-grams of enough articles, and no long chains of pairs.

    groups: the group of each article; near copies are one article, for a name that stands in them
    alone is as rare as in the first.
    """
    article = np.repeat(groups, lengths)
    changed = np.ones(len(counts), dtype=bool)  # passages that lost n-grams since chains were cut
    while True:
        df = _articles_of(counts, article, len(features.grams))
        rare = (df < least)[counts.columns]
        changed[counts.rows[rare]] = True
        counts = _keep(counts, ~rare)
        chained = _find_chained(counts, features.grams, df, changed)
        counts = _keep(counts, ~chained)
        changed[:] = False
        if not rare.any() and not chained.any():
            return counts


def _writable(features: Features) -> NDArray[np.bool_]:
    """Which n-grams can be written, (n_ngrams,): their words hold no space and are Unicode."""
    fine = [
        not any(map(str.isspace, word)) and word.encode("utf-8", "replace").decode() == word
        for word in features.words
    ]
    written = np.append(np.array(fine, dtype=bool), True)[features.grams].all(axis=1)
    return np.asarray(written, dtype=bool)


def _articles_of(
    counts: sparse.Counts, article: NDArray[np.int64], n_ngrams: int
) -> NDArray[np.int64]:
    """In how many articles each n-gram stands, inside passages."""
    pairs = np.unique(counts.columns.astype(np.int64) << 32 | article[counts.rows])
    return np.bincount(pairs >> 32, minlength=n_ngrams)


def _find_chained(
    counts: sparse.Counts,
    grams: NDArray[np.int32],
    df: NDArray[np.int64],
    among: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Which entries are pairs that may not be told, (n_entries,); among: passages to look at."""
    chained = np.zeros(len(counts.columns), dtype=bool)
    rows = counts.rows
    pairs = np.flatnonzero((grams[:, 1] >= 0)[counts.columns] & among[rows])
    long = may_be_chained(rows[pairs], grams[counts.columns[pairs], :2], len(counts))
    pairs = pairs[long[rows[pairs]]]
    for entries in np.split(pairs, np.flatnonzero(np.diff(rows[pairs])) + 1):
        columns = counts.columns[entries]
        told = cut_chains([(a, b) for a, b in grams[columns].tolist()], df[columns].tolist())
        chained[entries] = ~told
    return chained


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


def _shuffle(
    targets: Targets, counts: sparse.Counts, seed: int
) -> tuple[Targets, sparse.Counts, NDArray[np.int64]]:
    """Articles, and the passages of each, in an order drawn by chance; and that of the articles."""
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
    told = sparse.Counts(indptr, counts.columns[entries], counts.counts[entries])
    return shuffled, told, order
