"""chude predict --engine dask, on a scheduler and workers that are processes of their own."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import polars as pl
import pytest

from chude.archive import cluster, cluster_worker
from tests.cluster import Cluster, wait_until
from tests.conftest import Run
from tests.invented import SENTENCES

ROWS = 400  # in a part, in place of many thousands
CLIENT = f"""
from chude.archive import cluster_worker
from chude.cli.main import main
cluster_worker.ROWS = {ROWS}
main()
"""


@pytest.fixture(scope="module")
def cluster_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cluster")


@pytest.fixture(scope="module")
def dask(cluster_folder: Path) -> Iterator[Cluster]:
    with contextlib.closing(Cluster(cluster_folder)) as started:
        started.start()
        yield started


@pytest.fixture
def place(
    bundle: Path, cluster_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A folder with `bundle` and `archive`: three files, one damaged, of seven parts in all."""
    monkeypatch.setattr(cluster_worker, "ROWS", ROWS)
    monkeypatch.chdir(tmp_path)
    for pattern in ("hold-*", "held", "kill-*"):
        for rule in cluster_folder.glob(pattern):
            rule.unlink()
    rng = random.Random(0)
    sentences = [sentence for group in SENTENCES.values() for sentence in group]

    def rows(count: int) -> list[dict[str, str]]:
        texts = [" ".join(rng.choices(sentences, k=3)) for _ in range(count)]
        return [{"id": f"a{i}", "text": text} for i, text in enumerate(texts)]

    archive = tmp_path / "archive"
    archive.mkdir()
    first = rows(1300)
    first[5]["text"] = first[777]["text"] = " "
    pl.DataFrame(first).write_parquet(archive / "1.parquet", row_group_size=100)
    # Without ids: they are the places, as the user calls them.
    pl.DataFrame(rows(700)).drop("id").write_parquet(archive / "2.parquet", row_group_size=500)
    (archive / "3.parquet").write_bytes(b"damaged")
    return tmp_path


def command(dask: Cluster, output: str = "out", archive: str = "archive") -> list[str]:
    options = ["--format", "parquet", "--output", output, "--model", "bundle"]
    return ["predict", archive, *options, "--engine", "dask", "--scheduler", dask.address]


def start(arguments: list[str]) -> subprocess.Popen[str]:
    """The same as `chude`, in a process of its own."""
    run = [sys.executable, "-c", CLIENT, *arguments]
    return subprocess.Popen(run, stderr=subprocess.PIPE, text=True, start_new_session=True)


def refused(err: str) -> list[str]:
    return sorted(line for line in err.splitlines() if line.startswith("refused: "))


def assert_as_local(chude: Run, output: str, err: str) -> None:
    local = chude(
        "predict", "archive", "--format", "parquet", "--output", "local", "--model", "bundle"
    )
    assert local.status == 3
    assert pl.read_parquet(f"{output}/*.parquet").equals(pl.read_parquet("local"))
    assert refused(err) == refused(local.err)
    assert len(refused(err)) == 3
    Path("local").unlink()


def made(output: str = "out") -> dict[str, int]:
    """Parts that a run has made so far, and when."""
    folder = Path(f".{output}.chude-parts/output")
    return {part.name: part.stat().st_mtime_ns for part in folder.glob("part-*.parquet")}


def test_the_result_is_that_of_a_local_run(
    chude: Run, dask: Cluster, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dask.work(2)
    with monkeypatch.context() as patch:  # articles and predictions never pass the client
        patch.setattr(pl, "scan_parquet", None)
        patch.setattr(pl.DataFrame, "write_parquet", None)
        result = chude(*command(dask))
    assert result.status == 3
    assert result.err.endswith("chude: 3 refused, the rest is done.\n")
    assert sorted(os.listdir("out")) == [f"part-{i:06}.parquet" for i in range(7)]
    assert sorted(os.listdir()) == ["archive", "bundle", "out"]
    assert_as_local(chude, "out", result.err)
    assert pl.read_parquet("out")["id"][-1] == "archive/2.parquet:700"


def test_only_what_changed_is_made_again(chude: Run, dask: Cluster, place: Path) -> None:
    dask.work(1)
    first = chude(*command(dask))
    before = {path.name: path.stat().st_mtime_ns for path in Path("out").iterdir()}
    again = chude(*command(dask))
    assert "6 of 7 parts were there already" in again.err  # the damaged file is tried again
    assert refused(again.err) == refused(first.err)
    after = {path.name: path.stat().st_mtime_ns for path in Path("out").iterdir()}
    assert len(set(before.items()) & set(after.items())) == 6
    pl.read_parquet("archive/2.parquet").head(600).write_parquet("archive/2.parquet")
    shorter = chude(*command(dask))
    assert "4 of 6 parts were there already" in shorter.err
    assert_as_local(chude, "out", shorter.err)


def test_a_killed_worker_changes_nothing(chude: Run, dask: Cluster, place: Path) -> None:
    dask.work(2)
    hold, held = dask.folder / "hold-800", dask.folder / "held"
    hold.touch()
    with start(command(dask)) as client:
        wait_until(lambda: held.exists() and held.read_text() != "" and len(made()) > 1)
        os.kill(int(held.read_text()), signal.SIGKILL)
        hold.unlink()
        _, err = client.communicate()
    assert client.returncode == 3, err
    assert_as_local(chude, "out", err)


def test_a_killed_client_goes_on_with_what_is_whole(chude: Run, dask: Cluster, place: Path) -> None:
    dask.work(2)
    hold = dask.folder / "hold-800"
    hold.touch()
    with start(command(dask)) as client:
        wait_until(lambda: len(made()) > 1)
        client.kill()
    before = made()
    hold.unlink()
    damaged = Path(".out.chude-parts/output", min(before))
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    del before[damaged.name]
    assert not Path("out").exists()
    result = chude(*command(dask))
    assert "going on with the run that was stopped" in result.err
    after = {path.name: path.stat().st_mtime_ns for path in Path("out").iterdir()}
    assert before.items() <= after.items()
    assert_as_local(chude, "out", result.err)


def test_a_part_that_ends_its_workers_is_named_at_the_end(
    chude: Run, dask: Cluster, place: Path
) -> None:
    dask.work(3)
    kill = dask.folder / "kill-800"
    kill.touch()
    result = chude(*command(dask))
    kill.unlink()
    assert result.status == 1
    assert "every worker that took them ended" in result.err
    assert "archive/1.parquet rows 801 to 1200" in result.err
    assert not Path("out").exists()
    assert made()
    assert_as_local(chude, "out", chude(*command(dask)).err)


def test_a_scheduler_that_goes_away_and_ctrl_c_are_one_message(
    place: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with contextlib.closing(Cluster(tmp_path_factory.mktemp("lonely"))) as lonely:
        lonely.start()

        def stop(how: Callable[[subprocess.Popen[str]], None]) -> str:
            with start(command(lonely)) as client:
                assert client.stderr is not None
                assert "the cluster has no workers" in client.stderr.readline()
                how(client)
                _, err = client.communicate()
            assert client.returncode == 1
            return err

        assert "Run the same command again" in stop(
            lambda client: client.send_signal(signal.SIGINT)
        )
        err = stop(lambda client: lonely.close())
    assert err.startswith(f"chude: {lonely.address}: the scheduler went away. Start it again")
    assert err.count("\n") == 1
    assert sorted(os.listdir()) == ["archive", "bundle"]


def test_a_cluster_of_other_packages_is_refused(
    chude: Run, dask: Cluster, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "package_versions", lambda: {"chude": "9.9"})
    result = chude(*command(dask))
    assert result.status == 1
    installed = version("chude")
    assert f"the scheduler has chude {installed}, the client 9.9. Install the same" in result.err


@pytest.mark.parametrize("address", ["nonsense", "http://localhost:8787", "tcp://127.0.0.1:1"])
def test_no_scheduler_there(
    chude: Run, place: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 0.2)
    result = chude(*command(Cluster(place, address)))
    assert result.status == 1
    assert f"{address}: no scheduler answers there" in result.err
    assert sorted(os.listdir()) == ["archive", "bundle"]


def test_something_else_than_a_scheduler_there(
    chude: Run, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        result = chude(*command(Cluster(place, f"127.0.0.1:{mute.getsockname()[1]}")))
    assert (result.status, result.err.count("\n")) == (1, 1)
    assert "no scheduler answers there. Start one" in result.err


def test_dask_that_is_not_installed(
    chude: Run, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = chude(*command(Cluster(place, "tcp://127.0.0.1:1")))
    assert result.status == 1
    assert "pip install 'chude[dask]'" in result.err


def test_an_output_that_would_be_lost(chude: Run, place: Path) -> None:
    nowhere = Cluster(place, "tcp://127.0.0.1:1")
    Path("other").mkdir()
    pl.DataFrame({"a": [1]}).write_parquet("other/part-000000.parquet")
    Path("file").touch()
    Path("link").symlink_to("nowhere")
    for output, problem in (
        ("archive", "the same as the input archive"),
        ("archive/new", "inside the input archive"),
        (".", "the input archive is in it"),
        ("link", "a link"),
        ("file", "a file. Name a folder"),
        ("other", "part-000000.parquet: not written by a cluster"),
    ):
        result = chude(*command(nowhere, output))
        assert (result.status, problem in result.err) == (2, True), result.err


def test_links_among_the_parts_are_not_followed(chude: Run, dask: Cluster, place: Path) -> None:
    dask.work(1)
    Path("other").mkdir()
    Path("other/part-000000.parquet").write_text("của tôi")
    folder = Path(".out.chude-parts")
    folder.symlink_to("other")
    result = chude(*command(dask))
    assert (result.status, ".out.chude-parts: not a folder of chude's" in result.err) == (1, True)
    folder.unlink()
    folder.mkdir()
    (folder / "output").symlink_to(place / "other")
    result = chude(*command(dask))
    assert (result.status, "output: not a folder of chude's" in result.err) == (1, True)
    (folder / "output").unlink()
    (folder / "output").mkdir()
    (folder / "output/part-000000.parquet").symlink_to(place / "other/part-000000.parquet")
    os.mkfifo(folder / "output/part-000001.parquet")
    assert_as_local(chude, "out", chude(*command(dask)).err)
    assert Path("other/part-000000.parquet").read_text() == "của tôi"
    assert sorted(os.listdir()) == ["archive", "bundle", "other", "out"]


def test_wrong_usage(chude: Run, place: Path) -> None:
    Path("a.txt").write_text("Tin\n\nTin mới.", encoding="utf-8")
    right = command(Cluster(place, "tcp://127.0.0.1:1"))
    for wrong, problem in (
        (right[:-2], "Add --scheduler"),
        ([*right, "--format", "jsonl"], "add --format parquet --output FOLDER"),
        ([*right, "--output", "-"], "add --format parquet --output FOLDER"),
        ([*right, "--jobs", "2"], "leave --jobs out"),
        ([*right, "a.txt"], "a.txt is not Parquet"),
        ([*right, "-"], "standard input is not Parquet"),
        ([*right, "--engine", "local"], "add --engine dask"),
        ([*right, "--engine", "spark"], "'spark'"),
    ):
        result = chude(*wrong)
        text = " ".join(result.err.replace("│", " ").split())
        assert (result.status, problem in text) == (2, True), result.err
    assert chude(*right, "missing.parquet").status == 1
