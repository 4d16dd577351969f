"""The starter corpus: complete, labelled under its plan, without near-duplicates."""

import csv
import itertools
import re
from collections import Counter, defaultdict

import pytest

import chude
from chude.corpus.article import Article
from chude.corpus.labelled import read_corpus
from tests import ROOT
from tests.invented import KEYS

DATA = ROOT / "data"


@pytest.fixture(scope="module")
def corpus() -> list[Article]:
    return read_corpus([DATA])[0]


def test_every_combination_of_themes_is_there(corpus: list[Article]) -> None:
    count = Counter(frozenset(article.themes or ()) for article in corpus)
    for size in range(len(KEYS) + 1):
        for keys in itertools.combinations(KEYS, size):
            assert count[frozenset(keys)] >= 15, keys
    assert len(corpus) >= 600
    assert count[frozenset()] >= 0.4 * len(corpus)


def test_every_article_has_its_place_in_the_plan(corpus: list[Article]) -> None:
    with (DATA / "plan.csv").open(encoding="utf-8") as stream:
        plan = {row["article"]: row for row in csv.DictReader(stream)}
    assert plan.keys() == {article.id for article in corpus}
    letters = {"B": KEYS[0], "E": KEYS[1], "M": KEYS[2]}
    for article in corpus:
        planned = plan[article.id]["themes"].split(";")
        assert {letters[letter] for letter in planned if letter} == set(article.themes or ())


def test_every_passage_is_labelled(corpus: list[Article]) -> None:
    for article in corpus:
        paragraphs = article.body.split("\n\n")
        assert sorted(article.passages) == list(range(len(paragraphs) + 1)), article.id
        told = {key for themes in article.passages.values() for key in themes}
        assert told == set(article.themes or ()), article.id


def test_no_two_articles_are_nearly_the_same(corpus: list[Article]) -> None:
    shingles = {}
    for article in corpus:
        words = re.findall(r"\w+", article.text.lower())
        shingles[article.id] = {tuple(words[i : i + 5]) for i in range(len(words) - 4)}
    holders = defaultdict(list)
    for article_id, some in shingles.items():
        for shingle in some:
            holders[shingle].append(article_id)
    shared = Counter(p for ids in holders.values() for p in itertools.combinations(ids, 2))
    for (one, other), count in shared.items():
        assert count / len(shingles[one] | shingles[other]) <= 0.5, (one, other)


def test_examples_are_not_in_the_corpus(corpus: list[Article]) -> None:
    texts = {article.body for article in corpus}
    examples = list(chude.read(DATA / "examples"))
    assert len(examples) >= 4
    assert not texts & {article.body for article in examples}


def test_the_press_counts_are_small_enough_to_ship() -> None:
    assert (DATA / "press.counts.parquet").stat().st_size <= 8_000_000
