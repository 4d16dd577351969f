"""Counting a corpus: what may be told of it, in an order drawn by chance."""

import itertools
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chude
from chude.corpus.article import Article
from chude.corpus.counts import Counts, read_counts
from chude.corpus.passage_sizes import SHORTER
from chude.corpus.taxonomy import Taxonomy
from chude.errors import ChudeError, Refusal
from chude.text.passages import split_passages
from chude.text.segment import make_segmenter
from chude.training.chains import LONGEST, longest_run
from chude.training.count_corpus import count_corpus
from tests.invented import KEYS, TAXONOMY, make_articles, make_plain_articles


def bags(counts: Counts) -> list[tuple[object, ...]]:
    """Each passage as its n-grams with their counts and its labels, in order of the file."""
    found = []
    for row, (start, end) in enumerate(zip(counts.indptr, counts.indptr[1:], strict=False)):
        names = [counts.vocabulary[i] for i in counts.columns[start:end]]
        bag = tuple(sorted(zip(names, counts.counts[start:end].tolist(), strict=True)))
        labels = tuple(counts.passage_labels[row]), tuple(counts.passage_known[row])
        found.append((bag, *labels))
    return found


def articles_of(counts: Counts, ngram: str) -> int:
    column = counts.vocabulary.index(ngram)
    article = np.repeat(np.arange(len(counts)), counts.lengths)
    rows = np.repeat(np.arange(len(article)), np.diff(counts.indptr))
    return len(set(article[rows[counts.columns == column]]))


def test_no_ngram_stands_in_fewer_articles_than_asked_for() -> None:
    articles = make_articles(56)
    for least in (5, 9):
        counts = count_corpus(articles, TAXONOMY, segmenter="syllable", least=least)
        assert min(articles_of(counts, ngram) for ngram in counts.vocabulary) >= least


def test_counts_are_those_of_the_passages() -> None:
    articles = make_plain_articles(28)
    counts = count_corpus(articles, TAXONOMY, segmenter="syllable", least=2)
    expected = []
    for article in articles:
        words = ["".join("0" if c.isdigit() else c for c in w) for w in article.body.split()]
        bag = Counter(words) + Counter(map(" ".join, itertools.pairwise(words)))
        kept = {ngram: n for ngram, n in bag.items() if ngram in counts.vocabulary}
        labels = tuple(key in (article.themes or ()) for key in KEYS)
        expected.append((tuple(sorted(kept.items())), labels, (True,) * 3))
    assert Counter(bags(counts)) == Counter(expected)
    assert bags(counts) != expected  # the order says nothing


def test_the_vocabulary_is_folded_and_has_the_commonest_first() -> None:
    counts = count_corpus(make_articles(56), TAXONOMY, segmenter="syllable")
    assert all(ngram == ngram.lower() for ngram in counts.vocabulary)
    assert "000" in counts.vocabulary  # cột mốc 217
    passages = np.bincount(counts.columns, minlength=len(counts.vocabulary))
    assert (np.diff(passages) <= 0).all()
    assert passages.min() > 0


def test_digits_of_every_script_are_noughts() -> None:
    articles = [replace(a, body=a.body + " Mã số A２１٣x.") for a in make_articles(28)]
    counts = count_corpus(articles, TAXONOMY, segmenter="syllable")
    assert "a000x" in counts.vocabulary
    assert not any(c.isdecimal() and c != "0" for ngram in counts.vocabulary for c in ngram)


def test_no_passage_can_be_put_together_again() -> None:
    """However often the same sentences come: they stand in enough articles to be told."""
    articles = make_articles(84)
    counts = count_corpus(articles, TAXONOMY, segmenter="syllable")
    word = {name: i for i, name in enumerate(counts.vocabulary)}
    runs = []
    for start, end in zip(counts.indptr, counts.indptr[1:], strict=False):
        pairs = [counts.vocabulary[i].split() for i in counts.columns[start:end]]
        runs.append(longest_run([(word[p[0]], word[p[1]]) for p in pairs if len(p) == 2]))
    assert max(runs) <= LONGEST
    assert max(runs) > 3


words = st.text(alphabet="abc dđ.1\n", min_size=1, max_size=60)


@settings(max_examples=40)
@given(st.lists(words, min_size=6, max_size=12), st.integers(1, 3))
def test_any_texts_are_told_within_the_rule(texts: list[str], least: int) -> None:
    articles = [
        Article(str(i), "", text, themes=KEYS[: i % 2]) for i, text in enumerate([*texts, *texts])
    ]
    try:
        counts = count_corpus(articles, TAXONOMY, segmenter="syllable", least=least)
    except ChudeError as error:
        assert "no word" in str(error)  # noqa: PT017
        return
    assert min(articles_of(counts, ngram) for ngram in counts.vocabulary) >= least
    assert counts.lengths.tolist() != []
    assert counts.lengths.sum() == len(counts.passage_labels)
    for start, end in zip(counts.indptr, counts.indptr[1:], strict=False):
        pairs = [counts.vocabulary[i].split() for i in counts.columns[start:end]]
        assert longest_run([(hash(p[0]), hash(p[1])) for p in pairs if len(p) == 2]) <= LONGEST


def test_the_seed_draws_the_order_and_nothing_else(tmp_path: Path) -> None:
    articles = make_articles(42)
    contents = {}
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        path = tmp_path / f"{name}.counts.parquet"
        chude.count(articles, path, TAXONOMY, segmenter="syllable", seed=seed)
        contents[name] = path.read_bytes()
    assert contents["a"] == contents["b"] != contents["c"]
    one, other = (read_counts(tmp_path / f"{name}.counts.parquet") for name in "ac")
    assert Counter(bags(one)) == Counter(bags(other))
    assert bags(one) != bags(other)
    assert one.lengths.tolist() != other.lengths.tolist()
    # Nor do articles or passages stand as they came.
    assert one.lengths.tolist() != [len(split_passages(a.text)) for a in articles]


def test_articles_and_their_passages_keep_together() -> None:
    articles = make_articles(42)
    counts = count_corpus(articles, TAXONOMY, segmenter="syllable")
    found = Counter(zip(counts.lengths.tolist(), map(tuple, counts.labels), strict=True))
    expected = Counter(
        (len(split_passages(a.text, SHORTER)), tuple(key in (a.themes or ()) for key in KEYS))
        for a in articles
    )
    assert found == expected
    ends = np.cumsum(counts.lengths)
    for labels, length, end in zip(counts.labels, counts.lengths, ends, strict=True):
        assert (counts.passage_labels[end - length : end].any(axis=0) == labels).all()


def test_unsettled_themes_and_chance_go_with_their_articles() -> None:
    articles = [
        replace(a, unsettled=KEYS[1:2] if i < 7 else (), by_chance=i >= 30)
        for i, a in enumerate(make_articles(42))
    ]
    counts = count_corpus(articles, TAXONOMY, segmenter="syllable")
    assert (~counts.known).sum(axis=0).tolist() == [0, 7, 0]
    assert counts.by_chance.sum() == 12
    assert not counts.by_chance[~counts.known.all(axis=1)].any()
    article = np.repeat(np.arange(len(counts)), counts.lengths)
    assert not counts.passage_known[~counts.known[article]].any()


def test_spans_of_a_theme_that_the_article_does_not_carry_are_none(tmp_path: Path) -> None:
    articles = [
        replace(a, spans={KEYS[0]: ((0, len(a.text)),)}, unsettled=KEYS[:1], passages={})
        for a in make_articles(28)
    ]
    chude.count(articles, tmp_path / "a.counts.parquet", TAXONOMY, segmenter="syllable")
    assert not read_counts(tmp_path / "a.counts.parquet").passage_known[:, 0].any()


def test_an_article_that_comes_twice_counts_once() -> None:
    """Else its words would seem to stand in enough articles."""
    secret = Article("one", "", "Tên riêng Zung Trang.", themes=(), source="a.txt")
    refused: list[Refusal] = []
    counts = count_corpus(
        [*make_articles(28), *(replace(secret, source=f"{n}.txt") for n in range(6))],
        TAXONOMY,
        segmenter="syllable",
        on_refusal=refused.append,
    )
    assert not {"zung", "trang"} & set(counts.vocabulary)
    assert [refusal.place for refusal in refused] == [f"{n}.txt" for n in range(1, 6)]
    with pytest.raises(ChudeError, match="id 'one' stands already"):
        count_corpus([secret, replace(secret)], TAXONOMY, segmenter="syllable")


def test_names_that_stand_in_reprints_alone_are_not_told() -> None:
    body = "Chiều qua, anh Zung Trang cùng bà con trong bản dựng lại ngôi nhà bị lũ cuốn trôi."
    reprints = [Article(f"r{n}", f"Bản tin {n}", body, themes=()) for n in range(6)]
    counts = count_corpus([*make_articles(28), *reprints], TAXONOMY, segmenter="syllable")
    assert len(counts) == 34
    assert not {"zung", "trang"} & set(counts.vocabulary)
    assert counts.copies is not None
    assert 6 in np.bincount(counts.copies)[1:]


def test_words_that_hold_a_space_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The regular expressions of a segmenter may find such; n-grams are told by their spaces."""
    from chude.training import count_corpus as module

    made = make_segmenter("syllable")
    segment = made.segment

    def spaced(texts: list[str]) -> object:
        tokens = segment(texts)
        names = [
            "bộ đội" if w == "đội" else "bà\ncon" if w == "con" else w for w in tokens.vocabulary
        ]
        return replace(tokens, vocabulary=names)

    monkeypatch.setattr(made, "segment", spaced)
    monkeypatch.setattr(module, "make_segmenter", lambda _: made)
    counts = count_corpus(make_articles(42), TAXONOMY, segmenter="syllable")
    assert "bộ" in counts.vocabulary
    assert not {"bộ đội", "bà con", "bà\ncon"} & set(counts.vocabulary)


def test_what_cannot_be_counted_ends_in_one_message(tmp_path: Path) -> None:
    path = tmp_path / "a.counts.parquet"
    articles = make_articles(14)
    with pytest.raises(ChudeError, match="no labelled articles"):
        chude.count([replace(a, themes=None) for a in articles], path, TAXONOMY)
    with pytest.raises(ChudeError, match="no labelled articles"):
        chude.count([], path, TAXONOMY)
    with pytest.raises(ChudeError, match="exclusive = false"):
        chude.count(articles, path, Taxonomy.of(KEYS, exclusive=True))
    with pytest.raises(ChudeError, match=r"no word .* in 20 articles"):
        chude.count(articles, path, TAXONOMY, segmenter="syllable", least=20)
    with pytest.raises(ChudeError, match=r"ends in .counts.parquet"):
        chude.count(articles, tmp_path / "a.parquet", TAXONOMY)
    assert not list(tmp_path.iterdir())


def test_counts_are_not_counted_again(tmp_path: Path) -> None:
    path = tmp_path / "a.counts.parquet"
    chude.count(make_articles(28), path, TAXONOMY, segmenter="syllable")
    notes: list[str] = []
    with pytest.raises(ChudeError, match="no labelled articles"):
        chude.count(path, tmp_path / "b.counts.parquet", on_note=notes.append)
    assert notes == ["a: counts already, left out"]
