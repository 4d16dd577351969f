"""Mutated files of counts are counts that can be learnt from, or end in one message."""

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import chude
from chude.corpus.counts import read_counts, write_counts
from chude.errors import ChudeError
from chude.training.count_corpus import count_corpus
from tests.invented import TAXONOMY, make_articles

KEY = "chude_counts"
NUMBERS = [-(1 << 40), -1, 0, 1, 2, 3, 7, 8, 255, 65535, 65536, 1 << 24, 1 << 31, 1 << 40, 1 << 62]
VALUES: list[Any] = [*NUMBERS, None, True, False, "", "x", "syllable-1", [], [1], [1, 2], {}, 1.5]
DTYPES = [
    pl.Int8, pl.UInt64, pl.Float64, pl.String, pl.Boolean, pl.List(pl.Int64), pl.List(pl.String),
    pl.Null, pl.Binary, pl.Date,
]  # fmt: skip
LISTS = ("steps", "counts")


def change_bytes(rng: random.Random, file: Path) -> None:
    content = bytearray(file.read_bytes())
    kind = rng.randrange(3)
    if kind == 0:
        content = content[: rng.randrange(len(content))]
    for _ in range(rng.choice([1, 1, 4, 16]) if kind else 0):
        content[rng.randrange(len(content))] = rng.randrange(256)
    file.write_bytes(bytes(content))


def change_value(rng: random.Random, frame: pl.DataFrame) -> pl.DataFrame:
    column = rng.choice(frame.columns)
    values = frame[column].to_list()
    row = rng.randrange(len(values))
    if column in LISTS and values[row] and rng.random() < 0.8:
        values[row][rng.randrange(len(values[row]))] = rng.choice(NUMBERS)
    elif column in LISTS:
        values[row] = rng.choice([None, [], [None], [0, 0], values[row][:-1]])
    elif column == "by_chance":
        values[row] = rng.choice([None, not values[row]])
    else:
        values[row] = rng.choice([None, *NUMBERS, 1, 2, 3, 4, 5, 6, 7])
    dtype: Any = pl.List(pl.Int64) if column in LISTS else pl.Int64
    return frame.with_columns(pl.Series(column, values, None if column == "by_chance" else dtype))


def change_rows(rng: random.Random, frame: pl.DataFrame) -> pl.DataFrame:
    first, last = sorted(rng.randrange(len(frame) + 1) for _ in range(2))
    parts = frame[:first], frame[first:last], frame[last:]
    kind = rng.randrange(4)
    if kind == 0:
        return pl.concat([parts[0], parts[2]])
    if kind == 1:
        return pl.concat([parts[0], parts[2], parts[1]])
    if kind == 2:
        return pl.concat([*parts, parts[1]])
    return frame.sample(fraction=1, shuffle=True, seed=rng.randrange(99))


def change_columns(rng: random.Random, frame: pl.DataFrame) -> pl.DataFrame:
    column, kind = rng.choice(frame.columns), rng.randrange(3)
    if kind == 0:
        return frame.drop(column)
    if kind == 1:
        return frame.with_columns(frame[rng.choice(frame.columns)].alias(column))
    try:
        return frame.with_columns(frame[column].cast(rng.choice(DTYPES), strict=False))
    except pl.exceptions.PolarsError:
        return frame.drop(column)


def change_head(rng: random.Random, head: dict[str, Any]) -> None:
    field = rng.choice(list(head))
    value = head[field]
    kind = rng.randrange(4)
    if kind == 0:
        del head[field]
    elif kind == 1 and isinstance(value, str):
        at = rng.randrange(len(value))
        head[field] = value[:at] + rng.choice(["", "A", "=", "ế"]) + value[at + 1 :]
    elif kind == 1 and isinstance(value, list):
        value[rng.randrange(len(value))] = rng.choice(VALUES)
    else:
        head[field] = rng.choice(VALUES)


def mutate(seed: int, file: Path) -> None:
    """Change a good file in one way or another."""
    rng = random.Random(seed)
    if rng.random() < 0.3:
        return change_bytes(rng, file)
    frame, head = pl.read_parquet(file), json.loads(pl.read_parquet_metadata(file)[KEY])
    if rng.random() < 0.35:
        change_head(rng, head)
    else:
        frame = rng.choice([change_value, change_value, change_rows, change_columns])(rng, frame)
    frame.write_parquet(file, metadata={KEY: json.dumps(head)})


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_400_mutated_files_are_counts_or_end_in_one_message(tmp_path: Path) -> None:
    articles = make_articles(42)
    good = tmp_path / "good.counts.parquet"
    write_counts(count_corpus(articles, TAXONOMY, segmenter="syllable"), good)
    file = tmp_path / "bad.counts.parquet"
    outcomes: Counter[str] = Counter()
    for seed in range(400):
        file.write_bytes(good.read_bytes())
        mutate(seed, file)
        try:
            read_counts(file)
        except ChudeError as error:
            assert str(file) in str(error)  # noqa: PT017
            outcomes["refused"] += 1
        else:
            outcomes["read"] += 1
            if outcomes["read"] % 4 == 0:  # what is read can be learnt from, or says why not
                learn(file, outcomes)
    assert outcomes["refused"] > 250
    assert outcomes["learnt"] > 2


def learn(file: Path, outcomes: Counter[str]) -> None:
    try:
        chude.train(file, segmenter="syllable", on_refusal=lambda _: None, C_values=(1.0,))
        outcomes["learnt"] += 1
    except ChudeError:
        outcomes["not learnt"] += 1
