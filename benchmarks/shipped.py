"""How good the shipped model is, source by source, with the thresholds that it ships with.

usage: python benchmarks/shipped.py CORPUS [--test FILE] [--seed 0] [--folds N] [--plain]

Trains on the corpus as `chude train` does. Of its written articles and of the press articles drawn
by chance it prints what models said that never saw the article; of the test file, what the model
says.
Beside macro-F1 stand the macro-F1 at the best thresholds, which nobody knows beforehand, and the
expected calibration error: how far probabilities are from the share that is right, in ten bins, on
average over decisions (Naeini, Cooper and Hauskrecht 2015). --plain trains without the scales of
`chude.training.scale`, to compare.
"""

import argparse
import io
from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

import chude
import chude.training.cross_validate
import chude.training.fit
from chude.evaluation.metrics import evaluate_predictions
from chude.training.thresholds import best_threshold

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
_BINS = 10


def calibration_error(truth: Bools, probabilities: Floats) -> float:
    """Expected calibration error over all decisions, both arrays (n_articles, n_themes)."""
    share, label = probabilities.ravel(), truth.ravel()
    number = np.minimum((share * _BINS).astype(int), _BINS - 1)
    sizes = np.bincount(number, minlength=_BINS)
    gaps = np.bincount(number, share - label, minlength=_BINS)
    return float(np.abs(gaps).sum() / sizes.sum())


def print_row(
    name: str, truth: Bools, chosen: Bools, probabilities: Floats, keys: Sequence[str], seed: int
) -> None:
    """One line of the table."""
    found = evaluate_predictions(truth, chosen, probabilities, keys, seed=seed)
    low, high = found["macro_f1_interval"]
    best = np.mean([best_threshold(truth[:, k], probabilities[:, k])[1] for k in range(len(keys))])
    by_theme = "  ".join(f"{found['themes'][key]['f1']:.3f}" for key in keys)
    print(
        f"{name:28} {len(truth):6,}  {found['macro_f1']:.3f} [{low:.3f}, {high:.3f}]  {best:.3f}  "
        f"{found['macro_average_precision']:.3f}  {calibration_error(truth, probabilities):.3f}  "
        f"{by_theme}"
    )


def print_sources(model: chude.Model, seed: int) -> None:
    """The rows of the training corpus, by models that never saw the article."""
    keys = model.taxonomy.keys
    table = pl.read_csv(io.BytesIO(bytes(model.provenance["out_of_fold"])))
    settled = table.drop_nulls([f"label_{key}" for key in keys])
    source = pl.col("article").str.extract(r"^(\w+):\d+$").fill_null("written")
    for [name], rows in settled.group_by(source.alias("source"), maintain_order=True):
        columns = [
            np.stack([rows[f"{kind}_{key}"].to_numpy() for key in keys], axis=1)
            for kind in ("label", "chosen", "probability")
        ]
        truth, chosen, probabilities = columns
        if drawn := model.provenance.get("by_chance", {}).get(str(name)):
            numbers = rows["article"].str.extract(r":(\d+)$").cast(int).to_numpy()
            inside = np.isin(numbers, drawn)
            truth, chosen, probabilities = truth[inside], chosen[inside], probabilities[inside]
        print_row(f"{name}, out of fold", truth, chosen, probabilities, keys, seed)


def print_file(model: chude.Model, file: str, seed: int) -> None:
    """The row of a file of labelled articles."""
    keys = model.taxonomy.keys
    articles = [a for a in chude.read(file, taxonomy=model.taxonomy) if a.themes is not None]
    truth = np.array([[key in (a.themes or ()) for key in keys] for a in articles])
    predictions = model.predict(articles)
    chosen = np.array([[key in p.themes for key in keys] for p in predictions])
    probabilities = np.array([[p.probabilities[key] for key in keys] for p in predictions])
    print_row(file.rsplit("/", 1)[-1], truth, chosen, probabilities, keys, seed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("--test")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folds", type=int)
    parser.add_argument("--plain", action="store_true")
    arguments = parser.parse_args()
    if arguments.plain:
        for module in (chude.training.fit, chude.training.cross_validate):
            vars(module)["scale_columns"] = lambda *_: None
    model = chude.train(arguments.corpus, seed=arguments.seed, n_folds=arguments.folds, cache=True)
    print(
        f"{'':28} {'':6}  {'macro F1 [95 % interval]':22}   best   AP     ECE    F1 of "
        + ", ".join(model.taxonomy.keys)
    )
    print_sources(model, arguments.seed)
    if arguments.test:
        print_file(model, arguments.test, arguments.seed)


if __name__ == "__main__":
    main()
