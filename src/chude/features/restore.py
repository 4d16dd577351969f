"""Restore the marks of Vietnamese that was written without any, as words of a vocabulary.

`Bo doi giup dan` is read as `Bộ đội giúp dân`: of all ways to cut the bare syllables into words of
the vocabulary and to mark these, the likeliest is taken, by how many articles the words and the
pairs of words stand in (a bigram model, smoothed with the words alone, Jelinek and Mercer 1980;
best path by Viterbi 1967, with the best states of each place kept).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chude.compute.backend import Backend, BackendChoice
from chude.features.tfidf import Features
from chude.text.tokens import Tokens

_SYLLABLE = re.compile(r"[^\W_]+")
_SEVERAL = re.compile(r"[^\W_]{2,}")
_D = str.maketrans("đĐ", "dD")
_MARKED = 0.02  # bytes beyond the first of a character, a character; Vietnamese has about 0.3
_BEAM, _CANDIDATES = 6, 8  # states of a place; words of one bare spelling
_OF_PAIRS = 0.6  # share of a word's chance that comes from its pair with the word before
_VIETNAMESE = 0.7  # share of a text's syllables; English has a quarter, by chance
_UNKNOWN = -1  # in place of a word's number

_RARE = 600.0  # an idf that no corpus gives; beyond it chances are too small to be numbers
_CHUNK = 2000  # syllables

Way = tuple[float, int, int]  # score, where the word before ended, that word
Syllable = tuple[str, int, int]  # in lower case, where it stands
Pairs = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]


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


class _Node:
    """Syllables read so far: what may follow in a word, and the words that they are.

    words: the number of each, the logarithms of its chance alone, and of the share of it that
    counts after a known word.
    """

    __slots__ = ("following", "words")

    def __init__(self) -> None:
        self.following: dict[str, _Node] = {}
        self.words: list[tuple[int, float, float]] = []


class Restorer:
    """Finds words of a vocabulary in texts without marks."""

    def __init__(self, features: Features, backend: Backend = "auto") -> None:
        self._backend = BackendChoice(backend, "restore")
        self._words = features.words
        # 1 + the articles of an n-gram, up to a factor that falls out.
        counts = (features.idf > 0) & (features.idf < _RARE)
        chance = np.where(counts, np.exp(-features.idf), 0)
        single = (features.grams[:, 1:] < 0).all(axis=1) & (chance > 0)
        words = features.grams[single, 0].tolist()
        chance /= chance[single].sum() or 1.0
        chances = dict(zip(words, chance[single].tolist(), strict=True))
        self._rarest = log(min(chances.values(), default=1) / 2)
        self._begin = self._spellings(chances)
        self._syllables = _all_syllables(self._begin)
        self._pairs = _known_pairs(features, chance, chances)
        self._after: dict[int, dict[int, float]] = {}

    def can_read(self, text: str) -> bool:
        """Whether a text without marks is Vietnamese, by the share of its syllables."""
        if not is_bare(text):
            return False
        words = _SEVERAL.findall(text)  # a single letter is none of any language
        known = sum(map(self._syllables.__contains__, map(str.lower, words)))
        return known >= _VIETNAMESE * max(len(words), 1)

    def _spellings(self, chances: Mapping[int, float]) -> _Node:
        """The likeliest words of each bare spelling, syllable by syllable."""
        begin = _Node()
        for word in sorted(chances, key=lambda word: (-chances[word], word)):
            bare = strip_marks(self._words[word]).split("_")
            if not all(map(str.isalnum, bare)):
                continue
            node = begin
            for syllable in bare:
                node = node.following.setdefault(syllable, _Node())
            if len(node.words) < _CANDIDATES:
                alone = chances[word]
                node.words.append((word, log(alone), log((1 - _OF_PAIRS) * alone)))
        return begin

    def tokens(self, texts: Sequence[str]) -> Tokens:
        """The words of texts, in the vocabulary's spelling; other syllables stay as they are."""
        self._backend.choose(sum(map(len, texts)))
        vocabulary = list(self._words)
        others: dict[str, int] = {}
        found: list[NDArray[np.int32]] = [np.empty((0, 3), np.int32)]
        sizes = [0]
        last: list[Syllable] = []
        for text in texts:
            before = len(found)
            for base, some in _chunks(text):
                if some != last:  # a text may be one sentence a thousand times
                    last, restored = some, self._restore(some)
                words = restored + np.array([0, base, base], dtype=np.int32)
                for i in np.flatnonzero(words[:, 0] == _UNKNOWN).tolist():
                    syllable = text[words[i, 1] : words[i, 2]]
                    words[i, 0] = others.setdefault(syllable, len(vocabulary) + len(others))
                found.append(words)
            sizes.append(sum(map(len, found[before:])))
        ids, starts, ends = np.ascontiguousarray(np.concatenate(found).T)
        return Tokens([*vocabulary, *others], ids, starts, ends, np.cumsum(sizes))

    def _restore(self, found: Sequence[Syllable]) -> NDArray[np.int32]:
        """The likeliest words of some syllables: the number or `_UNKNOWN`, and where it stands."""
        if self._backend.compiled:
            return self._restore_compiled(found)
        ways: list[dict[int, Way]] = [{} for _ in range(len(found) + 1)]
        ways[0] = {_UNKNOWN: (0.0, 0, _UNKNOWN)}
        for place in range(len(found)):
            if len(ways[place]) > _BEAM:
                ways[place] = dict(sorted(ways[place].items(), key=_by_score)[:_BEAM])
            before = [(word, way[0], self._following(word)) for word, way in ways[place].items()]
            self._go_on(found, place, before, ways)
        return np.array(_trace(ways, found), dtype=np.int32).reshape(-1, 3)

    def _following(self, word: int) -> dict[int, float] | None:
        """The words that are known to follow one, with their chances; None after an unknown one."""
        if word == _UNKNOWN:
            return None
        if word not in self._after:
            bounds, seconds, shares = self._pairs
            some = slice(bounds[word], bounds[word + 1])
            self._after[word] = dict(
                zip(seconds[some].tolist(), shares[some].tolist(), strict=True)
            )
        return self._after[word]

    def _restore_compiled(self, found: Sequence[Syllable]) -> NDArray[np.int32]:
        from chude.features.restore_numba import best_words

        letters, starts, ends = zip(*found, strict=True)
        numbers, *tables = self._arrays
        syllables = np.array([numbers.get(one, -1) for one in letters], dtype=np.int32)
        spans = np.array(starts, dtype=np.int32), np.array(ends, dtype=np.int32)
        words = np.empty((len(found), 3), dtype=np.int32)
        return words[: best_words(*tables, self._rarest, _BEAM, syllables, *spans, words)]

    @cached_property
    def _arrays(self) -> tuple[dict[str, int], Any, Any, Any]:
        """What is known, for the compiled function: the numbers of syllables, and three tables.

        Of nodes: the bounds of what follows each, the syllables of that in order and their nodes,
        and the bounds of its words. Of words: their numbers and chances, as `_Node` has them. Of
        pairs: the bounds of those of each first word, the second ones in order, and their chances.
        """
        numbers = {one: i for i, one in enumerate(sorted(self._syllables))}
        nodes = [self._begin]
        letters: list[int] = []
        children: list[int] = []
        for node in nodes:  # grows meanwhile
            following = sorted(node.following.items())
            letters += [numbers[one] for one, _ in following]
            children += range(len(nodes), len(nodes) + len(following))
            nodes += [after for _, after in following]
        words = [word for node in nodes for word in node.words]
        columns = np.array(words, dtype=np.float64).reshape(-1, 3).T
        return (
            numbers,
            (
                _bounds([len(node.following) for node in nodes]),
                np.array(letters, dtype=np.int32),
                np.array(children, dtype=np.int32),
                _bounds([len(node.words) for node in nodes]),
            ),
            (columns[0].astype(np.int32), columns[1].copy(), columns[2].copy()),
            self._pairs,
        )

    def _go_on(
        self,
        found: Sequence[Syllable],
        place: int,
        before: Sequence[tuple[int, float, dict[int, float] | None]],
        ways: list[dict[int, Way]],
    ) -> None:
        """The ways over one word more, from a place and the best words before it.

        before: a word, the score of the way to it, and the words that are known to follow it.
        """
        node, end, one_syllable = self._begin, place, False
        while (next_node := node.following.get(found[end][0])) is not None:
            node, end = next_node, end + 1
            after = ways[end]
            one_syllable |= end == place + 1 and bool(node.words)
            for word, alone, shared in node.words:
                for previous, score, pairs in before:
                    score += alone if pairs is None else pairs.get(word, shared)
                    if word not in after or score > after[word][0]:
                        after[word] = (score, place, previous)
            if end == len(found) or found[end][1] - found[end - 1][2] != 1:
                break  # words do not go across punctuation
        if not one_syllable:
            after = ways[place + 1]
            for previous, score, _ in before:
                score += self._rarest
                if _UNKNOWN not in after or score > after[_UNKNOWN][0]:
                    after[_UNKNOWN] = (score, place, previous)


def _known_pairs(
    features: Features, chance: NDArray[np.float64], chances: Mapping[int, float]
) -> Pairs:
    """The pairs of words that count.

    chance: of each n-gram; chances: of words. Returns the bounds of the pairs of each first word,
    the second ones in order, and the logarithms of their shares.
    """
    n_words, grams = len(features.words), features.grams
    if grams.shape[1] < 2:
        return np.zeros(n_words + 1, dtype=np.int64), np.empty(0, dtype=np.int32), np.empty(0)
    alone = np.zeros(n_words)
    alone[list(chances)] = list(chances.values())
    pairs = (grams[:, 1] >= 0) & (grams[:, 2:] < 0).all(axis=1) & (chance > 0)
    pairs[pairs] &= (alone[grams[pairs, :2]] > 0).all(axis=1)
    first, second = grams[pairs, 0], grams[pairs, 1]
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    of_pair = _OF_PAIRS * chance[pairs][order] / alone[first]
    bounds = np.searchsorted(first, np.arange(n_words + 1))
    return bounds, second, np.log(of_pair + (1 - _OF_PAIRS) * alone[second])


def _bounds(sizes: Sequence[int]) -> NDArray[np.int64]:
    return np.cumsum([0, *sizes])


def _by_score(way: tuple[int, Way]) -> float:
    return -way[1][0]


def _all_syllables(node: _Node) -> set[str]:
    """Those of all words that begin at a node."""
    found = set(node.following)
    for following in node.following.values():
        found |= _all_syllables(following)
    return found


def _chunks(text: str) -> Iterator[tuple[int, list[Syllable]]]:
    """The syllables, some thousand at a time, so that the ways over a long text take no room.

    A part ends where no word can go on, or at last anywhere; its offsets are from its own base.
    """
    base = 0
    part: list[Syllable] = []
    for match in _SYLLABLE.finditer(text):
        start, end = match.span()
        gap = start - base - part[-1][2] if part else 0
        if len(part) >= _CHUNK and (gap != 1 or len(part) >= 2 * _CHUNK):
            yield base, part
            base, part = start, []
        part.append((match[0].lower(), start - base, end - base))
    if part:
        yield base, part


def _trace(ways: Sequence[dict[int, Way]], found: Sequence[Syllable]) -> list[tuple[int, int, int]]:
    """The best way, from its end to its beginning and turned around."""
    place = len(found)
    word = max(ways[place], key=lambda word: ways[place][word][0]) if found else _UNKNOWN
    words = []
    while place > 0:
        _, before, previous = ways[place][word]
        words.append((word, found[before][1], found[place - 1][2]))
        place, word = before, previous
    return words[::-1]
