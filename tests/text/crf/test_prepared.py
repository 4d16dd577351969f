"""What is kept in the cache folder, and what becomes of it when it is damaged or cannot be kept."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from chude.text.crf import installed, prepared
from chude.text.crf.prepared import Prepared, load_prepared
from chude.text.crf.segmenter import FastSegmenter
from tests.text.crf.invented import ARTICLES, QUIRKS


@pytest.fixture(scope="module")
def built() -> Prepared:
    return prepared.build(installed.verified_model())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, built: Prepared) -> Iterator[Path]:
    """An empty cache folder, and nothing known from before; building anew is done at once."""
    monkeypatch.setenv("CHUDE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(prepared, "build", lambda model: built)
    load_prepared.cache_clear()
    yield tmp_path / "cache"
    load_prepared.cache_clear()


def forbid_building(monkeypatch: pytest.MonkeyPatch) -> None:
    def build(model: Path) -> Prepared:
        raise AssertionError("built anew")

    monkeypatch.setattr(prepared, "build", build)


def assert_same(one: Prepared, other: Prepared) -> None:
    arrays = zip(prepared._arrays(one), prepared._arrays(other), strict=True)
    assert all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in arrays)
    assert one.tables.templates == other.tables.templates
    assert one.tables.exact_ids == other.tables.exact_ids
    assert one.tables.lower_ids == other.tables.lower_ids
    assert one.rules == other.rules
    for name in ("exact", "lower"):
        a, b = getattr(one.tables, name), getattr(other.tables, name)
        assert (len(a.pairs), a.pairs.bits) == (len(b.pairs), b.pairs.bits)
        assert (len(a.triples), a.triples.bits) == (len(b.triples), b.triples.bits)


def test_the_second_start_reads_what_the_first_built(
    folder: Path, built: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_same(load_prepared(), built)
    [file] = folder.iterdir()
    forbid_building(monkeypatch)
    load_prepared.cache_clear()
    assert_same(load_prepared(), built)
    assert [*folder.iterdir()] == [file]


def test_what_is_read_segments_as_what_is_built(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = ARTICLES + QUIRKS
    cold = FastSegmenter().segment(batch)
    load_prepared.cache_clear()
    forbid_building(monkeypatch)
    warm = FastSegmenter().segment(batch)
    assert warm.vocabulary == cold.vocabulary
    for column in ("ids", "starts", "ends", "indptr"):
        assert np.array_equal(getattr(warm, column), getattr(cold, column))


@pytest.mark.parametrize("damage", ["empty", "cut", "bit", "foreign", "folder"])
def test_a_damaged_file_is_made_anew(folder: Path, built: Prepared, damage: str) -> None:
    load_prepared()
    [file] = folder.iterdir()
    whole = file.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    damaged = {"empty": b"", "cut": whole[:-1], "bit": bytes(flipped), "foreign": b"x" * 1000}
    if damage == "folder":
        file.unlink()
        file.mkdir()
    else:
        file.write_bytes(damaged[damage])
    load_prepared.cache_clear()
    assert_same(load_prepared(), built)
    assert damage == "folder" or file.read_bytes() == whole


def test_a_folder_that_cannot_be_written_to_costs_only_time(folder: Path, built: Prepared) -> None:
    folder.write_text("a file in the way")
    assert_same(load_prepared(), built)
    assert folder.read_text() == "a file in the way"


def test_no_home_folder_costs_only_time(
    folder: Path, built: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    def home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("CHUDE_CACHE_DIR")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", home)
    assert_same(load_prepared(), built)


def test_another_model_has_another_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = prepared.stored_file()
    monkeypatch.setitem(installed.SHA256, f"{installed.MODEL}/models.bin", "0" * 64)
    other = prepared.stored_file()
    monkeypatch.setattr(prepared, "FORMAT", prepared.FORMAT + 1)
    assert len({file, other, prepared.stored_file()}) == 3


def test_a_file_is_not_read_for_another_underthesea(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_prepared()
    load_prepared.cache_clear()
    monkeypatch.setitem(installed.VERSIONS, "underthesea", "0.0.1")
    with pytest.raises(installed.UnverifiedError):
        load_prepared()


def test_the_format_goes_up_when_something_else_is_kept(built: Prepared) -> None:
    digest = hashlib.sha256()
    for array in prepared._arrays(built):
        digest.update(array.tobytes())
    # Where the digest is another one, FORMAT must be too: the old files are still in the caches.
    assert (prepared.FORMAT, digest.hexdigest()[:16]) == (2, "41356f95f5c72c78")


def test_a_second_start_does_not_import_underthesea(folder: Path) -> None:
    code = (
        "import sys; from chude.text.crf.segmenter import FastSegmenter\n"
        "FastSegmenter().segment(['Bộ đội Biên phòng giúp bà con gặt 3,5 ha lúa ở T.Ư.'])\n"
        "print('underthesea' in sys.modules)"
    )
    for imported in ("True\n", "False\n"):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert (done.stdout, done.stderr) == (imported, "")
