"""The row `scaling`: how time and memory of an archive run grow with the archive.

Articles are sentences of one article of a real archive, in random order, a line each, under a title
with a number of its own: no two are alike. `chude predict --output` labels them from file to file.
"""

import json
import random
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.archive_memory import ROOT, measured
from benchmarks.peers.corpus import read_texts
from benchmarks.peers.setting import Setting, say
from benchmarks.peers.verdicts import Target, markdown, verdict

SIZES = (1_000, 10_000, 100_000, 1_000_000)
_REPEATED = 100_000  # the largest size that is measured several times
_SENTENCES = 8  # about a thousand characters, so that a million ends in minutes
_END = re.compile(r"(?<=[.!?…])\s+|\s*\n\s*")  # of a sentence
_LINEAR = 1.1  # how much longer an article may take in an archive ten times as large


def measure(setting: Setting, archive: str, model: Path) -> dict[str, Any]:
    """The figures of the row. Raises ChudeError when the archive cannot be read."""
    sentences = [_END.split(text.strip()) for text in read_texts(archive)]
    most, jobs = setting.sample or SIZES[-1], len(setting.passes[-1])
    sizes: dict[str, Any] = {}
    for size in dict.fromkeys(min(size, most) for size in SIZES):
        with tempfile.TemporaryDirectory(dir=setting.folder) as folder:  # gigabytes at the end
            path = Path(folder, "archive.jsonl")
            characters = write(path, sentences, size)
            peaks, seconds = [], []
            for i in range(turns(setting, size)):
                say(f"labelling {size:,} articles from file to file, turn {i + 1}")
                peak, taken, _ = measured(model, path, jobs, ROOT / "src")
                peaks.append(peak)
                seconds.append(taken)
        sizes[str(size)] = {"seconds": seconds, "memory": max(peaks), "characters": characters}
    return {"jobs": jobs, "sizes": sizes}


def turns(setting: Setting, size: int) -> int:
    """How often a size is measured: once what takes minutes, rarely what takes long."""
    if size > _REPEATED:
        return 1
    return setting.turns if size == _REPEATED else setting.rounds


def write(path: Path, sentences: list[list[str]], size: int) -> float:
    """Write so many articles as JSON Lines; returns their mean number of characters.

    sentences: of each article of the archive.
    """
    rng, total = random.Random(size), 0
    with path.open("w", encoding="utf-8") as stream:
        for i in range(size):
            own = rng.choice(sentences)
            text = "\n".join(rng.sample(own, min(_SENTENCES, len(own))))
            total += len(text)
            row = {"id": str(i), "title": f"Tin số {i}", "text": text}
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    return total / size


def tables(found: dict[str, Any]) -> Iterator[str]:
    """Time and memory by size."""
    yield (
        f"`chude predict --jobs {found['jobs']}` from JSON Lines to JSON Lines, start included; "
        "medians of the turns, the largest once. Memory: the peak of the largest process."
    )
    rows = [
        (
            f"{int(size):,}",
            f"{one['characters']:,.0f}",
            f"{median(one['seconds']):,.1f}",
            f"{int(size) / median(one['seconds']):,.0f}",
            f"{one['memory']:,.0f}",
        )
        for size, one in found["sizes"].items()
    ]
    yield markdown(("articles", "characters each", "s", "articles/s", "peak memory, MB"), rows)


def targets(found: dict[str, Any]) -> Iterator[Target]:
    """Time in proportion to the archive, from 100,000 articles on."""
    few, many = (found["sizes"].get(str(size)) for size in SIZES[-2:])
    if few and many:
        ratio = median(many["seconds"]) / SIZES[-1] / (median(few["seconds"]) / SIZES[-2])
        what = f"time of an article among {SIZES[-1]:,} to that among {SIZES[-2]:,}"
        met = verdict(ratio <= _LINEAR, few["seconds"], many["seconds"])
        yield what, f"cores: {found['jobs']}", f"{ratio:.2f}", f"≤ {_LINEAR}", met
