"""Compare chude's doubtful labels with cleanlab's on the same out-of-fold probabilities.

usage: label_errors.py MODEL

cleanlab brings pandas (84 MB), so that chude has the rule itself, and this shows that it is the
same on a model's own articles. cleanlab is among the `dev` extra.

Each theme is a question of two classes, which is what `chude check` asks of themes that do not
exclude each other. Printed is a Markdown table; the status is 1 where a flag differs.
"""

import argparse
import importlib
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from chude.bundle.folder import load
from chude.evaluation.crossed import read_crossed
from chude.evaluation.label_errors import label_errors


def main() -> int:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("model", type=Path)
    model = load(parser.parse_args().model)
    table = read_crossed(bytes(model.provenance["out_of_fold"]), model.taxonomy.keys)
    start = time.process_time()
    _, ours = label_errors(table.probabilities, table.labels, table.known, exclusive=False)
    seconds = time.process_time() - start
    print("| theme | articles | flagged by chude | by cleanlab | differ |\n|---|---|---|---|---|")
    differing = 0
    start = time.process_time()
    for k, key in enumerate(table.keys):
        rows = table.known[:, k]
        theirs = cleanlab(table.probabilities[rows, k], table.labels[rows, k])
        mine = ours[rows, k]
        differ = int((mine != theirs).sum())
        differing += differ
        print(f"| {key} | {rows.sum():,} | {mine.sum()} | {theirs.sum()} | {differ} |")
    print(f"\nchude {seconds:.3f} s of processor, cleanlab {time.process_time() - start:.3f} s")
    return int(differing > 0)


def cleanlab(probabilities: Any, labels: Any) -> Any:
    """Which labels (n_articles,) cleanlab finds wrong."""
    find_label_issues = importlib.import_module("cleanlab.filter").find_label_issues
    both = np.stack([1 - probabilities, probabilities], axis=1)
    return find_label_issues(
        labels.astype(int), both, filter_by="confident_learning", n_jobs=1, verbose=False
    )


if __name__ == "__main__":
    sys.exit(main())
