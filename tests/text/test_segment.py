import itertools
import re
import sys
import unicodedata

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from underthesea import word_tokenize

from chude.compute import backend
from chude.errors import ChudeError
from chude.text.heal import heal
from chude.text.segment import Segmenter, SyllableSegmenter, make_segmenter
from chude.text.tokens import Tokens, concatenate

ARTICLE = (
    "Giúp dân bản Huổi Só\n\nSáng 17/9, đại úy Lò Văn Pấng (Đồn Biên phòng Nậm Cáy) cùng 12 CBCS "
    "giúp bà con gặt 3,5 ha lúa. “Không có bộ đội thì mất trắng”, bà Vàng Thị Mẩy nói.\n"
    "Ở đây, y tá và ý kiến của già làng đều quý; xem thêm tại http://vidu.vn/tin?id=5."
)
HARD = st.lists(
    st.sampled_from(
        ["hoà", "quý", "Th", "s", "Th.s", "TP.HCM", "T.Ư", "H'Mông", "17-9", "3.500", ":D", "...",
         "“", "”", "(", ")", "\n", " ", "\u00a0", "ở", "Nguye\u0302\u0303n", "\u200b", "a@b.vn",
         "http://x.vn", "biên", "phòng", "Bộ", "đội", "COVID-19", "🙂", "_", "a_b", "%", "v.v."]
    ),
    max_size=25,
).map(" ".join) | st.text(max_size=60)  # fmt: skip


@pytest.fixture(scope="module", params=["syllable", "underthesea"])
def segmenter(request: pytest.FixtureRequest) -> Segmenter:
    return make_segmenter(request.param)


def spans(tokens: Tokens, text: int) -> list[tuple[int, int]]:
    inside = slice(tokens.indptr[text], tokens.indptr[text + 1])
    return list(zip(tokens.starts[inside].tolist(), tokens.ends[inside].tolist(), strict=True))


def test_words_are_those_of_underthesea() -> None:
    tokens = make_segmenter("underthesea").segment([ARTICLE])
    healed = heal(ARTICLE).text
    assert " ".join(tokens.words(0)) == word_tokenize(healed, format="text")
    assert {"Biên_phòng", "bà_con", "già_làng"} <= set(tokens.words(0))


@settings(max_examples=200)
@given(HARD)
def test_words_are_those_of_underthesea_on_hard_text(text: str) -> None:
    tokens = make_segmenter("underthesea").segment([text])
    assert " ".join(tokens.words(0)) == word_tokenize(heal(text).text, format="text")


def test_the_unescaped_dot_of_underthesea_joins_across_a_space() -> None:
    text = "Gặp ông Th sống ở đây."
    tokens = make_segmenter("underthesea").segment([text])
    assert tokens.words(0)[2:4] == ["Th_s", "ống"]
    assert [text[start:end] for start, end in spans(tokens, 0)][2:4] == ["Th s", "ống"]


def test_syllables_of_one_letter_count() -> None:
    words = make_segmenter("syllable").segment(["Ý kiến của y tá ở đây, 3 ha."]).words(0)
    assert words == ["Ý", "kiến", "của", "y", "tá", "ở", "đây", "3", "ha"]


@pytest.fixture(params=["numpy", "numba"])
def syllables(request: pytest.FixtureRequest) -> SyllableSegmenter:
    if request.param == "numba":
        pytest.importorskip("numba")
    return SyllableSegmenter(backend=request.param)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(HARD, max_size=4))
def test_syllables_are_runs_of_letters_and_digits(
    syllables: SyllableSegmenter, texts: list[str]
) -> None:
    tokens = syllables.segment(texts)
    for i, text in enumerate(texts):
        assert tokens.words(i) == re.findall(r"[^\W_]+", heal(text).text)
        pieces = [text[start:end] for start, end in spans(tokens, i)]
        assert [heal(piece).text for piece in pieces] == tokens.words(i)


def test_the_vocabulary_of_syllables_grows(syllables: SyllableSegmenter) -> None:
    first = syllables.segment([ARTICLE, "Chữ ٣ và Ωmega ½"])
    words = first.words(1)
    before = list(first.vocabulary)
    second = syllables.segment(["Huổi Só một bản mới"])
    assert second.vocabulary is first.vocabulary
    assert first.vocabulary[: len(before)] == before
    assert first.vocabulary[len(before) :] == ["một", "mới"]
    assert first.words(1) == words == ["Chữ", "٣", "và", "Ωmega", "½"]


def test_the_vocabulary_of_syllables_is_bounded() -> None:
    small = SyllableSegmenter(max_entries=20, backend="numpy")
    first = small.segment([ARTICLE])
    words = first.words(0)
    second = small.segment(["xã này"])
    assert second.vocabulary == ["xã", "này"]
    assert first.words(0) == words


def test_many_syllables_are_worth_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    monkeypatch.setitem(backend.STREAMS, "segment", (1000, 5000))
    segmenter = SyllableSegmenter()
    batch = [ARTICLE] * 5
    found = [segmenter.segment(batch) for _ in range(5)]
    assert all(tokens.words(4) == found[0].words(0) for tokens in found)
    assert all(spans(tokens, 3) == spans(found[0], 0) for tokens in found)
    assert all(tokens.vocabulary is found[0].vocabulary for tokens in found)


def test_an_interruption_leaves_no_disorder(monkeypatch: pytest.MonkeyPatch) -> None:
    segmenter = SyllableSegmenter(backend="numpy")
    expected = segmenter.segment([ARTICLE]).words(0)
    with monkeypatch.context() as patched:
        patched.setattr(np, "diff", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            segmenter.segment(["một bài khác"])
    assert segmenter.segment([ARTICLE]).words(0) == expected


def test_every_word_knows_where_it_stands(segmenter: Segmenter) -> None:
    tokens = segmenter.segment(["", ARTICLE])
    assert not tokens.words(0)
    for word, (start, end) in zip(tokens.words(1), spans(tokens, 1), strict=True):
        assert heal(ARTICLE[start:end]).text.replace(" ", "_").lower() == word.lower()


@settings(max_examples=200)
@given(st.lists(HARD, max_size=4))
def test_a_batch_is_its_texts_one_by_one(texts: list[str]) -> None:
    for name in ("syllable", "underthesea"):
        segmenter = make_segmenter(name)
        batch = segmenter.segment(texts)
        for i, text in enumerate(texts):
            alone = segmenter.segment([text])
            assert alone.words(0) == batch.words(i)
            assert spans(alone, 0) == spans(batch, i)
            found = spans(batch, i)
            assert all(0 <= start < end <= len(text) for start, end in found)
            assert all(a[1] <= b[0] for a, b in itertools.pairwise(found))


@given(st.lists(HARD | HARD.map(lambda text: unicodedata.normalize("NFD", text)), max_size=4))
def test_places_are_the_same_with_numba_and_without(texts: list[str]) -> None:
    if not backend.start():
        pytest.skip("numba is not installed")
    segmenter = make_segmenter("syllable")
    expected = segmenter.segment(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.delitem(sys.modules, "chude.compute.jit")
        found = segmenter.segment(texts)
    for name in ("ids", "starts", "ends", "indptr"):
        assert getattr(found, name).tolist() == getattr(expected, name).tolist()


def test_taking_and_joining_batches(segmenter: Segmenter) -> None:
    texts = ["Bộ đội biên phòng.", "", ARTICLE, "Giá cà phê giảm."]
    whole = segmenter.segment(texts)
    taken = whole.take(np.array([3, 2]))
    assert [taken.words(0), taken.words(1)] == [whole.words(3), whole.words(2)]
    joined = concatenate([segmenter.segment(texts[:1]), segmenter.segment(texts[1:])])
    assert [joined.words(i) for i in range(4)] == [whole.words(i) for i in range(4)]
    assert (joined.starts == whole.starts).all()


def test_an_unknown_segmenter_ends_in_one_message() -> None:
    with pytest.raises(ChudeError, match="segmenter 'vncorenlp' is unknown"):
        make_segmenter("vncorenlp")
