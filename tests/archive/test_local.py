"""How far a run says that it is."""

import gzip
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import chude
from chude.archive.local import ArchiveRun
from chude.archive.shards import ARTICLES
from chude.bundle.folder import load
from chude.corpus.formats.columns import ColumnNames
from chude.errors import ChudeError, Refusal
from tests.invented import SENTENCES

COUNT = 2 * ARTICLES + 100  # three shards
ROWS = [{"id": f"a{i}", "text": SENTENCES[""][i % 6] + f" Số {i}."} for i in range(COUNT)]
Call = tuple[int, int, int | None]


def write_lines(records: Iterable[dict[str, Any]], path: Path) -> None:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def make_input(form: str, path: Path) -> Path:
    lines = "".join(json.dumps(row) + "\n" for row in ROWS) + "{\n"  # the last one is refused
    if form == "jsonl":
        path.write_text(lines, encoding="utf-8")
    elif form == "jsonl.gz":
        path.write_bytes(gzip.compress(lines.encode()))
    elif form == "csv":
        pl.DataFrame(ROWS).write_csv(path)
    elif form == "parquet":
        pl.DataFrame(ROWS).write_parquet(path)
    else:
        path.mkdir()
        for row in ROWS:
            (path / f"{row['id']}.txt").write_text(f"Tin\n\n{row['text']}", encoding="utf-8")
        (path / "labels.csv").write_text("article,passage,themes\n")  # no article
    return path


def run(bundle: Path, inputs: list[str], out: Path, jobs: int = 1) -> tuple[int, list[Call]]:
    calls: list[Call] = []
    refusals: list[Refusal] = []
    archive = ArchiveRun(
        load(bundle),
        inputs,
        ColumnNames(),
        jobs,
        on_refusal=refusals.append,
        on_progress=lambda *call: calls.append(call),
    )
    return archive.write(out, write_lines), calls


@pytest.mark.parametrize("form", ["jsonl", "jsonl.gz", "csv", "parquet", "folder"])
def test_progress_counts_articles_and_bytes(bundle: Path, tmp_path: Path, form: str) -> None:
    path = make_input(form, tmp_path / f"in.{form}")
    files = [file for file in path.iterdir() if file.suffix == ".txt"] if form == "folder" else []
    size = sum(file.stat().st_size for file in files or [path])
    count, calls = run(bundle, [str(path)], tmp_path / "out.jsonl")
    assert count == COUNT
    assert [articles for articles, _, _ in calls] == [ARTICLES, 2 * ARTICLES, COUNT, COUNT]
    assert {total for _, _, total in calls} == {size}
    done = [done for _, done, _ in calls]
    assert done == sorted(done)
    assert done[-1] == size
    # A packed file is read in larger pieces than a shard of so short articles.
    assert form == "jsonl.gz" or abs(done[0] / size - ARTICLES / COUNT) < 0.05


def test_shards_that_are_done_in_any_order_bring_their_own_bytes(
    bundle: Path, tmp_path: Path
) -> None:
    path = make_input("jsonl", tmp_path / "in.jsonl")
    _, calls = run(bundle, [str(path), str(path)], tmp_path / "out.jsonl", jobs=2)
    size = path.stat().st_size
    assert calls[-1] == (2 * COUNT, 2 * size, 2 * size)
    steps = [b[1] - a[1] for a, b in zip([(0, 0, None), *calls], calls, strict=False)]
    assert all(0 <= step < size for step in steps)


def test_standard_input_has_no_total(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "".join(json.dumps(row) + "\n" for row in ROWS[:5]).encode()
    stdin = io.TextIOWrapper(io.BufferedReader(io.BytesIO(lines)))
    monkeypatch.setattr("sys.stdin", stdin)
    count, calls = run(bundle, ["-"], tmp_path / "out.jsonl")
    assert (count, calls[-1]) == (5, (5, 0, None))


def test_a_run_that_goes_on_counts_what_was_done(bundle: Path, tmp_path: Path) -> None:
    path = make_input("jsonl", tmp_path / "in.jsonl")

    def stop(records: Iterable[dict[str, Any]], path: Path) -> None:
        raise KeyboardInterrupt

    out = tmp_path / "out.jsonl"
    archive = ArchiveRun(load(bundle), [str(path)], ColumnNames(), 1, lambda refusal: None)
    with pytest.raises(Exception, match="Run the same command again"):
        archive.write(out, stop)
    count, calls = run(bundle, [str(path)], out)
    size = path.stat().st_size
    assert (count, calls[-1]) == (COUNT, (COUNT, size, size))
    assert len(calls) == 4


def test_only_csv_has_a_byte_order_mark(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "Đồn biên phòng tuần tra cột mốc 217."}\n', "utf-8")
    files = bundle, tmp_path / "a.jsonl", tmp_path / "out"
    with pytest.raises(ChudeError, match="is for CSV"):
        chude.predict_archive(*files, form="jsonl", bom=True)
    assert not files[-1].exists()
    chude.predict_archive(*files, form="csv", bom=True)
    assert files[-1].read_bytes().startswith(b"\xef\xbb\xbfid,")
