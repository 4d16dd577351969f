"""The words of whole texts against underthesea's `word_tokenize`."""

import sys
import threading
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from underthesea import word_tokenize

from chude.compute import backend
from chude.text.crf import installed, reference
from chude.text.crf import segmenter as module
from chude.text.crf.segmenter import FastSegmenter
from chude.text.tokens import Tokens
from tests.text.crf.invented import ARTICLES, QUIRKS, texts


def assert_same_words(tokens: Tokens, batch: list[str]) -> None:
    assert len(tokens) == len(batch)
    assert len(set(tokens.vocabulary)) == len(tokens.vocabulary)
    assert tokens.ids.dtype == tokens.starts.dtype == tokens.ends.dtype == np.int32
    assert tokens.indptr.dtype == np.int64
    assert tokens.indptr[0] == 0
    assert tokens.indptr[-1] == len(tokens.ids) == len(tokens.starts) == len(tokens.ends)
    for i, text in enumerate(batch):
        assert " ".join(tokens.words(i)) == word_tokenize(text, format="text"), text
        mine = slice(tokens.indptr[i], tokens.indptr[i + 1])
        assert_places(text, tokens.starts[mine].tolist(), tokens.ends[mine].tolist())


def assert_places(text: str, starts: list[int], ends: list[int]) -> None:
    assert all(0 <= start < end <= len(text) for start, end in zip(starts, ends, strict=True))
    if all(len(unicodedata.normalize("NFC", character)) == 1 for character in text):
        assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    covered = {at for start, end in zip(starts, ends, strict=True) for at in range(start, end)}
    assert all(at in covered or text[at].isspace() for at in range(len(text)))


def test_articles(segmenter: FastSegmenter) -> None:
    assert_same_words(segmenter.segment(ARTICLES), ARTICLES)


def test_quirks(segmenter: FastSegmenter) -> None:
    assert_same_words(segmenter.segment(QUIRKS), QUIRKS)


@pytest.mark.parametrize("text", QUIRKS)
def test_quirk_within_a_sentence(segmenter: FastSegmenter, text: str) -> None:
    batch = [text, f"Ông {text} thành phố {text}", f"{text}bà chủ tịch nước{text}\n"]
    assert_same_words(segmenter.segment(batch), batch)


@given(st.lists(texts(), max_size=4))
def test_any_texts(segmenter: FastSegmenter, batch: list[str]) -> None:
    assert_same_words(segmenter.segment(batch), batch)


@given(st.text())
def test_any_characters(segmenter: FastSegmenter, text: str) -> None:
    assert_same_words(segmenter.segment([text]), [text])


@given(st.permutations(ARTICLES), st.integers(0, len(ARTICLES)))
def test_batches_do_not_matter(segmenter: FastSegmenter, order: list[str], cut: int) -> None:
    whole = segmenter.segment(order)
    first, second = segmenter.segment(order[:cut]), segmenter.segment(order[cut:])
    assert whole.vocabulary is first.vocabulary is second.vocabulary
    for column in ("ids", "starts", "ends"):
        parts = np.concatenate([getattr(first, column), getattr(second, column)])
        assert np.array_equal(getattr(whole, column), parts)


def test_backends_agree() -> None:
    pytest.importorskip("numba")
    batch = (ARTICLES + QUIRKS) * 3
    one, other = (FastSegmenter(backend=backend).segment(batch) for backend in ("numpy", "numba"))
    for column in ("starts", "ends", "indptr"):
        assert np.array_equal(getattr(one, column), getattr(other, column))
    assert [one.words(i) for i in range(len(batch))] == [other.words(i) for i in range(len(batch))]


def test_places_are_those_of_the_text_as_given(segmenter: FastSegmenter) -> None:
    text = unicodedata.normalize("NFD", "Chị Hằng, người huyện Mèo Vạc, mở tiệm phở.")
    tokens = segmenter.segment([text])
    pieces = [text[a:b] for a, b in zip(tokens.starts, tokens.ends, strict=True)]
    joined = ["_".join(unicodedata.normalize("NFC", piece).split()) for piece in pieces]
    assert joined == tokens.words(0)
    assert len(text) > len(unicodedata.normalize("NFC", text))


def test_fallback_and_places_agree(segmenter: FastSegmenter) -> None:
    for text in [*ARTICLES, *QUIRKS]:
        tokens, expected = segmenter.segment([text]), reference.segment_text(text)
        assert tokens.starts.tolist() == expected.starts
        assert tokens.ends.tolist() == expected.ends


def test_texts_left_to_underthesea_stand_in_their_place(segmenter: FastSegmenter) -> None:
    odd = "Bác Th sửa xe ở xã"
    batch = [odd, "", ARTICLES[0], odd, "", odd, ARTICLES[1], odd]
    assert_same_words(segmenter.segment(batch), batch)


def test_no_texts(segmenter: FastSegmenter) -> None:
    assert_same_words(segmenter.segment([]), [])
    assert_same_words(segmenter.segment(["", " \n"]), ["", " \n"])


def test_surrogates_fail_as_in_underthesea(segmenter: FastSegmenter) -> None:
    with pytest.raises(UnicodeEncodeError):
        word_tokenize("a \ud800")
    with pytest.raises(UnicodeEncodeError):
        segmenter.segment(["ổn", "a \ud800"])
    assert_same_words(segmenter.segment(["ổn"]), ["ổn"])


def test_one_text_is_no_batch(segmenter: FastSegmenter) -> None:
    with pytest.raises(TypeError, match="a sequence of texts"):
        segmenter.segment("một văn bản")


def test_something_else_is_no_text(segmenter: FastSegmenter) -> None:
    with pytest.raises(TypeError):
        segmenter.segment(["được", None])  # type: ignore[list-item]
    assert_same_words(segmenter.segment(["được"]), ["được"])


def test_memory_is_bounded(segmenter: FastSegmenter) -> None:
    small = FastSegmenter(max_entries=200, backend=segmenter._backend.backend)
    kept = small.segment(["đầu tiên " + ARTICLES[0]])
    words = kept.words(0)
    for i in range(60):
        batch = [f"{ARTICLES[i % len(ARTICLES)]} số{i}x từ{i}y", f"chữ{i}"]
        assert_same_words(small.segment(batch), batch)
        assert len(small._lexicon) + small._chunks.size < 200 + 150
    assert small.segment(["x"]).vocabulary is not kept.vocabulary
    assert kept.words(0) == words


def test_long_chunks_count_as_several(segmenter: FastSegmenter) -> None:
    small = FastSegmenter(max_entries=500, backend=segmenter._backend.backend)
    kept = small.segment(["x" * 20_000]).vocabulary
    assert small.segment(["y"]).vocabulary is not kept


def test_threads_with_a_segmenter_each(segmenter: FastSegmenter) -> None:
    batch = (ARTICLES + QUIRKS) * 4
    expected = segmenter.segment(batch)
    results: list[list[list[str]]] = []

    def work() -> None:
        own = FastSegmenter(backend=segmenter._backend.backend)
        for _ in range(3):
            tokens = own.segment(batch)
        results.append([tokens.words(i) for i in range(len(batch))])

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [[expected.words(i) for i in range(len(batch))]] * 3


@pytest.fixture
def unverified(monkeypatch: pytest.MonkeyPatch) -> FastSegmenter:
    monkeypatch.setitem(installed.VERSIONS, "underthesea", "0.0.1")
    module.load_prepared.cache_clear()
    with pytest.warns(UserWarning, match=r"slow way: underthesea 9\.5\.0 is installed") as warned:
        made = FastSegmenter()
    assert len(warned) == 1
    assert "\n" not in str(warned[0].message)
    yield made
    module.load_prepared.cache_clear()


def test_another_underthesea_segments_by_itself(unverified: FastSegmenter) -> None:
    batch = [*ARTICLES, "", *QUIRKS[:60]]
    assert_same_words(unverified.segment(batch), batch)
    assert_same_words(unverified.segment([]), [])


class TestBackend:
    """The choice of the implementation."""

    def test_single_articles_never_import_numba(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(backend.STREAMS, "segment", (100_000, 0))
        segmenter = FastSegmenter()
        for text in ARTICLES:
            segmenter.segment([text])
        assert segmenter._compiled is None

    def test_many_texts_are_worth_compiling(self, monkeypatch: pytest.MonkeyPatch) -> None:
        pytest.importorskip("numba")
        monkeypatch.setitem(backend.STREAMS, "segment", (1000, 5000))
        segmenter = FastSegmenter()
        batch = ARTICLES * 2
        for i in range(8):
            assert_same_words(segmenter.segment(batch), batch)
            characters = (i + 1) * sum(map(len, batch))
            assert (segmenter._compiled is not None) == (characters >= 5000)
        before = segmenter._compiled
        segmenter.segment(["một bài ngắn"])
        assert segmenter._compiled is before

    def test_works_without_numba(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(backend.STREAMS, "segment", (0, 0))
        monkeypatch.setattr(backend, "start", lambda: False)
        segmenter = FastSegmenter()
        assert_same_words(segmenter.segment(ARTICLES), ARTICLES)
        assert segmenter._compiled is None

    def test_works_with_a_broken_numba(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(backend.STREAMS, "segment", (0, 0))
        monkeypatch.setitem(sys.modules, "chude.compute.jit", None)
        backend.start.cache_clear()
        try:
            segmenter = FastSegmenter()
            assert_same_words(segmenter.segment(ARTICLES), ARTICLES)
            assert segmenter._compiled is None
        finally:
            backend.start.cache_clear()

    def test_unknown_backend(self) -> None:
        with pytest.raises(ValueError, match="unknown backend 'abacus'"):
            FastSegmenter(backend="abacus")  # type: ignore[arg-type]
