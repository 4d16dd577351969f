r"""From texts to token identifiers with places, remembering every distinct chunk.

Underthesea tokenises with one regular expression. No token of it reaches over white space, with one
exception, so that a text can be cut at white space into *chunks*, which are tokenised separately,
each distinct chunk only once. Why that gives the same tokens:

* Every character that is not white space belongs to some token (the last alternatives are `\w+`
  and any other single character), so that a match starts where a chunk starts.
* No part of the expression matches white space, save the dot of `Th.S` and `Th.s`. A text
  in which `Th` ends a chunk and `S` or `s` starts the next one is tokenised as a whole.
* What looks around a match looks one character far and cannot tell white space from the beginning
  or the end of the text, save `[A-ZĐ]+\.(?!$)`: a chunk that ends in a full stop is tokenised
  otherwise where `$` matches, that is at the end of the text, or before a line feed there.
  (`:D+(?=\s)` and `:D+(?=$)` are both there, and come to the same.)
* The normalisation of characters (Unicode NFC, and two letters of one code point exchanged) neither
  removes nor makes white space, and no character combines with white space.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from chude.text.code_points import JoinedTexts, distinct
from chude.text.crf.chunks import ENDS_IN_TH, STARTS_WITH_S, ChunkTable


class Steps(Protocol):
    """The laborious steps, of which there is an implementation with NumPy and a compiled one."""

    def find_chunks(self, joined: JoinedTexts) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Identifiers and places of the chunks of `joined`, with new ones added to the table."""

    def expand(
        self,
        ids: NDArray[np.int32],
        places: NDArray[np.int64],
        bounds: NDArray[np.int64],
        bases: NDArray[np.int64],
        skip: NDArray[np.bool_],
    ) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
        """Tokens, their starts and ends, and their number by text.

        The chunks of text i, which starts at `bases[i]`, are `bounds[i]:bounds[i + 1]`; a text
        that is to be skipped gets no tokens.
        """

    def find_begins(self, tokens: NDArray[np.int32], sizes: NDArray[np.int64]) -> NDArray[np.bool_]:
        """For each token whether a word begins there; `sizes` is the number by text."""

    def find_words(self, tokens: NDArray[np.int32], bounds: NDArray[np.int64]) -> NDArray[np.int32]:
        """Identifiers of the words made of the tokens `bounds[i]:bounds[i + 1]`."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Tokens of a batch of texts, one text after the other.

    tokens, starts, ends: (n_tokens,), identifiers, and offsets in the texts as given, in code
    points. sizes: (n_texts,), tokens of each text. unsegmented: the texts that have none here,
    because they have to be tokenised as a whole.
    """

    tokens: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    sizes: NDArray[np.int64]
    unsegmented: list[int]


class Encoder:
    """Encodes batches of texts; what it learns of one batch makes the next ones faster."""

    def __init__(self, chunks: ChunkTable) -> None:
        self._chunks = chunks

    def encode(self, texts: JoinedTexts, steps: Steps) -> Encoded:
        """Tokens of `texts`, found by `steps`."""
        ids, places = steps.find_chunks(texts)
        self._chunks.settle()
        codes, bases, lengths = texts.codes, texts.starts, texts.lengths
        bounds = np.searchsorted(places, np.append(bases, len(codes)))
        self._exchange_finals(ids, places, bounds, codes, bases + lengths)
        joined = self._joined(ids, bounds)
        skip = np.zeros(len(texts), np.bool_)
        skip[joined] = True
        tokens, starts, ends, sizes = steps.expand(ids, places, bounds, bases, skip)
        return Encoded(tokens, starts, ends, sizes, joined.tolist())

    def _exchange_finals(
        self,
        ids: NDArray[np.int32],
        places: NDArray[np.int64],
        bounds: NDArray[np.int64],
        codes: NDArray[np.uint32],
        text_ends: NDArray[np.int64],
    ) -> None:
        """Exchange the last chunks of texts that end there, or with one line feed after them."""
        filled = np.diff(bounds) > 0  # texts that have chunks
        last = bounds[1:][filled] - 1
        after = places[last] + self._chunks.length.array[ids[last]]
        rest = text_ends[filled] - after
        feed = np.zeros(len(last), np.bool_)
        feed[rest == 1] = codes[after[rest == 1]] == ord("\n")
        last = last[(rest == 0) | feed]
        ids[last] = self._chunks.final.array[ids[last]]

    def _joined(self, ids: NDArray[np.int32], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
        """Texts in which a token may reach over white space."""
        flags = self._chunks.flags.array[ids]
        suspects = np.flatnonzero(flags & ENDS_IN_TH)
        follower = np.append(flags, 0)[suspects + 1]
        bad = suspects[(follower & STARTS_WITH_S) != 0]
        return distinct(np.searchsorted(bounds, bad, "right") - 1)
