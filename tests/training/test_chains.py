"""What follows from pairs alone stays short, in whatever passage."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chude.text.passages import split_passages
from chude.text.segment import make_segmenter
from chude.training.chains import LONGEST, cut_chains, longest_run, may_be_chained
from tests.invented import make_articles

Pairs = list[tuple[int, int]]

# A text of so few words repeats them; one of many has long runs without a choice.
texts = st.integers(2, 60).flatmap(lambda n: st.lists(st.integers(0, n), max_size=80))
passages = texts.map(lambda words: sorted(set(itertools.pairwise(words))))
sets = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), unique=True, max_size=60)
rarities = st.randoms(use_true_random=False)


def walk(pairs: Pairs, start: int) -> int:
    """Words told from this one on, by the words themselves and not by the code that is tested."""
    seen, word = {start}, start
    while len(nexts := {b for a, b in pairs if a == word}) == 1:
        word = nexts.pop()
        if word in seen:
            return len(seen) + 1
        seen.add(word)
    return len(seen)


def longest(pairs: Pairs) -> int:
    """The longest run of words from any word on, forwards and backwards."""
    runs = [
        walk(some, start)
        for some in (pairs, [(b, a) for a, b in pairs])
        for start in {word for pair in pairs for word in pair}
    ]
    return max((run for run in runs if run > 1), default=0)


@given(passages | sets)
def test_the_longest_run_is_what_can_be_walked_without_a_choice(pairs: Pairs) -> None:
    assert longest_run(pairs) == longest(pairs)


@given(passages | sets, rarities)
def test_no_run_is_left_that_is_longer_than_allowed(pairs: Pairs, random: object) -> None:
    df = [random.randrange(5, 9) for _ in pairs]  # type: ignore[attr-defined]
    told = cut_chains(pairs, df)
    left = [pair for pair, inside in zip(pairs, told, strict=True) if inside]
    assert longest(left) <= LONGEST
    assert told.all() == (longest(pairs) <= LONGEST)  # nothing is dropped without need


def test_the_rarest_pair_of_a_run_is_dropped() -> None:
    pairs = [(i, i + 1) for i in range(12)]
    told = cut_chains(pairs, [9, 9, 9, 9, 9, 9, 5, 9, 5, 9, 9, 9])
    assert np.flatnonzero(~told).tolist() == [6]
    assert longest_run([pair for pair in pairs if pair != (6, 7)]) == 7


def test_circles_are_runs_too() -> None:
    circle = [(i, (i + 1) % 10) for i in range(10)]
    assert longest_run(circle) == 11
    assert cut_chains(circle, [5] * 10).sum() == 7  # as many pairs as 8 words have
    assert longest_run([(0, 1), (1, 0)]) == 3
    assert longest_run([(3, 3)]) == 2
    assert longest_run([]) == 0


@given(st.lists(passages | sets, max_size=6), st.integers(2, 10))
def test_no_passage_that_holds_a_long_run_is_passed_over(some: list[Pairs], most: int) -> None:
    rows = np.repeat(np.arange(len(some)), [len(pairs) for pairs in some])
    pairs = np.array([pair for pairs in some for pair in pairs], dtype=np.int32).reshape(-1, 2)
    found = may_be_chained(rows, pairs, len(some), most)
    for pairs_of_one, long in zip(some, found, strict=True):
        assert long or longest_run(pairs_of_one) <= most
        assert not long or len(pairs_of_one) >= 1


def test_short_passages_are_not_looked_at() -> None:
    rows = np.repeat([0, 1], [7, 8])
    steps = np.concatenate([np.arange(7), np.arange(8)]).astype(np.int32)
    found = may_be_chained(rows, np.stack([steps, steps + 1], axis=1), 2)
    assert found.tolist() == [False, True]  # 8 words and 9


def test_of_real_passages_hardly_any_word_follows_without_cutting() -> None:
    """Of the invented corpus nearly every passage gives itself away before, and none after."""
    texts = [a.text[s:e] for a in make_articles(30) for s, e in split_passages(a.text)]
    tokens = make_segmenter("syllable").segment(texts)
    before, after = [], []
    for start, end in zip(tokens.indptr[:-1], tokens.indptr[1:], strict=True):
        words = tokens.ids[start:end].tolist()
        pairs = sorted(set(itertools.pairwise(words)))
        told = cut_chains(pairs, [5] * len(pairs))
        before.append(longest_run(pairs))
        after.append(longest_run([p for p, inside in zip(pairs, told, strict=True) if inside]))
    assert np.mean(np.array(before) > LONGEST) > 0.5
    assert max(after) <= LONGEST
