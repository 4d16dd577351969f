"""The words of a batch of texts, as columns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a batch of texts, column by column.

    vocabulary: words, the syllables of one joined by `_`; it may be a segmenter's own, which holds
        words of other batches too and grows with later ones. From several segmenters, a word may
        stand there more than once.
    ids: int32 (n_words,), places in `vocabulary`.
    starts, ends: int32 (n_words,), character offsets into each text as it was given; or both empty
        (see `without_offsets`).
    indptr: int64 (n_texts + 1,); the words of text i are indptr[i]:indptr[i + 1].
    """

    vocabulary: list[str]
    ids: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    indptr: NDArray[np.int64]

    def __len__(self) -> int:
        """The number of texts."""
        return len(self.indptr) - 1

    def words(self, text: int) -> list[str]:
        """The words of one text, in order."""
        return [self.vocabulary[i] for i in self.ids[self.indptr[text] : self.indptr[text + 1]]]

    def without_offsets(self) -> "Tokens":
        """The words alone, in a third of the memory; `take` does not work on them."""
        nothing = np.zeros(0, dtype=np.int32)
        return replace(self, starts=nothing, ends=nothing)

    def take(self, texts: NDArray[np.integer]) -> "Tokens":
        """The batch of the texts at these places, in this order."""
        firsts, lengths = self.indptr[texts], np.diff(self.indptr)[texts]
        indptr = np.concatenate([[0], np.cumsum(lengths)])
        rows = np.repeat(firsts - indptr[:-1], lengths) + np.arange(indptr[-1])
        return Tokens(self.vocabulary, self.ids[rows], self.starts[rows], self.ends[rows], indptr)


def concatenate(batches: Sequence[Tokens]) -> Tokens:
    """Several batches as one, with one vocabulary."""
    vocabulary, places = _join_vocabularies(batches)
    bounds = np.cumsum([0, *(len(batch.ids) for batch in batches)])
    ids = np.empty(bounds[-1], dtype=np.int32)
    for batch, (start, stop) in zip(batches, pairwise(bounds.tolist()), strict=True):
        of_batch = places[id(batch.vocabulary)]
        # All ids are places, so nothing is clipped; the default, "raise", fills a copy of `out`.
        np.take(of_batch, batch.ids, out=ids[start:stop], mode="clip")
    ends = [batch.indptr[1:] + start for batch, start in zip(batches, bounds[:-1], strict=True)]
    return Tokens(
        vocabulary,
        ids,
        np.concatenate([batch.starts for batch in batches]),
        np.concatenate([batch.ends for batch in batches]),
        np.concatenate([[0], *ends]).astype(np.int64),
    )


def _join_vocabularies(batches: Sequence[Tokens]) -> tuple[list[str], dict[int, NDArray[np.int32]]]:
    """The words of all batches in one list, and the place there of each vocabulary's words."""
    vocabularies = {id(batch.vocabulary): batch.vocabulary for batch in batches}
    if len(vocabularies) == 1:
        [(key, words)] = vocabularies.items()
        return words, {key: np.arange(len(words), dtype=np.int32)}
    # A vocabulary may be a segmenter's own, with many words that are in none of the batches.
    used = {key: np.zeros(len(words), dtype=bool) for key, words in vocabularies.items()}
    for batch in batches:
        used[id(batch.vocabulary)][batch.ids] = True
    joined: list[str] = []
    places: dict[int, NDArray[np.int32]] = {}
    for key, words in vocabularies.items():
        inside = np.flatnonzero(used[key])
        places[key] = np.full(len(words), -1, dtype=np.int32)
        places[key][inside] = np.arange(len(joined), len(joined) + len(inside))
        joined += [words[i] for i in inside.tolist()]
    return joined, places
