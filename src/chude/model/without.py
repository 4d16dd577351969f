"""What if a passage were not there: its words are taken out, and the article is scored again.

This is no sum of points: rows have length 1, so without some words the others weigh more.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chude.batches import batched
from chude.model.decide import Floats
from chude.model.score import Scored, Scorer, best_passages
from chude.text.tokens import Tokens

_WORDS = 1_000_000  # scored at a time


class Rest(NamedTuple):
    """What is left of an article without each of its passages.

    margins: (n_passages, n_themes, n_parts). known: (n_passages,), the share of known words.
    """

    margins: Floats
    known: Floats


def score_without(
    scorer: Scorer,
    tokens: Tokens,
    scored: Scored,
    passage_of: NDArray[np.int64],
    articles: Sequence[int],
) -> list[Rest]:
    """Each of the articles without each of its passages.

    passage_of: int64 (n_words of the batch,), the passage of its article that each word lies in.
    """
    lengths = [scored.lengths[i] for i in articles]
    whole, known = _whole_without(scorer, tokens, passage_of, articles, lengths)
    if scored.of_passages is None or scorer.passage is None:
        margins = [of_article[:, :, None] for of_article in whole]
    else:
        firsts = np.cumsum([0, *scored.lengths])
        nothing = scorer.passage.intercept.astype(np.float64)
        best = [
            _best_of_others(scored.of_passages[firsts[i] : firsts[i + 1]], nothing, scored.n_best)
            for i in articles
        ]
        margins = [np.stack(parts, axis=2) for parts in zip(whole, best, strict=True)]
    return [Rest(*pair) for pair in zip(margins, known, strict=True)]


def _whole_without(
    scorer: Scorer,
    tokens: Tokens,
    passage_of: NDArray[np.int64],
    articles: Sequence[int],
    lengths: Sequence[int],
) -> tuple[list[Floats], list[Floats]]:
    """Margins of the whole texts (n_passages, n_themes) and shares of known words, an article."""
    longest = max((int(tokens.indptr[i + 1] - tokens.indptr[i]) for i in articles), default=1)
    variants = ((i, p) for i, n in zip(articles, lengths, strict=True) for p in range(n))
    margins = [np.empty((0, scorer.article.weights.shape[1]))]
    known = [np.empty(0)]
    for some in batched(variants, max(_WORDS // max(longest, 1), 1)):
        rows = _rows(tokens, [_words_without(tokens, passage_of, i, p) for i, p in some])
        margins.append(scorer.article_margins(rows))
        known.append(scorer.features.word_index.known_share(rows))
    ends = np.cumsum(lengths)[:-1]
    return np.split(np.concatenate(margins), ends), np.split(np.concatenate(known), ends)


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


def _best_of_others(margins: Floats, nothing: Floats, n_best: int) -> Floats:
    """For each passage the mean of the largest margins of the others, (n_passages, n_themes).

    nothing: (n_themes,), that of a passage without words, which is left of a single one.
    """
    n, n_themes = margins.shape
    if n == 1:
        return nothing[None]
    # Those of the others are among the `n_best + 1` largest of all.
    [ranked] = best_passages(margins, [n], n_best + 1)
    largest = np.where(ranked >= 0, margins[ranked, np.arange(n_themes)[:, None]], -np.inf)
    others = np.where(ranked == np.arange(n)[:, None, None], -np.inf, largest)
    best: Floats = -np.sort(-others, axis=2)[:, :, : min(n_best, n - 1)]
    return best.mean(axis=2)
