"""Near copies: articles whose texts are the same but for some words.

A text is the set of its shingles of five syllables, case, diacritics and punctuation aside. MinHash
(Broder, "On the resemblance and containment of documents", 1997) and banding (Leskovec, Rajaraman
and Ullman, "Mining of Massive Datasets", chapter 3) propose the pairs, and each proposed pair is
compared exactly.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from chude.compute.backend import started
from chude.corpus.article import Article

LEAST = 0.7  # Jaccard similarity of near copies
_SHINGLE = 5  # syllables
_PERMUTATIONS, _ROWS = 64, 4  # 16 bands of 4 propose 98.8 % of the pairs at 0.7
_LIKELY = 0.5  # by MinHash; at 0.7 one pair in 3,000 looks less alike
_NEIGHBOURS = 20  # compared with in a band that very many share
_NAMED = 5  # groups whose themes differ that notes name
_LONGEST = 1_000_000  # characters of a text that are compared
_BATCH = 1 << 18  # characters at a time; more does not fit the processor's cache

_LETTERS = 0x2000  # code points with an entry in the table; above there is no Vietnamese
_BREAK, _SKIP = 0, 1
_CHARACTER, _WORD = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD1342543DE82EF95)
_MIX = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)

Integers = NDArray[np.int64]
Hashes = NDArray[np.uint64]


def compared_text(article: Article) -> str:
    """What of an article is compared: its body, since a reprint often has a title of its own."""
    return article.body if article.body.strip() else article.title


def near_copies(texts: Iterable[str]) -> Integers:
    """The group of each text, told by the place of its first text, (n_texts,).

    A text without copies is a group of its own, and so is one without a letter or digit.
    """
    fingerprints = Fingerprints()
    fingerprints.add(texts)
    return fingerprints.groups()


def copy_notes(articles: Sequence[Article], groups: Integers) -> Iterator[str]:
    """Lines about near copies, and about some of those that carry different themes.

    groups: the group of each article, (n_articles,).
    """
    members: dict[int, list[Article]] = {}
    for group, article in zip(groups.tolist(), articles, strict=True):
        members.setdefault(group, []).append(article)
    copies = [group for group in members.values() if len(group) > 1]
    if copies:
        count = sum(map(len, copies))
        yield f"{len(copies)} groups of near copies ({count} articles) are kept in one fold each"
    unlike = [pair for pair in map(_unlike_labelled, copies) if pair]
    if unlike:
        yield f"{len(unlike)} groups of near copies carry different themes, as chude check lists"
    for pair in unlike[:_NAMED]:
        places = (f"{a.source or a.id} [{'; '.join(a.themes or ())}]" for a in pair)
        yield f"  {' and '.join(places)}: nearly one text, different themes"


def _unlike_labelled(copies: Sequence[Article]) -> tuple[Article, Article] | None:
    first = copies[0]
    other = next((a for a in copies if set(a.themes or ()) != set(first.themes or ())), None)
    return None if other is None else (first, other)


class Fingerprints:
    """Sets of shingles of many texts, four bytes a syllable; the texts themselves are not kept."""

    def __init__(self) -> None:
        self._sets: list[NDArray[np.uint32]] = []
        self._signatures: list[NDArray[np.uint32]] = []
        self._sums: list[Hashes] = []
        multipliers = np.random.default_rng(0).integers(1 << 32, size=_PERMUTATIONS)
        self._multipliers = (multipliers | 1).astype(np.uint32)
        self._waiting: list[str] = []
        self._waiting_size = 0

    def __len__(self) -> int:
        return len(self._sets) + len(self._waiting)

    def add(self, texts: Iterable[str]) -> None:
        """Append texts."""
        for text in texts:
            self._waiting.append(text[:_LONGEST])
            self._waiting_size += len(self._waiting[-1])
            if self._waiting_size >= _BATCH:
                self._take_in()

    def _take_in(self) -> None:
        batch, self._waiting, self._waiting_size = self._waiting, [], 0
        if batch:
            shingles, ends = _shingles(batch)
            starts = np.concatenate([[0], ends[:-1]])
            self._sets += [shingles[s:e].copy() for s, e in zip(starts, ends, strict=True)]
            filled = ends > starts
            signatures = np.zeros((len(batch), _PERMUTATIONS), dtype=np.uint32)
            sums = np.zeros(len(batch), dtype=np.uint64)
            if filled.any():
                signatures[filled] = self._minima(shingles, starts[filled])
                mixed = _mix(shingles.astype(np.uint64))
                sums[filled] = np.add.reduceat(mixed, starts[filled])
            self._signatures.append(signatures)
            self._sums.append(sums)

    def groups(self) -> Integers:
        """The group of each text, as `near_copies` has it."""
        self._take_in()
        group = np.arange(len(self))
        sizes = np.array([len(shingles) for shingles in self._sets], dtype=np.int64)
        filled = np.flatnonzero(sizes)
        if len(filled) < 2:
            return group
        sums = np.concatenate(self._sums)[filled]
        # Texts of one set first, so that what is reprinted a thousand times is compared once.
        _, first, same = np.unique(sums, return_index=True, return_inverse=True)
        parents = list(range(len(first)))
        for a, b in self._proposed(filled[first]):
            root_a, root_b = _root(parents, a), _root(parents, b)
            alike = root_a != root_b and self.similarity(*filled[first[[a, b]]]) >= LEAST
            if alike:
                parents[max(root_a, root_b)] = min(root_a, root_b)
        roots = np.array([_root(parents, i) for i in range(len(parents))])[same.reshape(-1)]
        _, first, same = np.unique(roots, return_index=True, return_inverse=True)
        group[filled] = filled[first][same.reshape(-1)]
        return group

    def similarity(self, a: int, b: int) -> float:
        """Jaccard similarity of two texts by their places, 0 to 1."""
        self._take_in()
        one, two = self._sets[a], self._sets[b]
        shared = len(np.intersect1d(one, two, assume_unique=True))
        return shared / max(1, len(one) + len(two) - shared)

    def _minima(self, shingles: NDArray[np.uint32], starts: Integers) -> NDArray[np.uint32]:
        # Multiplying by an odd number permutes the integers modulo 2^32.
        columns = [np.minimum.reduceat(shingles * m, starts) for m in self._multipliers]
        return np.stack(columns, axis=1)

    def _proposed(self, rows: Integers) -> Iterator[tuple[int, int]]:
        """Pairs of places in `rows` that share a band and look alike, the most alike first."""
        signatures = np.concatenate(self._signatures)[rows]
        pairs = np.unique(np.concatenate([*_sharing_a_band(signatures), np.zeros(0, np.int64)]))
        a, b = np.divmod(pairs, len(rows))
        equal = np.zeros(len(pairs), dtype=np.int64)
        for column in signatures.T:
            equal += column[a] == column[b]
        likely = np.flatnonzero(equal >= _LIKELY * _PERMUTATIONS)
        order = likely[np.argsort(-equal[likely], kind="stable")]
        return zip(a[order].tolist(), b[order].tolist(), strict=True)


def _sharing_a_band(signatures: NDArray[np.uint32]) -> Iterator[Integers]:
    """Pairs (a, b) of rows with one band in common, as a·n + b with a < b."""
    n = len(signatures)
    for start in range(0, _PERMUTATIONS, _ROWS):
        band = signatures[:, start : start + _ROWS].astype(np.uint64)
        key = _mix(band @ (_WORD ** np.arange(1, _ROWS + 1, dtype=np.uint64)))
        order = np.argsort(key, kind="stable")
        ordered = key[order]
        for step in range(1, min(_NEIGHBOURS, n - 1) + 1):
            (at,) = np.nonzero(ordered[step:] == ordered[:-step])
            if not len(at):
                break
            yield order[at] * n + order[at + step]


def _root(parents: list[int], i: int) -> int:
    while parents[i] != i:
        parents[i] = i = parents[parents[i]]
    return i


def _shingles(texts: Sequence[str]) -> tuple[NDArray[np.uint32], Integers]:
    """Sorted distinct shingles of each text one after another, and where each text's end."""
    joined = "".join(f"{text}\0" for text in texts).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(joined, dtype=np.uint32)
    ends = np.cumsum([len(text) + 1 for text in texts])
    powers = _WORD ** np.arange(_SHINGLE, dtype=np.uint64)
    if started():
        from chude.corpus import copies_numba

        keys = np.empty(len(codes) // 2 + 1, dtype=np.uint64)
        fixed = _letters(), _CHARACTER, powers, _MIX
        keys = keys[: copies_numba.add_keys(codes, ends, *fixed, keys)]
    else:
        keys = _keys(codes, ends, powers)
    keys = np.sort(keys)
    keys = keys[np.diff(keys, prepend=~keys[:1]) != 0]  # np.unique takes ten times as long
    found = np.bincount((keys >> np.uint64(32)).astype(np.int64), minlength=len(texts))
    return keys.astype(np.uint32), np.cumsum(found)


def _keys(codes: NDArray[np.uint32], ends: Integers, powers: Hashes) -> Hashes:
    """The text of each shingle, in the upper 32 bits, and its hash."""
    n_texts = len(ends)
    words, counts = _words(codes, ends)
    ends = np.cumsum(counts)
    starts = ends - counts
    padded = np.concatenate([words, np.zeros(_SHINGLE - 1, np.uint64)])
    sums = sum(padded[j : len(words) + j] * powers[j] for j in range(_SHINGLE))
    text_of = np.repeat(np.arange(n_texts), counts)
    whole = np.arange(len(words)) + _SHINGLE <= ends[text_of]
    short = np.flatnonzero((counts > 0) & (counts < _SHINGLE))
    short_sums = [
        (words[starts[t] : ends[t]] * powers[: counts[t]]).sum(dtype=np.uint64) for t in short
    ]
    hashes = np.concatenate([sums[whole], np.array(short_sums, dtype=np.uint64)])
    owners = np.concatenate([text_of[whole], short]).astype(np.uint64)
    return owners << np.uint64(32) | _mix(hashes) >> np.uint64(32)


def _words(codes: NDArray[np.uint32], ends: Integers) -> tuple[Hashes, Integers]:
    """A hash of each syllable, and how many each text has."""
    letters = _letters()[np.minimum(codes, _LETTERS)]
    np.copyto(letters, codes, where=(codes >= 0x2E80) & (codes < 0x1F000))
    if len(skipped := np.flatnonzero(letters == _SKIP)):
        ends = ends - np.searchsorted(skipped, ends)
        letters = np.delete(letters, skipped)
    inside = letters != _BREAK
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    edges = np.concatenate([[0], edges]) if inside[:1].any() else edges
    first, last = edges[::2], edges[1::2]  # every text ends in a break
    # The polynomial of a word is the difference of two prefix sums, shifted back to its start.
    prefix = np.cumsum(letters * _powers(_CHARACTER, len(letters)), dtype=np.uint64)
    before = prefix[first - 1] * (first > 0).astype(np.uint64)
    inverse = np.uint64(pow(int(_CHARACTER), -1, 1 << 64))
    words = (prefix[last - 1] - before) * _powers(inverse, len(letters))[first]
    bounds = np.searchsorted(first, ends)
    return _mix(words), np.diff(bounds, prepend=0)


def _powers(base: np.uint64, count: int) -> Hashes:
    # Batches are of about one size, and their powers take as long as all else.
    return _first_powers(base, (count - 1).bit_length())[:count]


@lru_cache(2)
def _first_powers(base: np.uint64, bits: int) -> Hashes:
    return np.multiply.accumulate(np.full(1 << bits, base, dtype=np.uint64))


def _mix(values: Hashes) -> Hashes:
    """Spread every bit over all (the finalizer of splitmix64, Steele and others, 2014)."""
    values = (values ^ values >> np.uint64(30)) * _MIX[0]
    values = (values ^ values >> np.uint64(27)) * _MIX[1]
    return values ^ values >> np.uint64(31)


@cache
def _letters() -> Hashes:
    """The plain letter of each code point, so that tones, hats, case and NFD make no difference."""
    table = np.zeros(_LETTERS + 1, dtype=np.uint64)
    for code in range(_LETTERS):
        letter = unicodedata.normalize("NFKD", chr(code).casefold().replace("đ", "d"))[0]
        if unicodedata.combining(chr(code)):
            table[code] = _SKIP
        elif letter.isalnum():
            table[code] = ord(letter)
    return table
