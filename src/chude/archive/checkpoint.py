"""The folder beside the output that holds what a run has done so far.

`run.json` says what the predictions depend on apart from the articles. `000000.jsonl` and so on
hold a shard each: a line with the digest of its articles and its refusals, then a record a line.
(A run on a cluster keeps its parts in `output/`, see `chude.archive.cluster`.)
Each file is whole or not there. A part is used again only for the very articles it was made of, so
files may be touched, moved, mended or piped in again between two starts, and what did not change is
kept.
"""

import contextlib
import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from chude.archive.shards import ARTICLES, CHARACTERS, Outcome, Shard
from chude.errors import ChudeError, Refusal
from chude.files import atomic_path, readable_os_errors
from chude.model.prediction import NO_EXTRAS, Extras

RUN = "run.json"
OUTPUT = "output"
_PACKAGES = ("chude", "numpy", "scipy", "underthesea")  # other versions may round otherwise


@dataclass(slots=True)
class Checkpoint:
    """The open folder.

    note: what became of an earlier run, None when there was none.
    changed: parts that `find` met and that were made of other articles.
    """

    folder: Path
    note: str | None
    changed: int = 0

    def find(self, shard: Shard) -> Outcome | None:
        """What an earlier run said of these very articles, None when it did not come so far."""
        try:
            with self._file(shard.number).open(encoding="utf-8") as stream:
                head = json.loads(stream.readline())
                lines = [line.rstrip("\n") for line in stream]
                refusals = [Refusal(**refusal) for refusal in head["refusals"]]
                if head["digest"] != shard.digest:
                    self.changed += 1
                elif head["records"] == len(lines) == len(shard.articles) - len(refusals):
                    return Outcome(shard.number, shard.digest, lines, refusals)
        except (OSError, ValueError, KeyError, TypeError):
            pass  # missing or damaged: it is made again
        return None

    def write(self, outcome: Outcome) -> None:
        """Keep what was said of a shard."""
        head = {
            "digest": outcome.digest,
            "records": len(outcome.lines),
            "refusals": [asdict(refusal) for refusal in outcome.refusals],
        }
        _write(self._file(outcome.number), "\n".join([json.dumps(head), *outcome.lines]) + "\n")

    def records(self, shards: int) -> Iterator[dict[str, Any]]:
        """The records of all the shards in order."""
        for number in range(shards):
            with self._file(number).open(encoding="utf-8") as stream:
                next(stream)
                yield from map(json.loads, stream)

    def _file(self, number: int) -> Path:
        return self.folder / f"{number:06}.jsonl"


@contextlib.contextmanager
def open_checkpoint(output: Path, model: str, extras: Extras = NO_EXTRAS) -> Iterator[Checkpoint]:
    """The parts of the run that writes to `output`; those of another model are thrown away.

    model: its version. extras: what its predictions tell; parts that tell something else are thrown
    away too. When the block succeeds, or nothing was kept, the folder is removed.

    Raises ChudeError when the folder cannot be written to, or another process is at it.
    """
    folder = output.parent / f".{output.name}.chude-parts"
    with readable_os_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    with lock:
        _lock(lock, output)
        checkpoint = Checkpoint(folder, _prepare(folder, model, extras))
        try:
            yield checkpoint
        except BaseException:
            if not _parts(folder):
                shutil.rmtree(folder, ignore_errors=True)
            raise
        shutil.rmtree(folder, ignore_errors=True)


def package_versions() -> dict[str, str]:
    """Versions of what the predictions depend on."""
    return {name: version(name) for name in _PACKAGES}


def _prepare(folder: Path, model: str, extras: Extras) -> str | None:
    """Leave in the folder what can be gone on with; returns a note for the user."""
    new = {
        "model": model,
        "packages": package_versions(),
        "shard": [ARTICLES, CHARACTERS],
        "extras": asdict(extras),
    }
    run = folder / RUN
    try:
        old = json.loads(run.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        old = None
    done = len(_parts(folder))
    with readable_os_errors(folder):
        for litter in folder.glob(".*"):  # half-written files of a run that was killed
            litter.unlink()
        if old == new:
            kept = f"going on with the run that was stopped, {done} parts are kept"
            return kept if done else None
        run.unlink(missing_ok=True)
        for file in _parts(folder):
            file.unlink()
    _write(run, json.dumps(new, indent=1) + "\n")
    return f"starting afresh: {_difference(old, new)}" if done else None


def _difference(old: Any, new: dict[str, Any]) -> str:
    if not isinstance(old, dict) or set(old) != set(new) or old["shard"] != new["shard"]:
        return "the run that was stopped was begun by another version of chude"
    if old["model"] != new["model"]:
        return f"the model is another one ({old['model']}, now {new['model']})"
    if old["extras"] != new["extras"]:
        return "the run that was stopped had other options --explain and --titles"
    return "versions of packages have changed since the run that was stopped"


def _parts(folder: Path) -> list[Path]:
    return [*folder.glob("[0-9]*.jsonl"), *folder.glob(f"{OUTPUT}/part-*.parquet")]


def _lock(file: IO[str], output: Path) -> None:
    """Keep other processes out as long as the file is open; a killed process lets go."""
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ChudeError(
            f"{output}: another run is writing it. Wait for it, or name another --output."
        ) from None
    except OSError:
        return  # a file system without locks


def _write(file: Path, text: str) -> None:
    with atomic_path(file) as temporary:
        temporary.write_text(text, encoding="utf-8")
