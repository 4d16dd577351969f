"""Time segmenting a corpus, keeping its words in a cache and taking them from there, in turns.

usage: token_cache.py FILE [--segmenter underthesea] [--rounds 3] [--column text]

In each round a new process segments the texts without a cache, another one with an empty cache,
another one with the cache that the second one filled. All words and offsets are compared. Printed
are, as a Markdown table, the medians of the seconds, tables loaded and batches joined, and how many
times as fast it is from the cache; then the size of the cache.
"""

import argparse
import hashlib
import multiprocessing
import statistics
import tempfile
import time
from pathlib import Path

import polars as pl

from chude.batches import batched
from chude.text.cache.folder import TokenCache
from chude.text.cache.segmenter import CachedSegmenter
from chude.text.segment import make_segmenter
from chude.text.tokens import Tokens, concatenate

BATCH = 512  # texts, as in training


def main() -> None:
    """Run the comparison."""
    arguments = parse()
    seconds: dict[str, list[float]] = {"without": [], "cold": [], "warm": []}
    found = set()
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        for _ in range(arguments.rounds):
            with tempfile.TemporaryDirectory() as folder:
                for name, times in seconds.items():
                    where = None if name == "without" else Path(folder)
                    task = (arguments.file, arguments.column, arguments.segmenter, where)
                    spent, digest, texts = pool.apply(run, task)
                    times.append(spent)
                    found.add(digest)
                shelves = TokenCache(Path(folder)).shelves()
    assert len(found) == 1, "the words differ"
    without, cold, warm = (statistics.median(times) for times in seconds.values())
    print(f"{texts:,} texts, {arguments.segmenter}\n")
    print("| | s | times as fast as without |\n|---|---|---|")
    print(f"| without a cache | {without:.2f} | |")
    print(f"| into an empty cache | {cold:.2f} | {without / cold:.2f} |")
    print(f"| from the cache | {warm:.2f} | {without / warm:.1f} |")
    print(f"\n{sum(s.files for s in shelves)} files, {sum(s.bytes for s in shelves) / 1e6:.0f} MB")


def parse() -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", type=Path)
    parser.add_argument("--segmenter", default="underthesea")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--column", default="text")
    return parser.parse_args()


def run(
    file: Path, column: str, segmenter_name: str, folder: Path | None
) -> tuple[float, str, int]:
    """Seconds to segment the texts, a digest of all words and offsets, and the number of texts."""
    texts = pl.read_parquet(file)[column].to_list()
    start = time.perf_counter()
    segmenter = make_segmenter(segmenter_name)
    if folder is not None:
        segmenter = CachedSegmenter(segmenter, TokenCache(folder))
    tokens = concatenate([segmenter.segment(batch) for batch in batched(texts, BATCH)])
    return time.perf_counter() - start, fingerprint(tokens), len(texts)


def fingerprint(tokens: Tokens) -> str:
    """A digest of the words, their offsets and where each text begins."""
    digest = hashlib.sha256("\n".join(tokens.vocabulary[i] for i in tokens.ids).encode())
    for array in (tokens.starts, tokens.ends, tokens.indptr):
        digest.update(array.tobytes())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
