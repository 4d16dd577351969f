"""Measure how fast near copies are found, and how many of those that brute force finds.

usage: copies.py ARTICLES... [--edited 3000]

Printed are the groups among the articles and the seconds they take; then, of as many articles as
are edited (up to 8 % of their words replaced), the share of pairs that are found by their exact
Jaccard similarity of five-syllable shingles, as brute force computes it.
"""

import argparse
import re
import time

import numpy as np

import chude
from chude.corpus.copies import LEAST, compared_text, near_copies


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("articles", nargs="+")
    parser.add_argument("--edited", type=int, default=3000)
    given = parser.parse_args()
    texts = [compared_text(a) for a in chude.read(given.articles, on_refusal=print)]
    wall, processor = time.perf_counter(), time.process_time()
    sizes = np.bincount(near_copies(texts))
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(
        f"{len(texts):,} articles, {sum(map(len, texts)):,} characters: {(sizes > 1).sum():,} "
        f"groups in {wall:.1f} s ({processor:.1f} s of processor)\n"
    )
    print("| Jaccard similarity | pairs | found |\n|---|---|---|")
    similarity, found = edited_pairs(texts[: given.edited])
    for low, high in ((LEAST, 1.01), (LEAST, 0.75), (0.75, 0.8), (0.8, 1.01), (0.0, LEAST)):
        inside = (similarity >= low) & (similarity < high)
        share = f"{found[inside].mean():.4f}" if inside.any() else "–"
        print(f"| {low:.2f} to {min(high, 1):.2f} | {inside.sum():,} | {share} |")


def edited_pairs(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """The exact similarity of each text and its edited copy, and whether the two were found."""
    rng = np.random.default_rng(0)
    pairs = []
    for text in texts:
        words = text.split()
        for _ in range(int(len(words) * rng.uniform(0, 0.08))):
            words[rng.integers(len(words))] = f"số{rng.integers(1000)}"
        pairs += [text, " ".join(words)]
    sets = [shingles(text) for text in pairs]
    similarity = [len(a & b) / len(a | b) for a, b in zip(sets[::2], sets[1::2], strict=True)]
    group = near_copies(pairs)
    return np.array(similarity), group[::2] == group[1::2]


def shingles(text: str) -> set[tuple[str, ...]]:
    """Runs of five syllables."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + 5]) for i in range(max(1, len(words) - 4))}


if __name__ == "__main__":
    main()
