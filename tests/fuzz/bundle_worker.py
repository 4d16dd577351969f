"""Loads mutated bundles, one a line of standard input, and says how each load ended.

Started by `tests.fuzz.bundles`, which ends it when a load takes too long.
"""

import contextlib
import os
import resource
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import joblib
import numpy as np

from chude.bundle.folder import load, save
from chude.bundle.safe_load import load_plain
from chude.cli.inspect import inspect
from chude.cli.options import Format
from chude.errors import ChudeError
from chude.model.model import Model
from tests.fuzz.mutations import mutate
from tests.fuzz.mutations_of_files import MODEL, TABLES
from tests.fuzz.watch import Watch
from tests.fuzz.workers import say

ROOM = 200 << 20  # bytes of address space, beyond the file's size
TEXTS = [
    "",
    "\ud800 \U0001f600",
    "Bộ đội Biên phòng bắt giữ đối tượng vận chuyển ma túy qua biên giới.\n\nHết.",
]
RUNS = (  # events of Python that plain data never causes
    "pickle.find_class", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork",
    "subprocess.Popen", "ctypes.", "socket.", "os.remove", "os.rename", "os.mkdir", "os.symlink",
    "shutil.", "exec", "compile", "marshal.", "code.__new__",
)  # fmt: skip


def main() -> None:
    """Answer each line, a seed, with two lines: that the load begins, and how it ended."""
    good = Path(sys.argv[1]).absolute()
    plain = joblib.load(good / MODEL)
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        check(load(good), good, plain)  # imports and makes all that is needed
        version("chude")
        watch = Watch(RUNS, writing=True)
        for line in sys.stdin:
            seed, folder = line.strip(), Path(scratch, "bundle")
            shutil.copytree(good, folder)
            mutation = mutate(seed, folder, plain)
            say({"begins": True})
            say({"mutation": mutation, **outcome(folder, watch)})
            shutil.rmtree(folder)


def outcome(folder: Path, watch: Watch) -> dict[str, Any]:
    """How a load ends: `refused` or `loaded` when all is well, and what was said or wrong."""
    started = time.process_time()
    try:
        with watch(), limited(folder), warnings.catch_warnings(action="error"):
            model = load(folder)
        ended, said = "loaded", ""
    except ChudeError as error:
        ended, said = "refused", str(error)
    except BaseException as error:
        ended, said = "traceback", repr(error)[:500]
    seconds = time.process_time() - started
    if watch.seen or Path("executed").exists() or Path(folder, "executed").exists():
        ended, said = "executed", str(watch.seen)
    elif ended == "refused" and not is_message(said, folder):
        ended = "bad message"
    elif ended == "loaded":
        try:
            expected = joblib.load(folder / MODEL)
            with warnings.catch_warnings(action="error"):  # nobody wants to see them
                check(model, folder, expected)
        except BaseException as error:
            ended, said = "fails later", repr(error)[:500]
    return {"outcome": ended, "said": said, "seconds": seconds}


def is_message(said: str, folder: Path) -> bool:
    fits = said.isprintable() and len(said) < 700 and str(folder) in said
    return fits and "memory" not in said


@contextlib.contextmanager
def limited(folder: Path) -> Iterator[None]:
    """Not more address space than there is now, and what a model may take."""
    model = folder / MODEL
    own = min(model.stat().st_size, 1 << 30) if model.is_file() and not model.is_symlink() else 0
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (used + ROOM + own, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def check(model: Model, folder: Path, expected: Any) -> None:
    """Make sure that a model is what its file holds, and can do all that a model does."""
    assert same(load_plain(folder / MODEL), expected), "another value than joblib's"
    for prediction in model.predict(TEXTS):
        assert all(0 <= p <= 1 for p in prediction.probabilities.values()), "no probabilities"
    for form in (Format.table, Format.json):
        inspect(folder, form=form, output="inspected")
    tables = [folder / name for name in TABLES if (folder / name).exists()]
    if any(table.stat().st_size > 1 << 20 for table in tables):
        return  # takes long to write
    try:
        save(model, "saved")
    except ChudeError as error:  # its report is drawn from the tables, which may be damaged
        if str(error).startswith(tuple(TABLES)):
            return
        raise
    again = load("saved")
    assert (again.probabilities(TEXTS) == model.probabilities(TEXTS)).all(), "saved as another"
    shutil.rmtree("saved")


def same(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and bool((one == other).all())
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


if __name__ == "__main__":
    main()
