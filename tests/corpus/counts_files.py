"""Files of counts, compared and changed by hand."""

import base64
import json
import zlib
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from chude.corpus.counts import Counts

KEY = "chude_counts"


def assert_equal(one: Counts, other: Counts) -> None:
    for field in fields(Counts):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, np.ndarray):
            np.testing.assert_array_equal(left, right)
            assert left.dtype == right.dtype, field.name
        else:
            assert left == right


def rewritten(
    file: Path,
    change: Callable[[pl.DataFrame], pl.DataFrame] = lambda frame: frame,
    head: Callable[[dict[str, Any]], object] = lambda head: None,
) -> Path:
    """The file with its rows or its metadata changed by hand."""
    described = json.loads(pl.read_parquet_metadata(file)[KEY])
    replaced = head(described)
    described = described if replaced is None else replaced
    frame = change(pl.read_parquet(file))
    frame.write_parquet(file, metadata={KEY: json.dumps(described)})
    return file


def words_of(head: dict[str, Any]) -> list[str]:
    return zlib.decompress(base64.b64decode(head["vocabulary"])).decode().split("\n")


def packed(words: list[str]) -> str:
    return base64.b64encode(zlib.compress("\n".join(words).encode())).decode()
