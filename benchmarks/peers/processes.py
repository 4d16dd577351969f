"""Workers in processes of their own, pinned to cores, and what they use of the memory."""

import json
import multiprocessing
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_THREADS = ("OMP", "OPENBLAS", "MKL", "NUMBA", "NUMEXPR", "RAYON")
_TICK = 0.2  # seconds between two looks at the memory


class WorkerFailed(Exception):
    """A system could not do what it was asked for."""


class Process:
    """A worker that holds one system and may use some cores.

    python: the interpreter of the environment that the system lives in.
    """

    def __init__(self, python: str, key: str, settings: dict[str, Any], cores: list[int]) -> None:
        ours, theirs = multiprocessing.Pipe()
        threads = {f"{name}_NUM_THREADS": str(len(cores)) for name in _THREADS}
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 closed with the process
        self._pipe = ours
        self._process = subprocess.Popen(
            [python, "-m", "benchmarks.peers.worker", str(theirs.fileno()), key,
             json.dumps(cores), json.dumps(settings)],
            pass_fds=[theirs.fileno()],
            cwd=ROOT,
            env={**os.environ, **threads, "POLARS_MAX_THREADS": str(len(cores)),
                 "PYTHONHASHSEED": "0"},
            stdout=self._errors,
            stderr=self._errors,
        )  # fmt: skip
        theirs.close()
        self.peak = 0.0  # megabytes, of the worker with all processes it started

    def ask(self, name: str, **arguments: Any) -> Any:
        """Send a request and wait for the result.

        Raises WorkerFailed when the system raised, or its process died.
        """
        try:
            self._pipe.send((name, arguments))
            while not self._pipe.poll(_TICK):
                self.peak = max(self.peak, sum(map(_resident, _family(self._process.pid))))
            good, result = self._pipe.recv()
        except (EOFError, OSError):
            raise WorkerFailed(f"ended with {self._process.wait()}: {self._last_words()}") from None
        if not good:
            raise WorkerFailed(str(result))
        return result

    def close(self) -> None:
        """End the worker."""
        self._pipe.close()
        self._process.wait()
        self._errors.close()

    def _last_words(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "no message"


def _family(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = " ".join((task / "children").read_text() for task in tasks)
    except OSError:
        return  # it has just ended
    for child in children.split():
        yield from _family(int(child))


def _resident(pid: int) -> float:
    """Resident memory in megabytes, 0 when the process has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
