"""How many of an article's words a model knows, when it has not seen the article."""

import numpy as np
from numpy.typing import NDArray

from chude.features.tfidf import Features
from chude.features.vocabulary import are_countable
from chude.model.decide import LEAST_KNOWN
from chude.text.tokens import Tokens
from chude.training.fit import CountedExamples

_RARE = 0.01  # share of sound articles that may go to a person for their words
_MARGIN = 0.8  # of what they know: new articles are a little further away


def choose_least_known(
    tokens: Tokens,
    counted: CountedExamples,
    features: Features,
    fold: NDArray[np.int64],
    min_df: int,
) -> float:
    """The least share of known words of a sound article: `LEAST_KNOWN`, or less for small corpora.

    Each article is judged by the words that stand in `min_df` articles of the other folds. counted:
    of these articles first, with the n-grams of `features`. fold: (n_articles,).
    """
    n_texts = len(tokens)
    if not n_texts:
        return LEAST_KNOWN
    bounds = counted.whole.indptr[: n_texts + 1]
    columns, counts = counted.whole.columns[: bounds[-1]], counted.whole.counts[: bounds[-1]]
    single = np.asarray((features.grams[:, 1:] < 0).all(axis=1), dtype=bool)
    by_fold = counted.found.sum(axis=1)
    known = single & (by_fold.sum(axis=0) - by_fold >= min_df)  # (n_folds, n_features)
    places = np.repeat(fold[:n_texts] * len(single), np.diff(bounds)) + columns
    found = np.concatenate([[0], np.cumsum(counts * known.ravel()[places])])[bounds]
    is_word = are_countable(tokens.vocabulary)  # bare punctuation is none
    words = np.concatenate([[0], np.cumsum(is_word[tokens.ids])])[tokens.indptr]
    shares = np.diff(found) / np.maximum(np.diff(words), 1)
    return float(min(LEAST_KNOWN, round(_MARGIN * np.quantile(shares, _RARE), 2)))
