"""Judge: what out-of-fold margins say of a model, before it is fitted to all articles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chude.errors import ChudeError
from chude.evaluation.metrics import evaluate_predictions
from chude.model.decide import Calibration, Decision
from chude.training.calibrate import fit_calibration
from chude.training.examples import FEWEST_POSITIVES
from chude.training.targets import Bools, Targets
from chude.training.thresholds import fit_thresholds

Floats = NDArray[np.float64]

_FEWEST = 20  # articles of a theme that were drawn by chance; fewer say too little


def judged_rows(targets: Targets) -> Bools:
    """The articles that C, calibration and thresholds are chosen by, (n_articles,).

    Those drawn by chance, where there are enough: others were picked because they are hard, or were
    written for the corpus, and would promise less or more than the archive keeps. Else all.
    """
    drawn = targets.by_chance
    labels = targets.labels[drawn & targets.known.all(axis=1)]
    carried = labels.sum(axis=0)
    enough = (carried >= _FEWEST) & (len(labels) - carried >= FEWEST_POSITIVES)
    return drawn if enough.all() else np.ones(len(targets), dtype=bool)


def calibrate(
    margins: Floats, labels: Bools, known: Bools, judged: Bools, exclusive: bool
) -> tuple[Calibration, Floats]:
    """The calibration and the thresholds of these articles, see `fit_calibration`."""
    calibration = fit_calibration(margins, labels, exclusive, known, judged)
    probabilities = calibration.probabilities(margins[judged])
    return calibration, fit_thresholds(probabilities, labels[judged], known[judged])


def drawn_facts(targets: Targets) -> dict[str, dict[str, Any]]:
    """For the manifest, under `drawn`: how many articles were drawn by chance.

    Nothing where none was: such a manifest stays as it was. judged: whether they alone are judged.
    needed: how many of each theme that takes.
    """
    if not targets.by_chance.any():
        return {}
    judged = bool(targets.by_chance[judged_rows(targets)].all())
    n = int(targets.by_chance.sum())
    return {"drawn": {"articles": n, "judged": judged, "needed": _FEWEST}}


@dataclass(frozen=True, slots=True)
class Crossed:
    """Decisions on each training article by what was learnt from the other folds.

    fold: (n_articles,). probabilities, chosen: (n_articles, n_themes). judges: of each fold the
    calibration and the thresholds.
    """

    fold: NDArray[np.int64]
    probabilities: Floats
    chosen: Bools
    judges: Sequence[tuple[Calibration, Decision]]


def crossed_decisions(
    margins: Floats, targets: Targets, fold: NDArray[np.int64], judged: Bools, exclusive: bool
) -> Crossed:
    """Probabilities and decisions whose calibration and thresholds come from the other folds."""
    probabilities = np.zeros(targets.labels.shape)
    chosen = np.zeros(targets.labels.shape, dtype=bool)
    judges = []
    for f in range(int(fold.max()) + 1):
        others, own = fold != f, fold == f
        calibration, thresholds = calibrate(
            margins[others],
            targets.labels[others],
            targets.known[others],
            judged[others],
            exclusive,
        )
        probabilities[own] = calibration.probabilities(margins[own])
        # The articles are sound: none is sent to a person because its words are unknown.
        decision = Decision(thresholds, exclusive, least_known=0.0)
        chosen[own] = decision.chosen(probabilities[own])
        judges.append((calibration, decision))
    return Crossed(fold, probabilities, chosen, judges)


def figures(
    rows: Bools,
    targets: Targets,
    chosen: Bools,
    probabilities: Floats,
    keys: Sequence[str],
    exclusive: bool,
    seed: int,
) -> dict[str, Any]:
    """Figures on some of the articles, without those of which a label is not known.

    Raises ChudeError when none is left.
    """
    settled = rows & targets.known.all(axis=1)
    if not settled.any():
        raise ChudeError("no article of which all themes are settled. Settle some to judge by.")
    return evaluate_predictions(
        targets.labels[settled],
        chosen[settled],
        probabilities[settled],
        keys,
        exclusive=exclusive,
        seed=seed,
    )


def figures_by_source(
    sources: Mapping[str, Bools],
    targets: Targets,
    chosen: Bools,
    probabilities: Floats,
    keys: Sequence[str],
    seed: int,
) -> dict[str, dict[str, Any]]:
    """`figures` on each source: on what of it was drawn by chance, or all where nothing was.

    A source of which no article is settled has none.
    """
    found = {}
    for name, rows in sources.items():
        settled = rows & targets.known.all(axis=1)
        drawn = settled & targets.by_chance
        if settled.any():
            taken = drawn if drawn.any() else settled
            found[name] = figures(taken, targets, chosen, probabilities, keys, False, seed)
    return found


def out_of_fold_csv(
    names: Sequence[str],
    targets: Targets,
    keys: Sequence[str],
    crossed: Crossed,
    marks: Mapping[str, Bools],
) -> bytes:
    """What cross-validation said of each article, whose label is empty where it is not known.

    marks: further columns, (n_articles,) each.
    """
    import polars as pl

    columns: dict[str, Any] = {"article": names, "fold": crossed.fold, **marks}
    for k, key in enumerate(keys):
        label = pl.Series(targets.labels[:, k])
        known = pl.Series(targets.known[:, k])
        columns[f"label_{key}"] = label.zip_with(known, pl.Series([None], dtype=pl.Boolean))
        columns[f"chosen_{key}"] = crossed.chosen[:, k]
        columns[f"probability_{key}"] = crossed.probabilities[:, k].round(6)
    return pl.DataFrame(columns).write_csv().encode()
