"""What the compiled functions share with other modules, and their hash table of chunks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.text.crf import kernel, pairs, tables
from chude.text.crf.encoder import ChunkTable
from chude.text.crf.lexicon import Lexicon, Vocabulary
from chude.text.crf.reference import TokenRules
from chude.text.crf.tables import Kind, Row, Tables

compiled = pytest.importorskip("chude.text.crf.compiled")


def test_numbers_written_out_are_those_of_the_other_modules() -> None:
    names = ["UNKNOWN", "BOUNDARY", "END", "OUTSIDE", "OUTSIDE_END"]
    assert all(getattr(compiled, name) == getattr(tables, name) for name in names)
    assert all(getattr(compiled, kind.name) == kind for kind in [*Kind, *Row])
    assert len(Kind) == compiled.KINDS
    assert kernel.WINDOW == compiled.WINDOW
    assert pairs._MULTIPLIER == compiled.GOLDEN


@given(st.lists(st.lists(st.text("aáb\U0001f600\ud800.", min_size=1, max_size=5))))
def test_finds_chunks(tables: Tables, rules: TokenRules, batches: list[list[str]]) -> None:
    from chude.text.crf.compiled_steps import CompiledSteps

    lexicon = Lexicon(tables, Vocabulary())
    chunks = ChunkTable(lexicon, rules)
    steps = CompiledSteps(tables, chunks, lexicon)
    for batch in batches:
        joined = "\u00a0".join(batch) + " \n"
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        ids, places = steps.find_chunks(joined, codes)
        assert ids.tolist() == [chunks[chunk] for chunk in batch]
        assert [joined[at:].split()[0] for at in places.tolist()] == batch


def test_finds_chunks_of_one_hash(tables: Tables, rules: TokenRules) -> None:
    from chude.text.crf.compiled_steps import CompiledSteps

    lexicon = Lexicon(tables, Vocabulary())
    chunks = ChunkTable(lexicon, rules)
    names = ["nhà", "nha", "nh", "nhàn"]
    ids = [chunks[name] for name in names]
    index = CompiledSteps(tables, chunks, lexicon)._index()
    # As if all had the same hash: every slot is probed from one place on.
    index.slots[:] = 0
    value = np.uint64(7 << 52 | 12345)
    for i, chunk in enumerate(ids):
        index.slots[(int(value) >> int(index.shift)) + i] = 12345 << 32 | chunk + 1
    for name, chunk in zip(names, ids, strict=True):
        codes = np.frombuffer(name.encode("utf-32-le"), np.uint32)
        assert compiled.find_chunk(index, value, codes, 0, len(codes)) == chunk
    other = np.frombuffer("nhi".encode("utf-32-le"), np.uint32)
    assert compiled.find_chunk(index, value, other, 0, len(other)) == -1


def test_many_chunks(tables: Tables, rules: TokenRules) -> None:
    from chude.text.crf.compiled_steps import CompiledSteps

    lexicon = Lexicon(tables, Vocabulary())
    chunks = ChunkTable(lexicon, rules)
    steps = CompiledSteps(tables, chunks, lexicon)
    for start in range(0, 20_000, 3000):
        words = [f"từ{i}" for i in range(start // 2, start + 3000)]
        joined = " ".join(words)
        codes = np.frombuffer(joined.encode("utf-32-le"), np.uint32)
        ids, _ = steps.find_chunks(joined, codes)
        assert [chunks.names[i] for i in ids.tolist()] == words
