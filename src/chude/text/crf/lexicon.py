"""Distinct tokens, with what the model knows of them, and distinct words."""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chude.compute.growing import GrowingArray
from chude.compute.pair_table import PairTable, pack
from chude.text.code_points import distinct
from chude.text.crf.tables import BOUNDARY, OUTSIDE, UNKNOWN, Row, Tables
from chude.text.string_table import StringTable

# Small letters that have a capital in the Unicode version of underthesea_core but not in that of
# every supported Python. (Characters that only the former knows are unassigned in the latter.)
_NEWLY_CASED = frozenset("\u019b\u0264\ua7d3\ua7d5")

LONGEST = 8  # tokens of a word whose beginnings are remembered
_ENTRY = 32  # characters of a word that count as one entry
# Without leading zeros, and bounded: Python refuses to convert very long numbers.
_INTEGER = re.compile("([+-]?)0*([0-9]{1,10})")


def is_title(token: str) -> bool:
    """Whether underthesea takes `token` for a title-case one: no capital of its first character.

    Digits and punctuation count as title-case. Where Python may not know it, underthesea's compiled
    part is asked; UnicodeEncodeError for a lone surrogate, as from underthesea. Of `Th s`, which is
    one token, both parts count.
    """
    if " " in token:
        return all(map(is_title, token.split(" ")))
    if is_certain(token[0]):
        return token[0].upper() == token[0]
    [[[told]]] = _titles().process([[[token]]])
    return bool(told.endswith("True"))


@cache
def _titles() -> Any:
    from underthesea_core import CRFFeaturizer

    return CRFFeaturizer(["T[0].istitle"], set())


def is_digit(token: str) -> bool:
    """Whether underthesea takes `token` for digits: an integer of 32 bits, sign allowed."""
    match = _INTEGER.fullmatch(token) if token[-1].isdigit() else None
    return match is not None and -(1 << 31) <= int(match[1] + match[2]) < 1 << 31


@cache
def is_certain(character: str) -> bool:
    """Whether Python and underthesea_core agree whether `character` has a capital."""
    return character.isascii() or not (
        character in _NEWLY_CASED or unicodedata.category(character) in ("Cn", "Cs")
    )


class Vocabulary(StringTable):
    """Numbers distinct words, whose syllables are joined by `_`, as they come."""

    @property
    def words(self) -> list[str]:
        """The words by number."""
        return self.names

    def add(self, word: str) -> int:
        """Identifier of `word`."""
        return self[word]


class Lexicon:
    """Numbers distinct tokens from 1 (0 is the boundary) and finds the words made of them."""

    def __init__(self, tables: Tables, vocabulary: Vocabulary) -> None:
        self._tables = tables
        self._vocabulary = vocabulary
        self._token_ids: dict[str, int] = {}
        self.longer = PairTable(12)  # to the word's identifier + 1
        self._long = 0  # characters of longer words
        self._rows = GrowingArray(np.int32, len(Row))
        self._rows.extend((BOUNDARY, BOUNDARY, OUTSIDE, OUTSIDE, OUTSIDE, -1))

    def __len__(self) -> int:
        return len(self._rows) + len(self.longer) + self._long // _ENTRY

    @property
    def rows(self) -> NDArray[np.int32]:
        """What there is to know of each token, (tokens, len(Row))."""
        return self._rows.array

    def tokens(self, tokens: Sequence[str]) -> list[int]:
        """Identifiers of `tokens`; new ones are added."""
        new = [token for token in dict.fromkeys(tokens) if token not in self._token_ids]
        if new:
            self._rows.extend(self._describe(new).reshape(-1))
            self._token_ids.update(zip(new, itertools.count(len(self._token_ids) + 1)))
        return [self._token_ids[token] for token in tokens]

    def _describe(self, tokens: list[str]) -> NDArray[np.int32]:
        """What there is to know of each token, (tokens, len(Row))."""
        exact, lower = self._tables.exact_ids, self._tables.lower_ids
        rows = np.empty((len(tokens), len(Row)), np.int32)
        rows[:, Row.EXACT] = [exact.get(token, UNKNOWN) for token in tokens]
        rows[:, Row.LOWER] = [lower.get(token.lower(), UNKNOWN) for token in tokens]
        rows[:, Row.DIGIT] = list(map(is_digit, tokens))
        rows[:, Row.TITLE] = list(map(is_title, tokens))
        rows[:, Row.LISTED] = self._tables.listed_tokens[rows[:, Row.LOWER]]
        # A token that reaches over a space, which no attribute of the model does.
        rows[:, Row.WORD] = self._vocabulary.of([token.replace(" ", "_") for token in tokens])
        return rows

    def lengthen(self, words: NDArray[np.int32], tokens: NDArray[np.int32]) -> NDArray[np.int32]:
        """Identifiers of `words[i]` with `tokens[i]` appended.

        What a word becomes by one more token is remembered in `longer`; thus the beginnings of
        longer words are entries of the vocabulary too. For words of more than `LONGEST` tokens,
        whose beginnings would take memory by the square of their length, there is `join`.
        """
        keys = pack(words, tokens)
        found = self.longer.find(keys)
        missing = distinct(keys[found == 0])
        if len(missing):
            spelled = self._vocabulary.words
            last = self.rows[missing & 0xFFFFFFFF, Row.WORD].tolist()
            made = [
                f"{spelled[word]}_{spelled[token]}"
                for word, token in zip((missing >> 32).tolist(), last, strict=True)
            ]
            self.longer.insert(missing, np.array(self._vocabulary.of(made), np.int32) + 1)
            found = self.longer.find(keys)
        return found - 1

    def join(
        self, tokens: NDArray[np.int32], begins: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> list[int]:
        """Identifiers of the words made of the tokens `begins[i]:ends[i]`."""
        spelled = self._vocabulary.words
        made = []
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            syllables = self.rows[tokens[begin:end], Row.WORD].tolist()
            made.append("_".join([spelled[word] for word in syllables]))
        self._long += sum(len(word) for word in made if word not in self._vocabulary)
        return self._vocabulary.of(made)
