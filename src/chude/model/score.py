"""Score: from segmented articles to the margins of the linear models.

A theme is present when a passage reports on it, so an article has two margins a theme: that of its
whole text and that of its best passages, one or the mean of two (multi-instance learning;
Dietterich et al. 1997). The calibration weighs them against each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chude.compute.backend import started
from chude.corpus.passage_sizes import SIZES, Sizes
from chude.features.sparse import Parts, SparseRows
from chude.features.tfidf import Features, count, count_parts
from chude.text.passages import Passages, Span, passage_bounds, passage_tokens, split_all
from chude.text.tokens import Tokens

MOST_BEST = 2  # passages of an article that count for a theme


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights float32 (n_features, n_themes) and intercepts float32 (n_themes,)."""

    weights: NDArray[np.float32]
    intercept: NDArray[np.float32]

    def margins(
        self, matrix: SparseRows, rows: NDArray[np.int64] | None = None
    ) -> NDArray[np.float64]:
        """Margins (n_rows, n_themes) of these rows of a TF-IDF matrix, None for all.

        The same bits with numba, which is used where it is loaded anyway, and without.
        """
        n_rows, n_themes = len(matrix.indptr) - 1, self.weights.shape[1]
        rows = np.arange(n_rows) if rows is None else rows
        margins = np.zeros((len(rows), n_themes))
        if started():
            from chude.model import score_numba

            score_numba.add_margins(*matrix, rows, self.weights, margins)
        else:
            row, data = matrix.rows, matrix.data.astype(np.float64, copy=False)
            for k in range(n_themes):  # bincount adds in order of the entries
                products = data * self.weights[matrix.columns, k]
                margins[:, k] = np.bincount(row, products, n_rows)[rows]
        return margins + self.intercept


@dataclass(frozen=True, slots=True)
class Scored:
    """What the models say of a batch of articles.

    whole: (n_articles, n_themes), margins of the whole texts. passages: of each article.
    of_passages: (n_passages, n_themes), one article's after the other's; None where passages do not
    count. n_best: see `Scorer`.
    """

    whole: NDArray[np.float64]
    passages: Passages
    of_passages: NDArray[np.float64] | None
    n_best: int = 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Passages of each article, (n_articles,)."""
        return self.passages.lengths

    @property
    def margins(self) -> NDArray[np.float64]:
        """As `Scorer.margins` gives them."""
        if self.of_passages is None:
            return self.whole[:, :, None]
        best = mean_of_best(self.of_passages, self.lengths, self.n_best)
        return np.stack([self.whole, best], axis=2)

    @property
    def best_passages(self) -> NDArray[np.int64]:
        """As the function; with passages that count."""
        assert self.of_passages is not None
        return best_passages(self.of_passages, self.lengths, self.n_best)

    def take(self, articles: NDArray[np.integer]) -> "Scored":
        """Of the articles at these places, in this order."""
        of_passages = self.of_passages
        if of_passages is not None:
            of_passages = of_passages[self.passages.places(articles)]
        passages = self.passages.take(articles)
        return Scored(self.whole[articles], passages, of_passages, self.n_best)


@dataclass(frozen=True, slots=True)
class Scorer:
    """The vocabulary and the linear models of whole articles and of passages.

    passage: None where passages do not count, as with exclusive themes. n_best: how many of an
    article's best passages count for a theme, at most `MOST_BEST`. sizes: of the passages.
    """

    features: Features
    article: Linear
    passage: Linear | None
    n_best: int = 1
    sizes: Sizes = SIZES

    def article_margins(self, tokens: Tokens) -> NDArray[np.float64]:
        """Margins (n_articles, n_themes) of the whole texts."""
        return self.article.margins(self.features.weigh(count(tokens, self.features)))

    def passage_margins(
        self, tokens: Tokens, passages: Sequence[Sequence[Span]]
    ) -> NDArray[np.float64]:
        """Margins (n_passages, n_themes), one article's passages after the other's."""
        linear = self.passage or self.article
        counts = count(passage_tokens(tokens, passages), self.features)
        return linear.margins(self.features.weigh(counts))

    def margins(self, tokens: Tokens, texts: Sequence[str]) -> NDArray[np.float64]:
        """Margins (n_articles, n_themes, n_parts): of the whole text, and of its best passages."""
        return self.score(tokens, texts).margins

    def score(self, tokens: Tokens, texts: Sequence[str]) -> Scored:
        """The margins of the whole texts and of all their passages, counted in one pass."""
        if self.passage is None:
            return Scored(self.article_margins(tokens), Passages.of([[] for _ in texts]), None)
        passages = split_all(texts, self.sizes)
        parts = Parts(passage_bounds(tokens, passages), passages.indptr)
        whole, of_passages = map(self.features.weigh, count_parts(tokens, parts, self.features))
        margins = self.passage.margins(of_passages)
        return Scored(self.article.margins(whole), passages, margins, self.n_best)


def best_passages(
    margins: NDArray[np.float64], lengths: Sequence[int] | NDArray[np.integer], n_best: int = 1
) -> NDArray[np.int64]:
    """Which passages of each article have the largest margins, the first of equals first.

    margins: (n_passages, n_themes); lengths: passages of each article, at least 1.
    Returns places among the article's passages, (n_articles, n_themes, n_best); -1 where it has no
    more.
    """
    best = np.full((len(lengths), margins.shape[1], n_best), -1)
    if not len(lengths):
        return best
    firsts = np.cumsum([0, *lengths[:-1]])
    places = (np.arange(len(margins)) - np.repeat(firsts, lengths))[:, None]
    left = margins
    for rank in range(n_best):
        largest = np.repeat(np.maximum.reduceat(left, firsts, axis=0), lengths, axis=0)
        found = np.minimum.reduceat(np.where(left == largest, places, len(margins)), firsts, axis=0)
        best[:, :, rank] = np.where(np.asarray(lengths)[:, None] > rank, found, -1)
        left = np.where(places == np.repeat(found, lengths, axis=0), -np.inf, left)
    return best


def mean_of_best(
    margins: NDArray[np.float64], lengths: Sequence[int] | NDArray[np.integer], n_best: int = 1
) -> NDArray[np.float64]:
    """The mean of the largest margins of each article's passages, (n_articles, n_themes).

    As `best_passages`; an article with fewer passages has the mean of those.
    """
    if not len(lengths):
        return np.empty((0, margins.shape[1]))
    firsts = np.cumsum([0, *lengths[:-1]])
    if n_best == 1:
        return np.maximum.reduceat(margins, firsts, axis=0)
    best = best_passages(margins, lengths, n_best)
    found = margins[best + firsts[:, None, None], np.arange(margins.shape[1])[:, None]]
    return np.where(best >= 0, found, 0.0).sum(axis=2) / (best >= 0).sum(axis=2)
