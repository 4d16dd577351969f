import io
import tempfile
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.text.cache.blocks import digests, join, pack, read_keys, unpack
from chude.text.segment import make_segmenter
from chude.text.tokens import Tokens

WORD = st.tuples(
    st.integers(0, 4), st.integers(0, 2**31 - 1), st.integers(0, 2**31 - 1)
)  # id, start, end: any, in no order
TEXTS = st.lists(st.lists(WORD, max_size=4), max_size=6)
VOCABULARY = ["Biên_phòng", "không dùng", "\n", "\ud800", ""]


def make_tokens(texts: list[list[tuple[int, int, int]]]) -> Tokens:
    columns = np.array([word for words in texts for word in words], np.int32).reshape(-1, 3).T
    indptr = np.array([0, *accumulate(map(len, texts))], np.int64)
    return Tokens(VOCABULARY, *columns, indptr)


def as_lists(tokens: Tokens) -> list[list[tuple[str, int, int]]]:
    words = [tokens.vocabulary[i] for i in tokens.ids]
    rows = list(zip(words, tokens.starts.tolist(), tokens.ends.tolist(), strict=True))
    return [rows[a:b] for a, b in zip(tokens.indptr[:-1], tokens.indptr[1:], strict=True)]


@given(TEXTS, st.data())
def test_words_come_back_as_they_were(
    texts: list[list[tuple[int, int, int]]], data: st.DataObject
) -> None:
    tokens = make_tokens(texts)
    vocabulary, columns = unpack(pack(digests([""] * len(texts)), tokens))
    assert set(vocabulary) == {VOCABULARY[i] for i in tokens.ids}
    back = join([columns], vocabulary)
    assert as_lists(back) == as_lists(tokens)
    assert [column.dtype for column in (back.ids, back.starts, back.ends, back.indptr)] == [
        np.int32, np.int32, np.int32, np.int64,
    ]  # fmt: skip
    if texts:
        rows = data.draw(st.lists(st.integers(0, len(texts) - 1)))
        taken = join([columns.take(np.array(rows, np.int64)), columns], vocabulary)
        assert as_lists(taken) == [as_lists(tokens)[row] for row in rows] + as_lists(tokens)


def test_the_bytes_do_not_tell_what_was_segmented_before() -> None:
    texts = ["Tổ tuần tra phát hiện ba người.", "", "Bộ đội giúp bà con."]
    fresh, used = make_segmenter("underthesea"), make_segmenter("underthesea")
    used.segment(["Bà con bản Huổi Só gặt lúa. Ba người vượt biên."])
    keys = digests(texts)
    assert pack(keys, fresh.segment(texts)) == pack(keys, used.segment(texts))


def test_offsets_of_long_texts_and_wide_gaps() -> None:
    texts = [" " * 70_000 + "Đồn" + "x" * 300 + " " * 300 + "biên phòng", "Đồn"] * 2
    tokens = make_segmenter("syllable").segment(texts)
    vocabulary, columns = unpack(pack(digests(texts), tokens))
    assert as_lists(join([columns], vocabulary)) == as_lists(tokens)


def test_a_block_takes_four_bytes_a_word_and_20_a_text() -> None:
    texts = [" ".join(f"tiếng{i + j}" for j in range(200)) for i in range(200)]
    tokens = make_segmenter("syllable").segment(texts)
    data = pack(digests(texts), tokens)
    assert len(data) < 4 * len(tokens.ids) + 20 * len(texts) + 20 * 400


def test_digests_tell_texts_apart() -> None:
    texts = ["", "hòa", "hoà", "ho\u0300a", "\ud800", "\ud83d\ude00", "😀"]
    assert len(set(digests(texts).tolist())) == len(texts)
    assert digests([]).shape == (0,)


@pytest.mark.parametrize("cut", [0, 5, 12, 20, 40])
def test_the_digests_of_a_damaged_file_are_few(cut: int) -> None:
    texts = ["Bộ đội", "giúp dân"]
    data = pack(digests(texts), make_segmenter("syllable").segment(texts))
    with tempfile.TemporaryFile() as stream:
        stream.write(b"\xff" * cut + data[cut:50])
        stream.seek(0)
        assert len(read_keys(stream)) <= 2


def test_digests_are_read_from_a_file() -> None:
    texts = ["Bộ đội", "giúp dân"]
    with tempfile.TemporaryFile() as stream:
        stream.write(pack(digests(texts), make_segmenter("syllable").segment(texts)))
        stream.seek(0, io.SEEK_SET)
        assert read_keys(stream).tolist() == digests(texts).tolist()
