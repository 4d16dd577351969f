"""Cut texts into words: by underthesea's segmenter or into bare syllables.

Everything is a batch: `segment` takes many texts and returns their words as columns.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from chude.errors import ChudeError
from chude.text.normalize import Healed, heal


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a batch of texts, column by column.

    vocabulary: distinct words; the syllables of one are joined by `_`.
    ids: int32 (n_words,), places in `vocabulary`.
    starts, ends: int32 (n_words,), character offsets into each text as it was given.
    indptr: int64 (n_texts + 1,); the words of text i are indptr[i]:indptr[i + 1].
    """

    vocabulary: list[str]
    ids: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    indptr: NDArray[np.int64]

    def words(self, text: int) -> list[str]:
        """The words of one text, in order."""
        return [self.vocabulary[i] for i in self.ids[self.indptr[text] : self.indptr[text + 1]]]

    def take(self, texts: NDArray[np.integer]) -> "Tokens":
        """The batch of the texts at these places, in this order."""
        firsts, lengths = self.indptr[texts], np.diff(self.indptr)[texts]
        indptr = np.concatenate([[0], np.cumsum(lengths)])
        rows = np.repeat(firsts - indptr[:-1], lengths) + np.arange(indptr[-1])
        return Tokens(self.vocabulary, self.ids[rows], self.starts[rows], self.ends[rows], indptr)


def concatenate(batches: Sequence[Tokens]) -> Tokens:
    """Several batches as one, with one vocabulary."""
    index: dict[str, int] = {}
    ids = []
    for batch in batches:
        place = [index.setdefault(word, len(index)) for word in batch.vocabulary]
        ids.append(np.array(place, dtype=np.int32)[batch.ids])
    shifts = np.cumsum([0, *(len(batch.ids) for batch in batches[:-1])])
    ends = [batch.indptr[1:] + shift for batch, shift in zip(batches, shifts, strict=True)]
    return Tokens(
        list(index),
        np.concatenate(ids),
        np.concatenate([batch.starts for batch in batches]),
        np.concatenate([batch.ends for batch in batches]),
        np.concatenate([[0], *ends]).astype(np.int64),
    )


class Segmenter(Protocol):
    """What cuts texts into words; `version` changes when the words would."""

    version: str

    def segment(self, texts: Sequence[str]) -> Tokens: ...


_SYLLABLE = re.compile(r"[^\W_]+")


class SyllableSegmenter:
    """Every run of letters and digits is a word, those of one letter (ý, y, ở) included."""

    version = "syllable-1"

    def segment(self, texts: Sequence[str]) -> Tokens:
        builder = _Builder()
        for text in texts:
            healed = heal(text)
            spans = [match.span() for match in _SYLLABLE.finditer(healed.text)]
            words = [healed.text[start:end] for start, end in spans]
            builder.add(words, spans, healed)
        return builder.tokens()


class UndertheseaSegmenter:
    """The words of `underthesea.word_tokenize`, each with its offsets.

    `fixed_words` is never passed on: in underthesea 9.5.0 it leaks from one call into the next.
    """

    def __init__(self) -> None:
        from underthesea import __version__
        from underthesea.pipeline.text_normalize import token_normalize
        from underthesea.pipeline.word_tokenize import word_tokenize
        from underthesea.pipeline.word_tokenize.regex_tokenize import patterns

        self.version = f"underthesea-{__version__}"
        self._word_tokenize = word_tokenize
        self._token_normalize = token_normalize
        self._patterns = patterns

    def segment(self, texts: Sequence[str]) -> Tokens:
        builder = _Builder()
        for text in texts:
            healed = heal(text)
            words = self._word_tokenize(healed.text)
            spans = self._spans(healed.text, words)
            builder.add([word.replace(" ", "_") for word in words], spans, healed)
        return builder.tokens()

    def _spans(self, text: str, words: list[str]) -> list[tuple[int, int]]:
        # underthesea gives no offsets. Its words are its regular expression's tokens, normalised
        # and joined by spaces, so the tokens are taken again and joined until they make the word.
        tokens = self._patterns.finditer(text)
        spans = []
        for word in words:
            first = last = next(tokens)
            built = self._token_normalize(first[0])
            while built != word:
                last = next(tokens)
                built += " " + self._token_normalize(last[0])
            spans.append((first.start(), last.end()))
        return spans


SEGMENTERS: dict[str, type[Segmenter]] = {
    "underthesea": UndertheseaSegmenter,
    "syllable": SyllableSegmenter,
}


def make_segmenter(name: str) -> Segmenter:
    """The segmenter of that name: `underthesea` or `syllable`.

    Raises ChudeError for any other name.
    """
    if name not in SEGMENTERS:
        raise ChudeError(f"segmenter {name!r} is unknown. Use {' or '.join(SEGMENTERS)}.")
    return SEGMENTERS[name]()


class _Builder:
    """Collects the words of one text after another into the columns of `Tokens`."""

    def __init__(self) -> None:
        self._index: dict[str, int] = {}
        self._ids: list[int] = []
        self._spans: list[NDArray[np.int64]] = []
        self._indptr = [0]

    def add(
        self,
        words: list[str],
        spans: list[tuple[int, int]],
        healed: Healed,
    ) -> None:
        index = self._index
        self._ids.extend(index.setdefault(word, len(index)) for word in words)
        self._indptr.append(len(self._ids))
        self._spans.append(healed.spans(np.array(spans, dtype=np.int64).reshape(-1, 2)))

    def tokens(self) -> Tokens:
        spans = np.concatenate(self._spans) if self._spans else np.empty((0, 2), dtype=np.int64)
        return Tokens(
            vocabulary=list(self._index),
            ids=np.array(self._ids, dtype=np.int32),
            starts=spans[:, 0].astype(np.int32),
            ends=spans[:, 1].astype(np.int32),
            indptr=np.array(self._indptr, dtype=np.int64),
        )
