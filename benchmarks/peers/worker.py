"""A process that holds one system: `python -m benchmarks.peers.worker FD KEY CORES SETTINGS`.

It answers requests that come through the pipe FD, so that several systems can be timed in turns and
the peak memory of each is its own. CORES: the numbers of the cores it may use, as JSON.
"""

import json
import os
import pickle
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.peers.several import ALL, Scores
from benchmarks.peers.systems import System

Request = tuple[str, dict[str, Any]]
Answer = tuple[bool, Any]  # whether it went well, and the result or what went wrong


class Worker:
    """The requests, each a method; times are in seconds, memory in megabytes."""

    def __init__(self, system: System, cores: int) -> None:
        self._system = system
        self._cores = cores

    def train(self, corpus: Path, folder: Path, prepared: bool) -> dict[str, float]:
        """Learn from a pickle of (texts, labels), raw or prepared, and save the model."""
        with corpus.open("rb") as stream:
            texts, labels = pickle.load(stream)
        folder.mkdir(parents=True)
        before = peak_memory()
        start = time.perf_counter()
        texts = texts if prepared else self._system.prepare(texts)
        self._system.fit(texts, labels, folder, self._cores)
        seconds = time.perf_counter() - start
        return {"seconds": seconds, "memory": peak_memory(), "texts_memory": before}

    def load(self, folder: Path) -> int:
        """Load a model; how many features it has."""
        self._system.load(folder)
        return self._system.n_features()

    def prepare(self, texts: list[str]) -> float:
        """Time the preparation alone."""
        start = time.perf_counter()
        self._system.prepare(texts)
        return time.perf_counter() - start

    def batch(self, texts: list[str], size: int) -> float:
        """Time labels of raw texts, so many a call."""
        batches = [texts[i : i + size] for i in range(0, len(texts), size)]
        start = time.perf_counter()
        for some in batches:
            self._system.classify(self._system.prepare(some))
        return time.perf_counter() - start

    def single(self, texts: list[str]) -> float:
        """Time labels of raw texts, each in a call of its own."""
        start = time.perf_counter()
        for text in texts:
            self._system.classify_one(self._system.prepare([text])[0])
        return time.perf_counter() - start

    def probabilities(self, texts: list[str], size: int) -> float:
        """Time bare probabilities of raw texts, so many a call."""
        batches = [texts[i : i + size] for i in range(0, len(texts), size)]
        start = time.perf_counter()
        for some in batches:
            self._system.probabilities(some)
        return time.perf_counter() - start

    def labels(self, texts: list[str], prepared: bool) -> list[Any]:
        """Labels of texts, raw or prepared."""
        return self._system.classify(texts if prepared else self._system.prepare(texts))

    def scores(self, texts: list[str]) -> Scores:
        """All labels, and for each raw text the score of each."""
        return self._system.scores(self._system.prepare(texts))

    def memory(self) -> float:
        """Peak memory of this process so far."""
        return peak_memory()


def peak_memory() -> float:
    """Peak resident memory in megabytes.

    Not `getrusage`: on Linux its figure includes the process that started this one.
    """
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Answer requests until the other end of the pipe is closed."""
    descriptor, key, cores, settings = sys.argv[1:]
    allowed = json.loads(cores)
    os.sched_setaffinity(0, allowed)
    worker = Worker(ALL[key].make(**json.loads(settings)), len(allowed))
    with Connection(int(descriptor)) as pipe:
        while True:
            try:
                name, arguments = pipe.recv()
            except EOFError:
                return
            pipe.send(answer(worker, name, arguments))


def answer(worker: Worker, name: str, arguments: dict[str, Any]) -> Answer:
    """Do what is asked for; any failure is an answer too, for it must not end the whole run."""
    try:
        return True, getattr(worker, name)(**arguments)
    except Exception as error:  # whatever a peer raises
        return False, f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    main()
