"""Predict mutated inputs: `python -m tests.fuzz.inputs` tries 10,000.

Texts that repeat and mix all that texts are made of; tables with bad rows and bad bytes; folders of
links, pipes and strange names; damaged parts of earlier runs, and words that earlier trainings
kept. Every run has to end by itself within 5 seconds of processor time and 1 GiB, without a
traceback; no row is lost but named, the rows beside a bad one are done, nothing is run, and no
control character is shown; the words of a cache are those without it.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from chude.bundle.folder import save
from chude.training.train import TrainOptions, train
from tests.fuzz.bundles import run
from tests.invented import TAXONOMY, make_articles

WORKER = "tests.fuzz.input_worker"
FINE = ("done", "refused", "failed")


def models(folder: Path) -> Iterator[Path]:
    """A small model of each segmenter."""
    for segmenter in ("underthesea", "syllable"):
        save(
            train(make_articles(84), TAXONOMY, TrainOptions(segmenter=segmenter)),
            folder / segmenter,
        )
        yield folder / segmenter


def main() -> None:
    """Fuzz, count the outcomes, and show those that are not fine."""
    with tempfile.TemporaryDirectory() as scratch:
        raise SystemExit(run(__doc__, WORKER, list(models(Path(scratch))), FINE))


if __name__ == "__main__":
    main()
