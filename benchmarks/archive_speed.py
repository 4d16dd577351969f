"""Time themes with passages on an archive, beside scikit-learn's HashingVectorizer, in turns.

    python benchmarks/archive_speed.py ARCHIVE.parquet [--model models/themes] [--articles 2000]
        [--rounds 5] [--backend numba|numpy|both] [--column text]

The articles come in three versions: clean (NFC), decomposed (NFD), and with zero-width characters,
one in about every fifteenth word. Each round does, version by version: healing and segmenting;
predicting, segmentation and passages included; `HashingVectorizer(ngram_range=(1, 2))` of the same
raw texts. A round before the first is not counted: it compiles, and meets all words for the first
time. Printed are articles a second of processor time on one core, medians of the rounds; the
spread is that between the slowest and the fastest round, a spread of a quarter tells that the
machine was too noisy. Ratios are the medians of those in each round. Each backend runs in a process
of its own, for NumPy without numba in reach.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
from sklearn.feature_extraction.text import HashingVectorizer

from chude.batches import batched
from chude.bundle.folder import load
from chude.compute import backend
from chude.model.share import CHUNK

HIDDEN = "\u200b\u00ad\ufeff\u200d"  # one of these in turn
EVERY = 15  # words
STEPS = ("segment", "predict", "hash")
NOISY = 0.25  # a larger spread of the rounds

Seconds = dict[tuple[str, str], list[float]]  # by version and step, a round each


def main() -> None:
    """Measure one backend, or each of both in a process of its own."""
    arguments = parse()
    if arguments.backend == "both":
        for name in ("numba", "numpy"):
            subprocess.run([sys.executable, *sys.argv, "--backend", name], check=True)
    else:
        measure(arguments)


def parse() -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", type=Path, default=Path("models/themes"))
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--column", default="text")
    parser.add_argument("--backend", default="both", choices=("both", "numba", "numpy"))
    return parser.parse_args()


def measure(arguments: argparse.Namespace) -> None:
    """All rounds with one backend, and its table."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
    if arguments.backend == "numpy":
        sys.modules["chude.compute.jit"] = None  # type: ignore[assignment]
    elif not backend.start():
        sys.exit("numba is not installed")
    else:
        backend.STREAMS.update(dict.fromkeys(backend.STREAMS, (0, 0)))  # from the first batch on
    frame = pl.read_parquet(arguments.file, n_rows=arguments.articles)
    texts = versions(frame[arguments.column].to_list())
    seconds = timed(arguments.model, texts, arguments.rounds)
    print(f"\n{len(frame)} articles, {arguments.backend}, {arguments.rounds} rounds\n")
    print(table(seconds, len(frame)))


def versions(texts: Sequence[str]) -> dict[str, list[str]]:
    """The same articles, written in three ways."""
    clean = [unicodedata.normalize("NFC", text) for text in texts]
    return {
        "clean": clean,
        "NFD": [unicodedata.normalize("NFD", text) for text in texts],
        "zero-width": [with_hidden(text) for text in clean],
    }


def with_hidden(text: str) -> str:
    """The text with an invisible character in every so many words."""
    parts = text.split(" ")
    for i in range(0, len(parts), EVERY):
        middle = len(parts[i]) // 2
        hidden = HIDDEN[i // EVERY % len(HIDDEN)]
        parts[i] = parts[i][:middle] + hidden + parts[i][middle:]
    return " ".join(parts)


def timed(folder: Path, texts: dict[str, list[str]], rounds: int) -> Seconds:
    """Seconds of processor time of every step, version and round; the steps take turns."""
    model = load(folder)
    peer = HashingVectorizer(ngram_range=(1, 2))
    calls: dict[str, Callable[[list[str]], object]] = {
        "segment": lambda some: [model.segmenter.segment(chunk) for chunk in batched(some, CHUNK)],
        "predict": model.predict,
        "hash": peer.transform,
    }
    seconds: Seconds = {(version, step): [] for version in texts for step in STEPS}
    for number in range(rounds + 1):
        for version, some in texts.items():
            for step in STEPS:
                start = time.process_time()
                calls[step](some)
                if number:
                    seconds[version, step].append(time.process_time() - start)
    return seconds


def table(seconds: Seconds, count: int) -> str:
    """A Markdown table, a row a version."""
    lines = [
        "| version | heal and segment | of clean | predict | of clean | HashingVectorizer "
        "| predict to it | spread |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for version in dict.fromkeys(version for version, _ in seconds):
        segment, predict, peer = (seconds[version, step] for step in STEPS)
        rates = [f"{count / statistics.median(one):,.0f}/s" for one in (segment, predict, peer)]
        of_clean = [ratio(seconds["clean", step], seconds[version, step]) for step in STEPS[:2]]
        times = ratio(peer, predict)
        width = max(map(spread, (segment, predict, peer)))
        noise = f"{width:.0%}{' (noisy)' if width > NOISY else ''}"
        cells = [version, rates[0], of_clean[0], rates[1], of_clean[1], rates[2], times, noise]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def ratio(slow: Sequence[float], fast: Sequence[float]) -> str:
    """The median over the rounds of how many times as fast the second is."""
    return f"{statistics.median(a / b for a, b in zip(slow, fast, strict=True)):.2f}"


def spread(seconds: Sequence[float]) -> float:
    """How much longer the slowest round took than the fastest, as a share."""
    return max(seconds) / min(seconds) - 1


if __name__ == "__main__":
    main()
