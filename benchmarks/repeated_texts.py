"""Processor time and memory that the words of a text of one repeated thing take, for many things.

usage: python benchmarks/repeated_texts.py [--megabytes 10] [--backend numpy]
                        [--model FOLDER [--bare FILE.parquet]] [UNIT...]

Each unit is tried by a process of its own. Printed are processor seconds and megabytes of memory,
beyond what the segmenter itself takes, for each megabyte of UTF-8. With a model the texts are also
predicted, and so is, where a file has a column `text`, its prose without marks, in which nothing
repeats. Needs a system with `resource`.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import chude
from chude.compute.backend import Backend
from chude.features.restore import strip_marks
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
    parser.add_argument("--model", help="a model that also predicts the texts")
    parser.add_argument("--bare", help="a Parquet file of prose to predict without its marks")
    arguments = parser.parse_args()
    size, model = arguments.megabytes, arguments.model
    for unit in arguments.units or UNITS:
        text = unit * int(size * 1e6 / len(unit.encode()))
        apart(measure, unit, text, size, arguments.backend)
        if model:
            apart(predict, text, size, model)
    if arguments.bare and model:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "prose.txt")
            # Apart, for what reading it takes would hide what predicting takes.
            apart(write_prose, arguments.bare, size, file)
            apart(predict, file.read_text(encoding="utf-8"), size, model)


def apart(work: Callable[..., None], *arguments: Any) -> None:
    """Do it in a process of its own."""
    child = os.fork()
    if not child:
        work(*arguments)
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(child, 0)


def measure(unit: str, text: str, megabytes: float, backend: Backend) -> None:
    """Print what the words of a text take."""
    segmenter = make_segmenter("underthesea", backend)
    segmenter.segment(["Ông ấy đi. http:a v.v 1.5 a\u0301"])
    before, begin = peak(), time.process_time()
    tokens = segmenter.segment([text])
    tell(repr(unit), before, begin, megabytes, f"{len(tokens.ids):,} words")


def predict(text: str, megabytes: float, folder: str) -> None:
    """Print what it takes to predict a text."""
    model = chude.load(folder)
    model.predict(["Ông ấy đi. http:a v.v 1.5 a\u0301", "Bo doi bien phong giup dan gat lua"])
    before, begin = peak(), time.process_time()
    [found] = model.predict([text])
    decisions = ", ".join(f"{key} {word}" for key, word in found.decision.items())
    tell("  predicted", before, begin, megabytes, decisions)


def write_prose(source: str, megabytes: float, file: Path) -> None:
    """So much of a Parquet file's prose, without marks."""
    import polars as pl

    texts = [strip_marks(text) for text in pl.read_parquet(source)["text"].to_list()]
    file.write_text("\n\n".join(texts)[: int(megabytes * 1e6)], encoding="utf-8")


def tell(name: str, memory: float, begin: float, megabytes: float, more: str) -> None:
    """Print what was taken since then."""
    seconds, memory = time.process_time() - begin, peak() - memory
    print(
        f"{name:12} {seconds / megabytes:6.2f} s, {memory / megabytes:6.1f} MB a megabyte, {more}"
    )


def peak() -> float:
    """The most memory so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
