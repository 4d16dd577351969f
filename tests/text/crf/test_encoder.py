"""Tokens of chunks against underthesea's regular expression over the whole text."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from underthesea.pipeline.word_tokenize.regex_tokenize import tokenize

from chude.text.code_points import JoinedTexts
from chude.text.crf.chunk_finder import IS_SPACE
from chude.text.crf.chunks import ChunkTable
from chude.text.crf.encoder import Encoder, Steps
from chude.text.crf.lexicon import Lexicon, Vocabulary
from chude.text.crf.reference import TokenRules, normalise
from chude.text.crf.steps_numpy import NumpySteps
from chude.text.crf.tables import Row, Tables
from tests.text.crf.invented import ARTICLES, QUIRKS, texts


class Bench:
    """An encoder with one implementation of the steps."""

    def __init__(self, tables: Tables, rules: TokenRules, backend: str) -> None:
        self.vocabulary = Vocabulary()
        self.lexicon = Lexicon(tables, self.vocabulary)
        self.chunks = ChunkTable(self.lexicon, rules)
        self.encoder = Encoder(self.chunks)
        self.steps: Steps = NumpySteps(tables, self.chunks, self.lexicon)
        if backend == "numba":
            pytest.importorskip("numba")
            from chude.text.crf.steps_numba import NumbaSteps

            self.steps = NumbaSteps(tables, self.chunks, self.lexicon)

    def tokens(self, batch: list[str]) -> list[list[tuple[str, int, int]] | None]:
        found = self.encoder.encode(JoinedTexts.of(batch), self.steps)
        words = self.lexicon.rows[found.tokens, Row.WORD].tolist()
        columns = zip(words, found.starts.tolist(), found.ends.tolist(), strict=True)
        rows = iter([(self.vocabulary.words[word], start, end) for word, start, end in columns])
        result = [[next(rows) for _ in range(size)] for size in found.sizes.tolist()]
        assert next(rows, None) is None
        assert all(not result[text] for text in found.unsegmented)
        return [None if i in found.unsegmented else tokens for i, tokens in enumerate(result)]


@pytest.fixture(scope="module", params=["numpy", "numba"])
def bench(request: pytest.FixtureRequest, tables: Tables, rules: TokenRules) -> Bench:
    return Bench(tables, rules, request.param)


def assert_same_tokens(bench: Bench, batch: list[str]) -> list[int]:
    """Compare; the texts left to underthesea."""
    left = []
    for i, (text, tokens) in enumerate(zip(batch, bench.tokens(batch), strict=True)):
        if tokens is None:
            left.append(i)
            continue
        assert [token for token, _, _ in tokens] == tokenize(text)
        assert all(0 <= start < end <= len(text) for _, start, end in tokens)
        if text == normalise(text):
            pieces = [text[start:end] for _, start, end in tokens]
            assert pieces == tokenize(text, use_token_normalize=False)
    return left


def test_articles(bench: Bench) -> None:
    assert assert_same_tokens(bench, ARTICLES) == []


@pytest.mark.parametrize("text", QUIRKS)
def test_quirks(bench: Bench, text: str) -> None:
    assert_same_tokens(bench, [text])


def test_quirks_in_one_batch(bench: Bench) -> None:
    left = assert_same_tokens(bench, QUIRKS)
    expected = {"Th s", "Th S", "Th\ts", "Th\ns", "Th\u00a0s", "aTh s", "bà Th sinh ra"}
    assert {QUIRKS[i] for i in left} == expected


@given(st.lists(texts(), max_size=4))
def test_any_texts(bench: Bench, batch: list[str]) -> None:
    assert_same_tokens(bench, batch)


@given(st.text(st.sampled_from("ADTThsS.Đa'’-:)(@/0x&, \n\t\u00a0v°C<3=>")))
def test_texts_of_delicate_characters(bench: Bench, text: str) -> None:
    assert_same_tokens(bench, [text, text + "\n", text + " ", text + "\n\n", "\n" + text])


@given(st.text())
def test_any_characters(bench: Bench, text: str) -> None:
    assert_same_tokens(bench, [text])


@given(st.text(st.sampled_from("0139AaxĐ.,-/:<'&_@"), min_size=1, max_size=9))
def test_chunks_that_differ_in_their_digits(bench: Bench, chunk: str) -> None:
    others = [chunk.translate(str.maketrans("0139", to)) for to in ("9310", "2222", "3131")]
    assert_same_tokens(bench, [chunk, *others, *(f"{other} x" for other in others)])


def test_the_end_of_a_text_is_not_remembered_for_its_middle(bench: Bench) -> None:
    batch = [
        "ở xã KL.",
        "ở xã KL. xa",
        "ở xã KL.\n",
        "ở xã KL. ",
        "ở KL.\nxa KL.",
        "KL.",
        "KL.\n\n",
    ]
    for _ in range(2):
        assert assert_same_tokens(bench, batch) == []


def test_surrogates_fail_as_in_underthesea(tables: Tables, rules: TokenRules) -> None:
    with pytest.raises(UnicodeEncodeError):
        Bench(tables, rules, "numpy").tokens(["tốt", "lone \ud83d here", "\udc00"])


def test_chunks_are_remembered(bench: Bench) -> None:
    assert_same_tokens(bench, ARTICLES)
    before = len(bench.chunks.names)
    assert_same_tokens(bench, ARTICLES[::-1])
    assert len(bench.chunks.names) == before


def test_neighbouring_texts_do_not_touch(bench: Bench) -> None:
    assert assert_same_tokens(bench, ["", "a", "", "b c", "", "", "d", ""]) == []
    assert bench.tokens([]) == []
    assert bench.tokens([""]) == [[]]


def test_white_space_is_what_split_takes_for_it() -> None:
    for code in range(sys.maxunicode + 1):
        split = chr(code).split() == []
        assert split == bool(IS_SPACE[min(code, len(IS_SPACE) - 1)]), hex(code)


def test_normalisation_neither_makes_nor_removes_white_space() -> None:
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        normalised = unicodedata.normalize("NFC", character)
        if character.isspace():
            assert len(normalised) == 1
            assert normalised.isspace()
        else:
            assert not any(map(str.isspace, unicodedata.normalize("NFD", character)))
            # Nothing joins white space before it.
            assert unicodedata.normalize("NFC", " " + character) == " " + normalised
