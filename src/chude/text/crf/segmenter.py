"""Word segmentation of batches of Vietnamese texts, equal to underthesea's `word_tokenize`."""

import warnings
from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from chude.compute.backend import Backend, BackendChoice
from chude.text.code_points import JoinedTexts
from chude.text.crf.chunks import ChunkTable
from chude.text.crf.encoder import Encoded, Encoder, Steps
from chude.text.crf.installed import UnverifiedError
from chude.text.crf.lexicon import Lexicon, Vocabulary
from chude.text.crf.long_texts import LONG, LongTexts
from chude.text.crf.prepared import Prepared, load_prepared
from chude.text.crf.reference import segment_text
from chude.text.crf.steps_numpy import NumpySteps
from chude.text.crf.tables import Tables
from chude.text.tokens import Tokens, concatenate


class FastSegmenter:
    """Segments batches of texts into words, as underthesea would.

    What it learns about chunks, tokens and words of one batch makes the next batches faster; it
    forgets all of it before a batch when there are more than `max_entries` of them (about half a
    kilobyte each). A batch of some hundred to some thousand texts is best. An instance must not be
    used by two threads at a time; several instances share the model.

    backend: chooses the implementation of the laborious steps. "auto" takes NumPy, and numba, if
    installed, from the first large batch on after so many characters that it is worth importing;
    "numba" raises ImportError at the first batch when it is not installed.

    When another underthesea than the verified one is installed, a warning is given and every text
    goes through that one.
    """

    def __init__(self, max_entries: int = 500_000, backend: Backend = "auto") -> None:
        self._max_entries = max_entries
        self._backend = BackendChoice(backend)
        self._known: Prepared | None = None
        try:
            self._known = load_prepared()
        except UnverifiedError as error:
            warnings.warn(f"word segmentation takes the slow way: {error}", stacklevel=2)
        self._reset()

    def _reset(self) -> None:
        self._vocabulary = Vocabulary()
        self._compiled: Steps | None = None
        if self._known is not None:
            tables, rules = self._known
            self._lexicon = Lexicon(tables, self._vocabulary)
            self._chunks = ChunkTable(self._lexicon, rules)
            self._plain = NumpySteps(tables, self._chunks, self._lexicon)
            self._long = LongTexts(tables, rules, self._chunks, self._lexicon, self._plain)

    def segment(self, texts: Sequence[str]) -> Tokens:
        """Words of each of `texts`."""
        if isinstance(texts, str):
            raise TypeError("segment() takes a sequence of texts, not one text")
        return self.segment_joined(JoinedTexts.of(texts))

    def segment_joined(self, texts: JoinedTexts) -> Tokens:
        """Words of each of `texts`."""
        if self._known is None:
            nothing = np.zeros(0, np.int32)
            indptr = np.zeros(len(texts) + 1, np.int64)
            words = Tokens(self._vocabulary.words, nothing, nothing, nothing, indptr)
            return self._add_slowly(words, texts, list(range(len(texts))))
        if len(self._lexicon) + self._chunks.size > self._max_entries:
            self._reset()
        steps = self._steps(self._known.tables, len(texts.codes))
        try:
            if texts.lengths.max(initial=0) > LONG:
                return self._with_long(texts, steps)
            return self._remembered(texts, steps)
        except BaseException:  # also an interruption may have left the tables in disorder
            self._reset()
            raise

    def _remembered(self, texts: JoinedTexts, steps: Steps) -> Tokens:
        """Words of texts of which every chunk is remembered."""
        encoded = Encoder(self._chunks).encode(texts, steps)
        words = self._words(encoded, steps)
        if encoded.unsegmented:
            whole = self._words(self._encode_whole(texts, encoded.unsegmented), steps)
            words = _put_in(words, whole, encoded.unsegmented)
        return words

    def _with_long(self, texts: JoinedTexts, steps: Steps) -> Tokens:
        """Words of texts of which some are long and done one by one."""
        parts = []
        for length, codes in zip(texts.lengths.tolist(), texts.each(), strict=True):
            if length > LONG:
                columns = self._long.words(codes)
                indptr = np.array([0, len(columns.ids)])
                parts.append(Tokens(self._vocabulary.words, *columns, indptr))
            else:
                one = JoinedTexts(codes, np.array([0]), np.array([length]))
                parts.append(self._remembered(one, steps))
        return parts[0] if len(parts) == 1 else concatenate(parts)

    def _steps(self, tables: Tables, characters: int) -> Steps:
        """The implementation for a batch of so many characters."""
        if not self._backend.choose(characters):
            return self._plain
        if self._compiled is None:
            from chude.text.crf.steps_numba import NumbaSteps

            self._compiled = NumbaSteps(tables, self._chunks, self._lexicon)
        return self._compiled

    def _encode_whole(self, texts: JoinedTexts, unsegmented: list[int]) -> Encoded:
        """Tokens of the texts that cannot be cut at white space."""
        found = [self._long.whole(texts[i]) for i in unsegmented]
        tokens, starts, ends = map(np.concatenate, zip(*found, strict=True))
        return Encoded(tokens, starts, ends, np.array([len(one.ids) for one in found]), [])

    def _words(self, encoded: Encoded, steps: Steps) -> Tokens:
        """Join the tokens into words."""
        begins = steps.find_begins(encoded.tokens, encoded.sizes)
        first = np.flatnonzero(begins)
        bounds = np.append(first, len(begins))
        offsets = np.concatenate([[0], np.cumsum(encoded.sizes)])
        return Tokens(
            self._vocabulary.words,
            steps.find_words(encoded.tokens, bounds),
            encoded.starts[first],
            encoded.ends[bounds[1:] - 1],
            np.searchsorted(first, offsets),
        )

    def _add_slowly(self, words: Tokens, texts: JoinedTexts, unsegmented: list[int]) -> Tokens:
        """Fill the texts that have no words in `words` yet, by underthesea itself."""
        if not unsegmented:
            return words
        segmented = [segment_text(texts[i]) for i in unsegmented]
        ids = [[self._vocabulary.add(word) for word in text.words] for text in segmented]
        sizes = np.diff(words.indptr)
        sizes[unsegmented] = [len(of_text) for of_text in ids]
        before = np.repeat(words.indptr[unsegmented], sizes[unsegmented])

        def insert(column: NDArray[np.int32], values: list[list[int]]) -> NDArray[np.int32]:
            return np.insert(column, before, np.array(list(chain.from_iterable(values)), np.int32))

        return Tokens(
            words.vocabulary,
            insert(words.ids, ids),
            insert(words.starts, [text.starts for text in segmented]),
            insert(words.ends, [text.ends for text in segmented]),
            np.concatenate([[0], np.cumsum(sizes)]),
        )


def _put_in(words: Tokens, others: Tokens, texts: list[int]) -> Tokens:
    """The words with those of the other batch for these texts."""
    rows = np.arange(len(words))
    rows[texts] = len(words) + np.arange(len(texts))
    return concatenate([words, others]).take(rows)
