import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chude.text.passages import passage_tokens, split_paragraphs, split_passages
from chude.text.segment import make_segmenter

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
