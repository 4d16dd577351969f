import itertools
import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chude.compute import backend
from chude.text import passages
from chude.text.passages import (
    Passages,
    Span,
    passage_tokens,
    split_all,
    split_paragraphs,
    split_passages,
)
from chude.text.segment import make_segmenter
from chude.text.tokens import Tokens
from tests.text.passages_one_by_one import paragraphs_by_expression, passages_by_expression

SENTENCE = "Sáng nay bà con ra đồng gặt lúa cùng bộ đội. "


def pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in split_passages(text)]


def test_paragraphs_are_passages_and_the_title_is_one() -> None:
    paragraph = (SENTENCE * 5).strip()
    text = f" Tiêu đề \n\n\t{paragraph}\n  \n{paragraph}\n"
    assert pieces(text) == ["Tiêu đề", paragraph, paragraph]


def test_short_paragraphs_go_on_with_the_next() -> None:
    text = "Tiêu đề\n\n" + "\n".join([SENTENCE.strip()] * 9)
    assert [piece.count("lúa") for piece in pieces(text)] == [0, 4, 4, 1]


def test_long_paragraphs_become_windows_of_sentences() -> None:
    text = "Tiêu đề\n\n" + SENTENCE * 40
    title, *windows = pieces(text)
    assert title == "Tiêu đề"
    assert len(windows) > 2
    assert all(window.endswith("bộ đội.") for window in windows)
    assert "".join(windows).replace(" ", "") == (SENTENCE * 40).replace(" ", "")


def test_a_text_without_words_has_one_passage() -> None:
    assert split_passages(" \n ") == [(0, 0)]


@given(st.text("aá .!?\n", max_size=400))
def test_passages_are_in_order_and_lose_nothing(text: str) -> None:
    spans = split_passages(text)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    kept = "".join(text[start:end] for start, end in spans)
    assert "".join(kept.split()) == "".join(text.split())


def test_each_word_belongs_to_its_passage() -> None:
    texts = ["Tiêu đề\n\nĐoạn một.\n\nĐoạn hai ở đây.", "", "Một đoạn."]
    passages = [split_paragraphs(text) or [(0, 0)] for text in texts]
    tokens = passage_tokens(make_segmenter("syllable").segment(texts), passages)
    assert [tokens.words(i) for i in range(len(tokens.indptr) - 1)] == [
        ["Tiêu", "đề"],
        ["Đoạn", "một"],
        ["Đoạn", "hai", "ở", "đây"],
        [],
        ["Một", "đoạn"],
    ]
    assert np.array_equal(tokens.indptr[[0, -1]], [0, len(tokens.ids)])


# Many syllables in a row, so that paragraphs become long.
PIECES = st.one_of(
    st.integers(1, 90).map(lambda n: "lúa " * n),
    st.integers(1, 60).map(lambda n: "gặt. " * n),
    st.sampled_from(
        [
            "\n",
            "\n\n",
            ". ",
            '." ',
            "?) ",
            "…",
            "a.) b",
            '"',
            " \u3000",
            "\x1c",
            "\u2028",
            "\r\n",
            "ở",
        ]
    ),
    st.text("aá .!?…\n)]\"'”’\t", max_size=12),
)
TEXTS = st.lists(st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=20), max_size=4)


@pytest.fixture(params=["numpy", "numba"])
def backends(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "numpy":
        monkeypatch.setitem(sys.modules, "chude.compute.jit", None)
    elif not backend.start():
        pytest.skip("numba is not installed")
    return request.param


def test_a_batch_is_split_as_by_expressions(backends: str) -> None:
    @settings(max_examples=400)
    @given(TEXTS)
    def compare(texts: list[str]) -> None:
        found = split_all(texts)
        assert len(found) == len(texts)
        assert list(found) == [passages_by_expression(text) for text in texts]
        assert found.starts.dtype == found.ends.dtype == found.indptr.dtype == np.int64
        assert [split_paragraphs(text) for text in texts] == [
            paragraphs_by_expression(text) for text in texts
        ]

    compare()


@pytest.mark.parametrize("unit", [" ", "\n", "a ", "a\n", "a. ", ")", "a.) ", ".", "\u3000\n "])
def test_splitting_takes_linear_time(backends: str, unit: str) -> None:
    text = unit * 80_000
    begin = time.process_time()
    spans = split_passages(text)
    assert time.process_time() - begin < 4
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())


def words_one_by_one(tokens: Tokens, spans: list[list[Span]]) -> list[int]:
    """Where the words of each passage begin."""
    bounds = []
    for i, of_text in enumerate(spans):
        first, last = tokens.indptr[i], tokens.indptr[i + 1]
        begins = [start for start, _ in of_text[1:]]
        inner = np.searchsorted(tokens.ends[first:last], begins, side="right")
        bounds += [first, *(first + inner)]
    return [*bounds, tokens.indptr[-1]]


@given(TEXTS)
def test_words_are_given_to_passages_as_one_by_one(texts: list[str]) -> None:
    tokens = make_segmenter("syllable").segment(texts)
    spans = [passages_by_expression(text) for text in texts]
    found = passage_tokens(tokens, spans)
    assert found.indptr.tolist() == words_one_by_one(tokens, spans)
    assert found.indptr.tolist() == passage_tokens(tokens, Passages.of(spans)).indptr.tolist()


def test_passages_are_the_spans_of_each_text() -> None:
    found = split_all(["Một.", "", "Hai\nba"])
    assert list(found) == [[(0, 4)], [(0, 0)], [(0, 3), (4, 6)]]
    assert found[-1] == found[2] == [(0, 3), (4, 6)]
    assert found[1:] == [[(0, 0)], [(0, 3), (4, 6)]]
    assert found.lengths.tolist() == [1, 1, 2]
    with pytest.raises(IndexError):
        found[3]
    assert list(split_all([])) == []


def test_numbers_written_out_are_those_they_stand_for() -> None:
    compiled = pytest.importorskip("chude.text.kernels_numba")
    found = passages.kinds()[[ord(" "), ord("."), ord(")"), ord("a")]].tolist()
    assert found == [compiled.SPACE, compiled.STOP, compiled.CLOSER, 0]
