"""Time chude's n-gram features and scikit-learn's TfidfVectorizer on the same words, in turns.

    python benchmarks/features.py FILE.parquet [--articles 10000] [--rounds 3]

Both get the syllables of the same articles, chude as integers from its segmenter, scikit-learn as
lists of strings, and make TF-IDF of 1-2-grams; the matrices are compared entry by entry. Prints a
Markdown table of the medians.
"""

import argparse
import itertools
import statistics
import time
from collections.abc import Callable
from typing import TypeVar

import polars as pl
from sklearn.feature_extraction.text import TfidfVectorizer

from chude.estimators import fit_features, transform
from chude.features.vocabulary import FeatureOptions
from chude.text.fold import fold_all
from chude.text.segment import make_segmenter

T = TypeVar("T")


def with_bigrams(words: list[str]) -> list[str]:
    """The words, then their pairs."""
    pairs = itertools.pairwise(words)
    return words + [f"{first} {second}" for first, second in pairs]


def timed(seconds: list[float], call: Callable[[], T]) -> T:
    """The result of a call, whose duration is noted."""
    start = time.perf_counter()
    result = call()
    seconds.append(time.perf_counter() - start)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    texts = pl.read_parquet(arguments.file, n_rows=arguments.articles)["text"].to_list()
    tokens = make_segmenter("syllable").segment(texts)
    words = [fold_all(tokens.words(i)) for i in range(len(texts))]
    fit_features(tokens, FeatureOptions())  # numba compiles or loads once
    ours_fit, ours_transform = list[float](), list[float]()
    peer_fit, peer_transform = list[float](), list[float]()
    for _ in range(arguments.rounds):
        vectorizer = TfidfVectorizer(analyzer=with_bigrams, min_df=2, sublinear_tf=True)
        features, _ = timed(ours_fit, lambda: fit_features(tokens, FeatureOptions()))
        timed(peer_fit, lambda peer=vectorizer: peer.fit_transform(words))  # type: ignore[misc]
        ours = timed(ours_transform, lambda known=features: transform(tokens, known))  # type: ignore[misc]
        peer = timed(peer_transform, lambda peer=vectorizer: peer.transform(words))  # type: ignore[misc]
        assert (ours != peer).nnz == 0
    print(f"{len(texts):,} articles, {len(tokens.ids):,} words, {ours.shape[1]:,} features\n")
    print("| step | chude, s | TfidfVectorizer, s | times as fast |")
    print("|---|---|---|---|")
    for name, mine, theirs in (
        ("fit", ours_fit, peer_fit),
        ("transform", ours_transform, peer_transform),
    ):
        a, b = statistics.median(mine), statistics.median(theirs)
        print(f"| {name} | {a:.2f} | {b:.2f} | {b / a:.1f} |")


if __name__ == "__main__":
    main()
