"""Cut texts into words: by underthesea's segmenter or into bare syllables.

Everything is a batch: `segment` takes many texts and returns their words as columns.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from chude.errors import ChudeError
from chude.text.normalize import Healed, heal
from chude.text.tokens import Tokens

if TYPE_CHECKING:
    from chude.text.crf.segmenter import FastSegmenter


class Segmenter(Protocol):
    """What cuts texts into words; `version` changes when the words would."""

    version: str

    def segment(self, texts: Sequence[str]) -> Tokens: ...


_SYLLABLE = re.compile(r"[^\W_]+")
_COMMON = 0x2000  # code points below are looked up in a table


class SyllableSegmenter:
    """Every run of letters and digits is a word, those of one letter (ý, y, ở) included."""

    version = "syllable-1"

    def __init__(self) -> None:
        self._common = np.array([chr(code).isalnum() for code in range(_COMMON)])

    def segment(self, texts: Sequence[str]) -> Tokens:
        healed = [heal(text) for text in texts]
        joined = "\n".join(one.text for one in healed)
        index = Numbering()
        words = _SYLLABLE.findall(joined)
        ids = np.fromiter(map(index.__getitem__, words), np.int32, len(words))
        edges = np.flatnonzero(np.diff(self._is_letter(joined), prepend=False, append=False))
        spans = edges.reshape(-1, 2)
        bases = np.cumsum([0, *(len(one.text) + 1 for one in healed)])
        indptr = np.searchsorted(spans[:, 0], bases)
        spans = spans - np.repeat(bases[:-1], np.diff(indptr))[:, None]
        return restore_offsets(
            Tokens(
                list(index), ids, spans[:, 0].astype(np.int32), spans[:, 1].astype(np.int32), indptr
            ),
            healed,
        )

    def _is_letter(self, text: str) -> NDArray[np.bool_]:
        """For each character whether the pattern takes it: Python's isalnum."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        letters = self._common[np.minimum(codes, _COMMON - 1)]
        rare = np.flatnonzero(codes >= _COMMON)
        letters[rare] = [chr(code).isalnum() for code in codes[rare].tolist()]
        return letters


class Numbering(dict[str, int]):
    """Numbers distinct words in the order in which they come."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class UndertheseaSegmenter:
    """The words of `underthesea.word_tokenize`, found faster, each with its offsets.

    `fixed_words` is never passed on: in underthesea 9.5.0 it leaks from one call into the next.
    """

    def __init__(self) -> None:
        self.version = f"underthesea-{version('underthesea')}"

    @cached_property
    def _fast(self) -> "FastSegmenter":
        """Its tables take a second to load, which words that come from a cache do not need."""
        from chude.text.crf.segmenter import FastSegmenter

        return FastSegmenter()

    def segment(self, texts: Sequence[str]) -> Tokens:
        healed = [heal(text) for text in texts]
        return restore_offsets(self._fast.segment([one.text for one in healed]), healed)


def restore_offsets(tokens: Tokens, healed: Sequence[Healed]) -> Tokens:
    """The words of healed texts with their offsets in the texts as they were written."""
    starts, ends = tokens.starts.copy(), tokens.ends.copy()
    for i, one in enumerate(healed):
        if one.starts is not None:
            inside = slice(tokens.indptr[i], tokens.indptr[i + 1])
            spans = np.stack([starts[inside], ends[inside]], axis=1)
            starts[inside], ends[inside] = one.spans(spans.astype(np.int64)).T
    return replace(tokens, starts=starts, ends=ends)


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
