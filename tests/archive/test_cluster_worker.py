import json
import os
import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.archive import cluster_worker
from chude.archive.checkpoint import OUTPUT, RUN, open_checkpoint
from chude.archive.cluster_worker import Job, Part, cut_file, make_part
from chude.corpus.formats.columns import ColumnNames
from chude.errors import ChudeError
from chude.files import is_regular
from chude.model.model import Model


@pytest.fixture
def part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Part:
    """Rows 4 to 7 of ten, one of them without a text."""
    monkeypatch.setattr(cluster_worker, "ROWS", 3)
    texts = [f"Tin số {i}." if i != 4 else " " for i in range(10)]
    pl.DataFrame({"text": texts}).write_parquet(tmp_path / "a.parquet", row_group_size=4)
    return cut_file(tmp_path / "a.parquet", "a.parquet", 0)[1]


@pytest.fixture
def job(model: Model, bundle: Path, tmp_path: Path) -> Job:
    """What a client that is at work tells its workers."""
    with (
        pytest.raises(ZeroDivisionError),
        open_checkpoint(tmp_path / "out", model.version) as parts,
    ):
        (parts.folder / OUTPUT).mkdir()
        (parts.folder / OUTPUT / "part-000000.parquet").touch()
        raise ZeroDivisionError
    run = (parts.folder / "run.json").read_text(encoding="utf-8")
    return Job(parts.folder, run, bundle, model.version, ColumnNames())


def file_of(part: Part, job: Job) -> Path:
    return job.folder / OUTPUT / part.name


@given(st.lists(st.integers(0, 2 * cluster_worker.ROWS)).filter(any))
def test_parts_are_whole_row_groups_in_order(groups: list[int]) -> None:
    ranges = list(cluster_worker._ranges(groups))
    assert ranges[0].start == 0
    assert all(one.stop == other.start for one, other in pairwise(ranges))
    assert ranges[-1].stop == sum(groups)
    assert all(len(one) >= cluster_worker.ROWS for one in ranges[:-1])
    edges = {sum(groups[:i]) for i in range(len(groups) + 1)}
    assert {one.stop for one in ranges} <= edges


def test_rows_that_a_footer_only_claims_are_named(part: Part, job: Job) -> None:
    made = make_part(replace(part, rows=range(8, 20)), job)
    assert made.articles == 2
    [refusal] = made.refusals
    assert "2 rows where its footer says 12" in refusal.problem


def test_a_file_without_rows_is_one_part(tmp_path: Path, job: Job) -> None:
    file = tmp_path / "none.parquet"
    pl.DataFrame({"text": []}, schema={"text": pl.String}).write_parquet(file)
    [only] = cut_file(file, "none.parquet", 0)
    assert only.rows is None
    made = make_part(only, job)
    assert made.articles == 0
    assert made.refusals == []


def test_a_part_holds_its_rows_and_its_refusals(part: Part, job: Job, model: Model) -> None:
    made = make_part(part, job)
    assert (part.rows, part.name) == (range(4, 8), "part-000001.parquet")
    assert (made.articles, made.kept) == (3, False)
    assert [refusal.place for refusal in made.refusals] == ["a.parquet:5"]
    expected = model.predict(f"Tin số {i}." for i in (5, 6, 7)).frame()
    found = pl.read_parquet(file_of(part, job))
    assert found["id"].to_list() == [f"a.parquet:{i}" for i in (6, 7, 8)]
    assert found.drop("id").equals(expected.drop("id"))


def test_a_part_is_made_once(part: Part, job: Job) -> None:
    made = make_part(part, job)
    before = file_of(part, job).stat().st_mtime_ns
    assert make_part(part, job) == replace(made, kept=True)
    assert file_of(part, job).stat().st_mtime_ns == before


@pytest.mark.parametrize("change", ["columns", "place", "rows", "damaged", "lost", "extras"])
def test_a_part_of_something_else_is_made_again(part: Part, job: Job, change: str) -> None:
    make_part(part, job)
    if change == "columns":
        job = replace(job, columns=ColumnNames(text="text"))
    elif change == "place":
        part = replace(part, place="b.parquet")
    elif change == "rows":
        part = replace(part, rows=range(4, 7))
    elif change == "extras":
        run = json.loads(job.run)
        run["extras"] = {"evidence": 2, "titles": True}
        (job.folder / RUN).write_text(json.dumps(run))
        job = replace(job, run=json.dumps(run))
    elif change == "damaged":
        file_of(part, job).write_bytes(file_of(part, job).read_bytes()[:-20])
    else:
        file_of(part, job).unlink()
    assert not make_part(part, job).kept
    assert make_part(part, job).kept


def test_a_part_with_any_other_byte_is_made_again(part: Part, job: Job) -> None:
    make_part(part, job)
    whole = file_of(part, job).read_bytes()
    assert make_part(part, job).kept
    for place in random.Random(0).sample(range(len(whole)), 60):
        changed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        file_of(part, job).write_bytes(changed)
        assert not make_part(part, job).kept
        assert file_of(part, job).read_bytes() == whole


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_a_part_that_is_no_file_is_made_anew(part: Part, job: Job, kind: str) -> None:
    make_part(part, job)
    target, other = file_of(part, job), job.folder.parent / "other.parquet"
    target.replace(other)
    whole = other.read_bytes()
    if kind == "link":
        target.symlink_to(other)
    else:
        os.mkfifo(target)
    assert not make_part(part, job).kept
    assert is_regular(target)
    assert target.read_bytes() == other.read_bytes() == whole


def test_a_part_without_articles_has_the_columns(part: Part, job: Job) -> None:
    whole = make_part(part, job)
    none = make_part(replace(part, number=2, rows=range(4, 5)), job)
    assert (whole.articles, none.articles) == (3, 0)
    assert pl.read_parquet(job.folder / OUTPUT / "part-00000[12].parquet").height == 3


def test_what_could_not_be_read_to_its_end_is_read_again(part: Part, job: Job) -> None:
    content = part.file.read_bytes()
    part.file.write_bytes(b"\0" * 4 + content[4:-8] + b"\0" * 8)
    os.utime(part.file, ns=(part.modified, part.modified))
    [damaged] = cut_file(part.file, "a.parquet", 1)
    made = make_part(damaged, job)
    assert damaged.rows is None
    assert made.articles == 0
    assert [refusal.place for refusal in made.refusals] == ["a.parquet"]
    part.file.write_bytes(content)
    os.utime(part.file, ns=(part.modified, part.modified))
    again = make_part(part, job)
    assert (again.articles, again.kept) == (3, False)


def test_a_worker_that_sees_something_else_says_so(part: Part, job: Job, tmp_path: Path) -> None:
    def problem(part: Part, job: Job) -> str:
        with pytest.raises(ChudeError, match=r"^worker on .*: ") as caught:
            make_part(part, job)
        return str(caught.value)

    (tmp_path / "elsewhere").mkdir()
    for other in (tmp_path / "elsewhere", tmp_path / "missing"):
        assert "run.json: not there, or not what" in problem(part, replace(job, folder=other))
    assert "not there, or not what" in problem(replace(part, file=tmp_path / "missing"), job)
    assert "changed since the run began" in problem(replace(part, size=7), job)
    assert "the model was replaced" in problem(part, replace(job, version="other"))
    assert "no model here" in problem(part, replace(job, bundle=tmp_path / "missing"))
    other = job.run.replace('"numpy": "', '"numpy": "1')
    assert "where the client has 1" in problem(part, replace(job, run=other))
    assert not file_of(part, job).exists()


def test_a_fault_is_told_without_what_cannot_travel(
    part: Part, job: Job, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(cluster_worker, "read_rows", fail)
    with pytest.raises(ChudeError, match=r"a fault \(RecursionError: too deep\)") as caught:
        make_part(part, job)
    assert caught.value.__context__ is None
    assert "test_cluster_worker.py" in caplog.text
