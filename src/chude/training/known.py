"""How many of an article's words a model knows, when it has not seen the article."""

import numpy as np
from numpy.typing import NDArray

from chude.features.sparse import LEFT_OUT, Counts
from chude.features.tfidf import Features
from chude.model.decide import LEAST_KNOWN
from chude.text.tokens import Tokens

_RARE = 0.01  # share of sound articles that may go to a person for their words
_MARGIN = 0.8  # of what they know: new articles are a little further away


def choose_least_known(
    tokens: Tokens, whole: Counts, features: Features, fold: NDArray[np.int64], min_df: int
) -> float:
    """The least share of known words of a sound article: `LEAST_KNOWN`, or less for small corpora.

    Each article is judged by the words that stand in `min_df` articles of the other folds. whole:
    of these articles first, with the n-grams of `features`. fold: (n_articles,).
    """
    n_texts = len(tokens)
    if not n_texts:
        return LEAST_KNOWN
    single = np.asarray((features.grams[:, 1:] < 0).all(axis=1), dtype=bool)
    rows, end = whole.rows, whole.indptr[n_texts]
    rows, columns, counts = rows[:end], whole.columns[:end], whole.counts[:end]
    words = _words(tokens, features)
    shares = np.zeros(n_texts)
    for f in np.unique(fold[:n_texts]):
        others = fold[whole.rows] != f
        df = np.bincount(whole.columns[others], minlength=len(features.grams))
        known = single & (df >= min_df)
        inside = known[columns] & (fold[rows] == f)
        own = fold[:n_texts] == f
        found = np.bincount(rows[inside], counts[inside], minlength=n_texts)
        shares[own] = (found / np.maximum(words, 1))[own]
    return float(min(LEAST_KNOWN, round(_MARGIN * np.quantile(shares, _RARE), 2)))


def _words(tokens: Tokens, features: Features) -> NDArray[np.int64]:
    """The words of each text but bare punctuation, known or not."""
    places = features.word_index.words(tokens)
    counted = np.concatenate([[0], np.cumsum(places.place[places.ids] != LEFT_OUT)])
    return np.diff(counted[tokens.indptr])
