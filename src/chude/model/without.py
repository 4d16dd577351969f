"""What if a passage were not there: its words are taken out, and the article is scored again.

This is no sum of points: rows have length 1, so without some words the others weigh more.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from chude.batches import batched
from chude.model.decide import Floats
from chude.model.score import Scored, Scorer
from chude.text.tokens import Tokens

_WORDS = 1_000_000  # scored at a time


def margins_without(
    scorer: Scorer,
    tokens: Tokens,
    scored: Scored,
    passage_of: NDArray[np.int64],
    articles: Sequence[int],
) -> list[Floats]:
    """For each of the articles (n_passages, n_themes, n_parts), its margins without each passage.

    passage_of: int64 (n_words of the batch,), the passage of its article that each word lies in.
    """
    lengths = [scored.lengths[i] for i in articles]
    whole = _whole_without(scorer, tokens, passage_of, articles, lengths)
    if scored.of_passages is None or scorer.passage is None:
        return [margins[:, :, None] for margins in whole]
    firsts = np.cumsum([0, *scored.lengths])
    nothing = scorer.passage.intercept.astype(np.float64)
    best = [
        _best_of_others(scored.of_passages[firsts[i] : firsts[i + 1]], nothing) for i in articles
    ]
    return [np.stack(parts, axis=2) for parts in zip(whole, best, strict=True)]


def _whole_without(
    scorer: Scorer,
    tokens: Tokens,
    passage_of: NDArray[np.int64],
    articles: Sequence[int],
    lengths: Sequence[int],
) -> list[Floats]:
    longest = max((int(tokens.indptr[i + 1] - tokens.indptr[i]) for i in articles), default=1)
    variants = ((i, p) for i, n in zip(articles, lengths, strict=True) for p in range(n))

    def score() -> Iterator[Floats]:
        for some in batched(variants, max(_WORDS // max(longest, 1), 1)):
            kept = [_words_without(tokens, passage_of, i, p) for i, p in some]
            yield scorer.article_margins(_rows(tokens, kept))

    margins = np.concatenate([np.empty((0, scorer.article.weights.shape[1])), *score()])
    return np.split(margins, np.cumsum(lengths)[:-1])


def _words_without(
    tokens: Tokens, passage_of: NDArray[np.int64], article: int, passage: int
) -> NDArray[np.int64]:
    start, stop = tokens.indptr[article], tokens.indptr[article + 1]
    return start + np.flatnonzero(passage_of[start:stop] != passage)


def _rows(tokens: Tokens, rows: Sequence[NDArray[np.int64]]) -> Tokens:
    """A text of the words at each of these places."""
    words = np.concatenate(rows)
    indptr = np.cumsum([0, *map(len, rows)])
    return Tokens(
        tokens.vocabulary, tokens.ids[words], tokens.starts[words], tokens.ends[words], indptr
    )


def _best_of_others(margins: Floats, nothing: Floats) -> Floats:
    """For each passage the largest margin of the others, (n_passages, n_themes).

    nothing: (n_themes,), that of a passage without words, which is left of a single one.
    """
    if len(margins) == 1:
        return nothing[None]
    lowest = np.full((1, margins.shape[1]), -np.inf)
    before = np.concatenate([lowest, np.maximum.accumulate(margins)[:-1]])
    after = np.concatenate([np.maximum.accumulate(margins[::-1])[-2::-1], lowest])
    return np.maximum(before, after)
