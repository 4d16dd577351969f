"""Predict shards in this process, or in several at a time.

A worker gets its next shard only after it gave back the last one, so that the memory is bounded by
the number of workers, and no two ends of a pipe ever wait for each other. It ends by itself when
the other end of its pipe is gone, even if this process was killed.
"""

import contextlib
import itertools
import multiprocessing
import signal
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from chude.archive.shards import Outcome, Shard, predict_shard
from chude.errors import ChudeError
from chude.model.model import Model
from chude.model.prediction import NO_EXTRAS, Extras


def predict_shards(
    shards: Iterable[Shard], model: Model, bundle: Path, jobs: int, extras: Extras = NO_EXTRAS
) -> Iterator[Outcome]:
    """Outcomes of the shards as they come, for several jobs in any order.

    bundle: where `model` was loaded from; workers load it from there.

    Raises ChudeError when a worker dies or finds another model in the bundle.
    """
    shards = iter(shards)
    first = list(itertools.islice(shards, min(jobs, 2)))
    parallel = len(first) == 2  # more than one job, and enough to do for two
    shards = itertools.chain(first, shards)
    del first  # or it would hold its articles to the end
    if not parallel:
        for shard in shards:
            yield predict_shard(model, shard, extras)
        return
    with contextlib.closing(_Workers(bundle, model.version, jobs, extras)) as workers:
        for shard in shards:
            if (found := workers.make_room()) is not None:
                yield found
            workers.send(shard)
        while (found := workers.receive()) is not None:
            yield found


class _Workers:
    """Processes, started when they are first needed, and our ends of their pipes."""

    def __init__(self, bundle: Path, version: str, jobs: int, extras: Extras) -> None:
        self._bundle, self._version, self._jobs, self._extras = bundle, version, jobs, extras
        self._processes: list[BaseProcess] = []
        self._idle: list[Connection] = []
        self._busy: list[Connection] = []

    def make_room(self) -> Outcome | None:
        """Wait until a worker is idle; what it has done, if it had to be waited for."""
        if self._idle:
            return None
        if len(self._processes) < self._jobs:
            self._idle.append(self._start())
            return None
        return self.receive()

    def send(self, shard: Shard) -> None:
        """Give a shard to an idle worker."""
        worker = self._idle.pop()
        self._busy.append(worker)
        try:
            worker.send(shard)
        except OSError:
            raise self._died() from None

    def receive(self) -> Outcome | None:
        """Wait for the next outcome; None when no worker is busy."""
        if not self._busy:
            return None
        worker = next(one for one in wait(self._busy) if isinstance(one, Connection))
        try:
            found = worker.recv()
        except (EOFError, OSError):
            raise self._died() from None
        if isinstance(found, ChudeError):
            raise found
        self._busy.remove(worker)
        self._idle.append(worker)
        return found

    def close(self) -> None:
        """End all workers, those that are busy without waiting for them."""
        for process in self._processes:
            process.terminate()
        for worker in self._idle + self._busy:
            worker.close()
        for process in self._processes:
            process.join()

    def _start(self) -> Connection:
        from multiprocessing import resource_tracker

        context = multiprocessing.get_context("spawn")  # a fork would copy locks of numpy's threads
        resource_tracker.ensure_running()  # it unblocks signals, so it must not start below
        ours, theirs = context.Pipe()
        arguments = (theirs, self._bundle, self._version, self._extras)
        process = context.Process(target=_work, args=arguments, daemon=True)
        with _without_interrupts():  # Ctrl-C is for this process, which then ends the workers
            process.start()
            self._processes.append(process)
        theirs.close()
        return ours

    def _died(self) -> ChudeError:
        return ChudeError(
            "a worker process was ended from outside, perhaps for want of memory. "
            "Run the same command again, with fewer --jobs if it happens again."
        )


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """Hold Ctrl-C back; processes that are started meanwhile never see one."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: Connection, bundle: Path, version: str, extras: Extras = NO_EXTRAS) -> None:
    """What a worker does until its pipe is closed, be it in the middle of a shard."""
    model: Model | None = None
    while True:
        try:
            shard: Shard = pipe.recv()
        except (EOFError, OSError):
            return
        answer: Outcome | ChudeError
        try:
            model = model or load_version(bundle, version)
            answer = predict_shard(model, shard, extras)
        except ChudeError as error:
            answer = error
        try:
            pipe.send(answer)
        except OSError:
            return


def load_version(bundle: Path, version: str) -> Model:
    """The model in the bundle.

    Raises ChudeError when it cannot be used or is of another version.
    """
    from chude.bundle.folder import load

    model = load(bundle)
    if model.version != version:
        raise ChudeError(f"{bundle}: the model was replaced meanwhile. Run again.")
    return model
