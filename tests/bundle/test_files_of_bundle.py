"""A bundle's files that are no files, have no end, or change meanwhile."""

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from chude.bundle.folder import load, save
from chude.errors import ChudeError
from tests.conftest import Run

NAMES = ["manifest.json", "model.joblib", "out_of_fold.csv", "errors.jsonl"]


def fifo(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()


def link(path: Path) -> None:
    path.symlink_to("/dev/zero")


def link_to_file(path: Path) -> None:
    (path.parent / "elsewhere").write_bytes(b"{}")
    path.symlink_to("elsewhere")


def broken_link(path: Path) -> None:
    path.symlink_to("nowhere")


def link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def pipe(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        before = Path.cwd()
        os.chdir(path.parent)  # the paths of sockets are short
        try:
            one.bind(path.name)
        finally:
            os.chdir(before)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "make", [fifo, folder, link, link_to_file, broken_link, link_to_itself, pipe]
)
def test_only_regular_files_are_read(name: str, make: Callable[[Path], None], bundle: Path) -> None:
    (bundle / name).unlink()
    make(bundle / name)
    with pytest.raises(ChudeError, match=f"{name}: (not a regular file|a link, which)"):
        load(bundle)


@pytest.mark.parametrize("name", NAMES)
def test_files_without_end_are_not_read(name: str, bundle: Path) -> None:
    with (bundle / name).open("r+b") as stream:
        stream.truncate(1 << 40)  # nothing is written
    with pytest.raises(ChudeError, match=rf"{name}: 1,099,511,627,776 bytes, at most"):
        load(bundle)


def test_a_model_file_that_was_only_made_long_is_not_read(bundle: Path) -> None:
    with (bundle / "model.joblib").open("r+b") as stream:
        stream.truncate(1 << 30)
    with pytest.raises(ChudeError, match=r"model\.joblib: damaged at its end"):
        load(bundle)


def test_the_folder_itself_may_be_a_link(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to(bundle)
    assert load(tmp_path / "current").version == load(bundle).version


def test_a_link_ends_the_command_line_in_one_message(bundle: Path, chude: Run) -> None:
    (bundle / "model.joblib").unlink()
    (bundle / "model.joblib").symlink_to("/dev/zero")
    result = chude("inspect", "--model", bundle)
    assert result.status == 1
    assert "a link, which is not followed" in result.err


# The tables of a loaded model.

TABLES = pytest.mark.parametrize(
    ("field", "name"), [("out_of_fold", "out_of_fold.csv"), ("errors", "errors.jsonl")]
)


@TABLES
def test_the_table_is_read_when_it_is_saved_and_only_then(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, field: str, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    table = (bundle / name).read_bytes()
    loaded = load(bundle.name)
    monkeypatch.chdir("/")
    assert bytes(loaded.provenance[field]) == table
    save(loaded, bundle)  # in the place that it came from, and then elsewhere
    save(loaded, tmp_path / "other")
    assert (tmp_path / "other" / name).read_bytes() == table
    save(load(tmp_path / "other"), tmp_path / "third")
    assert (tmp_path / "third" / name).read_bytes() == table


@TABLES
def test_a_table_that_was_changed_meanwhile_is_not_saved(
    bundle: Path, tmp_path: Path, field: str, name: str
) -> None:
    loaded = load(bundle)
    with (bundle / name).open("a") as stream:
        stream.write("x\n")
    with pytest.raises(ChudeError, match=f"{name}: changed since the model was loaded"):
        save(loaded, tmp_path / "other")
    (bundle / name).unlink()
    with pytest.raises(ChudeError, match=f"{name}: cannot be read"):
        save(loaded, tmp_path / "other")
    assert not (tmp_path / "other").exists()


@TABLES
def test_a_manifest_cannot_name_a_table(
    bundle: Path, tmp_path: Path, field: str, name: str
) -> None:
    (bundle / name).unlink()
    manifest = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))
    text = json.dumps({**manifest, field: 1 << 40})
    (bundle / "manifest.json").write_text(text, encoding="utf-8")
    save(load(bundle), tmp_path / "other")
    assert not (tmp_path / "other" / name).exists()


def test_a_file_overwritten_under_a_loaded_model_changes_nothing(bundle: Path) -> None:
    loaded = load(bundle)
    texts = ["Bộ đội Biên phòng bắt giữ đối tượng vận chuyển ma túy qua biên giới."]
    before = loaded.probabilities(texts)
    size = (bundle / "model.joblib").stat().st_size
    with (bundle / "model.joblib").open("r+b") as stream:
        stream.write(os.urandom(size))
    assert (loaded.probabilities(texts) == before).all()
