"""Chains: what could be put together again of a passage of which only pairs of words are told.

A pair of neighbouring words whose first word stands in no other pair of the passage says what comes
next without a choice; so does, backwards, one whose second word stands in no other. A run of such
pairs is a piece of the text. `cut_chains` drops pairs until no run has more than so many words.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

LONGEST = 8  # words that may follow from pairs without a choice

Pair = tuple[int, int]


def longest_run(pairs: Iterable[Pair]) -> int:
    """Words of the longest run that follows from distinct pairs, forwards or backwards; 0: none."""
    given = list(pairs)
    backwards = [(second, first) for first, second in given]
    return max((len(run) + 1 for some in (given, backwards) for run in _runs(some)), default=0)


def cut_chains(
    pairs: Sequence[Pair], df: Sequence[int], longest: int = LONGEST
) -> NDArray[np.bool_]:
    """Which of a passage's distinct pairs may be told, (n_pairs,).

    df: articles of each pair. Of a run of more than `longest` words the rarest pair is dropped, of
    equally rare ones the first, until there is none, forwards and backwards: a dropped pair may
    leave another word with less of a choice.
    """
    told = np.ones(len(pairs), dtype=bool)
    number = {pair: i for i, pair in enumerate(pairs)}
    while True:
        left = [pair for pair, inside in zip(pairs, told, strict=True) if inside]
        backwards = [(second, first) for first, second in left]
        runs = [*_runs(left), *([(b, a) for a, b in run] for run in _runs(backwards))]
        long = [run for run in runs if len(run) + 1 > longest]
        if not long:
            return told
        for run in long:
            rarest = min(run, key=lambda pair: (df[number[pair]], number[pair]))
            told[number[rarest]] = False


def may_be_chained(
    rows: NDArray[np.integer], pairs: NDArray[np.integer], n_rows: int, longest: int = LONGEST
) -> NDArray[np.bool_]:
    """In which passages a run may have more than `longest` words, (n_rows,); never one too few.

    rows: the passage of each pair, (n_pairs,); pairs: (n_pairs, 2), distinct in each passage. Much
    quicker than `cut_chains`, which then need not look at the others. Small circles pass for runs.
    """
    found = np.zeros(n_rows, dtype=bool)
    words = rows.astype(np.int64)[:, None] << 32 | pairs
    for before, after in ((0, 1), (1, 0)):
        starts, place, count = np.unique(words[:, before], return_index=True, return_counts=True)
        forced = starts[count == 1], words[place[count == 1], after]
        nexts = np.searchsorted(forced[0], forced[1])
        inside = np.append(forced[0], -1)[nexts] == forced[1]
        follow = np.append(
            np.where(inside, nexts, len(nexts)), len(nexts)
        )  # the last leads nowhere
        last = np.arange(len(nexts))
        for _ in range(longest - 1):
            last = follow[last]
        found[forced[0][last < len(nexts)] >> 32] = True
    return found


def _runs(pairs: Iterable[Pair]) -> list[list[Pair]]:
    """The longest runs of pairs each of which follows from the one before without a choice."""
    following: dict[int, list[int]] = {}
    for first, second in pairs:
        following.setdefault(first, []).append(second)
    forced = {first: nexts[0] for first, nexts in following.items() if len(nexts) == 1}
    begins = set(forced) - set(forced.values())
    runs, met = [], set[int]()
    for begin in [*sorted(begins), *sorted(forced)]:  # what is left after the first are circles
        if begin in met and begin not in begins:
            continue
        run, word = [], begin
        inside = set[int]()
        while word in forced and word not in inside:
            inside.add(word)
            run.append((word, forced[word]))
            word = forced[word]
        met |= inside
        runs.append(run)
    return runs
