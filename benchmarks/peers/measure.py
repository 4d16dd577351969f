"""The measurements: training, prediction in turns, and the labels of the whole test split."""

import contextlib
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.peers.corpus import Corpus
from benchmarks.peers.processes import Process, WorkerFailed
from benchmarks.peers.setting import Results, Setting, left, noting, say, turned
from benchmarks.peers.systems import SAME, SYSTEMS

CALL = 1000  # texts a call when predicting in batches
PREPARED = 200  # texts on which a slow system's segmentation is timed
QUICK = 30  # seconds: what is trained in less is trained several times
_SLOW_BATCH, _SLOW_SINGLE = 60, 20  # texts of a slow system in a round


@dataclass(frozen=True)
class Schedule:
    """Rounds of timed prediction; texts before them, and in each of them."""

    rounds: int
    warm: int
    batch: int
    single: int

    @classmethod
    def of(cls, n_texts: int, most: int) -> "Schedule":
        """As much as the test split gives, at most so many rounds.

        chude has compiled all it needs after 12,000 texts.
        """
        warm, batch = min(12_000, n_texts // 4), min(2000, n_texts // 4)
        single = min(200, n_texts // 10)
        rounds = (n_texts - warm) // max(1, 2 * batch + single)
        return cls(min(most, rounds), warm, batch, single)


@dataclass
class Bench:
    """The comparison on articles of one label each.

    leaked: for each test article whether it is among the training ones. results: what was found.
    """

    setting: Setting
    train: Corpus
    test: Corpus
    leaked: list[bool]
    results: Results = field(default_factory=dict)

    def run(self, keys: list[str]) -> Results:
        """Measure the systems; one that fails says so in its results and is left out from there."""
        self.results = {key: {"train": {}, "predict": {}} for key in keys}
        self.train.write(self._folder / "train.pickle")
        self._test_words = self.test
        if any(SYSTEMS[key].slow for key in keys):
            say("segmenting for the systems that are slow at it")
            self.train.segmented().write(self._folder / "words.pickle")
            self._test_words = self.test.segmented()
        *fewer, most = self.setting.passes
        for key in left(self.results):
            with noting(self.results, key):
                self._train(key, most)
        for _ in range(self.setting.turns - 1):
            for key in self._quick():
                with noting(self.results, key):
                    seconds = self._train_again(key, most)["seconds"]
                    self.results[key]["train"][str(len(most))]["seconds"].append(seconds)
        for cores in fewer:
            for key in self._quick():
                with noting(self.results, key):
                    found = self._train_again(key, cores)
                    found |= {"seconds": [found["seconds"]], "extrapolated": False}
                    self.results[key]["train"][str(len(cores))] = found
        for cores in self.setting.passes:
            self._predict(cores)
        return self.results

    @property
    def _folder(self) -> Path:
        return self.setting.folder

    def _quick(self) -> list[str]:
        """The systems whose training is short enough to be repeated."""
        most = str(len(self.setting.passes[-1]))
        return [
            key
            for key in left(self.results)
            if not SYSTEMS[key].slow and self.results[key]["train"][most]["seconds"][0] <= QUICK
        ]

    def _worker(self, key: str, cores: list[int]) -> AbstractContextManager[Process]:
        same = {"max_features": self._features_of_syllables()} if key == SAME else {}
        return self.setting.worker(key, cores, **same)

    def _features_of_syllables(self) -> int:
        try:
            return int(self.results["chude-syllable"]["features"])
        except KeyError:
            raise WorkerFailed("needs chude-syllable in the same run") from None

    def _train(self, key: str, cores: list[int]) -> None:
        """Train, and keep the model."""
        say(f"training {key}, cores: {len(cores)}")
        result, slow, model = self.results[key], SYSTEMS[key].slow, self._folder / key
        with self._worker(key, cores) as worker:
            corpus = self._folder / ("words.pickle" if slow else "train.pickle")
            found = worker.ask("train", corpus=corpus, folder=model, prepared=slow)
            found["memory"] = max(found["memory"], worker.peak)
            found["extrapolated"] = slow
            if slow:
                found["seconds"] += self._preparation(worker)
            found["seconds"] = [found["seconds"]]
            result["train"][str(len(cores))] = found
            result["features"] = worker.ask("load", folder=model)
        files = (path for path in model.rglob("*") if path.is_file())
        result["size"] = sum(path.stat().st_size for path in files) / 2**20

    def _train_again(self, key: str, cores: list[int]) -> dict[str, Any]:
        """Train once more, for time and memory alone."""
        say(f"training {key} again, cores: {len(cores)}")
        corpus = self._folder / "train.pickle"
        # Gone even if this fails: the next one trained again must find room for its model.
        with TemporaryDirectory(dir=self._folder) as folder, self._worker(key, cores) as worker:
            model = Path(folder, "model")
            found: dict[str, Any] = worker.ask("train", corpus=corpus, folder=model, prepared=False)
            found["memory"] = max(found["memory"], worker.peak)
        return found

    def _preparation(self, worker: Process) -> float:
        """Seconds that preparing all training texts would take, from those of some."""
        some = self.train.texts[:PREPARED]
        worker.ask("prepare", texts=some[:1])  # loads the model
        seconds: float = worker.ask("prepare", texts=some)
        return seconds / len(some) * len(self.train.texts)

    def _predict(self, cores: list[int]) -> None:
        """Time all systems in turns; in the first pass, also label the test split."""
        schedule = Schedule.of(len(self.test.texts), self.setting.rounds)
        number = str(len(cores))
        with contextlib.ExitStack() as stack:
            workers: dict[str, Process] = {}
            for key in left(self.results):
                with noting(self.results, key):
                    say(f"warming {key}, cores: {number}")
                    worker = stack.enter_context(self._worker(key, cores))
                    worker.ask("load", folder=self._folder / key)
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
                with noting(self.results, key):
                    memory = max(worker.peak, worker.ask("memory"))
                    self.results[key]["predict"][number]["memory"] = memory
                    if cores == self.setting.passes[0]:
                        self._judge(key, worker)

    def _round(self, i: int, workers: dict[str, Process], schedule: Schedule, number: str) -> None:
        size = schedule.batch
        start = schedule.warm + i * (2 * size + schedule.single)
        texts = self.test.texts[start:]
        many, others, few = texts[:size], texts[size : 2 * size], texts[2 * size :]
        few = few[: schedule.single]
        for key in turned(list(workers), i):
            if "failed" in self.results[key]:
                continue
            spec, rates = SYSTEMS[key], self.results[key]["predict"][number]
            batch, single = (many[:_SLOW_BATCH], few[:_SLOW_SINGLE]) if spec.slow else (many, few)
            with noting(self.results, key):
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
            macro = f1_score(true, labels, labels=sorted(set(true)), average="macro")
            self.results[key][f"macro_f1_{name}"] = float(macro)
