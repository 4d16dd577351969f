"""Load mutated bundles: `python -m tests.fuzz.bundles` loads 10,000.

Every load has to end in a model that is what the file holds and that can predict, be shown and be
saved, or in one ChudeError: no signal, no traceback, nothing run, at most 5 seconds, and at most
200 MB beyond the size of the model file.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from chude.bundle.folder import save
from chude.corpus.taxonomy import Taxonomy
from chude.training.train import TrainOptions, train
from tests.fuzz.workers import Found, fuzz
from tests.invented import TAXONOMY, make_articles

WORKER = "tests.fuzz.bundle_worker"
FINE = ("loaded", "refused")


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
    with tempfile.TemporaryDirectory() as scratch:
        bundles = list(good_bundles(Path(scratch)))
        raise SystemExit(run(__doc__, WORKER, bundles, FINE))


def run(about: str | None, worker: str, arguments: list[Path], fine: tuple[str, ...]) -> int:
    """Try as many mutations as the command line says; how many did not end in what is fine."""
    parser = argparse.ArgumentParser(description=about)
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
        if outcomes.total() % 500 == 0:
            print(f"{outcomes.total():,} tried", file=sys.stderr, flush=True)
        if found["outcome"] not in fine:
            print(json.dumps(found, ensure_ascii=True), file=sys.stderr, flush=True)

    fuzz(
        worker,
        arguments,
        [f"{options.seed}-{i}" for i in range(options.count)],
        options.jobs,
        count,
    )
    for name, number in sorted(outcomes.items()):
        print(f"{number:6,}  {name}")
    bad = sum(n for name, n in outcomes.items() if not name.endswith(fine))
    print(f"{outcomes.total():6,}  in all, {bad} not fine")
    print(f"the slowest took {slowest[0]:.1f} s, of seed {slowest[1]}")
    return int(bad > 0)


if __name__ == "__main__":
    main()
