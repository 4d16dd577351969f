"""Runs over many articles: in parallel, killed, and gone on with."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from tests.conftest import Run
from tests.invented import SENTENCES

SCRIPT = Path(sys.executable).parent / "chude"
COUNT = 6_500  # thirteen shards
BAD = {1: "{", 2500: '{"id": "x", "text": ""}', 6_499: '{"id": "\\ud800", "text": "Tin."}'}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = random.Random(0)
    sentences = [sentence for group in SENTENCES.values() for sentence in group]
    path = tmp_path_factory.mktemp("archive") / "archive.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for i in range(COUNT):
            row = {
                "id": f"a{i}",
                "title": f"Tin {i}",
                "text": " ".join(rng.choices(sentences, k=3)),
            }
            stream.write(BAD.get(i) or json.dumps(row, ensure_ascii=False))
            stream.write("\n")
    return path


def parts(out: Path) -> list[Path]:
    return sorted((out.parent / f".{out.name}.chude-parts").glob("[0-9]*.jsonl"))


def command(archive: Path, bundle: Path, out: Path, jobs: int) -> list[str]:
    arguments = ["predict", archive, "--model", bundle, "--output", out]
    arguments += ["--format", out.suffix[1:], "--jobs", jobs]
    return [str(SCRIPT), *map(str, arguments)]


def stopped(
    run: list[str], out: Path, after: int, how: signal.Signals = signal.SIGKILL, late: float = 0
) -> tuple[int, str]:
    """Stop a run when so many parts are there, and `late` seconds more; its status and stderr.

    Ctrl-C reaches the whole process group, as it does on a terminal.
    """
    with subprocess.Popen(
        run, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        while process.poll() is None and len(parts(out)) < after:
            time.sleep(0.002)
        time.sleep(late)
        if process.poll() is None and how is signal.SIGINT:
            os.killpg(process.pid, how)
        elif process.poll() is None:
            process.send_signal(how)
        _, err = process.communicate()
    return process.returncode, err


@pytest.mark.parametrize("form", ["jsonl", "json", "csv", "parquet"])
def test_the_number_of_jobs_changes_no_byte(
    chude: Run, bundle: Path, archive: Path, tmp_path: Path, form: str
) -> None:
    results = []
    for jobs in (1, 2):
        out = tmp_path / f"{jobs}.{form}"
        result = chude(*command(archive, bundle, out, jobs)[1:])
        assert result.status == 3
        assert result.err.count("refused: ") == len(BAD)
        results.append(out.read_bytes())
        assert sorted(tmp_path.iterdir()) == sorted(
            [bundle, *(tmp_path / f"{j}.{form}" for j in range(1, jobs + 1))]
        )
    assert results[0] == results[1]
    if form == "parquet":
        ids = pl.read_parquet(tmp_path / "1.parquet")["id"].to_list()
        assert ids == [f"a{i}" for i in range(COUNT) if i not in BAD]


def test_a_file_says_what_a_stream_says(
    chude: Run, bundle: Path, archive: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    chude(*command(archive, bundle, out, 1)[1:])
    streamed = chude("predict", archive, "--model", bundle, "--format", "jsonl")
    assert out.read_text(encoding="utf-8") == streamed.out


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_killed_run_goes_on_and_ends_the_same(
    chude: Run, bundle: Path, archive: Path, tmp_path: Path, jobs: int
) -> None:
    whole, out = tmp_path / "whole.jsonl", tmp_path / "out.jsonl"
    undisturbed = chude(*command(archive, bundle, whole, 1)[1:])
    rng = random.Random(jobs)
    run = command(archive, bundle, out, jobs)
    kills = 0
    for attempt in range(6):
        # The first time at any moment of the start, then at any moment after one more part.
        after, late = (len(parts(out)) + 1, 0.03) if attempt else (0, 0.3)
        before = {part: part.stat().st_mtime_ns for part in parts(out)}
        status, _ = stopped(run, out, after, late=rng.uniform(0, late))
        if status == 3:  # done before the kill: the folder of parts is gone
            break
        assert status == -signal.SIGKILL
        kills += 1
        assert not out.exists() or out.read_bytes() == whole.read_bytes()
        kept = {part: part.stat().st_mtime_ns for part in parts(out)}
        assert before.items() <= kept.items()
    assert kills
    last = subprocess.run(run, capture_output=True, text=True)
    assert last.returncode == 3
    assert out.read_bytes() == whole.read_bytes()
    refused = [line for line in last.stderr.splitlines() if line.startswith("refused: ")]
    assert refused == [x for x in undisturbed.err.splitlines() if x.startswith("refused: ")]
    assert last.stderr.endswith(f"chude: {len(BAD)} refused, the rest is done.\n")
    assert sorted(tmp_path.iterdir()) == sorted([bundle, whole, out])


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_is_one_message_that_says_how_to_go_on(
    bundle: Path, archive: Path, tmp_path: Path, jobs: int
) -> None:
    out = tmp_path / "out.jsonl"
    status, err = stopped(command(archive, bundle, out, jobs), out, 1, signal.SIGINT)
    messages = [line for line in err.splitlines() if not line.startswith("refused: ")]
    assert (status, len(messages)) == (1, 1)
    assert "Run the same command again to go on" in messages[0]
    assert parts(out)
    assert not out.exists()
    again = subprocess.run(command(archive, bundle, out, jobs), capture_output=True, text=True)
    assert "going on with the run that was stopped" in again.stderr


def test_a_changed_input_is_predicted_again(
    chude: Run, bundle: Path, archive: Path, tmp_path: Path
) -> None:
    own, out, whole = tmp_path / "own.jsonl", tmp_path / "out.jsonl", tmp_path / "whole.jsonl"
    own.write_bytes(archive.read_bytes())
    run = command(own, bundle, out, 1)
    assert stopped(run, out, 2)[0] == -signal.SIGKILL
    own.write_text('{"id": "new", "text": "Tin mới."}\n' + archive.read_text("utf-8"), "utf-8")
    result = chude(*run[1:])
    assert "the input has changed; what changed was predicted again" in result.err
    chude(*command(own, bundle, whole, 1)[1:])
    assert out.read_bytes() == whole.read_bytes()


def test_workers_end_when_the_run_is_killed(bundle: Path, archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    run = command(archive, bundle, out, 2)
    with subprocess.Popen(run, stderr=subprocess.PIPE, start_new_session=True) as process:
        while not parts(out):
            time.sleep(0.002)
        process.kill()
        process.wait()
        deadline = time.monotonic() + 20
        while group_lives(process.pid):
            assert time.monotonic() < deadline
            time.sleep(0.05)


def group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_worker_that_is_killed_ends_the_run_in_one_message(
    bundle: Path, archive: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    run = command(archive, bundle, out, 2)
    with subprocess.Popen(
        run, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        while not parts(out):
            time.sleep(0.002)
        for child in children(process.pid):
            os.kill(child, signal.SIGKILL)
        _, err = process.communicate()
    assert process.returncode == 1
    assert "a worker process was ended from outside" in err
    assert "Traceback" not in err


def children(parent: int) -> list[int]:
    """Workers of a process; the tracker of its semaphores is not one."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
            line = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == parent and b"resource_tracker" not in line:
            found.append(int(status.parent.name))
    return found


def test_several_jobs_print_what_one_does(chude: Run, bundle: Path, archive: Path) -> None:
    arguments = ("predict", archive, "--model", bundle, "--format", "jsonl")
    alone, shared = chude(*arguments), chude(*arguments, "--jobs", 2)
    assert alone.status == shared.status
    assert alone.out
    assert alone.out == shared.out


def test_an_output_that_is_a_folder_is_one_message(
    chude: Run, bundle: Path, archive: Path, tmp_path: Path
) -> None:
    result = chude("predict", archive, "--model", bundle, "--output", tmp_path)
    assert result.status == 2
    assert "Name a file" in result.err


def test_a_run_with_other_options_starts_afresh(
    chude: Run, bundle: Path, archive: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    stopped(command(archive, bundle, out, 1), out, after=2)
    explained = ("predict", archive, "--model", bundle, "-o", out, "-f", "jsonl", "--explain", 2)
    result = chude(*explained)
    assert "starting afresh: the run that was stopped had other options" in result.err
    lines = out.read_text(encoding="utf-8").splitlines()
    assert all("evidence" in json.loads(line) for line in lines)
    assert len(lines) == COUNT - len(BAD)
    assert f"{COUNT - len(BAD):,} articles, " in result.err
