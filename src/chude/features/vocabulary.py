"""The vocabulary: which words count, and where they stand in it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chude.compute.backend import BackendChoice
from chude.features.sparse import LEFT_OUT, UNKNOWN, Words
from chude.text.fold import fold_all
from chude.text.tokens import Tokens

_DIGIT = re.compile(r"\d")
_TWO_LETTERS = re.compile(r"[^\W\d_]{2}")
_AT_A_TIME = 1_000_000  # words counted, of which NumPy makes a copy that is twice as large


@dataclass(frozen=True, slots=True)
class FeatureOptions:
    """What is counted.

    ngrams: shortest and longest n-gram, in words, at most 3.
    min_df: articles that an n-gram must occur in. max_df: share of articles it may occur in.
    folded: words in lower case with one tone-mark convention, or as they stand. numbers: whether
    numbers are told apart; else every digit, of any script, counts as 0.
    """

    ngrams: tuple[int, int] = (1, 2)
    min_df: int = 2
    max_df: float = 1.0
    folded: bool = True
    numbers: bool = True

    def spell(self, words: Sequence[str]) -> list[str]:
        """The words as they count."""
        spelled = fold_all(words) if self.folded else list(words)
        return spelled if self.numbers else [_DIGIT.sub("0", word) for word in spelled]


class WordIndex:
    """Places of a segmenter's words in a vocabulary, remembered while its list grows."""

    def __init__(self, index: Mapping[str, int], options: FeatureOptions) -> None:
        self._index = index
        self._options = options
        self._words: list[str] = []
        self._places = np.empty(0, dtype=np.int32)
        self._telling = np.empty(0, dtype=np.int32)  # places, numbers and letters left out
        self.backend = BackendChoice(work="count")

    def words(self, tokens: Tokens) -> Words:
        """The words of a batch."""
        self.backend.choose(len(tokens.ids))
        return Words(tokens.ids, self._all(tokens.vocabulary), tokens.indptr)

    def known_share(self, tokens: Tokens) -> NDArray[np.float64]:
        """The share of each text's words that are in the vocabulary, (n_texts,); 0 where none is.

        Punctuation, numbers and single letters are no words: whoever knows them has not yet
        understood anything.
        """
        self._all(tokens.vocabulary)
        places = self._telling[tokens.ids]
        known, unknown = (_sums(places >= 0, tokens), _sums(places == UNKNOWN, tokens))
        return np.where(known + unknown > 0, known / np.maximum(known + unknown, 1), 0.0)

    def _all(self, vocabulary: list[str]) -> NDArray[np.int32]:
        if vocabulary is not self._words:
            self._words, self._places = vocabulary, np.empty(0, dtype=np.int32)
            self._telling = self._places
        new = vocabulary[len(self._places) :]
        if new:
            found = self._find(new)
            telling = np.where(_several_letters(new), found, LEFT_OUT).astype(np.int32)
            self._places = np.concatenate([self._places, found])
            self._telling = np.concatenate([self._telling, telling])
        return self._places

    def _find(self, words: list[str]) -> NDArray[np.int32]:
        spelled = self._options.spell(words)
        places = np.array([self._index.get(word, UNKNOWN) for word in spelled], np.int32)
        unknown = np.flatnonzero(places == UNKNOWN)
        left_out = ~are_countable([words[i] for i in unknown.tolist()])
        places[unknown[left_out]] = LEFT_OUT
        return places


def _sums(flags: NDArray[np.bool_], tokens: Tokens) -> NDArray[np.int64]:
    sums = np.concatenate([[0], np.cumsum(flags)])
    return np.diff(sums[tokens.indptr])


def _several_letters(words: Sequence[str]) -> NDArray[np.bool_]:
    """Which words have two letters side by side."""
    # Most begin with them, which is soon seen.
    found = [
        len(word) > 1 and (word[:2].isalpha() or _TWO_LETTERS.search(word) is not None)
        for word in words
    ]
    return np.array(found, dtype=bool)


def are_countable(words: Sequence[str]) -> NDArray[np.bool_]:
    """Which words have a letter or digit; bare punctuation is left out."""
    found = [word[:1].isalnum() or any(map(str.isalnum, word)) for word in words]
    return np.array(found, dtype=bool)


def build_vocabulary(tokens: Tokens, options: FeatureOptions) -> tuple[list[str], Words]:
    """The distinct countable words of a batch, folded if asked for, in order of code points.

    Words that occur less than `min_df` times are unknown: no n-gram of theirs is in enough texts.
    Also returns the words of the batch as places in the vocabulary.
    """
    import polars as pl

    occurrences = np.zeros(len(tokens.vocabulary), dtype=np.int64)
    for ids in np.array_split(tokens.ids, len(tokens.ids) // _AT_A_TIME + 1):
        occurrences += np.bincount(ids, minlength=len(occurrences))
    used = np.flatnonzero(occurrences)
    words = [tokens.vocabulary[i] for i in used.tolist()]
    countable = are_countable(words)
    spelled = options.spell(words)
    # As bytes, which are in the order of the code points: polars has no lone surrogates.
    forms = pl.DataFrame({"form": [word.encode("utf-8", "surrogatepass") for word in spelled]})
    totals = forms.with_columns(total=occurrences[used]).filter(countable)
    totals = totals.group_by("form").agg(pl.sum("total"))
    often = totals.filter(pl.col("total") >= options.min_df).select("form").sort("form")
    places = np.full(len(tokens.vocabulary), UNKNOWN, dtype=np.int32)
    found = forms.join(often.with_row_index("place"), "form", "left", maintain_order="left")
    places[used] = found["place"].cast(pl.Int32).fill_null(UNKNOWN)
    places[used[~countable]] = LEFT_OUT
    vocabulary = [form.decode("utf-8", "surrogatepass") for form in often["form"]]
    return vocabulary, Words(tokens.ids, places, tokens.indptr)
