"""Time predictions shared among processes, beside one process, in turns.

    python benchmarks/cores.py ARCHIVE.parquet [--model models/themes] [--jobs 2] [--times 3]
        [--rounds 5] [--backend numba|numpy] [--column text]

Every round predicts the same list, `--times` the articles of the archive, in one process, by
`--jobs` processes, and by as many bare forks that give nothing back: what the machine itself makes
of the work. A round before the first is not counted: it meets all words for the first time. Printed
are seconds of wall time and how many times as fast as one process of the same round, and the
processor time that this process, which hands out the work, takes of the whole: its share is what
limits how many cores are of use. The predictions are compared. At last, how long workers take to
start, and to end.
"""

import argparse
import os
import resource
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from chude.bundle.folder import load
from chude.compute import backend
from chude.model.model import Model
from chude.workers import in_order

NOISY = 0.25  # a larger spread of the rounds
Column = list[float]


def main() -> None:
    """Measure all rounds and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", type=Path, default=Path("models/themes"))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--column", default="text")
    parser.add_argument("--backend", default="numba", choices=("numba", "numpy"))
    arguments = parser.parse_args()
    if arguments.backend == "numpy":
        sys.modules["chude.compute.jit"] = None  # type: ignore[assignment]
    elif not backend.start():
        sys.exit("numba is not installed")
    else:
        backend.STREAMS.update(dict.fromkeys(backend.STREAMS, (0, 0)))  # from the first batch on
    texts = pl.read_parquet(arguments.file)[arguments.column].to_list() * arguments.times
    model = load(arguments.model)
    expected = list(model.predict(texts))
    alone, shared, forks, own = Column(), Column(), Column(), Column()
    for _ in range(arguments.rounds):
        start = time.perf_counter()
        model.predict(texts)
        alone.append(time.perf_counter() - start)
        before, start = times(), time.perf_counter()
        found = list(model.predict(texts, jobs=arguments.jobs))
        shared.append(time.perf_counter() - start)
        here, there = (b - a for a, b in zip(before, times(), strict=True))
        own.append(here / (here + there))
        assert found == expected
        forks.append(by_forks(model, texts, arguments.jobs))
    print(f"{len(texts)} articles, {arguments.backend}, {arguments.rounds} rounds\n")
    print("| | wall, s: least | median | as fast as one: median | best | spread |")
    print("|---|---|---|---|---|---|")
    for name, column in (
        ("one process", alone),
        (f"{arguments.jobs} jobs", shared),
        (f"{arguments.jobs} bare forks", forks),
    ):
        print(row(name, column, alone))
    print(f"\nshare of the processor time that handing out takes: {statistics.median(own):.1%}")
    starts = [start_up(arguments.jobs) for _ in range(arguments.rounds)]
    print(f"{arguments.jobs} workers start and end in {min(starts) * 1000:.0f} ms")


def times() -> tuple[float, float]:
    """Processor seconds of this process and of those that it started and that have ended."""
    here, there = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return here.ru_utime + here.ru_stime, there.ru_utime + there.ru_stime


def by_forks(model: Model, texts: Sequence[str], jobs: int) -> float:
    """Seconds that forks take, each for its part of the texts, without a word to each other."""
    start = time.perf_counter()
    children = []
    for number in range(jobs):
        child = os.fork()
        if child == 0:
            model.predict(texts[number::jobs])
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    return time.perf_counter() - start


def row(name: str, column: Column, alone: Column) -> str:
    """A row of the table."""
    ratios = [one / own for one, own in zip(alone, column, strict=True)]
    spread = max(column) / min(column) - 1
    noise = f"{spread:.0%}{' (noisy)' if spread > NOISY else ''}"
    seconds = f"{min(column):.2f} | {statistics.median(column):.2f}"
    return f"| {name} | {seconds} | {statistics.median(ratios):.2f} | {max(ratios):.2f} | {noise} |"


def start_up(jobs: int) -> float:
    """Seconds that workers take which have next to nothing to do."""
    start = time.perf_counter()
    list(in_order(abs, list(range(jobs)), jobs))
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
