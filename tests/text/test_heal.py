import itertools
import random
import sys
import time
import tracemalloc
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.compute import backend
from chude.text.clusters import LEFT_OUT, MARK, REMOVED, REPLACED, SEVERAL, healed_codes
from chude.text.fold import fold, fold_all
from chude.text.heal import heal, heal_all
from tests.text.healed_one_by_one import heal_by_clusters

VIETNAMESE = st.text(
    "aăâeêioôơuưyàằầèềìòồờùừỳáắấéếíóốớúứýạặậẹệịọộợụựỵđqghtnc Đ“”’\u00a0.,\n", max_size=60
)
TEXT = VIETNAMESE | VIETNAMESE.map(lambda text: unicodedata.normalize("NFD", text))
INVISIBLE = "\u00ad\u200b\ufeff\u200d"


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("hoà", "hòa"), ("Hoà", "hòa"), ("hòa", "hòa"), ("khoẻ", "khỏe"), ("thuỷ", "thủy"),
        ("hoàn", "hoàn"), ("hòan", "hoàn"), ("huỳnh", "huỳnh"), ("hùynh", "huỳnh"),
        ("tuyệt", "tuyệt"), ("loè_loẹt", "lòe_loẹt"),
        ("quý", "quý"), ("qúy", "quý"), ("quỳ", "quỳ"), ("qùy", "quỳ"), ("quỳnh", "quỳnh"),
        ("qúa", "quá"), ("quá", "quá"), ("quả", "quả"),
        ("già", "già"), ("gìa", "già"), ("gíup", "giúp"), ("gì", "gì"), ("gìn", "gìn"),
        ("Ý", "ý"), ("ở", "ở"), ("BĐBP", "bđbp"), ("COVID-19", "covid-19"),
    ],
)  # fmt: skip
def test_one_tone_mark_convention(word: str, folded: str) -> None:
    assert fold(word) == folded


@given(VIETNAMESE)
def test_folding_again_changes_nothing(word: str) -> None:
    assert fold(fold(word)) == fold(word)
    assert len(fold(word)) == len(word)


def test_healing_unifies_quotes_and_spaces() -> None:
    assert heal("“Th\u00f4n”\u00a0H’Mông\u3000a").text == '"Thôn" H\'Mông a'


def test_decomposed_letters_map_back_to_all_their_marks() -> None:
    text = "Nguye\u0302\u0303n\u200b A"
    healed = heal(text)
    assert healed.text == "Nguyễn A"
    [[start, end]] = healed.spans(np.array([[0, 6]])).tolist()
    assert text[start:end] == "Nguye\u0302\u0303n"


@given(TEXT, st.lists(st.tuples(st.integers(0, 60), st.sampled_from(INVISIBLE)), max_size=4))
def test_healed_text_is_composed_and_visible(text: str, hidden: list[tuple[int, str]]) -> None:
    for place, character in hidden:
        text = text[:place] + character + text[place:]
    healed = heal(text)
    assert unicodedata.is_normalized("NFC", healed.text)
    assert not set(healed.text) & set(INVISIBLE)
    assert heal(healed.text).text == healed.text


@given(TEXT)
def test_spans_of_characters_are_in_order_and_say_the_same(text: str) -> None:
    healed = heal(text)
    places = np.arange(len(healed.text))
    spans = healed.spans(np.stack([places, places + 1], axis=1)).tolist()
    assert all(start < end for start, end in spans)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    for character, (start, end) in zip(healed.text, spans, strict=True):
        assert heal(text[start:end]).text == character


MARKS = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323\u0308\u0327\u0344\u0345\u036f"
ODD = st.text(
    st.sampled_from([*REPLACED, *REMOVED, *MARKS, *"aệđowUƠ\n“→ΩК가ᄀ\u1161\u212b\u0958🙂\ud800"])
)
CLUSTERS = st.lists(
    st.tuples(
        st.sampled_from("aăâeêioôơuưyĐqạệỡbΩ\n \u00b4"), st.text(st.sampled_from(MARKS), max_size=3)
    )
).map(lambda pairs: "".join(map("".join, pairs)))


@given(st.lists(TEXT | ODD | CLUSTERS | st.text(), max_size=6), st.booleans())
def test_healing_a_batch_is_healing_clusters_one_by_one(texts: list[str], with_numba: bool) -> None:
    check_batch(texts, with_numba)


@pytest.mark.parametrize("with_numba", [False, True])
def test_long_texts_are_healed_as_their_clusters(with_numba: bool) -> None:
    rng = random.Random(0)
    units = [
        *"aệ\n",
        "e\u0302\u0301",
        "b\u0301",
        "\u200b",
        "\u0301",
        "\u0958\u0323",
        "o\u00ad\u0323",
    ]

    def text(count: int) -> str:
        return "".join(rng.choice(units) * rng.choice([1, 2, 20_000]) for _ in range(count))

    check_batch([text(9), "", text(5), "\u0301" * 70_000, text(2), text(9)], with_numba)


def check_batch(texts: list[str], with_numba: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if not (with_numba and backend.start()):  # that loads it
            patch.delitem(sys.modules, "chude.compute.jit", raising=False)
        healed = heal_all(texts)
    assert len(healed.joined) == len(texts)
    moved = [] if healed.moved is None else healed.moved.texts.tolist()
    for i, text in enumerate(texts):
        expected, starts, ends = heal_by_clusters(text)
        assert heal(text).text == healed.joined[i] == expected
        places = np.arange(len(expected))
        spans = heal(text).spans(np.stack([places, places + 1], axis=1))
        assert spans.tolist() == [list(pair) for pair in zip(starts, ends, strict=True)]
        if i in moved:
            k = moved.index(i)
            assert healed.moved.healed[k] == expected
            inside = healed.moved.healed.starts[k] + places
            assert (healed.moved.starts[inside] - healed.moved.bases[k]).tolist() == starts
            assert (healed.moved.ends[inside] - healed.moved.bases[k]).tolist() == ends
        else:
            assert starts == list(range(len(text)))


def test_numbers_written_out_are_those_they_stand_for() -> None:
    compiled = pytest.importorskip("chude.text.kernels_numba")
    assert (compiled.MARK, compiled.SEVERAL, compiled.LEFT_OUT) == (MARK, SEVERAL, LEFT_OUT)


@pytest.mark.parametrize(
    "unit",
    [
        "e\u0302\u0301",
        "b\u0301",
        "\u0301\u0323",
        "\u200b",
        "a\u200b\u0301 ",
        "\u0958",
        "x\u0323\u0301\u031b",
    ],
)
def test_healing_takes_linear_time(unit: str) -> None:
    text = unit * 40_000
    begin = time.process_time()
    healed = heal_all([text, text])
    assert time.process_time() - begin < 5
    assert healed.joined[0] == healed.joined[1]
    # What stands at the beginning and in the middle is healed as in a short text.
    short = heal(unit * 30).text
    assert healed.joined[0][: len(short) // 2] == short[: len(short) // 2]


@pytest.mark.parametrize("unit", ["a\u0301", "b\u0301", "x\u0323\u0301", "\u0301"])
def test_healing_takes_little_more_memory_than_what_comes_of_it(unit: str) -> None:
    text = unit * (400_000 // len(unit))
    tracemalloc.start()
    heal_all([text])
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 80 * len(text)  # characters, and two places, have 4 bytes each


def test_characters_healed_at_once_change_whatever_stands_around_them() -> None:
    codes = healed_codes()
    sure = [chr(code) for code in np.flatnonzero(codes < MARK).tolist()]
    assert {"ệ", "Ỹ", "đ", "ð", "“", "…", "–", "\u00a0", "\n", "→", "●"} <= set(sure)
    for character in sure:
        assert heal(character).text == chr(codes[ord(character)])
    assert all(unicodedata.combining(character) == 0 for character in sure)
    # None of them composes with one before it: no composed character has it as its second.
    canonical = (unicodedata.decomposition(chr(code)) for code in range(sys.maxunicode + 1))
    parts = [parts.split() for parts in canonical if parts and not parts.startswith("<")]
    seconds = {chr(int(pair[1], 16)) for pair in parts if len(pair) == 2}
    assert "\u0301" in seconds
    assert not seconds & set(sure)


@given(st.lists(st.text(st.sampled_from("aAoOuUqgyeòóàÀỷýíIİΣς\n_- 1tn"), max_size=6), max_size=8))
def test_many_words_are_folded_as_one_by_one(words: list[str]) -> None:
    assert fold_all(words) == [fold(word) for word in words]
