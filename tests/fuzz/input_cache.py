"""What earlier trainings kept, damaged: the words of a cache are those without it."""

import os
import random
import shutil
from pathlib import Path

from chude.text.cache.folder import TokenCache
from chude.text.cache.segmenter import CachedSegmenter
from chude.text.segment import make_segmenter
from tests.fuzz.case import GOOD_TEXT, Case
from tests.fuzz.input_kept import SENTINEL
from tests.fuzz.input_tables import bad_bytes

TEXTS = [f"{GOOD_TEXT} {i}" * (i + 1) for i in range(12)]
OTHER_NAMES = ["0" * 32 + ".tokens", f".{'0' * 32}.tokens-abcdefgh", "x", "\x1b[2J.tokens"]


def keep_words(folder: Path) -> None:
    """A cache of several blocks."""
    for at in range(0, len(TEXTS), 3):
        segmenter = CachedSegmenter(make_segmenter("syllable"), TokenCache(folder))
        segmenter.segment(TEXTS[at : at + 3])


def cache(rng: random.Random, place: Path, kept: Path) -> Case:
    """A copy of a cache, damaged."""
    folder, outside = place / "cache", place / "outside"
    shutil.copytree(kept, folder)
    outside.mkdir()
    (outside / "of others").write_bytes(SENTINEL)
    [shelf] = folder.iterdir()
    for block in sorted(shelf.iterdir()):
        if rng.random() < 0.7:
            block.write_bytes(bad_bytes(rng, block.read_bytes()))
    blocks = sorted(shelf.iterdir())
    for _ in range(rng.choice([0, 1, 2, 6])):
        path = rng.choice([*blocks, *(shelf / name for name in OTHER_NAMES)])
        _put(rng, path, [outside, outside / "of others", Path("/dev/zero"), path, blocks[0]])
    if rng.random() < 0.2:
        _put(rng, rng.choice([folder, shelf]), [outside, Path("/dev/zero"), folder])
    return Case("cache", [str(folder)], set(), 0, None, {outside / "of others": SENTINEL})


def _put(rng: random.Random, path: Path, targets: list[Path]) -> None:
    """Put something else in the place of a file or folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif os.path.lexists(path):
        path.unlink()
    kind = rng.randrange(4)
    if kind == 0:
        os.mkfifo(path)
    elif kind == 1:
        path.symlink_to(rng.choice(targets))
    elif kind == 2:
        path.mkdir()
        (path / "of others").write_bytes(b"x")
    else:
        path.write_bytes(rng.choice([b"", b"x" * 1000, b"\xff" * 5000, rng.randbytes(200)]))


def complaint_about_words(folder: Path) -> str:
    """What is wrong with the words that a cache gives; nothing if all is well."""
    notes: list[str] = []
    plain = make_segmenter("syllable")
    expected = plain.segment(TEXTS)
    for _ in range(2):  # what the first one mends the second one takes
        store = TokenCache(folder, on_note=notes.append)
        found = CachedSegmenter(plain, store).segment(TEXTS)
        if any(found.words(i) != expected.words(i) for i in range(len(TEXTS))):
            return "other words than without a cache"
        if (found.starts != expected.starts).any() or (found.ends != expected.ends).any():
            return "other offsets than without a cache"
    TokenCache(folder, most_bytes=0, on_note=notes.append).write("shelf", b"block")
    return "" if all(note.isprintable() for note in notes) else f"shows {notes}"
