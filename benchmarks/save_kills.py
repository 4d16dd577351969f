"""Kill a process that saves, at any moment, many times: is there always a whole model at the path?

Usage: python benchmarks/save_kills.py BUNDLE [--kills 200] [--seed 0]

A copy of the bundle is saved over and over by a process that is killed a few milliseconds after it
began. After each kill the model must load, and be the old or the new one; after one more save in
peace nothing may lie beside it. Prints one line; the status is 1 if any of it failed.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path

from chude.bundle.folder import load, save
from chude.errors import ChudeError
from chude.model.model import Model


def main() -> int:
    """Kill, look and count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        models = list(_two_models(options.bundle, path))
        seconds = _seconds(models[0], path)
        damaged = litter = 0
        for _ in range(options.kills):
            _kill(models, path, rng.uniform(0, 2.5 * seconds))
            litter += len(os.listdir(folder)) > 1
            damaged += not _is_whole(path, models)
        save(models[0], path)
        left = len(os.listdir(folder)) - 1
    print(
        f"{options.kills} kills in a save of {1000 * seconds:.0f} ms: {damaged} without a whole "
        f"model, {litter} left a hidden folder, {left} of these after the next save"
    )
    return int(damaged > 0 or left > 0)


def _two_models(bundle: Path, path: Path) -> Iterator[Model]:
    """The model and another one, each with its version."""
    model = load(bundle)
    for review_error in (0.01, 0.02):
        decision = replace(model.decision, review_error=review_error)
        one = replace(model, decision=decision)
        save(one, path)
        yield one


def _seconds(model: Model, path: Path) -> float:
    start = time.perf_counter()
    save(model, path)
    return time.perf_counter() - start


def _kill(models: list[Model], path: Path, late: float) -> None:
    child = os.fork()
    if child == 0:
        for model in cycle(models):
            save(model, path)
    time.sleep(late)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _is_whole(path: Path, models: list[Model]) -> bool:
    try:
        return load(path).version in {model.version for model in models}
    except ChudeError as error:
        print(error, file=sys.stderr)
        return False


if __name__ == "__main__":
    sys.exit(main())
