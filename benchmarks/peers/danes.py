"""The row `danes`: headlines with any number of 23 topics; quality and training time.

The file is the Label Studio export of DANeS batch 1, in which the annotations of a task are a list
of results. Three quarters are learnt from, by a seeded split; nothing is chosen on the others.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from benchmarks.peers.corpus import Corpus, leaked
from benchmarks.peers.processes import Process
from benchmarks.peers.setting import Results, Setting, left, noting, say
from benchmarks.peers.several import OURS, SEVERAL
from benchmarks.peers.verdicts import Target, markdown, paired, verdict

from chude.errors import ChudeError

_PEER = "themes-sklearn"  # whose training time is the yardstick


def read(path: str) -> Corpus:
    """Headlines with their descriptions, and the topics of each.

    Raises ChudeError when it is not that export.
    """
    texts, labels = [], []
    try:
        for task in json.loads(Path(path).read_text(encoding="utf-8")):
            given = [one for one in task["annotations"] if one["from_name"] == "topic"]
            topics = {choice for one in given for choice in one["value"]["choices"]}
            parts = [task["data"]["text"], task["data"]["meta"].get("description") or ""]
            if parts[0].strip() and topics:
                texts.append("\n\n".join(part.strip() for part in parts if part.strip()))
                labels.append(tuple(sorted(topics)))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ChudeError(
            f"{path}: cannot be read ({type(error).__name__}: {error}). "
            "Give the Label Studio export of DANeS, a JSON file."
        ) from None
    return Corpus(texts, labels)


def measure(setting: Setting, path: str) -> dict[str, Any]:
    """The figures of the row. Raises ChudeError when the file cannot be read."""
    articles = read(path).shuffled(0)
    rows = list(range(len(articles.texts)))
    middle = len(rows) * 3 // 4
    learnt, unseen = articles.take(rows[:middle]), articles.take(rows[middle:])
    corpus = learnt.write(setting.folder / "danes.pickle")
    results: Results = {key: {"train": {}} for key in SEVERAL if key in setting.only}
    for turn in range(setting.turns):
        for cores in setting.passes:
            for key in left(results):
                say(f"training {key}, cores: {len(cores)}, turn {turn + 1} of {setting.turns}")
                # Those of the first turn on one core are judged.
                judged = unseen if turn == 0 and cores == setting.passes[0] else None
                with noting(results, key), setting.worker(key, cores) as worker:
                    train(worker, corpus, len(cores), results[key], judged)
    return {
        "articles": {
            "train": len(learnt.texts), "test": len(unseen.texts),
            "leaked": sum(leaked(learnt, unseen)),
        },
        "topics": len({topic for topics in learnt.labels for topic in topics}),
        "systems": results,
    }  # fmt: skip


def train(
    worker: Process, corpus: Path, n_cores: int, result: dict[str, Any], unseen: Corpus | None
) -> None:
    """Train once, from raw texts; judge the model where there are articles for that."""
    with TemporaryDirectory(dir=corpus.parent) as folder:
        model = Path(folder, "model")
        found = worker.ask("train", corpus=corpus, folder=model, prepared=False)
        times = result["train"].setdefault(str(n_cores), {"seconds": [], "memory": 0.0})
        times["seconds"].append(found["seconds"])
        times["memory"] = max(times["memory"], found["memory"], worker.peak)
        if unseen is not None:
            worker.ask("load", folder=model)
            result |= quality(worker, unseen)


def quality(worker: Process, unseen: Corpus) -> dict[str, float]:
    """Macro-F1 and average precision over the topics that occur among these articles."""
    from sklearn.metrics import average_precision_score, f1_score

    names, rows = worker.ask("scores", texts=unseen.texts)
    labels = worker.ask("labels", texts=unseen.texts, prepared=False)
    given, said = (
        np.array([[name in some for name in names] for some in side])
        for side in (unseen.labels, labels)
    )
    scores, known = np.array(rows), given.any(axis=0)
    given, said, scores = given[:, known], said[:, known], scores[:, known]
    return {
        "macro_f1": float(f1_score(given, said, average="macro", zero_division=0)),
        "average_precision": float(average_precision_score(given, scores, average="macro")),
    }


def tables(found: dict[str, Any]) -> Iterator[str]:
    """Quality and training."""
    systems: Results = found["systems"]
    articles = found["articles"]
    yield (
        f"{articles['train']:,} headlines with descriptions to learn from, {articles['test']:,} to "
        f"judge by ({articles['leaked']:,} of them occur among the former), {found['topics']} "
        "topics. Each system has its own way to say yes: chude thresholds from cross-validation, "
        "the others a margin of 0 or a probability of 0.5; average precision is of the ranking "
        "alone. Training: from raw texts to the saved model, imports included, medians of the "
        "turns."
    )
    passes = sorted({n for result in systems.values() for n in result["train"]})
    columns = ["", "macro-F1", "average precision"]
    columns += [f"training, s, cores: {n}" for n in passes]
    columns += [f"peak memory, MB, cores: {n}" for n in passes]
    rows = []
    for key, result in systems.items():
        if "failed" in result:
            cells = [f"failed: {result['failed']}"]
        else:
            cells = [f"{result[name]:.3f}" for name in ("macro_f1", "average_precision")]
            cells += [f"{median(result['train'][n]['seconds']):,.1f}" for n in passes]
            cells += [f"{result['train'][n]['memory']:,.0f}" for n in passes]
        rows.append([SEVERAL[key].title, *cells])
    yield markdown(columns, rows)


def targets(found: dict[str, Any]) -> Iterator[Target]:
    """Training time beside one-versus-rest, and quality beside the best peer's."""
    systems = {key: found["systems"][key] for key in left(found["systems"])}
    if OURS not in systems:
        return
    ours = systems.pop(OURS)
    if _PEER in systems:
        n = max(ours["train"])
        ratios = paired(*(one["train"][n]["seconds"] for one in (ours, systems[_PEER])))
        what = f"training time: {SEVERAL[OURS].title} to {SEVERAL[_PEER].title}"
        ratio = median(ratios)
        yield what, f"cores: {n}", f"{ratio:.2f}", "≤ 2.5", verdict(ratio <= 2.5, ratios)
    for name in ("macro_f1", "average_precision") if systems else ():
        best = max(result[name] for result in systems.values())
        asked = f"> {best:.3f}, the best peer's"
        yield name.replace("_", " "), "", f"{ours[name]:.3f}", asked, verdict(ours[name] > best)
