"""The row `themes`: several themes with passages on a real archive, written in three ways.

chude is the trained model, which is learnt from counts of press articles too; the peers learn from
the texts of the same corpus. Only speed is compared: the archive has no labels for the peers' sake,
and those that it may have are in chude's counts. Every system has a process for each version, so
that none has seen an article in another one.
"""

import contextlib
import random
import unicodedata
from collections.abc import Callable, Iterator
from math import ceil
from pathlib import Path
from statistics import mean, median
from typing import Any

from benchmarks.peers.corpus import Corpus, read_texts
from benchmarks.peers.measure import CALL
from benchmarks.peers.processes import Process
from benchmarks.peers.setting import Results, Setting, left, noting, say, turned
from benchmarks.peers.several import OURS, SEVERAL
from benchmarks.peers.verdicts import Target, at_least, cell, markdown, paired

from chude.corpus.labelled import read_corpus

_HIDDEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_WARM = 25_000_000  # characters after which chude has compiled all it needs
_PEER_WARM, _SLOW = 200, 60  # texts before the rounds; of a slow system in a round

Key = tuple[str, str]  # system, version


def clean(text: str) -> str:
    """NFC without zero-width characters and soft hyphens."""
    return unicodedata.normalize("NFC", text.translate(_HIDDEN))


def decomposed(text: str) -> str:
    """NFD of the clean text."""
    return unicodedata.normalize("NFD", clean(text))


VERSIONS: dict[str, Callable[[str], str]] = {"clean": clean, "NFD": decomposed, "as it is": str}


def measure(setting: Setting, archive: str, corpus: str, model: Path) -> dict[str, Any]:
    """The figures of the row. Raises ChudeError when a file cannot be read."""
    texts = read_texts(archive)
    random.Random(0).shuffle(texts)
    texts = texts[: setting.sample]
    articles, _ = read_corpus([Path(corpus)])
    learnt = Corpus([a.text for a in articles], [a.themes or () for a in articles])
    results: Results = {key: {"predict": {}} for key in SEVERAL if key in setting.only}
    train(setting, learnt, results)
    warm = learnt.texts * (1 if setting.sample else ceil(_WARM / sum(map(len, learnt.texts))))
    for cores in setting.passes:
        predict(setting, cores, texts, warm, model, results)
    return {
        "articles": len(texts),
        "characters": mean(map(len, texts)),
        "learnt": len(learnt.texts),
        "systems": results,
    }


def train(setting: Setting, learnt: Corpus, results: Results) -> None:
    """Train the peers, untimed."""
    raw = learnt.write(setting.folder / "themes.pickle")
    words = learnt.segmented().write(setting.folder / "themes-words.pickle")
    for key in results:
        if not SEVERAL[key].ours:
            say(f"training {key}")
            with noting(results, key), setting.worker(key, setting.passes[-1]) as worker:
                slow, folder = SEVERAL[key].slow, setting.folder / f"archive-{key}"
                worker.ask("train", corpus=words if slow else raw, folder=folder, prepared=slow)


def predict(
    setting: Setting,
    cores: list[int],
    texts: list[str],
    warm: list[str],
    model: Path,
    results: Results,
) -> None:
    """Time every system on every version, in turns; in the first pass, also compare labels."""
    number, rounds = str(len(cores)), min(setting.rounds, len(texts))
    size = len(texts) // rounds
    with contextlib.ExitStack() as stack:
        workers: dict[Key, Process] = {}
        for key in left(results):
            say(f"warming {key}, cores: {number}")
            spec, rates = SEVERAL[key], results[key]["predict"].setdefault(number, {})
            for version, written in VERSIONS.items():
                with noting(results, key):
                    worker = stack.enter_context(setting.worker(key, cores))
                    folder = model.absolute() if spec.ours else setting.folder / f"archive-{key}"
                    worker.ask("load", folder=folder)
                    some = warm if spec.ours else warm[: _SLOW if spec.slow else _PEER_WARM]
                    worker.ask("batch", texts=list(map(written, some)), size=CALL)
                    workers[key, version], rates[version] = worker, []
        for i in range(rounds):
            say(f"predicting themes, cores: {number}, round {i + 1} of {rounds}")
            some = texts[i * size : (i + 1) * size]
            for key, version in turned(list(workers), i):
                if "failed" not in results[key]:
                    batch = [VERSIONS[version](text) for text in some[: _count(key, size)]]
                    with noting(results, key):
                        seconds = workers[key, version].ask("batch", texts=batch, size=CALL)
                        results[key]["predict"][number][version].append(len(batch) / seconds)
        for key in left(results):
            own = [workers[key, version] for version in VERSIONS]
            memory = max(max(worker.peak, worker.ask("memory")) for worker in own)
            results[key]["predict"][number]["memory"] = memory
            if cores == setting.passes[0]:
                with noting(results, key):
                    results[key]["same"] = same_labels(key, workers, texts[: _count(key, size)])


def _count(key: str, size: int) -> int:
    return min(_SLOW, size) if SEVERAL[key].slow else size


def same_labels(key: str, workers: dict[Key, Process], texts: list[str]) -> dict[str, float]:
    """The share of articles whose labels in a version are those of the clean one."""
    found = {
        version: workers[key, version].ask(
            "labels", texts=list(map(written, texts)), prepared=False
        )
        for version, written in VERSIONS.items()
    }
    return {
        version: mean(a == b for a, b in zip(found["clean"], labels, strict=True))
        for version, labels in found.items()
    }


def tables(found: dict[str, Any]) -> Iterator[str]:
    """Articles a second, and chude's ratios."""
    systems: Results = found["systems"]
    passes = sorted({n for result in systems.values() for n in result["predict"]})
    pairs = [(n, version) for n in passes for version in VERSIONS]
    yield (
        f"{found['articles']:,} articles of {found['characters']:,.0f} characters; articles a "
        "second from raw text to themes, medians of the rounds, each on articles that none has "
        f"seen (of `word_tokenize`, {_SLOW} a round). Same themes: the share of articles that "
        "have the themes of the clean text. chude: "
        f"the trained model, with passages. The peers: learnt from the {found['learnt']:,} whole "
        "texts of its corpus, and given each version as it stands. Quality is not compared: the "
        "counts of press articles in chude's model may have been made from this very archive."
    )
    names = [f"{version}, cores: {n}" for n, version in pairs]
    rows = []
    for key, result in systems.items():
        cells = [f"failed: {result['failed']}"] if "failed" in result else figures(result, pairs)
        rows.append((SEVERAL[key].title, *cells))
    columns = ["", *names, "same themes, NFD", "same themes, as it is", "peak memory, MB"]
    yield markdown(columns, rows)
    good = left(systems)
    if OURS in good and len(good) > 1:
        ratios = [
            (SEVERAL[key].title, *(cell(versus(systems, key, *pair)) for pair in pairs))
            for key in good
            if key != OURS
        ]
        yield markdown(["how many times as fast chude is as", *names], ratios)


def figures(result: dict[str, Any], pairs: list[tuple[str, str]]) -> list[str]:
    """The cells of a system."""
    rates = [f"{median(result['predict'][n][version]):,.0f}" for n, version in pairs]
    same = [f"{result['same'][version]:.1%}" for version in ("NFD", "as it is")]
    return [*rates, *same, f"{max(p['memory'] for p in result['predict'].values()):,.0f}"]


def versus(systems: Results, key: str, number: str, version: str) -> list[float]:
    """The ratio of chude's rate to a peer's, in each round."""
    ours, theirs = (systems[one]["predict"][number][version] for one in (OURS, key))
    return paired(ours, theirs)


def targets(found: dict[str, Any]) -> Iterator[Target]:
    """Speed on other writing than clean, and on two cores."""
    ours = found["systems"].get(OURS, {"failed": ""})
    if "failed" in ours:
        return
    one, *others = ours["predict"].values()
    for version in ("NFD", "as it is"):
        ratios = paired(one[version], one["clean"])
        yield at_least(f"articles/s: {version} to clean", "one core", ratios, 0.8)
    for two in others:
        ratios = paired(two["clean"], one["clean"])
        yield at_least("articles/s: two cores to one, clean", "two cores", ratios, 1.8)
