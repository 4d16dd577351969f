"""What can be put together again of the passages in a file of counts; prints a Markdown table.

    python benchmarks/counts_privacy.py data/press.counts.parquet

A run is what follows from a passage's pairs of words alone, without a choice: each word has stood
before one word only, or, backwards, behind one only. `chude counts` drops pairs until no run has
more than 8 words; this looks at what stands in the file, whoever made it. Exit status 1 when more
than 1 % of the passages have a longer run.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from chude.corpus.counts import Counts, read_counts
from chude.errors import ChudeError
from chude.training.chains import LONGEST, longest_run

ALLOWED = 0.01  # of the passages


def longest_runs(counts: Counts) -> list[int]:
    """Words of the longest run of each passage; 0 where it has no pair."""
    split = [ngram.split(" ") for ngram in counts.vocabulary]
    number = {word: i for i, word in enumerate(dict.fromkeys(w for words in split for w in words))}
    pairs = [(number[words[0]], number[words[1]]) if len(words) == 2 else None for words in split]
    columns = counts.columns.tolist()
    bounds = zip(counts.indptr[:-1].tolist(), counts.indptr[1:].tolist(), strict=True)
    return [
        longest_run(pair for i in columns[start:end] if (pair := pairs[i]) is not None)
        for start, end in bounds
    ]


def articles_of(counts: Counts) -> np.ndarray:
    """In how many articles each n-gram stands, (n_ngrams,)."""
    article = np.repeat(np.arange(len(counts)), counts.lengths)
    article = np.repeat(article, np.diff(counts.indptr))
    distinct = np.unique(counts.columns.astype(np.int64) << 32 | article)
    return np.bincount(distinct >> 32, minlength=len(counts.vocabulary))


def rows(counts: Counts, runs: list[int]) -> Iterator[tuple[str, str]]:
    """Measures and figures."""
    yield "articles", f"{len(counts):,}"
    yield "passages", f"{len(runs):,}"
    yield "n-grams", f"{len(counts.vocabulary):,}"
    yield "articles of the rarest n-gram", f"{min(articles_of(counts).tolist(), default=0):,}"
    found = np.bincount(runs, minlength=LONGEST + 1)
    for words, number in enumerate(found.tolist()):
        if words != 1:
            name = f"passages whose longest run has {words} words" if words else "without a pair"
            yield name, f"{number:,} ({number / len(runs):.1%})"
    yield f"passages of at most {LONGEST} words", f"{np.mean(np.array(runs) <= LONGEST):.2%}"


def main(arguments: list[str] | None = None) -> int:
    """Print the table; returns the exit status."""
    parser = argparse.ArgumentParser(description="What can be put together again from counts.")
    parser.add_argument("file", type=Path, metavar="FILE.counts.parquet")
    given = parser.parse_args(arguments)
    try:
        counts = read_counts(given.file)
    except ChudeError as error:
        print(error, file=sys.stderr)
        return 1
    runs = longest_runs(counts)
    print(f"| {given.file.name} | |\n|---|---:|")
    for row in rows(counts, runs):
        print(f"| {' | '.join(row)} |")
    return int(np.mean(np.array(runs) > LONGEST) > ALLOWED)


if __name__ == "__main__":
    raise SystemExit(main())
