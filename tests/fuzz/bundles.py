"""Load mutated bundles: `python -m tests.fuzz.bundles` loads 10,000.

Every load has to end in a model that is what the file holds and that can predict, be shown and be
saved, or in one ChudeError: no signal, no traceback, nothing run, at most 5 seconds, and at most
200 MB beyond the size of the model file.
"""

import argparse
import json
import os
import select
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from chude.bundle.folder import save
from chude.corpus.taxonomy import Taxonomy
from chude.training.train import TrainOptions, train
from tests import ROOT
from tests.invented import TAXONOMY, make_articles

MOST_SECONDS = 5
FINE = ("loaded", "refused")

Found = dict[str, Any]


class Worker:
    """A process that loads; another one takes its place when it dies or has to be ended."""

    def __init__(self, bundle: Path) -> None:
        self._bundle = bundle
        self._start()

    def load(self, seed: str) -> Found:
        """How the load of the mutation with this seed ended."""
        assert self._process.stdin
        self._process.stdin.write(f"{seed}\n".encode())
        self._process.stdin.flush()
        found = self._answer(60) and self._answer(MOST_SECONDS)
        if not found:
            found = {"outcome": self._end()}
            self._start()
        return {"seed": seed, **found}

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def _end(self) -> str:
        """End the process, and say whether it had ended by itself."""
        try:
            return f"died with {self._process.wait(1)}"
        except subprocess.TimeoutExpired:
            return "hang"
        finally:
            self.close()

    def _start(self) -> None:
        command = [sys.executable, "-m", "tests.fuzz.bundle_worker", str(self._bundle)]
        path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
            env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip

    def _answer(self, seconds: float) -> Found | None:
        assert self._process.stdout
        if not select.select([self._process.stdout], [], [], seconds)[0]:
            return None
        line = self._process.stdout.readline()
        return json.loads(line) if line.endswith(b"\n") else None


def fuzz(
    bundles: list[Path], seeds: list[str], jobs: int, on_found: Callable[[Found], None]
) -> None:
    """Load a mutation a seed, of one bundle after the other, in several processes."""

    def work(job: int) -> None:
        worker = Worker(bundles[job % len(bundles)])
        for seed in seeds[job::jobs]:
            on_found(worker.load(seed))
        worker.close()

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(work, range(jobs)))


def good_bundles(folder: Path) -> Iterator[Path]:
    """Small bundles that load: of any number of themes, and of exclusive ones."""
    articles = make_articles(84)
    save(train(articles, TAXONOMY, TrainOptions(segmenter="syllable")), folder / "any")
    yield folder / "any"
    one = [a for a in articles if a.themes and len(a.themes) == 1]
    exclusive = Taxonomy(TAXONOMY.themes, exclusive=True)
    save(train(one, exclusive, TrainOptions(segmenter="syllable")), folder / "exclusive")
    yield folder / "exclusive"


def main() -> None:
    """Fuzz, count the outcomes, and show those that are not fine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", default="0")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    outcomes: Counter[str] = Counter()
    slowest = (0.0, "")

    def count(found: Found) -> None:
        nonlocal slowest
        slowest = max(slowest, (found.get("seconds", 0.0), found["seed"]))
        outcomes[f"{found.get('mutation', '?')}: {found['outcome']}"] += 1
        if found["outcome"] not in FINE:
            print(json.dumps(found, ensure_ascii=False), file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory() as scratch:
        bundles = list(good_bundles(Path(scratch)))
        seeds = [f"{options.seed}-{i}" for i in range(options.count)]
        fuzz(bundles, seeds, options.jobs, count)
    for name, number in sorted(outcomes.items()):
        print(f"{number:6,}  {name}")
    bad = sum(n for name, n in outcomes.items() if not name.endswith(FINE))
    print(f"{outcomes.total():6,}  in all, {bad} not fine")
    print(f"the slowest load took {slowest[0]:.1f} s, of seed {slowest[1]}")
    raise SystemExit(bad > 0)


if __name__ == "__main__":
    main()
