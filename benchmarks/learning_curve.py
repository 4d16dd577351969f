"""How quality grows with the number of articles; prints a Markdown table, may draw a picture.

    python benchmarks/learning_curve.py data --test labelled.jsonl --picture curve.png

Trains on nested random subsets of the corpus, every combination of themes in its share, each subset
within the next. Out-of-fold figures come from cross-validation inside the subset, the others from
the labelled test file (columns id, text, themes). In brackets: 95 % bootstrap intervals over
articles; they do not hold the chance of having drawn this subset and not another.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import chude
from chude.corpus.labelled import read_corpus
from chude.show.figures import with_interval
from chude.text.segment import SEGMENTERS
from chude.training.train import TrainOptions, train

FRACTIONS = "1/8 1/4 1/2 3/4 1"
LINES = {"out-of-fold": "#1f5f99", "labelled test file": "#b5421a"}

Figures = Mapping[str, Any]


def stratified_order(articles: Sequence[chude.Article], seed: int) -> NDArray[np.int64]:
    """An order of the articles of which every beginning has each combination in its share.

    The i-th of n articles of a combination, shuffled, stands at (i + 1/2) / n of the way.
    """
    shuffled = np.random.default_rng(seed).permutation(len(articles))
    groups: dict[tuple[str, ...], list[int]] = {}
    for i in shuffled:
        groups.setdefault(tuple(sorted(articles[i].themes or ())), []).append(int(i))
    place = np.empty(len(articles))
    for rows in groups.values():
        place[rows] = (np.arange(len(rows)) + 0.5) / len(rows)
    return shuffled[np.argsort(place[shuffled], kind="stable")]


def table(sizes: Sequence[int], curves: Mapping[str, Sequence[Figures]]) -> str:
    """Markdown: a row for each size, F1 and average precision of each curve."""
    names = {"macro-F1": "macro_f1", "macro average precision": "macro_average_precision"}
    head = ["articles"]
    rows = [[f"{size:,}"] for size in sizes]
    for curve, name in product(curves, names):
        head.append(f"{name}, {curve}")
        for row, figures in zip(rows, curves[curve], strict=True):
            row.append(with_interval(figures, names[name]))
    lines = [head, ["---:"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def draw(path: Path, sizes: Sequence[int], curves: Mapping[str, Sequence[Figures]]) -> None:
    """Macro-F1 by number of articles, one line a curve, its interval as a band."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 4.8), layout="constrained")
    ends = {name: curve[-1]["macro_f1"] for name, curve in curves.items()}
    for name, curve in curves.items():
        values = [figures["macro_f1"] for figures in curve]
        low, high = zip(*(figures["macro_f1_interval"] for figures in curve), strict=True)
        axes.fill_between(sizes, low, high, color=LINES[name], alpha=0.13, linewidth=0)
        axes.plot(sizes, values, color=LINES[name], marker="o", linewidth=2)
        axes.annotate(
            f"{name}\n{ends[name]:.2f}",
            (sizes[-1], ends[name]),
            (10, 0),
            textcoords="offset points",
            va="bottom" if name == max(ends, key=ends.__getitem__) else "top",
            color=LINES[name],
        )
    axes.set(xlabel="articles trained on", ylabel="macro-F1", xlim=(0, sizes[-1] * 1.22))
    axes.set_title("Quality by size of the corpus (bands: 95 % intervals)", loc="left")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", alpha=0.3)
    figure.savefig(path, dpi=150)
    plt.close(figure)


def main() -> None:
    """Read the command line, train on each subset, print the table and draw the picture."""
    parser = argparse.ArgumentParser(description="How quality grows with the number of articles.")
    parser.add_argument("corpus", nargs="?", type=Path, default=Path("data"), metavar="CORPUS")
    parser.add_argument("--test", type=Path, required=True, help="labelled articles, JSONL")
    parser.add_argument("--picture", type=Path, help="where to draw the curves")
    parser.add_argument("--fractions", type=Fraction, nargs="+", default=FRACTIONS.split())
    parser.add_argument("--segmenter", choices=SEGMENTERS, default="underthesea")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    options = TrainOptions(segmenter=given.segmenter, seed=given.seed)
    fractions = sorted(map(Fraction, given.fractions))
    sizes: list[int] = []
    curves: dict[str, list[Figures]] = {name: [] for name in LINES}
    try:
        articles, taxonomy = read_corpus([given.corpus], on_refusal=note)
        test = list(chude.read(given.test, taxonomy=taxonomy, on_refusal=note))
        labelled = [article for article in articles if article.themes is not None]
        order = stratified_order(labelled, given.seed)
        for fraction in fractions:
            chosen = np.sort(order[: round(fraction * len(order))])
            model = train([labelled[i] for i in chosen], taxonomy, options, on_refusal=note)
            sizes.append(len(chosen))
            curves["out-of-fold"].append(model.provenance["metrics"])
            curves["labelled test file"].append(chude.evaluate(model, test, seed=given.seed))
    except chude.ChudeError as error:
        sys.exit(str(error))
    print(table(sizes, curves))
    if given.picture is not None:
        draw(given.picture, sizes, curves)


def note(refusal: chude.Refusal) -> None:
    """Say on stderr what is left out, and go on."""
    print(f"refused: {refusal}", file=sys.stderr)


if __name__ == "__main__":
    main()
