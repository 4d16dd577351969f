"""Cut texts into words: by underthesea's segmenter or into bare syllables.

Everything is a batch: `segment` takes many texts and returns their words as columns.
"""

import re
from collections.abc import Sequence
from importlib.metadata import version
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from chude.errors import ChudeError
from chude.text.normalize import Healed, heal
from chude.text.tokens import Tokens


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
    """The words of `underthesea.word_tokenize`, found faster, each with its offsets.

    `fixed_words` is never passed on: in underthesea 9.5.0 it leaks from one call into the next.
    """

    def __init__(self) -> None:
        from chude.text.crf.segmenter import FastSegmenter

        self.version = f"underthesea-{version('underthesea')}"
        self._fast = FastSegmenter()

    def segment(self, texts: Sequence[str]) -> Tokens:
        healed = [heal(text) for text in texts]
        tokens = self._fast.segment([one.text for one in healed])
        for i, one in enumerate(healed):
            if one.starts is not None:
                inside = slice(tokens.indptr[i], tokens.indptr[i + 1])
                spans = np.stack([tokens.starts[inside], tokens.ends[inside]], axis=1)
                tokens.starts[inside], tokens.ends[inside] = one.spans(spans.astype(np.int64)).T
        return tokens


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
