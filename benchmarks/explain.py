"""Measure explanations: how fast they are beside ELI5 and LIME, and whether they name the passage.

    python benchmarks/explain.py archive.parquet --model models/themes --peers build/explain-peers

All on one core; seconds are the processor's, for others may use the machine too. Speed is that of
the first thousand articles of the archive. Whether the clearest
passage carries the theme is asked of models that never saw the article, on the right yes-decisions
of a corpus whose passages are labelled. Written is a Markdown table. Linux alone.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import chude
from chude.corpus.article import Article
from chude.corpus.splits import folds
from chude.model.model import Model
from chude.model.prediction import Extras
from chude.records import write_records
from chude.training.examples import make_examples

_WORKER = Path(__file__).parent / "peers" / "explain_worker.py"
_PEER_TEXTS, _PEER_CHARACTERS = 20, 1200
_TURNS = 3  # the best counts
_SINGLE = 300
_FOLDS = 5


@dataclass(frozen=True)
class Row:
    """A line of the table: what was measured, chude's figure, its goal, and the peers'."""

    what: str
    figure: str
    goal: str
    eli5: str = "–"
    lime: str = "–"


def main() -> int:
    """Measure, print and write the table; 1 when a file cannot be read."""
    arguments = parse()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
    try:
        model = chude.load(arguments.model)
        articles = list(itertools.islice(chude.read(arguments.archive), 1 + arguments.count))
        corpus = list(chude.read(arguments.corpus))
    except chude.ChudeError as error:
        print(error, file=sys.stderr)
        return 1
    peers = ask_peers(arguments.peers, corpus, articles) if arguments.peers else {}
    rows = [*speed(model, articles[1:], articles[0], peers), passages(corpus, model)]
    text = table(rows, articles[1:])
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(text, encoding="utf-8")
    print(text, end="")
    return 0


def parse() -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("archive", help="articles of any kind")
    parser.add_argument("--model", type=Path, default=Path("models/themes"))
    parser.add_argument("--corpus", default="data", help="labelled by passage")
    parser.add_argument("--peers", type=Path, help="environment that has ELI5 and LIME")
    parser.add_argument("--count", type=int, default=1000, help="articles to explain")
    parser.add_argument("--output", type=Path, default=Path("build/explain.md"))
    return parser.parse_args()


def speed(
    model: Model, articles: list[Article], first: Article, peers: dict[str, Any]
) -> list[Row]:
    """Rows of what takes time; the model is warm."""
    exhaust(model.explain_stream([first] * 300, "all"))
    thousand = 1000 / len(articles)
    every = best(lambda: exhaust(model.explain_stream(articles, "all")))
    on_disk = best(lambda: write_jsonl(model, articles))
    single = percentile([alone(model, article) for article in articles[:_SINGLE]])
    plain = best(lambda: exhaust(model.stream(articles)))
    explained = best(lambda: exhaust(model.stream(articles, Extras(evidence=5))))
    times = {name: f"{1000 * peer['seconds']:,.0f} s, one theme" for name, peer in peers.items()}
    ones = {name: f"{1000 * peer['seconds']:,.0f} ms" for name, peer in peers.items()}
    pages = {name: f"{peer['bytes'] / 1000:,.0f} kB each" for name, peer in peers.items()}
    share = f"{plain / explained:.2f} × its speed"
    return [
        Row("1,000 articles, all themes", f"{every * thousand:.2f} s", "≤ 2 s", **times),
        Row("the same as JSONL on disk", f"{on_disk * thousand:.2f} s", "≤ 3 s", **pages),
        Row("one article, p95", f"{1000 * single:.1f} ms", "≤ 15 ms", **ones),
        Row("`predict --explain 5` to `predict`", share, "≥ 0.5 ×"),
    ]


def alone(model: Model, article: Article) -> float:
    """Seconds from an article to its explanation."""
    return seconds(lambda: model.explain(article, "all"))


def write_jsonl(model: Model, articles: list[Article]) -> None:
    """What `chude explain --format jsonl --output` does."""
    with tempfile.TemporaryDirectory() as folder:
        records = (one.record() for one in model.explain_stream(articles, "all"))
        write_records(
            records, "jsonl", Path(folder) / "a.jsonl", flat=dict, table=lambda _: iter(())
        )


def passages(corpus: list[Article], model: Model) -> Row:
    """How often the clearest passage carries the theme, and a passage drawn at random."""
    labelled = [article for article in corpus if article.themes is not None]
    # Of every example the labels of its passages, and whether they are known, as training has them.
    targets = make_examples(labelled, model.taxonomy, [model.segmenter]).targets
    ends = np.cumsum(targets.lengths)
    fold = folds(targets.labels, _FOLDS, 0)
    hits: list[bool] = []
    chances: list[float] = []
    for f in range(_FOLDS):
        seen = [article for article, of in zip(labelled, fold, strict=True) if of != f]
        judge = chude.train(seen, model.taxonomy, segmenter=model.segmenter_name)
        for i in np.flatnonzero(fold == f).tolist():
            inside = slice(ends[i] - targets.lengths[i], ends[i])
            for key, theme in judge.explain(labelled[i]).explanations.items():
                k = model.taxonomy.keys.index(key)
                carries = targets.passage_labels[inside, k]
                known = targets.passage_known[inside, k].all() and carries.any()
                if known and targets.labels[i, k] and theme.decision == "yes":
                    hits.append(bool(carries[[p.clearest for p in theme.passages].index(True)]))
                    chances.append(float(carries.mean()))
    low, high = wilson(sum(hits), len(hits))
    figure = (
        f"{np.mean(hits):.3f} [{low:.3f}, {high:.3f}] of {len(hits)}; chance {np.mean(chances):.2f}"
        if hits
        else "no labelled passages"
    )
    return Row("the clearest passage carries the theme", figure, "≥ 0.98")


def ask_peers(folder: Path, corpus: list[Article], articles: list[Article]) -> dict[str, Any]:
    """What ELI5 and LIME need for short articles and one theme."""
    theme = next(key for article in corpus for key in article.themes or ())
    texts = [article.text[:_PEER_CHARACTERS] for article in articles[:_PEER_TEXTS]]
    job = {
        "texts": [article.text for article in corpus],
        "labels": [theme in (article.themes or ()) for article in corpus],
        "explain": texts,
    }
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "job.json"
        file.write_text(json.dumps(job), encoding="utf-8")
        command = [str(folder / "bin" / "python"), "-W", "ignore", str(_WORKER), str(file)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def table(rows: list[Row], articles: list[Article]) -> str:
    """The rows as Markdown."""
    characters = sum(len(article.text) for article in articles) / len(articles)
    head = (
        f"{len(articles):,} articles of {characters:,.0f} characters on average, one core; "
        f"peers: articles cut to {_PEER_CHARACTERS:,} characters.\n\n"
    )
    lines = ["| | chude | goal | ELI5 | LIME |", "|---|---|---|---|---|"]
    lines += [f"| {r.what} | {r.figure} | {r.goal} | {r.eli5} | {r.lime} |" for r in rows]
    return head + "\n".join(lines) + "\n"


def exhaust(items: Iterable[object]) -> None:
    """Make them all, keep none."""
    for _ in items:
        pass


def seconds(work: Callable[[], object]) -> float:
    """How long the processor takes for it."""
    start = time.process_time()
    work()
    return time.process_time() - start


def best(work: Callable[[], object]) -> float:
    """The shortest of some turns, in seconds."""
    return min(seconds(work) for _ in range(_TURNS))


def percentile(times: list[float]) -> float:
    """The time that 95 % keep below."""
    return float(np.percentile(times, 95))


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    if not count:
        return 0.0, 1.0
    z, share = 1.96, hits / count
    middle = share + z * z / (2 * count)
    half = z * float(np.sqrt(share * (1 - share) / count + z * z / (4 * count * count)))
    return (middle - half) / (1 + z * z / count), (middle + half) / (1 + z * z / count)


if __name__ == "__main__":
    sys.exit(main())
