"""The figures of a run as Markdown tables and a plot.

    python -m benchmarks.peers.report build/bench.json

writes both again from the figures.
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.peers import danes, scaling, themes
from benchmarks.peers.measure import CALL, PREPARED, QUICK
from benchmarks.peers.plot import plot
from benchmarks.peers.setting import TURNS, Results, left
from benchmarks.peers.systems import FASTTEXT_EPOCHS, FASTTEXT_RATE, SAME, SYSTEMS
from benchmarks.peers.verdicts import (
    NOTE,
    Target,
    at_least,
    markdown,
    paired,
    target_table,
    verdict,
)

Systems = Results
_ROWS = {"themes": themes, "danes": danes, "scaling": scaling}
_TITLES = {
    "topics": "One label an article",
    "themes": "Several themes with passages, on an archive",
    "danes": "Topics of headlines",
    "scaling": "From a thousand articles to a million",
}


def write(figures: dict[str, Any], path: Path) -> None:
    """Write the tables to `path`, and the plot of topics beside it, as .png."""
    parts = [head(figures)]
    for row, found in figures["rows"].items():
        made = sections(found) if row == "topics" else _ROWS[row].tables(found)
        asked = list((targets if row == "topics" else _ROWS[row].targets)(found))
        title = f"## {_TITLES[row]} (row `{row}`, {found['minutes']:.1f} minutes)"
        parts += [title, *made, target_table(asked)]
    path.write_text("\n\n".join(part for part in parts if part) + "\n", encoding="utf-8")
    if "topics" in figures["rows"]:
        plot(figures["rows"]["topics"]["systems"], path.with_suffix(".png"))


def head(figures: dict[str, Any]) -> str:
    """The machine, versions and rounds."""
    first = ", ".join(f"{name} {value}" for name, value in figures["machine"].items())
    trial = " A trial on samples, whose figures mean little." if figures["trial"] else ""
    turns = min(TURNS, figures["rounds"])
    rounds = f"At most {figures['rounds']} rounds of prediction and {turns} turns of training."
    return f"{first}.\n\n{rounds} {NOTE}{trial}"


def sections(found: dict[str, Any]) -> Iterator[str]:
    """Articles, tables and notes of the topics."""
    articles, systems = found["articles"], found["systems"]
    yield (
        f"{articles['train']:,} training and {articles['test']:,} test articles; the words of "
        f"{articles['leaked']:,} test articles are, one after the other, those of a training "
        "article (leaked)."
    )
    yield from tables(systems)
    yield notes(systems)


def tables(systems: Systems) -> Iterator[str]:
    """Quality, training and prediction."""
    yield table(
        systems,
        ("accuracy", "macro-F1", "accuracy without leaked", "macro-F1 without leaked"),
        lambda r: [
            f"{r[f'{figure}_{part}']:.4f}"
            for part in ("all", "new")
            for figure in ("accuracy", "macro_f1")
        ],
    )
    passes = ("1", "2")
    yield table(
        systems,
        (
            *(f"training, s, {cores(n)}" for n in passes),
            *(f"peak memory, MB, {cores(n)}" for n in passes),
            "model, MB",
            "features",
        ),
        lambda r: [
            *(seconds(r["train"][n]) if n in r["train"] else "" for n in passes),
            *(f"{r['train'][n]['memory']:,.0f}" if n in r["train"] else "" for n in passes),
            f"{r['size']:,.1f}",
            f"{r['features']:,}",
        ],
    )
    yield table(
        systems,
        (
            *(f"articles/s, {cores(n)}" for n in passes),
            *(f"one at a time, {cores(n)}" for n in passes),
            "peak memory, MB",
        ),
        lambda r: [
            *(rate(r["predict"].get(n, {}), "batch") for n in passes),
            *(rate(r["predict"].get(n, {}), "single") for n in passes),
            f"{r['predict']['1']['memory']:,.0f}",
        ],
    )


def table(
    systems: Systems, names: tuple[str, ...], cells: Callable[[dict[str, Any]], list[str]]
) -> str:
    """One row a system; where it failed, what it said."""
    rows = [
        (SYSTEMS[key].title, *([f"failed: {r['failed']}"] if "failed" in r else cells(r)))
        for key, r in systems.items()
    ]
    return markdown(("", *names), rows)


def cores(number: str) -> str:
    """In words."""
    return {"1": "one core", "2": "two cores"}[number]


def seconds(found: dict[str, Any]) -> str:
    """The training time."""
    return f"{'≈ ' if found['extrapolated'] else ''}{median(found['seconds']):,.1f}"


def rate(found: dict[str, Any], name: str) -> str:
    """Median articles a second, empty where there are none."""
    return f"{median(found[name]):,.0f}" if found.get(name) else ""


def notes(systems: Systems) -> str:
    """How the figures came about."""
    baseline = min(
        (one["texts_memory"] for r in systems.values() for one in r["train"].values()), default=0
    )
    lines = [
        "Training: from raw texts in memory to the saved model, imports included; where the "
        f"first takes no more than {QUICK} s, the median of the turns, and once more on one core. "
        "Model: all that is saved. Peak memory: of the process and those it starts, "
        f"{baseline:,.0f} MB of it interpreter and texts. Prediction: from raw texts to labels, by "
        "`Model.predict`, `TextClassifier.predict_batch`, fastText's `predict`, "
        f"`Pipeline.predict`, {CALL:,} unseen texts a call; medians of the rounds. The model of "
        "the last column of training is the one that predicts. Same number of features: as chude "
        "has with syllables. fastText: "
        f"{FASTTEXT_EPOCHS} epochs, learning rate {FASTTEXT_RATE}, by cross-validation on training "
        "articles with word bigrams; 100 dimensions unless said. scikit-learn: `TfidfVectorizer` "
        "(1-2-grams, `min_df=2`, `sublinear_tf`), `LinearSVC` with C = 1."
    ]
    for key in ("chude", "chude-syllable"):
        found = systems.get(key, {}).get("predict", {})
        bare = [f"{rate(found[n], 'probabilities')} with {cores(n)}" for n in found]
        if bare and "failed" not in systems[key]:
            lines.append(f"{SYSTEMS[key].title}, `Model.probabilities` alone: {', '.join(bare)}.")
    if any(SYSTEMS[key].slow for key in systems):
        lines.append(
            "≈: extrapolated from the time that `word_tokenize` takes for "
            f"{PREPARED} training texts, and the time of the rest. That classifier learnt from the "
            "words of chude's segmenter, which are the same (`verify_segmentation.py` compares "
            "them), and was given those of the test split for its accuracy; its articles/s are "
            "measured through `word_tokenize`, on fewer texts."
        )
    return "\n\n".join(lines)


def targets(found: dict[str, Any]) -> Iterator[Target]:
    """What was asked for, as ratios in this run, and what was measured."""
    systems: Systems = {key: found["systems"][key] for key in left(found["systems"])}
    yield from speed_targets(systems)
    yield from training_targets(systems)
    yield from accuracy_targets(systems)


def speed_targets(systems: Systems) -> Iterator[Target]:
    """Prediction: the median over the rounds of the ratio in one round."""
    for ours, peer, least in (
        ("chude", "fasttext", 1.0),
        ("chude", "sklearn-words", 40.0),
        ("chude-syllable", SAME, 1.0),
    ):
        if ours in systems and peer in systems:
            for n, found in systems[ours]["predict"].items():
                ratios = paired(found["batch"], systems[peer]["predict"][n]["batch"])
                what = f"articles/s: {SYSTEMS[ours].title} to {SYSTEMS[peer].title}"
                yield at_least(what, cores(n), ratios, least)


def training_targets(systems: Systems) -> Iterator[Target]:
    """Training on two cores."""
    for ours, most in ("chude", 1.0), ("chude-syllable", 0.5):
        for peer in ("sklearn", "core-20k", "core-200k"):
            if all("2" in systems.get(key, {}).get("train", {}) for key in (ours, peer)):
                times = [systems[key]["train"]["2"]["seconds"] for key in (ours, peer)]
                ratio = median(times[0]) / median(times[1])
                what = f"training time: {SYSTEMS[ours].title} to {SYSTEMS[peer].title}"
                met = verdict(ratio <= most, *times)
                yield what, cores("2"), f"{ratio:.2f}", f"≤ {most}", met


def accuracy_targets(systems: Systems) -> Iterator[Target]:
    """Accuracy on the test split."""
    others = [r["accuracy_all"] for key, r in systems.items() if not SYSTEMS[key].ours]
    for key in (key for key in systems if SYSTEMS[key].ours):
        accuracy = systems[key]["accuracy_all"]
        what = f"accuracy: {SYSTEMS[key].title}"
        yield what, "", f"{accuracy:.4f}", "≥ 0.935", verdict(accuracy >= 0.935)
        if others:
            asked = f"> {max(others):.4f}, the best peer's"
            yield what, "", f"{accuracy:.4f}", asked, verdict(accuracy > max(others))


if __name__ == "__main__":
    figures_path = Path(sys.argv[1])
    write(json.loads(figures_path.read_text(encoding="utf-8")), figures_path.with_suffix(".md"))
