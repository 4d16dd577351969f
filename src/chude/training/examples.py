"""The training corpus as the learner sees it: segmented, labelled by article and by passage."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import blake2b
from queue import SimpleQueue
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chude.corpus.article import Article
from chude.corpus.copies import compared_text, near_copies
from chude.corpus.counts import Counts
from chude.corpus.passage_sizes import SIZES, Sizes
from chude.corpus.taxonomy import Taxonomy, Theme
from chude.errors import ChudeError, OnRefusal, Refusal
from chude.text.passages import Span, split_all, split_paragraphs
from chude.text.segment import Segmenter
from chude.text.tokens import Tokens, concatenate
from chude.training.targets import Bools, Targets

FEWEST_POSITIVES = 5
_CHUNK = 1024  # articles segmented between two reports of progress

OnProgress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Examples:
    """Segmented articles with labels.

    tokens, passages: for exclusive themes without offsets, and none.
    """

    articles: Sequence[Article]
    tokens: Tokens
    passages: Sequence[Sequence[Span]]
    targets: Targets


def make_examples(
    articles: Sequence[Article],
    taxonomy: Taxonomy,
    segmenters: Sequence[Segmenter],
    on_progress: OnProgress = lambda *_: None,
    sizes: Sizes = SIZES,
) -> Examples:
    """Segment labelled articles and lay out their labels. Every article must be labelled.

    segmenters: of one kind; they work side by side, each in a thread. sizes: of the passages.
    """
    # Only passages need to know where the words stand.
    tokens = _segment(articles, segmenters, on_progress, offsets=not taxonomy.exclusive)
    passages: list[list[Span]] = [[] for _ in articles]
    if not taxonomy.exclusive:
        passages = list(split_all([article.text for article in articles], sizes))
    return Examples(articles, tokens, passages, make_targets(articles, passages, taxonomy.keys))


def make_targets(
    articles: Sequence[Article], passages: Sequence[Sequence[Span]], keys: Sequence[str]
) -> Targets:
    """What is known of labelled articles and of their passages, which may be none."""
    shape = len(articles), len(keys)
    labels = np.array([[key in (a.themes or ()) for key in keys] for a in articles], dtype=bool)
    known = np.array([[key not in a.unsettled for key in keys] for a in articles], dtype=bool)
    labels, known = labels.reshape(shape), known.reshape(shape)
    passage_labels = passage_known = np.zeros((0, len(keys)), dtype=bool)
    if any(passages):
        pairs = [_passage_labels(a, p, keys) for a, p in zip(articles, passages, strict=True)]
        passage_labels, passage_known = map(np.concatenate, zip(*pairs, strict=True))
    lengths = np.array([len(spans) for spans in passages], dtype=np.int64)
    by_chance = np.array([article.by_chance for article in articles], dtype=bool)
    return Targets(labels, known, passage_labels, passage_known, lengths, by_chance)


def _segment(
    articles: Sequence[Article],
    segmenters: Sequence[Segmenter],
    on_progress: OnProgress,
    offsets: bool,
) -> Tokens:
    free: SimpleQueue[Segmenter] = SimpleQueue()
    for segmenter in segmenters:
        free.put(segmenter)

    def segment(start: int) -> Tokens:
        segmenter = free.get()
        try:
            tokens = segmenter.segment([a.text for a in articles[start : start + _CHUNK]])
            return tokens if offsets else tokens.without_offsets()
        finally:
            free.put(segmenter)

    parts = []
    with ThreadPoolExecutor(len(segmenters)) as pool:
        # One alone works in this thread, where an interruption stops it at once.
        run = map if len(segmenters) == 1 else pool.map
        for part in run(segment, range(0, max(len(articles), 1), _CHUNK)):
            parts.append(part)
            on_progress("segmenting", min(len(parts) * _CHUNK, len(articles)), len(articles))
    return concatenate(parts)


def select_learnable(
    articles: Sequence[Article],
    taxonomy: Taxonomy,
    on_refusal: OnRefusal,
    corpora: Sequence[Counts] = (),
) -> tuple[list[Article], Taxonomy, NDArray[np.int64]]:
    """The labelled articles, the themes to learn from them and from counts, and their groups.

    A duplicate id is refused, and so is a theme with too few articles or carried by all of them,
    near copies being one; exclusive articles of a refused theme are left out with it.

    Returns also the group of each article, those of counts last, (n_articles,), equal for near
    copies. Raises ChudeError when nothing to learn is left.
    """
    labelled = [article for article in articles if article.themes is not None]
    if not labelled and not corpora:
        raise ChudeError("no labelled articles. Give labels in labels.csv or a column of themes.")
    learnable = without_duplicates(labelled, on_refusal)
    groups = _groups(learnable, corpora)
    learnt: list[Theme] = []
    for theme in taxonomy.themes:
        if lacking := _lacking(*_carrying(theme.key, learnable, corpora), groups):
            on_refusal(Refusal(f"theme {theme.key}", *lacking))
        else:
            learnt.append(theme)
    if len(learnt) < (2 if taxonomy.exclusive else 1):
        raise ChudeError("no theme can be learnt from these articles. See the messages above.")
    themes = replace(taxonomy, themes=tuple(learnt))
    if taxonomy.exclusive:
        kept = [row for row, a in enumerate(learnable) if set(a.themes or ()) <= set(themes.keys)]
        learnable, groups = [learnable[row] for row in kept], groups[kept]
    return learnable, themes, groups


def _groups(articles: Sequence[Article], corpora: Sequence[Counts]) -> NDArray[np.int64]:
    """Near copies among articles, and among those of counts, which have no text to compare.

    Of counts it is known which of one file are near copies; articles of equal counts are one too.
    """
    groups = near_copies(map(compared_text, articles))
    if not corpora:
        return groups
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    sums = np.concatenate([_sums(counts) for counts in corpora])
    copies = np.concatenate([_told_copies(counts) for counts in corpora])
    file = np.repeat(np.arange(len(corpora)), list(map(len, corpora)))
    alike = np.concatenate(
        [_first_alike(sums, sums != 0), _first_alike(np.stack([file, copies], axis=1), copies != 0)]
    )
    pairs = (np.ones(len(alike)), (np.tile(np.arange(len(sums)), 2), alike))
    _, counted = connected_components(coo_array(pairs, shape=(len(sums), len(sums))), False)
    return np.concatenate([groups, len(articles) + counted])


def _told_copies(counts: Counts) -> NDArray[np.int64]:
    return np.zeros(len(counts), dtype=np.int64) if counts.copies is None else counts.copies


def _first_alike(values: NDArray[Any], told: Bools) -> NDArray[np.int64]:
    """The place of the first equal value; of those that tell nothing their own."""
    _, first, same = np.unique(values, axis=0, return_index=True, return_inverse=True)
    return np.where(told, first[same.reshape(-1)], np.arange(len(values)))


def _sums(counts: Counts) -> NDArray[np.uint64]:
    """A number for each article that is equal where its n-grams and their counts are."""
    hashes = [blake2b(gram.encode(), digest_size=8).digest() for gram in counts.vocabulary]
    values = np.frombuffer(b"".join(hashes), dtype=np.uint64)
    weighed = values[counts.columns] * counts.counts.astype(np.uint64)
    before = np.concatenate([np.zeros(1, np.uint64), np.cumsum(weighed, dtype=np.uint64)])
    return np.diff(before[counts.indptr[np.concatenate([[0], np.cumsum(counts.lengths)])]])


def _carrying(
    key: str, articles: Sequence[Article], corpora: Sequence[Counts]
) -> tuple[Bools, Bools]:
    """Which articles are known to carry a theme, and which not to; those of counts last."""
    carried = [np.array([key in (a.themes or ()) for a in articles], dtype=bool)]
    known = [np.array([key not in a.unsettled for a in articles], dtype=bool)]
    for counts in corpora:
        k = counts.taxonomy.keys.index(key)
        carried.append(counts.labels[:, k])
        known.append(counts.known[:, k])
    labels, settled = np.concatenate(carried), np.concatenate(known)
    return labels & settled, ~labels & settled


def _lacking(carried: Bools, free: Bools, groups: NDArray[np.int64]) -> tuple[str, str] | None:
    """Problem and cure where a theme is carried by too few articles, or by too many.

    carried, free: (n_articles,), whether it is carried, and whether it is not. groups:
    (n_articles,); near copies count once.
    """
    few, many = "Label more articles with it", "Add articles without it"
    count, total = int(carried.sum()), int((carried | free).sum())
    if count < FEWEST_POSITIVES:
        return f"only {count} articles carry it, {FEWEST_POSITIVES} are needed", few
    if total - count < FEWEST_POSITIVES:
        return f"{count} of {total} articles carry it, there is nothing to tell it from", many
    if (count := len(np.unique(groups[carried]))) < FEWEST_POSITIVES:
        return f"only {count} different articles carry it, {FEWEST_POSITIVES} are needed", few
    if (count := len(np.unique(groups[free]))) < FEWEST_POSITIVES:
        return f"only {count} different articles do not carry it", many
    return None


def without_duplicates(articles: Sequence[Article], on_refusal: OnRefusal) -> list[Article]:
    """The first article of each id; the others are refused."""
    first: dict[str, Article] = {}
    for article in articles:
        earlier = first.setdefault(article.id, article)
        if earlier is not article:
            problem = f"id {article.id!r} stands already at {earlier.source}"
            cure = "Give every article its own id; the first one is used"
            on_refusal(Refusal(article.source, problem, cure))
    return list(first.values())


def _passage_labels(
    article: Article, passages: Sequence[Span], keys: Sequence[str]
) -> tuple[Bools, Bools]:
    settled = np.array([key not in article.unsettled for key in keys], dtype=bool)
    carried = np.array([key in (article.themes or ()) for key in keys], dtype=bool)
    labels = np.zeros((len(passages), len(keys)), dtype=bool)
    known = np.tile(settled & ~carried, (len(passages), 1))
    if article.spans is not None:
        _label_by_spans(article.spans, passages, keys, labels, known)
        return labels & carried, known & settled
    # Where an article's theme stands in none of its passages' labels, those labels do not tell.
    told = {key for themes in article.passages.values() for key in themes}
    paragraphs = split_paragraphs(article.text)
    first = 0 if article.title else 1  # paragraph 0 is the title
    for row, (start, end) in enumerate(passages):
        numbers = [i for i, (s, e) in enumerate(paragraphs, first) if s < end and e > start]
        if all(number in article.passages for number in numbers):
            inside = {key for number in numbers for key in article.passages[number]}
            labels[row] = [key in inside for key in keys]
            known[row] |= settled & [key in told for key in keys]
    return labels & carried, known


def _label_by_spans(
    spans: Mapping[str, Sequence[Span]],
    passages: Sequence[Span],
    keys: Sequence[str],
    labels: Bools,
    known: Bools,
) -> None:
    """Fill in what marked spans say: a passage reports on a theme where they overlap by half."""
    begin, end = (np.array(side) for side in zip(*passages, strict=True))
    for k, key in enumerate(keys):
        for start, stop in spans.get(key, ()):
            overlap = np.minimum(end, stop) - np.maximum(begin, start)
            half = np.minimum(end - begin, stop - start) / 2
            labels[:, k] |= (overlap > 0) & (overlap >= half)
        known[:, k] |= bool(labels[:, k].any())
