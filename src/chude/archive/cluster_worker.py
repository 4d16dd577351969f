"""What a worker of a cluster does: predict some rows of a Parquet file into a Parquet file.

A part tells in its own metadata what it was made of, so it and its refusals are there together or
not at all, and a part that is there is never made twice: not by the next run, nor by a worker that
is given a task again because another one died.
"""

import hashlib
import json
import logging
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chude.archive.checkpoint import OUTPUT, RUN, package_versions
from chude.archive.shards import cut, predict_shard
from chude.bundle.folder import load
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.formats.row_groups import row_groups
from chude.corpus.read import read_rows
from chude.errors import ChudeError, Refusal
from chude.files import atomic_path, open_regular, parquet_errors
from chude.model.model import Model
from chude.model.prediction import Extras, records_frame

if TYPE_CHECKING:
    import polars as pl

ROWS = 16_384  # in a part at least, unless the file ends
_KEY = "chude"  # of the metadata
_BLANK = "*" * 64  # in the place of a digest that is not known yet
_LOG = logging.getLogger(__name__)
_ONE_AT_A_TIME = threading.Lock()  # threads of a worker share its model, which only one may use


@dataclass(frozen=True, slots=True)
class Job:
    """What the parts of a run have in common.

    folder: that of the parts. run: what its `run.json` holds. bundle: where the model is;
    version: its version.
    """

    folder: Path
    run: str
    bundle: Path
    version: str
    columns: ColumnNames

    @property
    def extras(self) -> Extras:
        """What the predictions tell beside the decisions."""
        return Extras(**json.loads(self.run)["extras"])


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a Parquet file and the number of the part they become.

    place: the file as the user calls it. rows: None for all of a file whose rows cannot be counted,
        or that has none: a part even of those, so that there is always a table.
    size, modified: of the file, bytes and nanoseconds.
    """

    number: int
    file: Path
    place: str
    size: int
    modified: int
    rows: range | None

    @property
    def name(self) -> str:
        """The name of its file; names sort as the numbers do."""
        return f"part-{self.number:06}.parquet"


@dataclass(frozen=True, slots=True)
class Made:
    """How many articles a part holds, which others were refused, and whether it was there."""

    articles: int
    refusals: list[Refusal]
    kept: bool


def cut_file(file: Path, place: str, first: int) -> list[Part]:
    """The parts of a file, numbered from `first`: whole row groups, as they are read whole.

    Raises OSError when the file cannot be read.
    """
    state = file.stat()
    ranges: list[range | None]
    try:
        ranges = list(_ranges(row_groups(file)))
    except ValueError:
        ranges = []
    ranges = ranges or [None]  # whoever reads all of it says what is wrong with it
    return [
        Part(number, file, place, state.st_size, state.st_mtime_ns, rows)
        for number, rows in enumerate(ranges, first)
    ]


def _ranges(groups: list[int]) -> Iterator[range]:
    start = stop = 0
    for group in groups:
        stop += group
        if stop - start >= ROWS:
            yield range(start, stop)
            start = stop
    if stop > start:
        yield range(start, stop)


def make_part(part: Part, job: Job) -> Made:
    """Predict a part into its file, unless it is there already.

    Raises ChudeError when this worker has not what it needs for it, or fails.
    """
    try:
        return _make(part, job)
    except ChudeError as error:
        problem = str(error)
    except Exception as error:
        _LOG.exception("%s", part)
        problem = f"a fault ({type(error).__name__}: {error}). See its log, report the problem."
    # Out here it has no other error in tow, which might not stand the way to the client.
    raise ChudeError(f"worker on {socket.gethostname()}: {problem}")


def _make(part: Part, job: Job) -> Made:
    target = job.folder / OUTPUT / part.name
    if (made := _find(target, part, job)) is not None:
        return made
    _check_worker(part, job)
    with _ONE_AT_A_TIME:
        model = _model(job.bundle, job.version)
        records, refusals = _predict(part, job, model)
    _check_worker(part, job)  # again: another run may have begun meanwhile
    head = {
        "origin": _origin(part, job),
        "articles": len(records),
        "refusals": [asdict(refusal) for refusal in refusals],
    }
    frame = records_frame(records, model.taxonomy.keys, job.extras)
    with atomic_path(target) as temporary:
        _write_sealed(frame, head, temporary)
    return Made(len(records), refusals, kept=False)


def read_head(file: Path) -> dict[str, Any] | None:
    """What a part says of itself, None for a file that is no part."""
    import polars as pl

    try:
        with open_regular(file) as stream:
            head = json.loads(pl.read_parquet_metadata(stream)[_KEY])
    except (OSError, LookupError, ValueError, RecursionError):
        return None
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):  # damaged
        return None
    return head if isinstance(head, dict) else None


def _write_sealed(frame: "pl.DataFrame", head: dict[str, Any], file: Path) -> None:
    """Write a part whose head holds the SHA-256 of all its bytes, itself being blank."""
    with parquet_errors():
        frame.write_parquet(file, metadata={_KEY: json.dumps({**head, "sha256": _BLANK})})
    content = file.read_bytes()
    before, after = content.rsplit(_BLANK.encode(), 1)
    file.write_bytes(before + hashlib.sha256(content).hexdigest().encode() + after)


def _is_sealed(file: Path) -> bool:
    """Whether each byte of a part is as it was written."""
    try:
        with open_regular(file) as stream:
            content = stream.read()
    except OSError:
        return False
    seals = list(re.finditer(rb"sha256\W+([0-9a-f]{64})\b", content))
    if not seals:
        return False
    start, end = seals[-1].span(1)
    digest = hashlib.sha256(content[:start])
    digest.update(_BLANK.encode() + content[end:])
    return digest.hexdigest().encode() == seals[-1][1]


def _find(target: Path, part: Part, job: Job) -> Made | None:
    """What is there of a part; None unless it was made of the same rows, all of them."""
    if not _is_sealed(target) or (head := read_head(target)) is None:
        return None
    if part.rows is None or head.get("origin") != _origin(part, job):
        return None
    refusals = [Refusal(**refusal) for refusal in head["refusals"]]
    if head["articles"] + len(refusals) != len(part.rows):
        return None  # the file could not be read to the end, perhaps now it can
    return Made(head["articles"], refusals, kept=True)


def _origin(part: Part, job: Job) -> dict[str, Any]:
    """All that a part depends on, as JSON has it."""
    return {
        "run": json.loads(job.run),
        "columns": {**asdict(job.columns), "themes": list(job.columns.themes)},
        "file": part.place,
        "size": part.size,
        "modified": part.modified,
        "rows": part.rows and [part.rows.start, part.rows.stop],
    }


def _predict(part: Part, job: Job, model: Model) -> tuple[list[dict[str, Any]], list[Refusal]]:
    records: list[dict[str, Any]] = []
    refusals: list[Refusal] = []
    articles = read_rows(part.file, part.place, part.rows, job.columns, refusals.append)
    for shard in cut(articles):
        outcome = predict_shard(model, shard, job.extras)
        records += map(json.loads, outcome.lines)
        refusals += outcome.refusals
    return records, refusals


def _check_worker(part: Part, job: Job) -> None:
    """Raise ChudeError unless this process is and sees what the client is and sees."""
    wanted = json.loads(job.run)["packages"]
    for name, here in package_versions().items():
        if here != wanted[name]:  # it joined the cluster after the client looked
            raise ChudeError(
                f"{name} {here} where the client has {wanted[name]}. "
                "Install the same packages everywhere and start the workers again."
            )
    run = job.folder / RUN
    try:
        with open_regular(run) as stream:
            seen = stream.read().decode()
    except (OSError, UnicodeDecodeError):
        seen = ""
    if seen != job.run:
        raise _unshared(run)
    try:
        state = part.file.stat()
    except OSError:
        raise _unshared(part.file) from None
    if (state.st_size, state.st_mtime_ns) != (part.size, part.modified):
        raise ChudeError(f"{part.file}: changed since the run began. Run again when it is at rest.")


def _unshared(path: Path) -> ChudeError:
    return ChudeError(
        f"{path}: not there, or not what the client sees. Keep the input, the model and the output "
        "on storage that the client and all workers have under the same path, and run again."
    )


@lru_cache(maxsize=1)
def _model(bundle: Path, version: str) -> Model:
    model = load(bundle)
    if model.version != version:
        raise ChudeError(f"{bundle}: the model was replaced meanwhile. Run again.")
    return model
