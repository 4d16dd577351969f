"""Time the fast segmenter and underthesea on the same texts, in turns, on one core.

usage: segmentation.py FILE [--warm 10000] [--batch 1000] [--rounds 3] [--column text] [--seed 1]

The texts are shuffled. Every backend's tables are warmed on the first `--warm` texts; then, in
each round, every backend segments one batch of texts that it has not seen, and underthesea segments
the same texts, one half before the backends, one half after them. All words are compared. Printed
are microseconds a text and the ratio of the times; then those of segmenters that start cold, and
those of the segmenter into syllables, healing included.
"""

import argparse
import importlib.util
import os
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import polars as pl
import underthesea

from chude.compute.backend import Backend
from chude.text.crf.prepared import load_prepared
from chude.text.crf.segmenter import FastSegmenter
from chude.text.heal import heal_all
from chude.text.segment import SyllableSegmenter
from chude.text.tokens import Tokens

T = TypeVar("T")
BACKENDS: list[Backend] = ["numpy", "numba"] if importlib.util.find_spec("numba") else ["numpy"]


def main() -> int:
    """Run the comparison."""
    arguments = parse()
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:1])
    texts: list[str] = (
        pl.read_parquet(arguments.file)[arguments.column].unique(maintain_order=True).to_list()
    )
    random.Random(arguments.seed).shuffle(texts)
    batches = [texts[i : i + arguments.batch] for i in range(0, len(texts), arguments.batch)]
    warm = arguments.warm // arguments.batch
    rounds = batches[warm : warm + arguments.rounds]
    print(f"{arguments.batch} texts a batch, {sum(map(len, texts)) / len(texts):.0f} characters")
    start_up(rounds[0][0])
    segmenters = {backend: warmed(backend, batches[:warm]) for backend in BACKENDS}
    ratios: dict[str, list[float]] = {backend: [] for backend in BACKENDS}
    different = sum(one_round(batch, segmenters, ratios) for batch in rounds)
    for backend in BACKENDS:
        found = ratios[backend]
        print(f"{backend}: {statistics.median(found):.0f} times (lowest {min(found):.0f})")
    print(f"{different} texts with different words")
    cold(rounds)
    syllables(batches[:warm], rounds)
    if len(cores) > 1:
        os.sched_setaffinity(0, cores)
        two_threads(batches, arguments.batch)
    return int(different > 0)


def parse() -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file")
    parser.add_argument("--warm", type=int, default=10_000)
    parser.add_argument("--batch", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--column", default="text")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What `work` returns, and its seconds."""
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def start_up(text: str) -> None:
    """What loading the models costs, and one text after that."""
    _, seconds = timed(lambda: underthesea.word_tokenize(text))
    print(f"underthesea: first text {seconds * 1e3:.0f} ms with the model", end=", ")
    _, seconds = timed(lambda: underthesea.word_tokenize(text))
    print(f"again {seconds * 1e3:.1f} ms")
    _, seconds = timed(load_prepared)
    print(f"fast: loading the model {seconds * 1e3:.0f} ms", end=", ")
    segmenter = FastSegmenter()
    _, seconds = timed(lambda: segmenter.segment([text]))
    print(f"first text {seconds * 1e3:.1f} ms", end=", ")
    _, seconds = timed(lambda: segmenter.segment([text]))
    print(f"again {seconds * 1e3:.1f} ms")


def warmed(backend: Backend, batches: list[list[str]]) -> FastSegmenter:
    """A segmenter that has seen `batches`."""
    segmenter = FastSegmenter(backend=backend)
    _, first = timed(lambda: segmenter.segment(batches[0][:1]))
    _, seconds = timed(lambda: [segmenter.segment(batch) for batch in batches])
    count = sum(map(len, batches))
    print(f"{backend}: first text {first * 1e3:.0f} ms (with compilation, if any), "
          f"warming on {count} texts {seconds:.1f} s")  # fmt: skip
    return segmenter


def one_round(
    batch: list[str], segmenters: dict[Backend, FastSegmenter], ratios: dict[str, list[float]]
) -> int:
    """Time everything on one batch; how many texts have different words."""
    half = len(batch) // 2
    before, spent = timed(lambda: slowly(batch[:half]))
    fast = {backend: timed(partial(s.segment, batch)) for backend, s in segmenters.items()}
    again = {backend: timed(partial(s.segment, batch))[1] for backend, s in segmenters.items()}
    after, more = timed(lambda: slowly(batch[half:]))
    expected, slow = before + after, spent + more
    print(f"underthesea {slow / len(batch) * 1e6:.0f} us a text")
    different = 0
    for backend, (tokens, seconds) in fast.items():
        ratios[backend].append(slow / seconds)
        print(f"  {backend}: {seconds / len(batch) * 1e6:.0f} us a text, "
              f"{slow / seconds:.0f} times as fast "
              f"(when seen before: {again[backend] / len(batch) * 1e6:.0f} us)")  # fmt: skip
        different += count_different(tokens, expected)
    return different


def slowly(texts: list[str]) -> list[str]:
    """Underthesea's words."""
    return [underthesea.word_tokenize(text, format="text") for text in texts]


def count_different(tokens: Tokens, expected: list[str]) -> int:
    """In how many texts the words differ."""
    return sum(" ".join(tokens.words(i)) != words for i, words in enumerate(expected))


def cold(rounds: list[list[str]]) -> None:
    """Segmenters that know nothing yet (the model is loaded, the kernels are compiled)."""
    for backend in BACKENDS:
        seconds = [timed(partial(FastSegmenter(backend=backend).segment, b))[1] for b in rounds]
        each = statistics.median(seconds) / len(rounds[0]) * 1e6
        print(f"cold, {backend}: {each:.0f} us a text in one batch of {len(rounds[0])}")


def syllables(before: list[list[str]], rounds: list[list[str]]) -> None:
    """The segmenter into syllables, and the healing of texts that every segmenter begins with."""
    healing = [timed(partial(heal_all, batch))[1] / len(batch) for batch in rounds]
    print(f"healing: {statistics.median(healing) * 1e6:.1f} us a text")
    for backend in BACKENDS:
        segmenter = SyllableSegmenter(backend=backend)
        for batch in before:
            segmenter.segment(batch)
        seconds = [timed(partial(segmenter.segment, b))[1] / len(b) for b in rounds]
        print(f"syllables, {backend}: {statistics.median(seconds) * 1e6:.1f} us a text")


def two_threads(batches: list[list[str]], size: int) -> None:
    """Texts a second of one thread and of two with a segmenter each."""
    segmenters = [FastSegmenter(backend=BACKENDS[-1]) for _ in range(2)]
    for segmenter in segmenters:
        for batch in batches[:5]:
            segmenter.segment(batch)

    def work(segmenter: FastSegmenter) -> None:
        for batch in batches[:5]:
            segmenter.segment(batch)

    _, alone = timed(lambda: work(segmenters[0]))

    def together() -> None:
        threads = [threading.Thread(target=work, args=(segmenter,)) for segmenter in segmenters]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    _, both = timed(together)
    rates = f"{5 * size / alone:.0f} texts a second on one thread, {10 * size / both:.0f} on two"
    print(f"{BACKENDS[-1]}, texts seen before: {rates}")


if __name__ == "__main__":
    sys.exit(main())
