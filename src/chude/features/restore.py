"""Restore the marks of Vietnamese that was written without any, as words of a vocabulary.

`Bo doi giup dan` is read as `Bộ đội giúp dân`: of all ways to cut the bare syllables into words of
the vocabulary and to mark these, the likeliest is taken, by how many articles the words and the
pairs of words stand in (a bigram model, smoothed with the words alone, Jelinek and Mercer 1980;
best path by Viterbi 1967, with the best states of each place kept).
"""

import re
import unicodedata
from collections.abc import Sequence
from math import log
from typing import NamedTuple

import numpy as np

from chude.features.tfidf import Features
from chude.text.tokens import Tokens

_SYLLABLE = re.compile(r"[^\W_]+")
_D = str.maketrans("đĐ", "dD")
_MARKED = 0.02  # bytes beyond the first of a character, a character; Vietnamese has about 0.3
_BEAM, _CANDIDATES = 6, 8  # states of a place; words of one bare spelling
_OF_PAIRS = 0.6  # share of a word's chance that comes from its pair with the word before
_VIETNAMESE = 0.7  # share of a text's syllables; English has a quarter, by chance
_UNKNOWN = -1  # in place of a word's number

Way = tuple[float, int, int]  # score, where the word before ended, that word


class Restored(NamedTuple):
    """A word's number in the vocabulary, or -1 for another, and where it stands."""

    word: int
    start: int
    end: int


def is_bare(text: str) -> bool:
    """Whether a text has so few letters with marks that they were left out."""
    few = _MARKED * len(text)
    # The beginning of nearly every text has enough of them for the whole.
    return _bytes_beyond(text[: len(text) // 8]) < few and _bytes_beyond(text) < few


def _bytes_beyond(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass")) - len(text)


def strip_marks(text: str) -> str:
    """The text without marks on its letters: Đồn Biên phòng → Don Bien phong."""
    apart = unicodedata.normalize("NFD", text.translate(_D))
    return "".join(c for c in apart if not unicodedata.combining(c))


class Restorer:
    """Finds words of a vocabulary in texts without marks."""

    def __init__(self, features: Features) -> None:
        self._words = features.words
        # 1 + the articles of an n-gram, up to a factor that falls out.
        chance = np.where(features.idf > 0, np.exp(-features.idf), 0)
        single = (features.grams[:, 1:] < 0).all(axis=1) & (chance > 0)
        pairs = (features.grams[:, 1:2] >= 0).all(axis=1) & (chance > 0)
        pairs &= (features.grams[:, 2:] < 0).all(axis=1)
        words = features.grams[single, 0].tolist()
        self._chance = dict(zip(words, chance[single].tolist(), strict=True))
        self._pairs = (
            {
                (first, second): chance
                for first, second, chance in zip(
                    *features.grams[pairs, :2].T.tolist(), chance[pairs].tolist(), strict=True
                )
            }
            if features.grams.shape[1] > 1
            else {}
        )
        self._total = sum(self._chance.values())
        self._spelled = self._spellings()
        self._longest = max(map(len, self._spelled), default=1)
        self._syllables = {syllable for bare in self._spelled for syllable in bare}

    def can_read(self, text: str) -> bool:
        """Whether a text without marks is Vietnamese, by the share of its syllables."""
        if not is_bare(text):
            return False
        found = _SYLLABLE.findall(text.lower())
        known = sum(syllable in self._syllables for syllable in found)
        return known >= _VIETNAMESE * max(len(found), 1)

    def _spellings(self) -> dict[tuple[str, ...], list[int]]:
        """The likeliest words of each bare spelling, syllable by syllable."""
        spelled: dict[tuple[str, ...], list[int]] = {}
        for word in sorted(self._chance, key=lambda word: (-self._chance[word], word)):
            bare = tuple(strip_marks(self._words[word]).split("_"))
            words = spelled.setdefault(bare, [])
            if len(words) < _CANDIDATES and all(map(str.isalnum, bare)):
                words.append(word)
        return spelled

    def tokens(self, texts: Sequence[str]) -> Tokens:
        """The words of texts, in the vocabulary's spelling; other syllables stay as they are."""
        vocabulary = list(self._words)
        ids: list[int] = []
        spans: list[tuple[int, int]] = []
        bounds = [0]
        for text in texts:
            for word, start, end in self.words(text):
                if word == _UNKNOWN:
                    word = len(vocabulary)
                    vocabulary.append(text[start:end])
                ids.append(word)
                spans.append((start, end))
            bounds.append(len(ids))
        starts, ends = np.array(spans, dtype=np.int32).reshape(-1, 2).T
        return Tokens(
            vocabulary, np.array(ids, np.int32), starts.copy(), ends.copy(), np.array(bounds)
        )

    def words(self, text: str) -> list[Restored]:
        """The likeliest words of one text, in order."""
        found = [(match[0].lower(), *match.span()) for match in _SYLLABLE.finditer(text)]
        ways: list[dict[int, Way]] = [{} for _ in range(len(found) + 1)]
        ways[0] = {_UNKNOWN: (0.0, 0, _UNKNOWN)}
        for place in range(len(found)):
            before = sorted(ways[place].items(), key=lambda way: -way[1][0])[:_BEAM]
            ways[place].clear()
            ways[place].update(before)
            for length, word, chance in self._next(found, place):
                after = ways[place + length]
                for previous, (score, _, _) in before:
                    new = score + self._score(previous, word, chance)
                    if word not in after or new > after[word][0]:
                        after[word] = (new, place, previous)
        return _trace(ways, found)

    def _next(
        self, found: Sequence[tuple[str, int, int]], place: int
    ) -> list[tuple[int, int, float]]:
        """Words that may begin at a syllable: their lengths, numbers and chances."""
        options: list[tuple[int, int, float]] = []
        for length in range(1, min(self._longest, len(found) - place) + 1):
            syllables = found[place : place + length]
            if length > 1 and syllables[-1][1] - syllables[-2][2] != 1:
                break  # words do not go across punctuation
            words = self._spelled.get(tuple(bare for bare, _, _ in syllables), ())
            options += [(length, word, self._chance[word] / self._total) for word in words]
        if not any(length == 1 for length, _, _ in options):
            options.append((1, _UNKNOWN, min(self._chance.values(), default=1) / self._total / 2))
        return options

    def _score(self, previous: int, word: int, chance: float) -> float:
        """The logarithm of a word's chance after another."""
        if previous == _UNKNOWN or word == _UNKNOWN:
            return log(chance)
        pair = self._pairs.get((previous, word), 0.0) / self._chance[previous]
        return log(_OF_PAIRS * pair + (1 - _OF_PAIRS) * chance)


def _trace(ways: Sequence[dict[int, Way]], found: Sequence[tuple[str, int, int]]) -> list[Restored]:
    """The best way, from its end to its beginning and turned around."""
    place = len(found)
    word = max(ways[place], key=lambda word: ways[place][word][0]) if found else _UNKNOWN
    words = []
    while place > 0:
        _, before, previous = ways[place][word]
        words.append(Restored(word, found[before][1], found[place - 1][2]))
        place, word = before, previous
    return words[::-1]
