"""Targets: what is known of the themes of articles and of their passages."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class StackedTargets:
    """What is known of passages, and of articles that stand for them, one below the other.

    The positives among an article's passages may be unknown; then the article stands for them.
    labels, known: (n_passages + n_articles, n_themes). lengths: (n_articles,), passages of each.
    """

    labels: Bools
    known: Bools
    lengths: NDArray[np.int64]

    def rows(self, articles: Bools) -> NDArray[np.int64]:
        """The rows to learn from, those of some articles, (n_articles,)."""
        passages = np.flatnonzero(np.repeat(articles, self.lengths))
        n_passages = len(self.labels) - len(self.lengths)
        standing = self.known[n_passages:].any(axis=1)
        return np.concatenate([passages, n_passages + np.flatnonzero(articles & standing)])


@dataclass(frozen=True, slots=True)
class Targets:
    """The labels to learn and to judge by.

    labels, known: (n_articles, n_themes), whether an article carries a theme, and whether that is
    known. passage_labels, passage_known: (n_passages, n_themes), whether a passage reports on it,
    and whether that is known: from its own label, or because its article does not carry the theme.
    lengths: int64 (n_articles,), passages of each article. by_chance: (n_articles,), whether it was
    drawn by chance from its archive.
    """

    labels: Bools
    known: Bools
    passage_labels: Bools
    passage_known: Bools
    lengths: NDArray[np.int64]
    by_chance: Bools

    def __len__(self) -> int:
        """The number of articles."""
        return len(self.labels)

    @property
    def one_each(self) -> bool:
        """Whether each article is one passage, of which nothing else is known."""
        wholes = len(self.passage_labels) == len(self) and bool((self.lengths == 1).all())
        return wholes and not (self.passage_known & (self.passage_labels != self.labels)).any()

    @property
    def stacked(self) -> StackedTargets:
        """What the model of passages is learnt from."""
        standing = self.unknown_positives
        labels = np.concatenate([self.passage_labels, standing])
        known = np.concatenate([self.passage_known, standing])
        return StackedTargets(labels, known, self.lengths)

    @property
    def unknown_positives(self) -> Bools:
        """Articles in which it is not known which passages report on a theme they carry.

        That is so too where all passages are labelled, and none with the theme.
        """
        article = np.repeat(np.arange(len(self)), self.lengths)
        unknown = np.zeros(self.labels.shape, dtype=bool)
        for k in range(self.labels.shape[1]):
            known, label = self.passage_known[:, k], self.passage_labels[:, k]
            unlabelled = np.bincount(article[~known], minlength=len(self)) > 0
            found = np.bincount(article[known & label], minlength=len(self)) > 0
            unknown[:, k] = (unlabelled | ~found) & self.labels[:, k] & self.known[:, k]
        return unknown


def concatenate_targets(parts: Sequence[Targets]) -> Targets:
    """The articles of several sources, one source after the other."""
    return Targets(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in Targets.__dataclass_fields__
        )
    )
