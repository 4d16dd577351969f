"""Label archives of Parquet on a Dask cluster.

Workers read the input from storage that all share and write the output to it. Only descriptions of
parts go through the client, and what comes back are counts and refusals.
"""

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from chude.archive.checkpoint import (
    OUTPUT,
    RUN,
    make_own_folder,
    open_checkpoint,
    own_files,
    package_versions,
)
from chude.archive.cluster_worker import Job, Made, Part, cut_file, make_part, read_head
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.formats.registry import PARQUET, format_of
from chude.corpus.outputs import check_output
from chude.corpus.paths import check_input, find_files
from chude.errors import ChudeError, OnRefusal, Refusal, UsageError
from chude.files import is_regular, publish_folder, readable_os_errors, sync_folder
from chude.model.model import Model
from chude.model.prediction import NO_EXTRAS, Extras

if TYPE_CHECKING:
    from distributed import Client

_NAMED = 3  # parts in a message
_PATIENCE = 5  # seconds in which a scheduler must answer


def find_parquet(inputs: Sequence[str], on_refusal: OnRefusal) -> list[Path]:
    """The files of the inputs, in the order in which `chude.corpus.read.read` has them.

    Raises ValueError for what is not Parquet, ChudeError when an input is not there.
    """
    files: list[Path] = []
    for path in inputs:
        if path == "-":
            raise ValueError("standard input is not Parquet")
        check_input(path)
        for found in find_files(path, alone=len(inputs) == 1):
            if isinstance(found, Refusal):
                on_refusal(found)
            elif format_of(found.file) is not PARQUET:
                raise ValueError(f"{found.file} is not Parquet")
            else:
                files.append(found.file)
    return files


@dataclass(frozen=True)
class ClusterRun:
    """Predict Parquet files into a folder of Parquet files, part by part.

    bundle: where `model` was loaded from. scheduler: the cluster's address. The callbacks and
    extras are those of `chude.archive.local.ArchiveRun`, but on_progress also gets the number of
    articles in all.
    """

    model: Model
    bundle: Path
    files: Sequence[Path]
    columns: ColumnNames
    scheduler: str
    on_refusal: OnRefusal
    on_note: Callable[[str], None] = lambda note: None
    on_progress: Callable[[int, int], None] = lambda done, total: None
    extras: Extras = NO_EXTRAS

    def write(self, output: Path) -> None:
        """Write the folder in one step; in its files, in order of their names, are the records.

        Parts that an earlier run made of the same rows, be it done or stopped, are not made again.

        Raises ChudeError when the cluster or the output cannot be used, when a part ends every
        worker that tries it, and after Ctrl-C; the parts that are done are kept for the next run.
        """
        _check_output(output, self.files)
        try:
            with _connect(self.scheduler) as client:
                self._check_workers(client)
                with open_checkpoint(output, self.model.version, self.extras) as checkpoint:
                    if checkpoint.note is not None:
                        self.on_note(checkpoint.note)
                    self._make(client, checkpoint.folder, output)
        except KeyboardInterrupt:
            raise ChudeError(
                "stopped by Ctrl-C, what is done is kept. Run the same command again to go on."
            ) from None

    def _make(self, client: "Client", folder: Path, output: Path) -> None:
        made = folder / OUTPUT
        with readable_os_errors(folder):
            _adopt(output, made)
            run = (folder / RUN).read_text(encoding="utf-8")
        version = self.model.version
        job = Job(folder.absolute(), run, self.bundle.absolute(), version, self.columns)
        plan = self._plan()
        self._predict(client, plan, job)
        with readable_os_errors(output):
            _keep_only(made, {part.name for part in plan})
            sync_folder(made)
            publish_folder(made, output)  # what was there is removed with the folder of parts

    def _check_workers(self, client: "Client") -> None:
        """Raise ChudeError where packages differ: without chude, a worker that gets a part ends."""
        wanted = package_versions()
        found = client.get_versions(packages=list(wanted))
        for place, there in {"the scheduler": found["scheduler"], **found["workers"]}.items():
            for name, version in wanted.items():
                if (has := there["packages"][name]) != version:
                    raise ChudeError(
                        f"{place} has {name} {has or 'not at all'}, the client {version}. Install "
                        "the same packages on the client, the scheduler and all workers, and "
                        "start them again."
                    )
        threads = client.nthreads()
        if not threads:
            command = f"dask worker {self.scheduler} --nthreads 1"
            self.on_note(f"the cluster has no workers: waiting for some. Start them: {command}")
        elif max(threads.values()) > 1:
            self.on_note("threads of a worker take turns: start more workers with --nthreads 1")

    def _plan(self) -> list[Part]:
        plan: list[Part] = []
        for file in self.files:
            try:
                plan += cut_file(file.absolute(), str(file), len(plan))
            except OSError as error:
                problem = f"cannot be read ({error.strerror})"
                self.on_refusal(Refusal(str(file), problem, "Check its permissions"))
        return plan

    def _predict(self, client: "Client", plan: list[Part], job: Job) -> None:
        """Have all parts made; those that end their workers are told when the rest is done."""
        total = sum(len(part.rows or ()) for part in plan)
        done = kept = 0
        refused: set[Refusal] = set()  # all parts of a file may say the same of the file
        deadly: list[Part] = []
        for part, made in _map(client, plan, job):
            if made is None:
                deadly.append(part)
                continue
            for refusal in made.refusals:
                if refusal not in refused:
                    refused.add(refusal)
                    self.on_refusal(refusal)
            kept += made.kept
            done += made.articles + len(made.refusals)
            self.on_progress(done, total)
        if deadly:
            raise _too_deadly(deadly)
        if kept:
            self.on_note(f"{kept} of {len(plan)} parts were there already")


def _map(client: "Client", plan: list[Part], job: Job) -> Iterator[tuple[Part, Made | None]]:
    """Parts as they are made; None for one whose workers died, time after time."""
    from distributed import CancelledError, KilledWorker, as_completed

    run = uuid4().hex
    parts = {f"{part.name}-{run}": part for part in plan}
    futures = client.map(make_part, plan, job=job, key=list(parts), pure=False)
    completed = as_completed(futures, loop=client.loop)
    del futures  # or the cluster would keep what was fetched, and make it again if it is lost
    for future in completed:
        try:
            made = future.result()
        except KilledWorker:
            made = None
        except (CancelledError, OSError):
            raise ChudeError(
                f"{client.scheduler.address}: the scheduler went away. Start it again and run the "
                "same command again: the parts that are done are kept."
            ) from None
        yield parts[future.key], made


def _too_deadly(parts: list[Part]) -> ChudeError:
    names = [
        f"{part.place} rows {part.rows.start + 1} to {part.rows.stop}" if part.rows else part.place
        for part in sorted(parts, key=lambda part: part.number)
    ]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ChudeError(
        f"{', '.join(names[:_NAMED])}{more}: every worker that took them ended, perhaps for want "
        "of memory. Start workers with more memory and run the same command again: the other "
        "parts are kept."
    )


@contextlib.contextmanager
def _connect(scheduler: str) -> "Iterator[Client]":
    """A client of the cluster.

    Raises ChudeError when it cannot be reached.
    """
    try:
        from distributed import Client
    except ImportError:
        raise ChudeError(
            "the engine dask is not installed. Install it with: pip install 'chude[dask]'"
        ) from None
    try:
        asyncio.run(_knock(scheduler))
    except Exception as error:  # whatever answers there, if anything does
        reason = f" ({error})" if isinstance(error, (ValueError, TypeError)) else ""
        raise ChudeError(
            f"{scheduler}: no scheduler answers there{reason}. Start one with `dask scheduler`, "
            "and give the address that it prints, such as tcp://HOST:8786."
        ) from None
    for handler in logging.getLogger("distributed").handlers:
        handler.setLevel(logging.CRITICAL)  # what matters is told by a ChudeError
    with Client(scheduler, timeout=_PATIENCE, set_as_default=False) as client:
        yield client


async def _knock(scheduler: str) -> None:
    """Raise an error of any kind unless a scheduler answers; Client might wait without end."""
    from distributed import Security
    from distributed.comm import connect

    security = Security().get_connection_args("client")
    async with asyncio.timeout(_PATIENCE):
        comm = await connect(scheduler, timeout=_PATIENCE, **security)
        await comm.close()


def _check_output(output: Path, files: Sequence[Path]) -> None:
    """Raise UsageError unless the folder is missing, empty or what an earlier run wrote."""
    check_output(output, files, folder=True)
    for path in output.iterdir() if output.is_dir() else ():
        if not is_regular(path) or read_head(path) is None:
            raise UsageError(f"{path}: not written by a cluster. Name another folder.")


def _keep_only(made: Path, names: set[str]) -> None:
    """Remove parts of a longer input, and those that are half-written."""
    for path in own_files(made):
        if path.name not in names:
            path.unlink()
    for path in made.iterdir():
        if path.name not in names or not is_regular(path):
            raise ChudeError(f"{path}: not written by a cluster. Remove it and run again.")


def _adopt(output: Path, made: Path) -> None:
    """Begin with the parts of a run that was done, of which those that still hold are kept."""
    make_own_folder(made)
    for part in output.iterdir() if output.is_dir() else ():
        # Either it is there already, or the storage has no links and it is made again.
        with contextlib.suppress(OSError):
            os.link(part, made / part.name)
