"""The rows of the benchmark: what each needs, and how it is measured."""

from argparse import Namespace
from collections.abc import Collection
from typing import Any

from benchmarks.peers import corpus, danes, scaling, themes
from benchmarks.peers.measure import Bench
from benchmarks.peers.setting import Setting
from benchmarks.peers.systems import SYSTEMS

from chude.errors import ChudeError

# The arguments that name the files of each row, as `make bench` calls them.
NEEDS = {
    "topics": ("TRAIN", "TEST"),
    "themes": ("ARCHIVE",),
    "danes": ("DANES",),
    "scaling": ("ARCHIVE",),
}


def selected(asked: Collection[str] | None, given: Collection[str]) -> list[str]:
    """The rows to measure: those asked for, or all whose files are given.

    given: names of the files that are given, as in `NEEDS`. Raises ChudeError for a row that lacks
    a file, and when there is none to measure.
    """
    for row in asked or ():
        if missing := [name for name in NEEDS[row] if name not in given]:
            raise ChudeError(f"row {row}: needs {' and '.join(missing)}. Name the file.")
    rows = [
        row
        for row, needed in NEEDS.items()
        if (row in asked if asked else all(name in given for name in needed))
    ]
    if not rows:
        raise ChudeError("nothing to measure. Name TRAIN and TEST, ARCHIVE or DANES.")
    return rows


def measured(row: str, setting: Setting, arguments: Namespace) -> dict[str, Any]:
    """The figures of a row, plain data. Raises ChudeError when a file cannot be read."""
    if row == "topics":
        return topics(setting, arguments)
    if row == "danes":
        return danes.measure(setting, arguments.danes)
    if row == "scaling":
        return scaling.measure(setting, arguments.archive, arguments.model)
    return themes.measure(setting, arguments.archive, arguments.corpus, arguments.model)


def topics(setting: Setting, arguments: Namespace) -> dict[str, Any]:
    """One label an article: training and prediction, raw text to label."""
    train, test = (
        corpus.read(path, arguments.label_column).shuffled(0, setting.sample)
        for path in (arguments.train, arguments.test)
    )
    leaked = corpus.leaked(train, test)
    systems = Bench(setting, train, test, leaked).run(
        [key for key in SYSTEMS if key in setting.only]
    )
    articles = {"train": len(train.texts), "test": len(test.texts), "leaked": sum(leaked)}
    return {"articles": articles, "systems": systems}
