"""Compare the fast segmenter with underthesea on the texts of a Parquet file.

usage: verify_segmentation.py FILE [--from N] [--count N] [--column text] [--batch 1000]
                        [--backend auto|numpy|numba]

Prints every text whose words differ, or whose places are out of order or leave out characters that
are not white space; then the totals. Exit status 1 when anything differs.
"""

import argparse
import sys
import time
import unicodedata

import polars as pl
import underthesea

from chude.text.crf.segmenter import FastSegmenter
from chude.text.tokens import Tokens


def main() -> int:
    """Run the comparison."""
    arguments = parse()
    texts = pl.read_parquet(arguments.file)[arguments.column].to_list()
    texts = texts[arguments.start : arguments.start + arguments.count]
    segmenter = FastSegmenter(backend=arguments.backend)
    different = compared = words = 0
    for at in range(0, len(texts), arguments.batch):
        batch = texts[at : at + arguments.batch]
        tokens = segmenter.segment(batch)
        for i, text in enumerate(batch):
            compared += 1
            words += int(tokens.indptr[i + 1] - tokens.indptr[i])
            complaint = check(tokens, i, text)
            if complaint:
                different += 1
                print(f"text {arguments.start + at + i}: {complaint}", flush=True)
        print(
            f"{time.strftime('%X')} {compared} texts, {words} words, {different} different",
            flush=True,
        )
    return int(different > 0)


def parse() -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file")
    parser.add_argument("--from", dest="start", type=int, default=0)
    parser.add_argument("--count", type=int, default=1 << 40)
    parser.add_argument("--column", default="text")
    parser.add_argument("--batch", type=int, default=1000)
    parser.add_argument("--backend", default="auto", choices=("auto", "numpy", "numba"))
    return parser.parse_args()


def check(tokens: Tokens, i: int, text: str) -> str | None:
    """What is wrong with the words of one text."""
    expected = underthesea.word_tokenize(text, format="text")
    found = " ".join(tokens.words(i))
    if found != expected:
        at = next((k for k, (a, b) in enumerate(zip(found, expected, strict=False)) if a != b), 0)
        return f"{found[max(0, at - 30) : at + 30]!r} for {expected[max(0, at - 30) : at + 30]!r}"
    mine = slice(tokens.indptr[i], tokens.indptr[i + 1])
    starts, ends = tokens.starts[mine].tolist(), tokens.ends[mine].tolist()
    if any(start >= end for start, end in zip(starts, ends, strict=True)):
        return "a word without characters"
    for start, before in zip(starts[1:], ends, strict=False):
        # One code point that normalisation takes apart may give several words.
        if start < before and len(unicodedata.normalize("NFC", text[start])) == 1:
            return "places overlap or are out of order"
    covered = {at for a, b in zip(starts, ends, strict=True) for at in range(a, b)}
    if any(at not in covered and not text[at].isspace() for at in range(len(text))):
        return "places leave something out"
    return None


if __name__ == "__main__":
    sys.exit(main())
