"""Processor time and memory that the words of a text of one repeated thing take, for many things.

usage: python benchmarks/repeated_texts.py [--megabytes 10] [--backend numpy] [UNIT...]

Each unit is tried by a process of its own. Printed are processor seconds and megabytes of memory,
beyond what the segmenter itself takes, for each megabyte of UTF-8. Needs a system with `resource`.
"""

import argparse
import os
import resource
import sys
import time

from chude.compute.backend import Backend
from chude.text.segment import make_segmenter

UNITS = [
    "a.", "Th.", "1.", "1-", "1.5 ", "1.1.", "Th s ", "A.", "- ", ".", ":", "a@", "\u3000", " ",
    "đi ", "bộ đội ", "\u0301", "a\u0301", "b\u0301", "x\u0323\u0301", "\u200b", "\u1100\u1161",
    "\u0378", "\n", "a\n", ". ", "a. ", "UBND. ", "x.yz/(", "http:(a)", "a@b.c", "(", "ab.cd/",
    "H&M", "=)", "1x", "a ", "v.v", "đi, ", "đ.", "á.", "1 ", "Ạ ", "\U0001f642",
]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("units", nargs="*", default=UNITS)
    parser.add_argument("--megabytes", type=float, default=10)
    parser.add_argument("--backend", choices=["auto", "numpy", "numba"], default="numpy")
    arguments = parser.parse_args()
    for unit in arguments.units or UNITS:
        child = os.fork()
        if not child:
            measure(unit, arguments.megabytes, arguments.backend)
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)


def measure(unit: str, megabytes: float, backend: Backend) -> None:
    """Print what one unit takes."""
    segmenter = make_segmenter("underthesea", backend)
    segmenter.segment(["Ông ấy đi. http:a v.v 1.5 a\u0301"])
    text = unit * int(megabytes * 1e6 / len(unit.encode()))
    before, begin = peak(), time.process_time()
    tokens = segmenter.segment([text])
    seconds, memory = time.process_time() - begin, peak() - before
    print(
        f"{unit!r:12} {seconds / megabytes:6.2f} s, {memory / megabytes:6.1f} MB a megabyte, "
        f"{len(tokens.ids):,} words"
    )


def peak() -> float:
    """The most memory so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
