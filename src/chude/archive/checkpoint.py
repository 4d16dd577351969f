"""The folder beside the output that holds what a run has done so far.

`run.json` says what the predictions depend on apart from the articles. `000000.jsonl` and so on
hold a shard each: a line with the digest of its articles and its refusals, then a record a line.
(A run on a cluster keeps its parts in `output/`, see `chude.archive.cluster`.)
Each file is whole or not there. A part is used again only for the very articles it was made of, so
files may be touched, moved, mended or piped in again between two starts, and what did not change is
kept. It holds the digest of all that is in it: one that was damaged is made again. No link is
followed, and nothing is removed but what has the name of one of these files.
"""

import contextlib
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from chude.archive.lock import only_writer
from chude.archive.shards import ARTICLES, CHARACTERS, Outcome, Shard
from chude.errors import ChudeError, Refusal
from chude.files import atomic_path, open_regular, readable_os_errors
from chude.model.prediction import NO_EXTRAS, Extras

RUN = "run.json"
OUTPUT = "output"
_PART = r"part-\d{6,}\.parquet"
_FILE = rf"\d{{6,}}\.jsonl|{re.escape(RUN)}|joined|lock|{_PART}"  # an older chude had a lock inside
_OURS = re.compile(rf"{_FILE}|\.({_FILE})-\w{{8}}")
_UNFINISHED = re.compile(rf"\.({_FILE})-\w{{8}}")
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
            head, lines = _read(self._file(shard.number))
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
        first = json.dumps({**head, "sha256": _seal(head, outcome.lines)})
        _write(self._file(outcome.number), "\n".join([first, *outcome.lines]) + "\n")

    def records(self, shards: int) -> Iterator[dict[str, Any]]:
        """The records of all the shards in order.

        Raises ChudeError when a part was damaged since it was made or found.
        """
        for number in range(shards):
            file = self._file(number)
            try:
                _, lines = _read(file)
            except (OSError, ValueError, KeyError, TypeError):
                cure = "Run the same command again: it is made again"
                raise ChudeError(f"{file}: damaged since it was made. {cure}.") from None
            yield from map(json.loads, lines)

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
    with only_writer(output):
        with readable_os_errors(folder):
            make_own_folder(folder)
        checkpoint = Checkpoint(folder, _prepare(folder, model, extras))
        try:
            yield checkpoint
        except BaseException:
            if not _parts(folder):
                _discard(folder)
            raise
        _discard(folder)


def make_own_folder(folder: Path) -> None:
    """Make a folder that only chude writes to, or find it there.

    Raises ChudeError when a link, a pipe or a file has its name, OSError when it cannot be made.
    """
    with contextlib.suppress(FileExistsError):
        folder.mkdir()
    if not stat.S_ISDIR(folder.lstat().st_mode):
        raise ChudeError(f"{folder}: not a folder of chude's. Remove it, or name another --output.")


def own_files(folder: Path) -> Iterator[Path]:
    """What is in such a folder and has the name of a file of ours; links are not followed."""
    for path in folder.iterdir():
        if _OURS.fullmatch(path.name) and os.path.lexists(path) and not _is_folder(path):
            yield path


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
    old = _read_run(run)
    done = len(_parts(folder))
    with readable_os_errors(folder):
        for file in own_files(folder):
            if _UNFINISHED.fullmatch(file.name):  # of a run that was killed
                file.unlink()
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


def _read_run(run: Path) -> Any:
    try:
        with open_regular(run) as stream:
            return json.loads(stream.read())
    except (OSError, ValueError, RecursionError):
        return None


def _parts(folder: Path) -> list[Path]:
    kept = re.compile(rf"\d{{6,}}\.jsonl|{_PART}")
    inside = [folder, *filter(_is_folder, [folder / OUTPUT])]
    return [file for place in inside for file in own_files(place) if kept.fullmatch(file.name)]


def _discard(folder: Path) -> None:
    """Remove the folder and our files in it; it stays where there is anything else."""
    for place in [*filter(_is_folder, [folder / OUTPUT, folder / f"{OUTPUT}-old"]), folder]:
        with contextlib.suppress(OSError):
            for file in own_files(place):
                file.unlink()
            place.rmdir()


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def _read(file: Path) -> tuple[dict[str, Any], list[str]]:
    """Head and records of a part.

    Raises OSError, ValueError, KeyError or TypeError when it is not there or not as it was made.
    """
    with open_regular(file) as stream:
        first, *lines = stream.read().decode().removesuffix("\n").split("\n")
    if not isinstance(head := _loads(first), dict) or head.pop("sha256") != _seal(head, lines):
        raise ValueError("damaged")
    return head, lines


def _loads(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("too deep") from None


def _seal(head: dict[str, Any], lines: list[str]) -> str:
    """SHA-256 of all that a part holds."""
    digest = hashlib.sha256(json.dumps(head).encode())
    for line in lines:
        digest.update(b"\n" + line.encode())
    return digest.hexdigest()


def _write(file: Path, text: str) -> None:
    with atomic_path(file) as temporary:
        temporary.write_text(text, encoding="utf-8")
