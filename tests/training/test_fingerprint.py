"""A corpus is known by all that is learnt from it and judged by."""

import hashlib
from dataclasses import replace

from chude.corpus.article import Article
from chude.training.fingerprint import fingerprint
from chude.training.train import TrainOptions, train
from tests.invented import KEYS, TAXONOMY, make_articles

PLAIN = [replace(article, passages={}) for article in make_articles(14)]


def test_fingerprints_of_plain_corpora_stay_as_they_were() -> None:
    records = [f"{a.id}\0{a.text}\0{';'.join(a.themes or ())}\0" for a in PLAIN]
    expected = hashlib.sha256("".join(records).encode()).hexdigest()
    assert fingerprint(PLAIN, []) == expected
    assert fingerprint([replace(a, spans={}) for a in PLAIN], []) == expected


def test_whatever_is_learnt_from_tells_corpora_apart() -> None:
    def with_first(article: Article) -> str:
        return fingerprint([article, *PLAIN[1:]], [])

    first = PLAIN[0]
    found = [
        with_first(replace(first, **changed))
        for changed in (
            {},
            {"id": "x"},
            {"body": "Bộ đội giúp dân."},
            {"themes": KEYS[:1]},
            {"passages": {1: KEYS[:1]}},
            {"passages": {2: KEYS[:1]}},
            {"spans": {KEYS[0]: ((0, 9),)}},
            {"spans": {KEYS[0]: ((0, 8),)}},
            {"unsettled": KEYS[:1]},
            {"unsettled": KEYS[1:]},
            {"by_chance": True},
        )
    ]
    assert len(set(found)) == len(found)
    one, other = {1: KEYS[:1], 2: ()}, {2: (), 1: KEYS[:1]}  # in whatever order it was read
    assert len({with_first(replace(first, passages=told)) for told in (one, other)}) == 1


def test_the_manifest_has_it() -> None:
    articles = make_articles(56)
    model = train(articles, TAXONOMY, TrainOptions(segmenter="syllable", C_values=(1.0,)))
    assert model.provenance["training_data"]["fingerprint"] == fingerprint(articles, [])
