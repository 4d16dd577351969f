"""Choose fastText's epochs and learning rate by cross-validation on the training articles.

    python -m benchmarks.peers.tune train.parquet --peers build/peers/bin/python --sample 16000

Printed is the accuracy of each pair; the best is written into `systems.py` by hand. One thread, so
that the same articles give the same figures. Whoever gives all articles waits for an hour.
"""

import argparse
import itertools
import os
import sys
import tempfile
from pathlib import Path
from statistics import mean

from benchmarks.peers.corpus import Corpus, read
from benchmarks.peers.processes import Process

from chude.errors import ChudeError

EPOCHS = (5, 15, 25)
RATES = (0.1, 0.5, 1.0)


def main() -> int:
    """Run the cross-validation."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("train")
    parser.add_argument("--peers", default=sys.executable, help="Python that has the peers")
    parser.add_argument("--label-column", default="theme")
    parser.add_argument("--sample", type=int, help="so many random articles")
    parser.add_argument("--folds", type=int, default=2)
    arguments = parser.parse_args()
    try:
        articles = read(arguments.train, arguments.label_column).shuffled(0, arguments.sample)
    except ChudeError as error:
        print(error, file=sys.stderr)
        return 1
    print("| epochs | learning rate | accuracy |\n|---|---|---|")
    found = {}
    for epochs, rate in itertools.product(EPOCHS, RATES):
        settings = {"ngrams": 2, "epochs": epochs, "rate": rate}
        found[epochs, rate] = cross_validated(arguments.peers, settings, articles, arguments.folds)
        print(f"| {epochs} | {rate} | {found[epochs, rate]:.4f} |", flush=True)
    epochs, rate = max(found, key=lambda pair: found[pair])
    print(f"\nbest: FASTTEXT_EPOCHS, FASTTEXT_RATE = {epochs}, {rate}")
    return 0


def cross_validated(
    python: str, settings: dict[str, float], articles: Corpus, n_folds: int
) -> float:
    """Mean accuracy over the folds."""
    core = sorted(os.sched_getaffinity(0))[:1]
    accuracies = []
    for f in range(n_folds):
        rows = range(len(articles.texts))
        seen = articles.take([i for i in rows if i % n_folds != f])
        unseen = articles.take([i for i in rows if i % n_folds == f])
        with tempfile.TemporaryDirectory() as name:
            folder, worker = (
                Path(name),
                Process(os.path.abspath(python), "fasttext", settings, core),
            )
            corpus, model = seen.write(folder / "train.pickle"), folder / "model"
            worker.ask("train", corpus=corpus, folder=model, prepared=False)
            worker.ask("load", folder=model)
            labels = worker.ask("labels", texts=unseen.texts, prepared=False)
            worker.close()
        accuracies.append(mean(a == b for a, b in zip(labels, unseen.labels, strict=True)))
    return float(mean(accuracies))


if __name__ == "__main__":
    sys.exit(main())
