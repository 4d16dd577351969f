"""The words of a batch of texts, as columns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    vocabulary, ids = batches[0].vocabulary, [batch.ids for batch in batches]
    if any(batch.vocabulary is not vocabulary for batch in batches):
        vocabulary, ids = _join_vocabularies(batches)
    shifts = np.cumsum([0, *(len(batch.ids) for batch in batches[:-1])])
    ends = [batch.indptr[1:] + shift for batch, shift in zip(batches, shifts, strict=True)]
    return Tokens(
        vocabulary,
        np.concatenate(ids),
        np.concatenate([batch.starts for batch in batches]),
        np.concatenate([batch.ends for batch in batches]),
        np.concatenate([[0], *ends]).astype(np.int64),
    )


def _join_vocabularies(batches: Sequence[Tokens]) -> tuple[list[str], list[NDArray[np.int32]]]:
    """The words of all batches in one list, and the ids of each batch in it."""
    # A vocabulary may be a segmenter's own, with many words that are in none of the batches.
    vocabularies = {id(batch.vocabulary): batch.vocabulary for batch in batches}
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
    return joined, [places[id(batch.vocabulary)][batch.ids] for batch in batches]
