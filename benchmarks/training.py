"""Time training on articles of any number of themes beside linear machines, in turns.

    python benchmarks/training.py data headlines.jsonl --rounds 3

Of each corpus a quarter of the articles that have a text is held out, near copies together. In each
round a new process trains and saves chude on the rest, which cross-validates, calibrates, chooses
thresholds and draws a report; another one fits a LinearSVC a theme (C=1) to the same TF-IDF rows of
whole articles. Both read, take words from the cache and count n-grams alike. Imports count, holding
out does not. Printed are, as Markdown, medians of the rounds, their spread ((slowest - fastest) /
median), peak memory, and figures on the held-out articles.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_NOISY = 0.25
_FIGURES = ("macro_f1", "macro_average_precision")
_NAMES = {"chude": "**chude**", "linear": "one LinearSVC a theme"}


class Clock:
    """Seconds of this process, and of its processors, that passed while not stopped."""

    def __init__(self) -> None:
        self._stopped = (0.0, 0.0)
        self._start = time.perf_counter()

    def now(self) -> tuple[float, float]:
        """Seconds, seconds of processor."""
        wall, processor = time.perf_counter() - self._start, time.process_time()
        return wall - self._stopped[0], processor - self._stopped[1]

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """What is done inside does not count."""
        before = self.now()
        yield
        after = self.now()
        self._stopped = (
            self._stopped[0] + after[0] - before[0],
            self._stopped[1] + after[1] - before[1],
        )


def run(system: str, corpus: str) -> dict[str, Any]:
    """Train one system on three quarters; what it took, and figures on the last one."""
    clock = Clock()
    import numpy as np

    from chude.corpus.labelled import read_labelled
    from chude.corpus.splits import folds
    from chude.evaluation.metrics import evaluate_predictions
    from chude.text.cache.folder import open_cache
    from chude.training.examples import make_targets, select_learnable

    found = read_labelled([corpus], on_refusal=lambda _: None)
    with clock.stopped():
        counts = list(found.counts.values())
        kept, themes, groups = select_learnable(
            found.articles, found.taxonomy, lambda _: None, counts
        )
        labels = make_targets(kept, [[] for _ in kept], themes.keys).labels
        held_out = folds(labels, 4, 0, groups[: len(kept)]) == 0
        rest = [a for a, out in zip(kept, held_out, strict=True) if not out]
        new = [a for a, out in zip(kept, held_out, strict=True) if out]
        cache = open_cache(lambda _: None)
    judge = {"chude": _train_chude, "linear": _learn_machines}[system]
    predict = judge(rest, themes, found.counts, cache)
    wall, processor = clock.now()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    keys, scores, chosen = predict(new)
    truth = np.array([[key in (a.themes or ()) for key in keys] for a in new])
    figures = evaluate_predictions(truth, chosen, scores, keys)
    return {
        "articles": len(rest) + sum(map(len, counts)),
        "themes": len(keys),
        "s": wall,
        "processor": processor,
        "MB": peak / 1024,
        **{name: figures[name] for name in _FIGURES},
    }


def _train_chude(articles: Any, themes: Any, corpora: Any, cache: Any) -> Any:
    import chude
    from chude.training.train import train

    model = train(articles, themes, corpora=corpora, cache=cache, on_refusal=lambda _: None)
    with tempfile.TemporaryDirectory() as folder:
        chude.save(model, f"{folder}/model")

    def predict(new: Any) -> Any:
        probabilities = model.probabilities(new)
        return model.taxonomy.keys, probabilities, model.decision.chosen(probabilities)

    return predict


def _learn_machines(articles: Any, themes: Any, corpora: Any, cache: Any) -> Any:
    import numpy as np
    from sklearn.svm import LinearSVC

    from chude.features.sparse import csr
    from chude.features.tfidf import count
    from chude.text.cache.segmenter import CachedSegmenter
    from chude.text.segment import make_segmenter
    from chude.training.examples import make_examples, select_learnable
    from chude.training.fit import LearningSettings, count_examples, fit_weights
    from chude.training.mix import targets_of
    from chude.training.solvers.registry import get_solver
    from chude.training.targets import concatenate_targets
    from chude.training.train import TrainOptions

    counts = list(corpora.values())
    kept, themes, _ = select_learnable(articles, themes, lambda _: None, counts)
    segmenter = CachedSegmenter(make_segmenter("underthesea"), cache)
    examples = make_examples(kept, themes, [segmenter])
    parts = [examples.targets, *(targets_of(one, themes.keys) for one in counts)]
    targets = concatenate_targets(parts)
    ngrams, _ = TrainOptions().complete(len(targets))
    settings = LearningSettings(False, ngrams, get_solver("liblinear"))
    alone = np.zeros(len(targets), dtype=np.int64)
    vocabulary, counted = count_examples(examples, targets, alone, settings, counts)
    features = fit_weights(vocabulary, counted, settings)
    matrix = csr(features.weigh(counted.whole), len(features.idf))
    machines = []
    for label, known in zip(targets.labels.T, targets.known.T, strict=True):
        machines.append(LinearSVC(random_state=0).fit(matrix[known], label[known]))

    def predict(new: Any) -> Any:
        words = segmenter.segment([article.text for article in new])
        rows = csr(features.weigh(count(words, features)), len(features.idf))
        margins = np.stack([machine.decision_function(rows) for machine in machines], axis=1)
        return themes.keys, margins, margins > 0

    return predict


def _in_new_process(system: str, corpus: str) -> dict[str, Any]:
    command = [sys.executable, __file__, corpus, "--run", system]
    found: dict[str, Any] = json.loads(subprocess.check_output(command, text=True))
    return found


def _report(corpus: str, rounds: dict[str, list[dict[str, Any]]]) -> None:
    first = rounds["chude"][0]
    print(f"\n### {corpus}: {first['articles']:,} articles, {first['themes']} themes\n")
    print("| | s | spread | s of processor | ratio | peak memory, MB | macro F1 | macro AP |")
    print("|---|---|---|---|---|---|---|---|")
    medians = {
        system: {name: statistics.median(one[name] for one in runs) for name in runs[0]}
        for system, runs in rounds.items()
    }
    for system, of in medians.items():
        times = [one["s"] for one in rounds[system]]
        spread = (max(times) - min(times)) / of["s"]
        ratio = of["processor"] / medians["linear"]["processor"]
        noisy = " (too noisy to tell)" if spread > _NOISY else ""
        print(
            f"| {_NAMES[system]} | {of['s']:.1f} | {spread:.0%}{noisy} | {of['processor']:.1f} "
            f"| {ratio:.2f} | {of['MB']:.0f} | {of['macro_f1']:.3f} "
            f"| {of['macro_average_precision']:.3f} |"
        )


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("corpora", nargs="+", help="labelled articles, as chude train takes them")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--run", choices=list(_NAMES), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:
        print(json.dumps(run(arguments.run, arguments.corpora[0])))
        return
    for corpus in arguments.corpora:
        _in_new_process("chude", corpus)  # fills the caches
        rounds: dict[str, list[dict[str, Any]]] = {system: [] for system in _NAMES}
        for _ in range(arguments.rounds):
            for system, runs in rounds.items():
                runs.append(_in_new_process(system, corpus))
        _report(corpus, rounds)


if __name__ == "__main__":
    main()
