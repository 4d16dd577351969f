"""Compare chude with its peers, row by row, in one run.

    python -m benchmarks.peers train.parquet test.parquet --archive archive.parquet
        --danes export.json --peers build/peers/bin/python [--rows danes] [--rounds 1]

The rows: `topics`, one label an article, on TRAIN and TEST; `themes`, several themes with passages,
on ARCHIVE; `danes`, 23 topics of headlines, on DANES; `scaling`, up to a million articles made of
ARCHIVE. Measured are those whose files are given, or those named.

Every system has processes of its own, pinned to one core and then to two, and takes turns with the
others in each round, on texts that none has seen. Training counts from raw texts in memory to the
saved model, imports included; prediction from raw texts to labels. Nothing is chosen on what is
judged. Written are Markdown tables, a plot of `topics` (.png) and all figures (.json). Linux alone.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.peers import report, rows
from benchmarks.peers.setting import Setting, say
from benchmarks.peers.several import ALL

import chude
from chude.errors import ChudeError

_PACKAGES = ("fasttext-community", "underthesea", "underthesea-core", "scikit-learn", "numpy")
_ROUNDS = 5


def main() -> int:
    """Run the comparison; 1 when a file cannot be read or a system failed."""
    arguments = parse()
    try:
        figures = measured(arguments)
    except ChudeError as error:
        print(error, file=sys.stderr)
        return 1
    print(arguments.output.read_text(encoding="utf-8"))
    systems = [one for row in figures["rows"].values() for one in row.get("systems", {}).values()]
    return int(any("failed" in result for result in systems))


def measured(arguments: argparse.Namespace) -> dict[str, Any]:
    """All rows, written after each of them.

    Raises ChudeError when a file is missing or cannot be read.
    """
    files = ("TRAIN", "TEST", "ARCHIVE", "DANES")
    given = [name for name in files if vars(arguments)[name.lower()]]
    chosen = rows.selected(arguments.rows, given)
    if any("ARCHIVE" in rows.NEEDS[row] for row in chosen):
        chude.load(arguments.model)  # found now, not after minutes
    cores = sorted(os.sched_getaffinity(0))
    passes = [cores[:n] for n in (1, 2) if n <= len(cores)]
    figures: dict[str, Any] = {
        "machine": machine(arguments.peers),
        "trial": arguments.sample is not None,
        "rounds": arguments.rounds,
        "rows": {},
    }
    for row in chosen:
        say(f"row {row}")
        start = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            setting = Setting(
                arguments.peers,
                passes,
                Path(folder),
                arguments.rounds,
                arguments.sample,
                arguments.only,
            )
            found = rows.measured(row, setting, arguments)
        figures["rows"][row] = {**found, "minutes": (time.monotonic() - start) / 60}
        write(figures, arguments.output)
    return figures


def write(figures: dict[str, Any], output: Path) -> None:
    """The tables, and beside them the plot and all figures."""
    output.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    output.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    report.write(figures, output)


def parse() -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "train", nargs="?", help="labelled articles: .parquet, .jsonl, .csv or a folder"
    )
    parser.add_argument("test", nargs="?")
    parser.add_argument("--archive", help="articles: .parquet, .jsonl, .csv or a folder")
    parser.add_argument("--danes", help="Label Studio export of DANeS, a JSON file")
    parser.add_argument("--rows", nargs="+", choices=rows.NEEDS, help="default: all that can be")
    parser.add_argument(
        "--peers", type=interpreter, default=sys.executable, help="Python that has the peers"
    )
    parser.add_argument("--label-column", default="theme")
    parser.add_argument("--model", type=Path, default=Path("models/themes"), help="of ARCHIVE")
    parser.add_argument("--corpus", default="data", help="what the peers learn from for ARCHIVE")
    parser.add_argument("--only", nargs="+", choices=ALL, default=list(ALL), help="systems")
    parser.add_argument("--rounds", type=positive, default=_ROUNDS, help="1 is quick, tells little")
    parser.add_argument(
        "--sample", type=positive, help="so many articles, but of DANES all: a trial"
    )
    parser.add_argument("--output", type=Path, default=Path("build/bench.md"))
    return parser.parse_args()


def positive(text: str) -> int:
    """A whole number from 1 on."""
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError(f"{text}: give a number from 1 on.")
    return number


def interpreter(name: str) -> str:
    """The full path of a program."""
    found = shutil.which(name)
    if found is None:
        raise argparse.ArgumentTypeError(f"{name}: no such program. `make bench` makes it.")
    return os.path.abspath(found)


def machine(peers: str) -> dict[str, str]:
    """Processor, number of cores, versions, and how busy the machine is with other work."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    processor = next((line for line in lines if line.startswith("model name")), platform.machine())
    code = "import sys, importlib.metadata as m; print(*(m.version(p) for p in sys.argv[1:]))"
    found = subprocess.run([peers, "-c", code, *_PACKAGES], capture_output=True, text=True)
    versions = dict(zip(_PACKAGES, found.stdout.split(), strict=False))
    return {
        "processor": processor.split(":")[-1].strip(),
        "cores": str(len(os.sched_getaffinity(0))),
        "load at the start": f"{os.getloadavg()[0]:.1f}",
        "Python": platform.python_version(),
        "chude": version("chude"),
        **versions,
    }


if __name__ == "__main__":
    sys.exit(main())
