"""Points: what each n-gram, word and passage adds to the log-odds of a theme, exactly.

The model is a sum all the way to the printed probability. For article i and theme k the log-odds
are `z = w0 * m_article + w1 * m_best + offset` (see `Calibration`), and `p = 1 / (1 + exp(-z))`.

- A point is one unit of log-odds: one more multiplies the odds by 2.7.
- The start is `w0 * b_article + w1 * b_passage + offset`: what an article has in which the model
  knows no word.
- An n-gram has `w0 * W_article[c, k] * x[c]` in the article, in equal parts at each of its
  occurrences; where it stands in the theme's best passage also `w1 * W_passage[c, k] * x'[c]`, x'
  being the passage's own row, in equal parts at each of its occurrences there. Where the mean of
  the two best passages is what counts (see `Scorer`), half of that in each of them.
- A word, one token of the text, has the points of the n-grams that are this word alone, and 1/n of
  those of each n-gram of n words that it is part of.
- A passage has the sum of its words. An n-gram across a border is split with its words.

With exclusive themes z is the log-odds against one other theme j: the weights are differences, and
`p_k / p_j = exp(z)`.

Start and n-grams, start and words, start and passages: each adds up to z.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chude.features.locate import Occurrences, occurrences, shares
from chude.features.sparse import rows_of
from chude.model.decide import Calibration, Floats
from chude.model.score import Linear, Scored, Scorer
from chude.text.passages import passage_tokens
from chude.text.tokens import Tokens

Integers = NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Asked:
    """Pairs of an article and a theme, in the order of the articles: int64 (n_asked,) each.

    against: the theme that it is told from where themes are exclusive, else -1.
    """

    articles: NDArray[np.int64]
    themes: NDArray[np.int64]
    against: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.articles)


@dataclass(frozen=True, slots=True)
class Points:
    """All points of the asked pairs.

    start, score: float64 (n_asked,). For each pair: article, passage, ngrams: float64 (n_ngrams of
    the article,), what each occurrence of an n-gram has by the model of whole articles, by that of
    passages in the best passages, and in all; words: float64 (n_words of the article,); passages:
    float64 (n_passages of the article,).
    passage_of: int64 (n_words of the batch,), the passage of its article that each word lies in.
    located: the n-grams of the batch.
    """

    start: Floats
    score: Floats
    article: list[Floats]
    passage: list[Floats]
    ngrams: list[Floats]
    words: list[Floats]
    passages: list[Floats]
    passage_of: NDArray[np.int64]
    located: Occurrences


@dataclass(frozen=True, slots=True)
class _NgramPoints:
    """One asked pair after the other: which occurrence each is, of which pair, and its points."""

    bounds: NDArray[np.int64]
    taken: NDArray[np.int64]
    of_asked: NDArray[np.int64]
    article: Floats
    passage: Floats


def points(
    scorer: Scorer, calibration: Calibration, tokens: Tokens, scored: Scored, asked: Asked
) -> Points:
    """The points of the asked pairs; scored: of all articles of the batch, with their passages."""
    located = occurrences(tokens, scorer.features)
    of_passages = passage_tokens(tokens, scored.passages).indptr
    passage_of = rows_of(of_passages)  # counted through the batch
    ngrams = _ngram_points(scorer, calibration, located, passage_of, scored, asked)
    words = _word_points(ngrams, located, tokens.indptr, asked)
    firsts = np.cumsum([0, *scored.lengths])
    inner = passage_of - np.repeat(firsts[:-1], np.diff(tokens.indptr))
    passages = [
        np.bincount(
            inner[tokens.indptr[i] : tokens.indptr[i + 1]], of_words, scored.lengths[i]
        ).astype(np.float64)  # of no words at all it makes integers
        for i, of_words in zip(asked.articles.tolist(), words, strict=True)
    ]
    intercepts = [linear.intercept for linear in (scorer.article, scorer.passage) if linear]
    start = calibration.scores(np.stack(intercepts, axis=1)[None].astype(np.float64))
    return Points(
        start=_of(np.repeat(start, len(scored.whole), axis=0), asked),
        score=_of(calibration.scores(scored.margins), asked),
        article=_split(ngrams.article, ngrams.bounds),
        passage=_split(ngrams.passage, ngrams.bounds),
        ngrams=_split(ngrams.article + ngrams.passage, ngrams.bounds),
        words=words,
        passages=passages,
        passage_of=inner,
        located=located,
    )


def _of(values: Floats, asked: Asked) -> Floats:
    """Of a table (n_articles, n_themes) the asked pairs, against their others: (n_asked,)."""
    found = values[asked.articles, asked.themes]
    return np.where(asked.against < 0, found, found - values[asked.articles, asked.against])


def _ngram_points(
    scorer: Scorer,
    calibration: Calibration,
    located: Occurrences,
    passage_of: NDArray[np.int32],
    scored: Scored,
    asked: Asked,
) -> _NgramPoints:
    n_found = np.diff(located.indptr)[asked.articles]
    bounds = np.concatenate([[0], np.cumsum(n_found)])
    of_asked = np.repeat(np.arange(len(asked)), n_found)
    taken = np.repeat(located.indptr[asked.articles] - bounds[:-1], n_found) + np.arange(bounds[-1])
    columns, article = located.columns[taken], asked.articles[of_asked]
    of_article = _article_shares(scorer, located, asked, len(scored.whole))[taken]
    article_points, passage_points = np.zeros(len(taken)), np.zeros(len(taken))
    inside, of_passage = np.empty(0, np.int64), np.empty(0)
    if scorer.passage is not None:
        firsts = np.cumsum([0, *scored.lengths[:-1]])[:, None, None]
        best = scored.best_passages
        best = np.where(best >= 0, best + firsts, -1)
        pairs = asked.articles, np.stack([asked.themes, np.maximum(asked.against, 0)])
        inside, of_passage = _passage_shares(scorer, located, passage_of, best[pairs])
        n_best = np.minimum(scored.lengths, scored.n_best)
        inside, of_passage = inside[taken], of_passage[taken] / n_best[article]
    for sign, themes in ((1.0, asked.themes), (-1.0, asked.against)):
        if (themes < 0).all():
            continue  # told from no other theme
        theme = themes[of_asked]
        known = theme >= 0
        weight = np.where(known, sign * calibration.weights[theme, 0], 0.0)
        article_points += weight * _weights(scorer.article, columns, theme) * of_article
        if scorer.passage is not None:
            known = known & (inside[:, None] == best[article, theme]).any(axis=1)
            weight = np.where(known, sign * calibration.weights[theme, 1], 0.0)
            passage_points += weight * _weights(scorer.passage, columns, theme) * of_passage
    return _NgramPoints(bounds, taken, of_asked, article_points, passage_points)


def _article_shares(scorer: Scorer, located: Occurrences, asked: Asked, n_articles: int) -> Floats:
    """The share of each occurrence in its article; none where nothing is asked of an article."""
    wanted = np.zeros(n_articles, dtype=bool)
    wanted[asked.articles] = True
    some = np.flatnonzero(wanted[located.rows])
    share = np.zeros(len(located.columns))
    rows = located.rows[some]
    share[some] = shares(scorer.features, located.columns[some], rows, n_articles)
    return share


def _passage_shares(
    scorer: Scorer, located: Occurrences, passage_of: NDArray[np.int32], asked: NDArray[np.int64]
) -> tuple[NDArray[np.int64], Floats]:
    """The passage that holds all words of each occurrence, -1 for none, and its share there.

    asked: passages counted through the batch, -1 for none; others have no share.
    """
    first = passage_of[located.words[:, 0]]
    last = passage_of[located.last_words]
    wanted = np.zeros(int(asked.max(initial=0)) + 1, dtype=bool)
    wanted[asked[asked >= 0]] = True
    some = np.flatnonzero((first == last) & (first < len(wanted)))
    some = some[wanted[first[some]]]
    share = np.zeros(len(first))
    share[some] = shares(scorer.features, located.columns[some], first[some], len(wanted))
    return np.where(first == last, first, -1).astype(np.int64), share


def _weights(linear: Linear, columns: Integers, themes: Integers) -> Floats:
    return linear.weights[columns, themes].astype(np.float64)


def _word_points(
    ngrams: _NgramPoints, located: Occurrences, indptr: NDArray[np.int64], asked: Asked
) -> list[Floats]:
    """For each asked pair the points of the article's words."""
    n_words = np.diff(indptr)[asked.articles]
    bounds = np.concatenate([[0], np.cumsum(n_words)])
    moved = (bounds[:-1] - indptr[asked.articles])[ngrams.of_asked]
    total = ngrams.article + ngrams.passage
    share = total / located.lengths[ngrams.taken]
    words = np.zeros(bounds[-1])
    for column in located.words.T:
        word = column[ngrams.taken]
        some = np.flatnonzero(word >= 0)
        words += np.bincount(word[some] + moved[some], share[some], len(words))
    return _split(words, bounds)


def _split(values: Floats, bounds: NDArray[np.int64]) -> list[Floats]:
    return np.split(values, bounds[1:-1]) if len(bounds) > 1 else []
