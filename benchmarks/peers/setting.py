"""What all rows of the benchmark share: peers, cores, rounds, a place for files."""

import contextlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.peers.processes import Process, WorkerFailed
from benchmarks.peers.several import ALL

TURNS = 3  # times a system is trained where training is quick
Results = dict[str, dict[str, Any]]  # by system, plain data


@dataclass(frozen=True)
class Setting:
    """How a run is made.

    peers: Python that has the peers. passes: the numbers of the cores of each pass, fewest first.
    folder: for models and texts. rounds: of prediction. sample: so many articles, a trial.
    only: keys of the systems.
    """

    peers: str
    passes: list[list[int]]
    folder: Path
    rounds: int
    sample: int | None
    only: list[str]

    @property
    def turns(self) -> int:
        """How often a quick system is trained."""
        return min(TURNS, self.rounds)

    @contextlib.contextmanager
    def worker(self, key: str, cores: list[int], **settings: Any) -> Iterator[Process]:
        """A process with the system; settings beside those that it always has."""
        spec = ALL[key]
        python = sys.executable if spec.ours else self.peers
        process = Process(python, key, {**spec.settings, **settings}, cores)
        with contextlib.closing(process) as worker:
            yield worker


@contextlib.contextmanager
def noting(results: Results, key: str) -> Iterator[None]:
    """Whatever a system fails at ends in its results."""
    try:
        yield
    except WorkerFailed as error:
        results[key]["failed"] = str(error)
        say(f"{key} failed: {error}")


def left(results: Results) -> list[str]:
    """The systems that have not failed."""
    return [key for key, result in results.items() if "failed" not in result]


def turned(items: list[Any], number: int) -> list[Any]:
    """The items in order, a different one first in each round."""
    start = number % max(1, len(items))
    return items[start:] + items[:start]


def say(message: str) -> None:
    """Progress, on standard error."""
    print(f"{time.strftime('%X')} {message}", file=sys.stderr, flush=True)
