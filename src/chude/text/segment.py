"""Cut texts into words: by underthesea's segmenter or into bare syllables.

Everything is a batch: `segment` takes many texts and returns their words as columns.
"""

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from chude.compute.backend import Backend, BackendChoice, started
from chude.errors import ChudeError
from chude.text.code_points import JoinedTexts, tested
from chude.text.heal import HealedTexts, heal_all
from chude.text.string_table import INSIDE, OUTSIDE, Kinds, RunFinder, StringTable
from chude.text.tokens import Tokens

if TYPE_CHECKING:
    from chude.text.crf.segmenter import FastSegmenter

_Columns = tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]


class Segmenter(Protocol):
    """What cuts texts into words; `version` changes when the words would."""

    @property
    def version(self) -> str: ...

    def segment(self, texts: Sequence[str]) -> Tokens: ...


_SYLLABLE = re.compile(r"[^\W_]+")
_COMMON = 0x2000  # code points below are known from the beginning


@cache
def _letters_and_digits() -> Kinds:
    """What the pattern takes: Python's isalnum."""
    kinds = np.zeros(sys.maxunicode + 1, np.uint8)
    kinds[:_COMMON] = np.where(tested(str.isalnum, _COMMON), INSIDE, OUTSIDE)
    return Kinds(kinds)


class SyllableSegmenter:
    """Every run of letters and digits is a word, those of one letter (ý, y, ở) included.

    Its vocabulary grows; before a batch it is made anew when it has more than `max_entries` words.
    """

    version = "syllable-1"

    def __init__(self, backend: Backend = "auto", max_entries: int = 500_000) -> None:
        self._max_entries = max_entries
        self._backend = BackendChoice(backend)
        self._reset()

    def _reset(self) -> None:
        self._names = StringTable()
        self._finder = RunFinder(self._names, _letters_and_digits())

    def segment(self, texts: Sequence[str]) -> Tokens:
        healed = heal_all(texts)
        if len(self._names) > self._max_entries:
            self._reset()
        joined = healed.joined
        find = self._find_compiled if self._backend.choose(len(joined.codes)) else self._find
        try:
            ids, starts, ends = find(joined)
        except BaseException:  # also an interruption may have left the tables in disorder
            self._reset()
            raise
        indptr = np.searchsorted(starts, np.append(joined.starts, len(joined.codes)))
        bases = np.repeat(joined.starts, np.diff(indptr))
        starts, ends = starts - bases, ends - bases
        tokens = Tokens(
            self._names.names, ids, starts.astype(np.int32), ends.astype(np.int32), indptr
        )
        return restore_offsets(tokens, healed)

    def _find(self, joined: JoinedTexts) -> _Columns:
        """Numbers, starts and ends of the words."""
        words = _SYLLABLE.findall(joined.string)
        ids = np.fromiter(map(self._names.__getitem__, words), np.int32, len(words))
        inside = _letters_and_digits().of(joined.codes) == INSIDE
        edges = np.flatnonzero(np.diff(inside, prepend=False, append=False))
        return ids, edges[::2], edges[1::2]

    def _find_compiled(self, joined: JoinedTexts) -> _Columns:
        ids, starts = self._finder.cut(joined.codes)
        return ids, starts, starts + self._finder.lengths(ids)


class UndertheseaSegmenter:
    """The words of `underthesea.word_tokenize`, found faster, each with its offsets.

    `fixed_words` is never passed on: in underthesea 9.5.0 it leaks from one call into the next.
    """

    def __init__(self, backend: Backend = "auto") -> None:
        self._backend = backend

    @cached_property
    def version(self) -> str:
        """Looked up when it is needed: what knows the versions takes long to load."""
        from importlib.metadata import version

        return f"underthesea-{version('underthesea')}"

    @cached_property
    def _fast(self) -> "FastSegmenter":
        """Its tables take a second to load, which words that come from a cache do not need."""
        from chude.text.crf.segmenter import FastSegmenter

        return FastSegmenter(backend=self._backend)

    def segment(self, texts: Sequence[str]) -> Tokens:
        healed = heal_all(texts)
        return restore_offsets(self._fast.segment_joined(healed.joined), healed)


def restore_offsets(tokens: Tokens, healed: HealedTexts) -> Tokens:
    """The words of healed texts with their offsets in the texts as they were written."""
    moved = healed.moved
    if moved is None:
        return tokens
    starts, ends = tokens.starts.copy(), tokens.ends.copy()
    if started():
        from chude.text import kernels_numba

        places = moved.texts, tokens.indptr, moved.healed.starts, moved.bases
        kernels_numba.restore(*places, moved.starts, moved.ends, starts, ends)
        return replace(tokens, starts=starts, ends=ends)
    sizes = np.diff(tokens.indptr)[moved.texts]
    firsts = tokens.indptr[moved.texts] - np.cumsum(sizes) + sizes
    every = len(moved.texts) == len(tokens)
    rows = slice(None) if every else np.repeat(firsts, sizes) + np.arange(sizes.sum())
    here, there = np.repeat(moved.healed.starts, sizes), np.repeat(moved.bases, sizes)
    starts[rows] = moved.starts[starts[rows] + here] - there
    ends[rows] = moved.ends[ends[rows] + (here - 1)] - there
    return replace(tokens, starts=starts, ends=ends)


SEGMENTERS: dict[str, Callable[[Backend], Segmenter]] = {
    "underthesea": UndertheseaSegmenter,
    "syllable": SyllableSegmenter,
}


def make_segmenter(name: str, backend: Backend = "auto") -> Segmenter:
    """The segmenter of that name: `underthesea` or `syllable`; backend: as in `BackendChoice`.

    Raises ChudeError for any other name.
    """
    if name not in SEGMENTERS:
        raise ChudeError(f"segmenter {name!r} is unknown. Use {' or '.join(SEGMENTERS)}.")
    return SEGMENTERS[name](backend)
