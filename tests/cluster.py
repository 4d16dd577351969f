"""A Dask cluster whose scheduler and workers are processes of their own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

# Loaded by each worker: parts that a test names wait, or end the worker.
CONTROL = """
import os, signal, time
from pathlib import Path
from chude.archive import cluster_worker

def dask_setup(worker):
    read_rows = cluster_worker.read_rows

    def controlled(file, place, rows, *rest):
        start = rows.start if rows else None
        while Path(f"hold-{start}").exists():
            if not Path("held").exists():
                Path("held").write_text(str(os.getpid()))
            time.sleep(0.005)
        if Path(f"kill-{start}").exists():
            os.kill(os.getpid(), signal.SIGKILL)
        return read_rows(file, place, rows, *rest)

    cluster_worker.read_rows = controlled
"""


@dataclass
class Cluster:
    """A scheduler and workers, which stand in another folder than the client."""

    folder: Path
    address: str = ""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        (self.folder / "control.py").write_text(CONTROL)
        file = self.folder / "scheduler.json"
        # A part that ended two workers is not given to a third.
        settings = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
        self._run("scheduler", "--port", "0", "--scheduler-file", file, **settings)
        wait_until(lambda: file.exists() and file.read_text() != "")
        self.address = json.loads(file.read_text())["address"]

    def work(self, count: int) -> None:
        """Have so many workers, or more."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            for _ in range(count - len(client.nthreads())):
                options = ("--nthreads", "1", "--no-nanny", "--preload", "control.py")
                self._run("worker", self.address, *options, "--local-directory", ".")
            client.wait_for_workers(count, timeout=30)

    def _run(self, what: str, *arguments: object, **settings: str) -> None:
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *map(str, arguments)]
        command += ["--host", "127.0.0.1", "--dashboard-address", ":0"]
        with (self.folder / "log.txt").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=self.folder, stdout=log, stderr=log, env={**os.environ, **settings}
            )
        self.processes.append(process)

    def close(self) -> None:
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)
