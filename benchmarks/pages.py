"""Measure the pages: how large they are, and how soon a browser shows something of them.

    python benchmarks/pages.py archive.parquet --model models/themes

Seconds are the processor's, for others may use the machine too; milliseconds are by the clock, from
opening the file to the first letter, the best and the median of some turns in Chromium, beside
those of a page of one word (CHUDE_CHROMIUM names another one). Needs the extra `browser`.
"""

import argparse
import itertools
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import chude
from chude.show.page import MOST_ARTICLES, explanations_page, page
from chude.show.report import report_page
from chude.show.report_facts import report_facts

_TURNS = 9
_PAINT = "performance.getEntriesByName('first-contentful-paint').map(one => one.startTime)"


def main() -> int:
    """Measure and print the table; 1 when a file cannot be read."""
    arguments = parse()
    try:
        loading, model = timed(lambda: chude.load(arguments.model))
        articles = list(itertools.islice(chude.read(arguments.archive), MOST_ARTICLES))
    except chude.ChudeError as error:
        print(error, file=sys.stderr)
        return 1
    reporting, report = timed(lambda: report_page(report_facts(model), "vi"))
    model.explain(articles[0])  # warm
    explaining, cards = timed(lambda: explanations_page(model.explain_stream(articles), "vi", 10))
    paints = first_paints([report, cards, page("chude", "chude", "vi")])
    rows = [
        ("report, size", f"{len(report.encode()) / 1000:,.0f} kB", "≤ 350 kB"),
        ("report, made", f"{reporting:.2f} s, and {loading:.2f} s to load the model", "–"),
        ("report, first paint", paints[0], "≤ 400 ms"),
        (f"{len(articles)} cards, size", f"{len(cards.encode()) / 1e6:.2f} MB", "≤ 4 MB"),
        (f"{len(articles)} cards, made", f"{explaining:.2f} s", "≤ 2 s"),
        (f"{len(articles)} cards, first paint", paints[1], "–"),
        ("a page of one word, first paint", paints[2], "–"),
    ]
    print("| | chude | goal |", "|---|---|---|", sep="\n")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    return 0


def parse() -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "archive", help="articles of any kind, of which the first 200 are explained"
    )
    parser.add_argument("--model", type=Path, default=Path("models/themes"))
    return parser.parse_args()


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of the processor, and what came out."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def first_paints(pages: list[str]) -> list[str]:
    """How long the first paint of each page takes; they are opened in turns."""
    from playwright.sync_api import sync_playwright

    program = shutil.which(os.environ.get("CHUDE_CHROMIUM", "chromium"))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        files = [Path(folder) / f"{i}.html" for i in range(len(pages))]
        for file, html in zip(files, pages, strict=True):
            file.write_text(html, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        found: list[list[float]] = [[] for _ in files]
        for _ in range(_TURNS):
            for times, file in zip(found, files, strict=True):
                context = browser.new_context(
                    viewport={"width": 1280, "height": 800},
                    bypass_csp=True,  # which forbids to wait for a paint
                )
                opened = context.new_page()
                opened.goto(file.as_uri(), wait_until="commit")
                opened.wait_for_function(f"{_PAINT}.length")
                times += opened.evaluate(_PAINT)
                context.close()
        browser.close()
    return [f"{min(times):.0f} ms, median {statistics.median(times):.0f}" for times in found]


if __name__ == "__main__":
    sys.exit(main())
