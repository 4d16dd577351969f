"""Processes that try one mutation after the other, each ended when it takes too long."""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests import ROOT

MOST_SECONDS = 5  # of processor time
MOST_IDLE = 20  # seconds without any, as of who waits for a pipe

Found = dict[str, Any]


class Worker:
    """A process of a module; another one takes its place when it dies or has to be ended.

    It answers each line, a seed, with two: that it begins, and how it ended.
    """

    def __init__(self, module: str, argument: Path) -> None:
        self._command = [sys.executable, "-m", module, str(argument)]
        self._start()

    def ask(self, seed: str) -> Found:
        """How the mutation with this seed ended."""
        assert self._process.stdin
        self._process.stdin.write(f"{seed}\n".encode())
        self._process.stdin.flush()
        found = self._answer(60) and self._answer(MOST_SECONDS)
        if not found:
            found = {"outcome": self._end()}
            self._start()
        return {"seed": seed, **found}

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def _end(self) -> str:
        """End the process, and say whether it had ended by itself."""
        try:
            return f"died with {self._process.wait(1)}"
        except subprocess.TimeoutExpired:
            return "hang"
        finally:
            self.close()

    def _start(self) -> None:
        path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
            env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip

    def _answer(self, seconds: float) -> Found | None:
        """The next line; None when none comes though it works for so long, or does not work."""
        assert self._process.stdout
        begin = used = self._used()
        since = time.monotonic()
        while not select.select([self._process.stdout], [], [], 0.5)[0]:
            if (now := self._used()) > used:
                used, since = now, time.monotonic()
            if used - begin > seconds or time.monotonic() - since > MOST_IDLE:
                return None
        line = self._process.stdout.readline()
        return json.loads(line) if line.endswith(b"\n") else None

    def _used(self) -> float:
        """Seconds of processor time, which do not depend on what else the machine does."""
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def fuzz(
    module: str,
    arguments: list[Path],
    seeds: list[str],
    jobs: int,
    on_found: Callable[[Found], None],
) -> None:
    """Try a mutation a seed, of one argument after the other, in several processes."""
    shares = max(jobs, len(arguments))  # each of one argument, and no argument without any

    def work(share: int) -> None:
        worker = Worker(module, arguments[share % len(arguments)])
        for seed in seeds[share::shares]:
            on_found(worker.ask(seed))
        worker.close()

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(work, range(shares)))


def say(answer: Found) -> None:
    """Answer, in a worker."""
    print(json.dumps(answer), file=sys.__stdout__, flush=True)
