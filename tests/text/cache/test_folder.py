import os
from pathlib import Path

import pytest

from chude.errors import ChudeError
from chude.text.cache.folder import TokenCache, cache_bound
from chude.text.cache.segmenter import CachedSegmenter
from chude.text.segment import make_segmenter


def fill(cache: TokenCache, *texts: str) -> None:
    """A block with these texts."""
    CachedSegmenter(make_segmenter("syllable"), cache).segment(texts)


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*.tokens"))


def test_a_full_cache_loses_what_was_not_used_for_the_longest_time(tmp_path: Path) -> None:
    texts = ["Bộ đội giúp dân.", "Tuần tra biên giới.", "Phong trào thi đua."]
    fill(TokenCache(tmp_path), texts[0])
    size = files(tmp_path)[0].stat().st_size
    bound = 2 * size + size // 2
    fill(TokenCache(tmp_path, bound), texts[1])
    for age, path in enumerate(files(tmp_path), 1):
        os.utime(path, (age, age))
    fill(TokenCache(tmp_path, bound), texts[0])  # the first one is used again
    fill(TokenCache(tmp_path, bound), texts[2])
    assert sum(path.stat().st_size for path in files(tmp_path)) <= bound
    cache = TokenCache(tmp_path, bound)
    for text in (texts[0], texts[2]):
        fill(cache, text)
    assert (cache.found, cache.segmented) == (2, 0)
    fill(cache, texts[1])
    assert (cache.found, cache.segmented) == (2, 1)


def test_a_bound_of_nothing_keeps_nothing(tmp_path: Path) -> None:
    fill(TokenCache(tmp_path, 0), "Bộ đội giúp dân.")
    assert files(tmp_path) == []


def test_the_number_of_files_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chude.text.cache.folder._MOST_FILES", 3)
    for i in range(5):
        fill(TokenCache(tmp_path), f"Bài {i}")
    assert len(files(tmp_path)) == 3


def test_what_a_killed_process_left_goes_after_an_hour(tmp_path: Path) -> None:
    fill(TokenCache(tmp_path), "Bộ đội giúp dân.")
    [block] = files(tmp_path)
    left = block.with_name(f".{block.name}-ab_12x9z")
    left.write_bytes(bytes(10_000))
    fill(TokenCache(tmp_path, 1_000), "Tuần tra biên giới.")
    TokenCache(tmp_path).clear()
    assert left.exists()  # another process may be writing it
    os.utime(left, (1, 1))
    fill(TokenCache(tmp_path, 1_000), "Phong trào thi đua.")
    assert not left.exists()
    assert len(files(tmp_path)) == 1
    left.write_bytes(b"")
    os.utime(left, (1, 1))
    TokenCache(tmp_path).clear()
    assert not left.exists()


def test_clearing_leaves_foreign_files_alone(tmp_path: Path) -> None:
    fill(TokenCache(tmp_path), "Bộ đội giúp dân.")
    [block] = files(tmp_path)
    foreign = [tmp_path / "notes.tokens", block.parent / "api.tokens", tmp_path / "empty"]
    foreign[0].write_text("của tôi")
    foreign[1].write_text("của tôi")
    foreign[2].mkdir()
    cache = TokenCache(tmp_path)
    cache.clear()
    assert all(path.exists() for path in foreign)
    assert (files(tmp_path), cache.shelves()) == ([foreign[1]], [])


def test_shelves_say_what_is_there(tmp_path: Path) -> None:
    assert TokenCache(tmp_path / "none").shelves() == []
    fill(TokenCache(tmp_path), "Bộ đội giúp dân.", "Tuần tra biên giới.")
    fill(TokenCache(tmp_path), "Phong trào thi đua.")
    [shelf] = TokenCache(tmp_path).shelves()
    assert shelf.segmenter.startswith("syllable-1-")
    assert (shelf.texts, shelf.files) == (3, 2)
    assert shelf.bytes == sum(path.stat().st_size for path in files(tmp_path))


def test_without_a_home_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("CHUDE_CACHE_DIR")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", fail)
    with pytest.raises(ChudeError, match="Set CHUDE_CACHE_DIR to a folder"):
        TokenCache()


def test_the_bound_is_in_megabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache_bound() == 2_000_000_000
    monkeypatch.setenv("CHUDE_CACHE_SIZE", "50")
    assert TokenCache().most_bytes == 50_000_000
    for bad in ("2 GB", "-1", "lớn"):
        monkeypatch.setenv("CHUDE_CACHE_SIZE", bad)
        with pytest.raises(ChudeError, match="Give a number of megabytes"):
            cache_bound()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_pipes_and_links_are_neither_read_nor_removed(tmp_path: Path) -> None:
    folder, other = tmp_path / "cache", tmp_path / "của tôi.tokens"
    fill(TokenCache(folder), "Bộ đội giúp dân.")
    [block] = files(folder)
    block.rename(other)
    os.mkfifo(block)
    link = block.with_name("0" * 32 + ".tokens")
    link.symlink_to(other)
    os.mkfifo(folder / "segmenter")
    cache = TokenCache(folder, 0)
    fill(cache, "Bộ đội giúp dân.")
    cache.clear()
    assert (cache.found, cache.segmented, cache.shelves()) == (0, 1, [])
    assert other.exists()
    assert link.is_symlink()
