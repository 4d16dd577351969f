import hashlib
import json
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chude.text.cache.blocks import digests, pack
from chude.text.cache.folder import TokenCache
from chude.text.cache.segmenter import REVISION, CachedSegmenter
from chude.text.segment import SyllableSegmenter, make_segmenter
from chude.text.tokens import Tokens, concatenate
from tests.invented import make_articles
from tests.text.test_segment import ARTICLE, HARD

TEXTS = [article.text for article in make_articles(40)]
SURROGATES = st.text(st.characters(), max_size=20)


def cached(folder: Path, name: str = "syllable") -> tuple[CachedSegmenter, TokenCache]:
    """A segmenter that finds what earlier ones kept, as in a new run; any note is an error."""
    cache = TokenCache(folder)
    return CachedSegmenter(make_segmenter(name), cache), cache


def assert_same(found: Tokens, expected: Tokens) -> None:
    assert [found.vocabulary[i] for i in found.ids] == [
        expected.vocabulary[i] for i in expected.ids
    ]
    for name in ("starts", "ends", "indptr"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))


@settings(max_examples=60)
@given(st.lists(HARD | SURROGATES, max_size=6), st.data())
def test_words_are_those_without_a_cache(texts: list[str], data: st.DataObject) -> None:
    wanted = data.draw(st.lists(st.sampled_from([*texts, "", ARTICLE]) | HARD, max_size=8))
    for name in ("syllable", "underthesea"):
        if name == "underthesea":  # which refuses surrogates
            texts, wanted = ([t for t in batch if _is_valid(t)] for batch in (texts, wanted))
        plain = make_segmenter(name)
        with tempfile.TemporaryDirectory() as folder:
            for batch in (texts, wanted, wanted[::-1]):
                segmenter, _ = cached(Path(folder), name)
                assert_same(segmenter.segment(batch), plain.segment(batch))
            segmenter, cache = cached(Path(folder), name)
            assert_same(segmenter.segment(wanted), plain.segment(wanted))
            assert (cache.found, cache.segmented) == (len(wanted), 0)


def _is_valid(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def test_batches_of_another_cut_and_order_are_found(tmp_path: Path) -> None:
    segmenter, _ = cached(tmp_path)
    for start in range(0, 40, 7):
        segmenter.segment(TEXTS[start : start + 7])
    order = random.Random(3).sample(TEXTS, 40)
    again, cache = cached(tmp_path)
    found = concatenate([again.segment(order[start : start + 9]) for start in range(0, 40, 9)])
    assert_same(found, make_segmenter("syllable").segment(order))
    assert (cache.found, cache.segmented) == (40, 0)


def test_only_new_texts_are_segmented(tmp_path: Path) -> None:
    cached(tmp_path)[0].segment(TEXTS[:30])
    asked: list[str] = []

    class Watched(SyllableSegmenter):
        def segment(self, texts: Sequence[str]) -> Tokens:
            asked.extend(texts)
            return super().segment(texts)

    segmenter = CachedSegmenter(Watched(), TokenCache(tmp_path))
    mixed = [*TEXTS[25:35], "", *TEXTS[:5]]
    assert_same(segmenter.segment(mixed), make_segmenter("syllable").segment(mixed))
    assert asked == [*TEXTS[30:35], ""]


def test_another_version_of_a_segmenter_finds_nothing(tmp_path: Path) -> None:
    cached(tmp_path)[0].segment(TEXTS)
    newer = SyllableSegmenter()
    newer.version = "syllable-2"
    for plain in (newer, make_segmenter("underthesea")):
        cache = TokenCache(tmp_path)
        CachedSegmenter(plain, cache).segment(TEXTS)
        assert (cache.found, cache.segmented) == (0, 40)
    assert len(TokenCache(tmp_path).shelves()) == 3


@pytest.mark.parametrize("place", [0, 4, 9, 30, 700, 5_000, -1])
def test_a_damaged_block_is_made_anew_with_a_note(tmp_path: Path, place: int) -> None:
    plain = make_segmenter("syllable").segment(TEXTS)
    cached(tmp_path)[0].segment(TEXTS[:10])
    cached(tmp_path)[0].segment(TEXTS[10:])
    path = max(tmp_path.glob("*/*.tokens"), key=lambda path: path.stat().st_size)
    whole = path.read_bytes()
    content = bytearray(whole)
    content[place] ^= 0x55
    for damaged in (bytes(content), whole[:place], b""):
        path.write_bytes(damaged)
        notes: list[str] = []
        cache = TokenCache(tmp_path, on_note=notes.append)
        assert_same(CachedSegmenter(make_segmenter("syllable"), cache).segment(TEXTS), plain)
        assert cache.segmented in (1, 30)  # 1: the damage is in one text's digest
        assert notes in ([], [f"{tmp_path}: damaged files of the cache are made anew"])
        again, cache = cached(tmp_path)
        assert_same(again.segment(TEXTS), plain)


def test_blocks_that_go_away_in_a_run_are_segmented(tmp_path: Path) -> None:
    cached(tmp_path)[0].segment(TEXTS[:20])
    segmenter, cache = cached(tmp_path)
    TokenCache(tmp_path).clear()
    assert_same(segmenter.segment(TEXTS), make_segmenter("syllable").segment(TEXTS))
    assert (cache.found, cache.segmented) == (0, 40)


def test_a_folder_that_cannot_be_is_one_note(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    notes: list[str] = []
    cache = TokenCache(tmp_path / "file" / "cache", on_note=notes.append)
    segmenter = CachedSegmenter(make_segmenter("syllable"), cache)
    for _ in range(2):
        assert_same(segmenter.segment(TEXTS), make_segmenter("syllable").segment(TEXTS))
    [note] = notes
    assert note.startswith("training goes on without keeping words for the next run: ")
    assert "cannot be written" in note


def test_without_a_taker_a_note_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    segmenter, _ = cached(tmp_path / "file")
    with pytest.warns(UserWarning, match="cannot be written"):
        segmenter.segment(TEXTS)


LIGHT = """
import json, random, sys
from pathlib import Path
from chude.text.cache.folder import TokenCache
from chude.text.cache.segmenter import CachedSegmenter
from chude.text.segment import make_segmenter

folder, texts = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
plain = make_segmenter("syllable")
"""


def start(code: str, folder: Path, texts: Path) -> subprocess.Popen[str]:
    """A process that runs the code; any warning in it is an error."""
    texts.write_text(json.dumps(TEXTS))
    command = [sys.executable, "-W", "error", "-c", LIGHT + code, str(folder), str(texts)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="needs POSIX limits")
def test_a_full_disk_is_one_note(tmp_path: Path) -> None:
    code = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
segmenter = CachedSegmenter(plain, TokenCache(folder, on_note=print))
for _ in range(2):
    segmenter.segment(texts)
"""
    out, err = start(code, tmp_path / "c", tmp_path / "texts").communicate(timeout=60)
    assert err == ""
    [note] = out.splitlines()
    assert "cannot be written (File too large)" in note
    assert [path for path in (tmp_path / "c").rglob("*") if path.is_file()] == []


def test_two_processes_share_a_cache_that_is_too_small(tmp_path: Path) -> None:
    code = """
for turn in range(40):
    cache = TokenCache(folder, 12_000)
    segmenter = CachedSegmenter(plain, cache)
    for _ in range(4):
        batch = texts[random.randrange(40):][:random.randrange(1, 12)]
        found, expected = segmenter.segment(batch), plain.segment(batch)
        assert [found.words(i) for i in range(len(batch))] == \
            [expected.words(i) for i in range(len(batch))]
        assert (found.starts == expected.starts).all() and (found.ends == expected.ends).all()
    if turn == 20:
        cache.clear()
print("done")
"""
    processes = [start(code, tmp_path / "c", tmp_path / name) for name in ("one", "two")]
    for process in processes:
        out, err = process.communicate(timeout=120)
        assert (process.returncode, out, err) == (0, "done\n", "")
    assert list(tmp_path.rglob(".*")) == []
    sizes = [path.stat().st_size for path in tmp_path.rglob("*.tokens")]
    assert 0 < sum(sizes) <= 12_000
    segmenter, cache = cached(tmp_path / "c")
    assert_same(segmenter.segment(TEXTS), make_segmenter("syllable").segment(TEXTS))
    assert cache.found > 0


@pytest.mark.parametrize(
    ("name", "expected"), [("syllable", "c257d531ab010d5f"), ("underthesea", "bf67e876d934c772")]
)
def test_who_changes_words_raises_the_revision(name: str, expected: str) -> None:
    """Blocks of an earlier chude are taken for this one's as long as REVISION is the same."""
    texts = [ARTICLE, *TEXTS[:6], "ông Th sống ở T.Ư; Nguye\u0302\u0303n\u200b hoà “quý” a@b.vn…"]
    data = pack(digests(texts), make_segmenter(name).segment(texts))
    assert (REVISION, hashlib.sha256(data).hexdigest()[:16]) == (1, expected)
