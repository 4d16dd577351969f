"""Decide: from margins to probabilities, and from these to yes, no or review.

Nothing here sees the articles being judged: calibration and thresholds come from out-of-fold
margins of the training articles.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chude.corpus.encodings import looks_sound
from chude.text.heal import heal

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_WORDS = np.array(["no", "yes", "review"], dtype=object)

# Share of words; of 4,270 newspaper articles the least has 0.75, English and broken text have 0.5.
LEAST_KNOWN = 0.6
_SURE = 0.85  # a text of less is looked at for a wrong encoding


@dataclass(frozen=True, slots=True)
class Calibration:
    """Margins to probabilities.

    weights: float64 (n_themes, n_parts); offset: float64 (n_themes,). Any number of themes: a
    sigmoid of the weighted parts (Platt 1999). Exclusive themes: a softmax over the themes.
    """

    weights: Floats
    offset: Floats
    exclusive: bool

    def scores(self, margins: Floats) -> Floats:
        """The weighted margins (n_articles, n_themes): log-odds, or what the softmax takes."""
        return np.einsum("nkp,kp->nk", margins, self.weights) + self.offset

    def probabilities(self, margins: Floats) -> Floats:
        """Probabilities (n_articles, n_themes) of margins (n_articles, n_themes, n_parts)."""
        score = self.scores(margins)
        if not self.exclusive:
            return 1 / (1 + np.exp(-np.clip(score, -500, 500)))
        raised = np.exp(score - score.max(axis=1, keepdims=True))
        return raised / raised.sum(axis=1, keepdims=True)


@dataclass(frozen=True, slots=True)
class Decision:
    """Probabilities to decisions.

    thresholds: float64 (n_themes,), the least probability of a yes.
    review_error: a decision whose chance to be wrong is above it goes to a person.
    least_known: an article of whose words a smaller share is known goes to a person: it may be in
    another language or encoding, so that its probabilities mean nothing; with 0 none goes.
    """

    thresholds: Floats
    exclusive: bool
    review_error: float = 0.25
    least_known: float = LEAST_KNOWN

    def chosen(self, probabilities: Floats) -> Bools:
        """Whether each theme is given to each article, (n_articles, n_themes)."""
        if not self.exclusive:
            return probabilities >= self.thresholds
        best = probabilities.argmax(axis=1)
        return np.arange(probabilities.shape[1]) == best[:, None]

    def doubtful(self, probabilities: Floats) -> Bools:
        """Whether each decision should be seen by a person, (n_articles, n_themes)."""
        chosen = self.chosen(probabilities)
        return np.where(chosen, 1 - probabilities, probabilities) > self.review_error

    def unknown(self, known: Floats, text: Callable[[int], str]) -> Bools:
        """Which articles go to a person for their words, (n_articles,).

        known: (n_articles,), the share of each article's words that the model knows. text: gives
        the text of an article of which that share leaves doubts.
        """
        unknown = known < self.least_known
        if self.least_known:
            for i in np.flatnonzero(~unknown & (known < _SURE)).tolist():
                unknown[i] = not looks_sound(heal(text(i)).text)  # as its words were read
        return unknown

    def words(self, probabilities: Floats, unknown: Bools) -> NDArray[np.object_]:
        """`yes`, `no` or `review` for each theme of each article, (n_articles, n_themes).

        unknown: (n_articles,), as `unknown` gives it.
        """
        review = self.doubtful(probabilities) | unknown[:, None]
        return _WORDS[np.where(review, 2, self.chosen(probabilities))]
