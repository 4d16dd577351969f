"""The measurements: training, prediction in turns, and the labels of the whole test split."""

import contextlib
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.peers.corpus import Corpus
from benchmarks.peers.processes import Process, WorkerFailed
from benchmarks.peers.systems import SAME, SYSTEMS

CALL = 1000  # texts a call when predicting in batches
PREPARED = 200  # texts on which a slow system's segmentation is timed
TURNS, QUICK = 3, 30  # times a system is trained that first takes at most so many seconds
_SLOW_BATCH, _SLOW_SINGLE = 60, 20  # texts of a slow system in a round


@dataclass(frozen=True)
class Schedule:
    """Rounds of timed prediction; texts before them, and in each of them."""

    rounds: int
    warm: int
    batch: int
    single: int

    @classmethod
    def of(cls, n_texts: int) -> "Schedule":
        """As much as the test split gives; chude has compiled all it needs after 12,000 texts."""
        warm, batch = min(12_000, n_texts // 4), min(2000, n_texts // 4)
        single = min(200, n_texts // 10)
        rounds = (n_texts - warm) // max(1, 2 * batch + single)
        return cls(min(9, rounds), warm, batch, single)


@dataclass
class Bench:
    """One run: the articles, where the peers live and where models go, and what was found.

    leaked: for each test article whether it is among the training ones. cores: the numbers of the
    cores of each pass. results: by system, plain data.
    """

    train: Corpus
    test: Corpus
    leaked: list[bool]
    peers: str
    cores: list[list[int]]
    folder: Path
    results: dict[str, dict[str, Any]] = field(default_factory=dict)

    def run(self, keys: list[str]) -> dict[str, dict[str, Any]]:
        """Measure the systems; one that fails says so in its results and is left out from there."""
        self.results = {key: {"train": {}, "predict": {}} for key in keys}
        self.train.write(self.folder / "train.pickle")
        self._test_words = self.test
        if any(SYSTEMS[key].slow for key in keys):
            say("segmenting for the systems that are slow at it")
            self.train.segmented().write(self.folder / "words.pickle")
            self._test_words = self.test.segmented()
        for cores in self.cores:
            for key in self._left():
                with self._noting(key):
                    self._train(key, cores)
            for _ in range(TURNS - 1):
                for key in self._left():
                    trained = self.results[key]["train"][str(len(cores))]
                    if trained["seconds"][0] <= QUICK and not SYSTEMS[key].slow:
                        with self._noting(key):
                            self._train_again(key, cores, trained)
        for cores in self.cores:
            self._predict(cores)
        return self.results

    def _left(self) -> list[str]:
        return [key for key, result in self.results.items() if "failed" not in result]

    @contextlib.contextmanager
    def _noting(self, key: str) -> Iterator[None]:
        try:
            yield
        except WorkerFailed as error:
            self.results[key]["failed"] = str(error)
            say(f"{key} failed: {error}")

    @contextlib.contextmanager
    def _worker(self, key: str, cores: list[int]) -> Iterator[Process]:
        spec, settings = SYSTEMS[key], dict(SYSTEMS[key].settings)
        if key == SAME:
            settings["max_features"] = self._features_of_syllables()
        python = sys.executable if spec.ours else self.peers
        with contextlib.closing(Process(python, key, settings, cores)) as worker:
            yield worker

    def _features_of_syllables(self) -> int:
        try:
            return int(self.results["chude-syllable"]["features"])
        except KeyError:
            raise WorkerFailed("needs chude-syllable in the same run") from None

    def _train(self, key: str, cores: list[int]) -> None:
        """Train; the model of the first pass is kept."""
        say(f"training {key}, cores: {len(cores)}")
        result, slow = self.results[key], SYSTEMS[key].slow
        model, first = self.folder / f"{key}-{len(cores)}", cores == self.cores[0]
        with self._worker(key, cores) as worker:
            corpus = self.folder / ("words.pickle" if slow else "train.pickle")
            found = worker.ask("train", corpus=corpus, folder=model, prepared=slow)
            found["memory"] = max(found["memory"], worker.peak)
            found["extrapolated"] = slow
            if slow:
                found["seconds"] += self._preparation(worker)
            found["seconds"] = [found["seconds"]]
            result["train"][str(len(cores))] = found
            if first:
                result["features"] = worker.ask("load", folder=model)
        if first:
            files = (path for path in model.rglob("*") if path.is_file())
            result["size"] = sum(path.stat().st_size for path in files) / 2**20
        else:
            shutil.rmtree(model)

    def _train_again(self, key: str, cores: list[int], trained: dict[str, Any]) -> None:
        """Train once more, for the time alone."""
        say(f"training {key} again, cores: {len(cores)}")
        corpus = self.folder / "train.pickle"
        # Gone even if this fails: the next one trained again must find room for its model.
        with TemporaryDirectory(dir=self.folder) as folder, self._worker(key, cores) as worker:
            model = Path(folder, "model")
            found = worker.ask("train", corpus=corpus, folder=model, prepared=False)
        trained["seconds"].append(found["seconds"])

    def _preparation(self, worker: Process) -> float:
        """Seconds that preparing all training texts would take, from those of some."""
        some = self.train.texts[:PREPARED]
        worker.ask("prepare", texts=some[:1])  # loads the model
        seconds: float = worker.ask("prepare", texts=some)
        return seconds / len(some) * len(self.train.texts)

    def _predict(self, cores: list[int]) -> None:
        """Time all systems in turns; in the first pass, also label the test split."""
        schedule, number = Schedule.of(len(self.test.texts)), str(len(cores))
        with contextlib.ExitStack() as stack:
            workers: dict[str, Process] = {}
            for key in self._left():
                with self._noting(key):
                    say(f"warming {key}, cores: {number}")
                    worker = stack.enter_context(self._worker(key, cores))
                    worker.ask("load", folder=self.folder / f"{key}-{len(self.cores[0])}")
                    warm = _SLOW_SINGLE if SYSTEMS[key].slow else schedule.warm
                    worker.ask("batch", texts=self.test.texts[:warm], size=CALL)
                    names = ["batch", "single"] + ["probabilities"] * SYSTEMS[key].ours
                    self.results[key]["predict"][number] = {name: [] for name in names}
                    workers[key] = worker
            for i in range(schedule.rounds):
                say(f"predicting, cores: {number}, round {i + 1} of {schedule.rounds}")
                self._round(i, workers, schedule, number)
            for key, worker in workers.items():
                if "failed" in self.results[key]:
                    continue
                with self._noting(key):
                    memory = max(worker.peak, worker.ask("memory"))
                    self.results[key]["predict"][number]["memory"] = memory
                    if cores == self.cores[0]:
                        self._judge(key, worker)

    def _round(self, i: int, workers: dict[str, Process], schedule: Schedule, number: str) -> None:
        size = schedule.batch
        start = schedule.warm + i * (2 * size + schedule.single)
        texts = self.test.texts[start:]
        many, others, few = texts[:size], texts[size : 2 * size], texts[2 * size :]
        few = few[: schedule.single]
        keys = list(workers)
        for key in keys[i % len(keys) :] + keys[: i % len(keys)]:
            if "failed" in self.results[key]:
                continue
            spec, rates = SYSTEMS[key], self.results[key]["predict"][number]
            batch, single = (many[:_SLOW_BATCH], few[:_SLOW_SINGLE]) if spec.slow else (many, few)
            with self._noting(key):
                seconds = workers[key].ask("batch", texts=batch, size=CALL)
                rates["batch"].append(len(batch) / seconds)
                rates["single"].append(len(single) / workers[key].ask("single", texts=single))
                if spec.ours:  # on texts of their own, for words that were seen are remembered
                    seconds = workers[key].ask("probabilities", texts=others, size=CALL)
                    rates["probabilities"].append(len(others) / seconds)

    def _judge(self, key: str, worker: Process) -> None:
        from sklearn.metrics import accuracy_score, f1_score

        say(f"labelling the test split with {key}")
        slow = SYSTEMS[key].slow
        texts = (self._test_words if slow else self.test).texts
        found: list[str] = []
        for start in range(0, len(texts), CALL):
            found += worker.ask("labels", texts=texts[start : start + CALL], prepared=slow)
        new = [not is_leaked for is_leaked in self.leaked]
        for name, kept in ("all", [True] * len(new)), ("new", new):
            pairs = zip(self.test.labels, found, kept, strict=True)
            true, labels = zip(*[(t, f) for t, f, k in pairs if k], strict=True)
            self.results[key][f"accuracy_{name}"] = float(accuracy_score(true, labels))
            self.results[key][f"macro_f1_{name}"] = float(f1_score(true, labels, average="macro"))


def say(message: str) -> None:
    """Progress, on standard error."""
    print(f"{time.strftime('%X')} {message}", file=sys.stderr, flush=True)
