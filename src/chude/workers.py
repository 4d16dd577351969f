"""A function at work in several processes at a time.

On Linux the workers are forks of this process: they start in milliseconds, with all that it has
loaded and learnt, and what nobody writes to is in memory once. Elsewhere they are started anew and
given a copy of the function. A worker gets its next item only after it gave back the last one, so
that memory is bounded by the number of workers, none waits for another one, and no two ends of a
pipe ever wait for each other. It ends as soon as this process does, even if that was killed.
"""

import contextlib
import itertools
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from chude.errors import ChudeError

T = TypeVar("T")
R = TypeVar("R")

START = "fork" if sys.platform == "linux" else "spawn"
_AHEAD = 4  # results a worker that wait for an earlier one


def as_done(function: Callable[[T], R], items: Iterable[T], jobs: int) -> Iterator[R]:
    """What the function makes of the items, by so many processes, in any order.

    function: where workers are no forks, it and the items are pickled. One job, or a single item,
    is done in this process. What the function raises is raised here.

    Raises ChudeError when a worker is ended from outside.
    """
    for _, result in _numbered(function, items, jobs):
        yield result


def in_order(function: Callable[[T], R], items: Iterable[T], jobs: int) -> Iterator[R]:
    """As `as_done`, in the order of the items."""
    held: dict[int, R] = {}
    due = 0
    for number, result in _numbered(function, items, jobs, lambda: len(held) > _AHEAD * jobs):
        held[number] = result
        while due in held:
            yield held.pop(due)
            due += 1


def _numbered(
    function: Callable[[T], R],
    items: Iterable[T],
    jobs: int,
    enough: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[int, R]]:
    """The results and the numbers of their items; enough: whether no item is to be begun now."""
    if START == "fork" and isinstance(items, list):  # a fork has it already
        yield from _numbered(partial(_item_of, function, items), range(len(items)), jobs, enough)
        return
    items = iter(items)
    if multiprocessing.current_process().daemon:
        jobs = 1  # a worker, whoever started it, may have none
    first = list(itertools.islice(items, min(jobs, 2)))
    parallel = len(first) == 2  # more than one job, and enough to do for two
    numbered = enumerate(itertools.chain(first, items))
    del first  # or it would hold its items to the end
    if not parallel:
        for number, item in numbered:
            yield number, function(item)
        return
    with contextlib.closing(_Workers(function, jobs)) as workers:
        for number, item in numbered:
            while enough() and (found := workers.receive()) is not None:
                yield found
            if (found := workers.make_room()) is not None:
                yield found
            workers.send(number, item)
        while (found := workers.receive()) is not None:
            yield found


def _item_of(function: Callable[[T], R], items: list[T], number: int) -> R:
    return function(items[number])


class _Workers(Generic[T, R]):
    """Processes, started when they are first needed, and our ends of their pipes."""

    def __init__(self, function: Callable[[T], R], jobs: int) -> None:
        self._function, self._jobs = function, jobs
        self._processes: list[BaseProcess] = []
        self._idle: list[Connection] = []
        self._busy: list[Connection] = []

    def make_room(self) -> tuple[int, R] | None:
        """Wait until a worker is idle; what it has done, if it had to be waited for."""
        if self._idle:
            return None
        if len(self._processes) < self._jobs:
            self._idle.append(self._start())
            return None
        return self.receive()

    def send(self, number: int, item: T) -> None:
        """Give an item to an idle worker."""
        worker = self._idle.pop()
        self._busy.append(worker)
        try:
            worker.send((number, item))
        except OSError:
            raise _died() from None

    def receive(self) -> tuple[int, R] | None:
        """Wait for the next result; None when no worker is busy."""
        if not self._busy:
            return None
        worker = next(one for one in wait(self._busy) if isinstance(one, Connection))
        try:
            number, result, error = worker.recv()
        except (EOFError, OSError):
            raise _died() from None
        if error is not None:
            raise error
        self._busy.remove(worker)
        self._idle.append(worker)
        return number, result

    def close(self) -> None:
        """End all workers, those that are busy without waiting for them."""
        for process in self._processes:
            process.terminate()
        for worker in self._idle + self._busy:
            worker.close()
        for process in self._processes:
            process.join()

    def _start(self) -> Connection:
        context: Any = multiprocessing.get_context(START)
        if START != "fork":
            from multiprocessing import resource_tracker

            resource_tracker.ensure_running()  # it unblocks signals, so it must not start below
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self._function), daemon=True)
        with _without_interrupts():  # Ctrl-C is for this process, which then ends the workers
            process.start()
            self._processes.append(process)
        theirs.close()
        return ours


def _died() -> ChudeError:
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
        with warnings.catch_warnings():
            # Python 3.12 warns of forks beside threads, whose locks stay as they are. A worker
            # takes no lock of theirs: its work is that of NumPy, numba and chude alone.
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: Connection, function: Callable[[Any], Any]) -> None:
    """What a worker does until its pipe is closed, be it in the middle of an item."""
    if (parent := multiprocessing.parent_process()) is not None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # not what a fork has taken over
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    while True:
        try:
            number, item = pipe.recv()
        except (EOFError, OSError):
            return
        answer: tuple[int, Any, Exception | None]
        try:
            answer = number, function(item), None
        except Exception as error:
            answer = number, None, _sent(error)
        try:
            pipe.send(answer)
        except OSError:
            return


def _sent(error: Exception) -> Exception:
    """The error, or one like it where that cannot go through a pipe."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _end_with(parent: int) -> None:
    """End at once when the parent does, whose lock on a file a fork would hold."""
    wait([parent])
    os._exit(1)
