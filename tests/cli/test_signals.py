"""A run that is asked to end, as `kill`, `timeout` and service managers do."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from tests.invented import make_articles, write_corpus

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows kills at once")

LINE = '{"text": "Đồn biên phòng tuần tra cột mốc 217 trong mưa lớn."}\n'.encode()
Begun = Callable[["subprocess.Popen[bytes]"], bool]
STATUS = {signal.SIGTERM: 143, signal.SIGHUP: 129}


def ended(
    arguments: list[object],
    begun: Begun,
    how: signal.Signals = signal.SIGTERM,
    *,
    group: bool = False,
    feed: bytes = b"",
    stalls: bool = False,
) -> tuple[int, str]:
    """Status and stderr of a run that got a signal once it had begun.

    group: the signal goes to its workers as well, twice to the run. feed: what standard input is
    filled with without end. stalls: after that comes nothing. No process of the run is left.
    """
    command = [sys.executable, "-m", "chude", *map(str, arguments)]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
    ) as process:
        if feed:
            filled = (process.stdin, feed, stalls)
            threading.Thread(target=fill, args=filled, daemon=True).start()
        while process.poll() is None and not begun(process):
            time.sleep(0.002)
        assert process.poll() is None
        process.send_signal(how)
        if group:
            os.killpg(process.pid, how)
        status = process.wait(timeout=60)
        assert process.stderr is not None
        err = process.stderr.read().decode()
    with pytest.raises(ProcessLookupError):
        for _ in range(1000):  # workers that end themselves take a moment
            os.killpg(process.pid, 0)
            time.sleep(0.01)
    return status, err


def fill(stream: IO[bytes], line: bytes, stalls: bool) -> None:
    with contextlib.suppress(OSError, ValueError):
        stream.write(line * 100)
        stream.flush()
        while not stalls:
            stream.write(line * 100)


def says_something(process: "subprocess.Popen[bytes]") -> bool:
    """Wait for its first line on stderr."""
    assert process.stderr is not None
    return bool(process.stderr.readline())


def is_there(name: str, folder: Path) -> Begun:
    """Whether the hidden file or folder is there that is to become `name`."""
    return lambda _: any(path.name.startswith(f".{name}-") for path in folder.iterdir())


@pytest.mark.parametrize("how", STATUS, ids=lambda how: how.name)
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet", "folder"])
def test_a_conversion_leaves_nothing_half_written(
    tmp_path: Path, name: str, how: signal.Signals
) -> None:
    arguments = ["convert", "-", "--output", tmp_path / name]
    status, err = ended(arguments, is_there(name, tmp_path), how, feed=LINE)
    assert (status, err, list(tmp_path.iterdir())) == (STATUS[how], "", [])


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
def test_a_conversion_that_waits_for_its_input_ends(tmp_path: Path, name: str) -> None:
    arguments = ["convert", "-", "--output", tmp_path / name]
    status, err = ended(arguments, is_there(name, tmp_path), feed=LINE, stalls=True)
    assert (status, err, list(tmp_path.iterdir())) == (143, "", [])


@pytest.mark.parametrize("command", ["train", "counts"])
def test_training_and_counting_leave_nothing_half_written(tmp_path: Path, command: str) -> None:
    (tmp_path / "out").mkdir()
    data = write_corpus(make_articles(84), tmp_path / "data")
    option, name = ("--model", "m") if command == "train" else ("--output", "m.counts.parquet")
    arguments = [command, data, option, tmp_path / "out" / name, "--segmenter", "syllable"]
    status, err = ended([*arguments, "--verbose"], says_something)
    assert (status, "Traceback" in err, list((tmp_path / "out").iterdir())) == (143, False, [])


@pytest.mark.parametrize("how", STATUS, ids=lambda how: how.name)
@pytest.mark.parametrize("group", [False, True], ids=["alone", "group"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_archive_run_keeps_what_is_done(
    bundle: Path, tmp_path: Path, jobs: int, group: bool, how: signal.Signals
) -> None:
    archive, parts = tmp_path / "a.jsonl", tmp_path / ".out.jsonl.chude-parts"
    rows = ({"id": str(i), "text": f"Tin số {i}: bộ đội giúp dân gặt lúa."} for i in range(60_000))
    archive.write_text("".join(json.dumps(row) + "\n" for row in rows))
    arguments = ["predict", archive, "--model", bundle, "--output", tmp_path / "out.jsonl"]
    status, err = ended(
        [*arguments, "--jobs", jobs], lambda _: any(parts.glob("[0-9]*.jsonl")), how, group=group
    )
    assert (status, err) == (STATUS[how], "")
    assert any(parts.glob("[0-9]*.jsonl"))
    assert not (tmp_path / "out.jsonl").exists()


def test_a_signal_that_is_ignored_stays_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Bến cá\n\nTàu về từ sáng sớm.", encoding="utf-8")
    code = (
        "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "sys.argv = ['chude', 'convert', 'a.txt', '--output', '-']\n"
        "from chude.cli import main\n"
        "check = main._check_options\n"
        "main._check_options = lambda: (os.kill(os.getpid(), signal.SIGHUP), check())\n"
        "main.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=tmp_path)
    assert (done.returncode, json.loads(done.stdout)["title"]) == (0, "Bến cá")
