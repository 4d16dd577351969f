"""Train chude and its peers on the same articles and measure them in one run.

    python -m benchmarks.peers train.parquet test.parquet --peers build/peers/bin/python

Every system has processes of its own, pinned to one core and then to two. Training counts from raw
texts in memory to the saved model, imports included. Prediction counts from raw texts to labels,
the systems taking turns in each round on texts that none has seen. Nothing is chosen on the test
split. Written are a Markdown table, a plot (.png) and all figures (.json). Linux alone.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from benchmarks.peers import corpus, report
from benchmarks.peers.measure import Bench
from benchmarks.peers.systems import SYSTEMS

from chude.errors import ChudeError

_PACKAGES = ("fasttext-community", "underthesea", "underthesea-core", "scikit-learn", "numpy")


def main() -> int:
    """Run the comparison; 1 when a file cannot be read or a system failed."""
    arguments = parse()
    try:
        train = corpus.read(arguments.train, arguments.label_column).shuffled(0, arguments.sample)
        test = corpus.read(arguments.test, arguments.label_column).shuffled(0, arguments.sample)
    except ChudeError as error:
        print(error, file=sys.stderr)
        return 1
    leaked = corpus.leaked(train, test)
    cores = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as folder:
        passes = [cores[:n] for n in (1, 2) if n <= len(cores)]
        bench = Bench(train, test, leaked, arguments.peers, passes, Path(folder))
        systems = bench.run([key for key in SYSTEMS if key in arguments.only])
    figures = {
        "machine": machine(arguments.peers),
        "trial": arguments.sample is not None,
        "articles": {"train": len(train.texts), "test": len(test.texts), "leaked": sum(leaked)},
        "systems": systems,
    }
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    arguments.output.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    report.write(figures, arguments.output)
    print(arguments.output.read_text(encoding="utf-8"))
    return int(any("failed" in result for result in systems.values()))


def parse() -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("train", help="labelled articles: .parquet, .jsonl, .csv or a folder")
    parser.add_argument("test")
    parser.add_argument(
        "--peers", type=interpreter, default=sys.executable, help="Python that has the peers"
    )
    parser.add_argument("--label-column", default="theme")
    parser.add_argument("--only", nargs="+", choices=SYSTEMS, default=list(SYSTEMS))
    parser.add_argument("--sample", type=int, help="train on so many, test on so many: a trial")
    parser.add_argument("--output", type=Path, default=Path("build/bench.md"))
    return parser.parse_args()


def interpreter(name: str) -> str:
    """The full path of a program."""
    found = shutil.which(name)
    if found is None:
        raise argparse.ArgumentTypeError(f"{name}: no such program. `make bench` makes it.")
    return os.path.abspath(found)


def machine(peers: str) -> dict[str, str]:
    """Processor, number of cores and versions."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    processor = next((line for line in lines if line.startswith("model name")), platform.machine())
    code = "import sys, importlib.metadata as m; print(*(m.version(p) for p in sys.argv[1:]))"
    found = subprocess.run([peers, "-c", code, *_PACKAGES], capture_output=True, text=True)
    versions = dict(zip(_PACKAGES, found.stdout.split(), strict=False))
    return {
        "processor": processor.split(":")[-1].strip(),
        "cores": str(len(os.sched_getaffinity(0))),
        "Python": platform.python_version(),
        "chude": version("chude"),
        **versions,
    }


if __name__ == "__main__":
    sys.exit(main())
