"""Where a bundle may be written, and that nothing else is ever lost."""

import errno
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from chude.bundle.folder import load, save
from chude.bundle.place import check_place, new_bundle
from chude.errors import UsageError
from chude.model.model import Model
from tests import ROOT
from tests.conftest import Run
from tests.invented import make_articles, write_corpus


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def make_foreign(kind: str, place: Path, bundle: Path) -> str:
    """Something that is no bundle, and what the message says of it."""
    if kind == "other models":
        (place / "first").mkdir(parents=True)
        (place / "first" / "keep.txt").write_text("cũ")
        return "holds first, which is no bundle's"
    if kind == "a bundle and a note":
        bundle.rename(place)
        (place / "ghi chú.txt").write_text("của tôi")
        return "holds ghi chú.txt, which is no bundle's"
    if kind == "a bundle with a linked file":
        bundle.rename(place)
        (place / "report.html").replace(place.parent / "elsewhere.html")
        (place / "report.html").symlink_to(place.parent / "elsewhere.html")
        return "holds report.html, which is no bundle's"
    if kind == "files of the same names":
        place.mkdir()
        (place / "model.joblib").write_bytes(b"mine")
        (place / "manifest.json").write_text('{"name": "my web app", "sha256": "x"}')
        return "not a bundle of chude"
    if kind == "a damaged manifest":
        bundle.rename(place)
        (place / "manifest.json").write_text("[" * 100_000)
        return "not a bundle of chude"
    if kind == "a pipe in it":
        place.mkdir()
        os.mkfifo(place / "manifest.json")
        return "holds manifest.json, which is no bundle's"
    if kind == "a link":
        place.symlink_to(bundle)
        return "a link. Name the folder itself"
    if kind == "a pipe":
        os.mkfifo(place)
        return "not a folder"
    place.write_text("của tôi")
    return "not a folder"


KINDS = (
    "other models", "a bundle and a note", "a bundle with a linked file", "files of the same names",
    "a damaged manifest", "a pipe in it", "a link", "a pipe", "a file",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_a_bundle_is_never_replaced(
    model: Model, bundle: Path, tmp_path: Path, kind: str
) -> None:
    place = tmp_path / "mô hình"
    problem = make_foreign(kind, place, bundle)
    before = content(tmp_path)
    with pytest.raises(UsageError, match=problem):
        save(model, place)
    assert content(tmp_path) == before


def test_train_looks_at_the_place_before_it_trains(chude: Run, tmp_path: Path) -> None:
    data = write_corpus(make_articles(28), tmp_path / "data")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "luận văn.txt").write_text("quan trọng")
    (tmp_path / "link").symlink_to(data)
    before = content(tmp_path)
    for place in ("notes", "data", "data/raw", ".", "link", "data/themes.toml"):
        result = chude("train", data, "--model", tmp_path / place)
        assert result.status == 2
        assert result.err.startswith("chude: ")
        assert (result.out, result.err.count("\n")) == ("", 1)  # no word of any article
    assert content(tmp_path) == before


def test_a_folder_that_a_run_reads_is_not_replaced(bundle: Path, tmp_path: Path) -> None:
    table = bundle / "out_of_fold.csv"
    (tmp_path / "link.csv").symlink_to(table)
    (tmp_path / "up").symlink_to(tmp_path)
    for item in (table, bundle, tmp_path / "link.csv", str(tmp_path / "*.csv")):
        with pytest.raises(UsageError, match=r"is in it\. Name another folder"):
            check_place(tmp_path / "up" / "bundle", [item])
    with pytest.raises(UsageError, match=r"inside the input .+ the next run would read it"):
        check_place(bundle, [tmp_path])
    check_place(bundle, ["-", tmp_path / "missing"])
    (tmp_path / "raw").mkdir()
    check_place(bundle, [tmp_path])  # of which raw/ alone is read
    with pytest.raises(UsageError, match="inside the input"):
        check_place(tmp_path / "raw/sub/bundle", [tmp_path])


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs Linux")
def test_a_place_that_cannot_be_written_is_known_before(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in ("/sys/kernel/bundle", tmp_path / "file/m", tmp_path / "file/deep/er"):
        with pytest.raises(UsageError, match="cannot be written"):
            check_place(place)
    with pytest.raises(UsageError, match="cannot be written"):
        check_place(tmp_path / ("dài" * 100))
    assert sorted(os.listdir(tmp_path)) == ["file"]


def test_an_empty_or_a_new_folder_is_taken(model: Model, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for place in ("empty", "new", "deep/er"):
        save(model, tmp_path / place)
        assert load(tmp_path / place).version == model.version
    assert sorted(os.listdir(tmp_path)) == ["deep", "empty", "new"]


def test_a_bundle_is_saved_from_inside_of_it(
    model: Model, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bundle)
    save(model, ".")
    assert load(bundle).version == model.version
    assert os.listdir(bundle.parent) == ["bundle"]


def test_a_file_that_comes_meanwhile_stays(bundle: Path) -> None:
    before = content(bundle)
    with pytest.raises(UsageError, match=r"holds note\.txt"), new_bundle(bundle) as folder:
        (folder / "manifest.json").write_text("{}")
        (bundle / "note.txt").write_text("của tôi")
    assert content(bundle) == {**before, "note.txt": "của tôi".encode()}
    assert os.listdir(bundle.parent) == ["bundle"]


def test_what_killed_runs_left_goes_and_nothing_else(model: Model, bundle: Path) -> None:
    beside = bundle.parent
    ours = beside / ".bundle.chude-new-abcd1234"
    ours.mkdir()
    (ours / "model.joblib").write_bytes(b"half")
    others = [
        beside / ".bundle.chude-new-abcd9999",  # somebody has put a file into it
        beside / ".bundle.chude-new-mine",
        beside / ".bundlex.chude-new-abcd1234",
    ]
    for other in others:
        other.mkdir()
        (other / "note.txt").write_text("của tôi")
    (beside / ".bundle.chude-new-abcd0000").symlink_to(others[0])
    save(model, bundle)
    left = sorted(os.listdir(beside))
    assert left == sorted([".bundle.chude-new-abcd0000", *(o.name for o in others), "bundle"])
    assert all((other / "note.txt").exists() for other in others)


def test_a_folder_in_which_somebody_works_stays(bundle: Path) -> None:
    with new_bundle(bundle) as first:
        (first / "manifest.json").write_text("{}")
        with pytest.raises(ZeroDivisionError), new_bundle(bundle):
            assert first.exists()
            raise ZeroDivisionError
        assert (first / "manifest.json").exists()


def test_without_an_exchange_the_old_bundle_comes_back(
    model: Model, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chude.files.exchange", lambda one, other: False)
    save(model, bundle)
    assert os.listdir(bundle.parent) == ["bundle"]
    bundle.rename(bundle.parent / ".bundle.chude-new-abcd1234-old")  # killed between two renames
    with pytest.raises(ZeroDivisionError), new_bundle(bundle):
        raise ZeroDivisionError
    assert load(bundle).version == model.version
    assert os.listdir(bundle.parent) == ["bundle"]


def test_a_folder_that_cannot_be_renamed_gets_the_new_files(
    model: Model, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(new: Path, destination: Path) -> None:  # as OverlayFS does with a folder of an image
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    before = bundle.stat().st_ino
    monkeypatch.setattr("chude.bundle.place.publish_folder", fail)
    other = replace(model, decision=replace(model.decision, review_error=0.03))
    save(other, bundle)
    assert load(bundle).version == other.version != model.version
    assert bundle.stat().st_ino == before
    assert os.listdir(bundle.parent) == ["bundle"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs an exchange of names and fork")
def test_20_kills_leave_a_whole_model_and_no_litter(bundle: Path) -> None:
    command = [sys.executable, ROOT / "benchmarks/save_kills.py", bundle, "--kills", "20"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "20 kills" in done.stdout
