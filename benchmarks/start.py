"""Time the start of the command line: `chude --help`, and `chude predict` of one file.

    python benchmarks/start.py [--model models/themes] [--article FILE.txt] [--rounds 15]

The commands take turns with an empty program, after a round that is not counted: it compiles the
modules and prepares the segmenter's tables. Printed are seconds of wall time and of processor time:
the fastest round, which is what a quiet core takes, the median, and the spread from the fastest to
the median, of which a quarter tells that the machine was too noisy. Then come the dearest imports
of each by `-X importtime`, in milliseconds: their own, without what they import, the least of all
rounds.
"""

import argparse
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

DEAREST = 10
NOISY = 0.25  # a larger spread of the rounds
TEXT = """date 2024-05-06 Đồn biên phòng giúp dân gặt lúa

Sáng nay, cán bộ đồn biên phòng cùng bà con xã vùng cao gặt xong ba héc ta lúa chín trước cơn mưa.
"""
LINE = re.compile(r"import time: +(\d+) \| +\d+ \| +(\S+)")

Times = tuple[float, float]  # seconds, wall and processor


def main() -> None:
    """Measure all commands and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", type=Path, default=Path("models/themes"))
    parser.add_argument("--article", type=Path)
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        article = arguments.article or Path(folder, "article.txt")
        if arguments.article is None:
            article.write_text(TEXT, encoding="utf-8")
        chude = ["-m", "chude"]
        commands = {
            "python": ["-c", "pass"],
            "chude --help": [*chude, "--help"],
            "chude predict": [*chude, "predict", str(article), "--model", str(arguments.model)],
        }
        # Where compiled modules may not be kept, no start is warm.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ.setdefault("PYTHONPYCACHEPREFIX", folder)
        times: dict[str, list[Times]] = {name: [] for name in commands}
        for number in range(arguments.rounds + 1):
            for name, command in commands.items():
                one = run(command)
                if number:
                    times[name].append(one)
        print(table(times))
        for name in list(commands)[1:]:
            print(f"\n{name}: {dearest(commands[name], arguments.rounds)}")


def run(command: Sequence[str]) -> Times:
    """Run Python with these arguments."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, sum(after[:2]) - sum(before[:2])  # of the user and of the system


def table(times: dict[str, list[Times]]) -> str:
    """A Markdown table, a row a command."""
    lines = [
        "| | wall, s: least | median | spread | processor, s: least | median | spread |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, rounds in times.items():
        cells = [name]
        for seconds in zip(*rounds, strict=True):
            least, middle = min(seconds), statistics.median(seconds)
            spread = middle / least - 1
            noise = f"{spread:.0%}{' (noisy)' if spread > NOISY else ''}"
            cells += [f"{least:.3f}", f"{middle:.3f}", noise]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def dearest(command: Sequence[str], rounds: int) -> str:
    """The imports that take longest, of how many that take how long together."""
    least: dict[str, int] = {}
    for _ in range(rounds):
        timed = [sys.executable, "-X", "importtime", *command]
        done = subprocess.run(timed, check=True, capture_output=True, text=True)
        for own, name in LINE.findall(done.stderr):
            least[name] = min(int(own), least.get(name, sys.maxsize))
    first = sorted(least, key=lambda name: -least[name])[:DEAREST]
    listed = ", ".join(f"{name} {least[name] / 1000:.1f}" for name in first)
    return f"{len(least)} imports, {sum(least.values()) / 1000:.0f} ms: {listed}"


if __name__ == "__main__":
    main()
