"""Make press.counts.parquet from labelled newspaper articles, whose texts are not shipped.

usage: python data/press_counts.py TEXTS.parquet... --labels LABELS.jsonl... [--output FILE]

TEXTS hold `id` and `text`. A line of LABELS says of an article `themes`, `spans` (for each theme
the offsets in its text of the passages that report on it), `contested` (themes on which two readers
differ, which are not learnt from) and `drawn` ("chance" for those drawn by chance). Of several
lines on an article the last one counts: a later reading mends an earlier one. Articles with
`left_out` are not counted: they teach nothing that others do not.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl

import chude

DATA = Path(__file__).parent
_LONGEST_TITLE = 40  # syllables
_LEAST = 7  # articles of an n-gram; with those of 6 the file would be larger than 8 MB


def read_labelled(texts: list[str], labels: list[str]) -> Iterator[chude.Article]:
    """The labelled articles; their text is that of TEXTS to the letter: spans are its offsets."""
    frames = pl.concat([pl.read_parquet(file, columns=["id", "text"]) for file in texts])
    by_id = dict(frames.iter_rows())
    lines = [line for file in labels for line in Path(file).read_text("utf-8").splitlines()]
    for record in {record["id"]: record for record in map(json.loads, lines)}.values():
        if record.get("left_out"):
            continue
        title, body = split_title(by_id[record["id"]])
        spans = {key: tuple(map(tuple, found)) for key, found in record["spans"].items()}
        yield chude.Article(
            record["id"],
            title,
            body,
            themes=tuple(record["themes"]),
            spans=spans,
            unsettled=tuple(record["contested"]),
            by_chance=record["drawn"] == "chance",
        )


def split_title(text: str) -> tuple[str, str]:
    """Title and body, where title, blank line and body are the text; else all is body."""
    head, _, body = text.partition("\n\n")
    short = "\n" not in head and len(head.split()) <= _LONGEST_TITLE
    return (head, body) if head and body and short else ("", text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texts", nargs="+")
    parser.add_argument("--labels", nargs="+", required=True)
    parser.add_argument("--output", default=str(DATA / "press.counts.parquet"))
    arguments = parser.parse_args()
    articles = read_labelled(arguments.texts, arguments.labels)
    chude.count(articles, arguments.output, DATA / "themes.toml", least=_LEAST, on_note=print)


if __name__ == "__main__":
    main()
