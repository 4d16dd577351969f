import re
import unicodedata

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chude.compute import backend
from chude.corpus.article import Article
from chude.corpus.copies import LEAST, Fingerprints, compared_text, near_copies

SYLLABLES = np.array(
    re.findall(
        r"\w+",
        "bản làng biên giới đồn trạm tuần tra cột mốc bộ đội dân quân huyện xã tỉnh chợ phiên lúa "
        "ngô mùa vụ thu hoạch đường cầu trường lớp thầy cô học sinh gió mưa suối núi rừng nương",
    )
)


def invent(rng: np.random.Generator, length: int) -> list[str]:
    return list(rng.choice(SYLLABLES, length))


def edit(rng: np.random.Generator, words: list[str], share: float) -> list[str]:
    """A reprint: runs of words replaced, dropped or added."""
    edited = list(words)
    for _ in range(int(share * len(words) / 4)):
        at = int(rng.integers(len(edited)))
        edited[at : at + int(rng.integers(0, 4))] = invent(rng, int(rng.integers(0, 4)))
    return edited


def shingles(text: str) -> set[tuple[str, ...]]:
    words = text.split()
    return {tuple(words[i : i + 5]) for i in range(max(1, len(words) - 4))}


def test_nearly_every_pair_that_brute_force_finds() -> None:
    rng = np.random.default_rng(3)
    texts = []
    for _ in range(120):
        words = invent(rng, int(rng.integers(30, 300)))
        copies = [edit(rng, words, share) for share in (0.02, 0.05, 0.1, 0.2)]
        texts += [" ".join(part) for part in (words, *copies)]
    sets = [shingles(text) for text in texts]
    pairs = [
        (a, b, len(sets[a] & sets[b]) / len(sets[a] | sets[b]))
        for a in range(len(texts))
        for b in range(a + 1, a - a % 5 + 5)
    ]
    group = near_copies(texts)
    alike = [(a, b) for a, b, similarity in pairs if similarity >= LEAST]
    found = sum(group[a] == group[b] for a, b in alike)
    assert len(alike) > 200
    assert len({similarity for *_, similarity in pairs if 0.65 < similarity < 0.75}) > 20
    assert found / len(alike) >= 0.95
    # None but reprints is in a group: the five texts of one story stand together.
    assert all(group[i] // 5 == i // 5 for i in range(len(texts)))


def test_similarity_is_that_of_the_sets() -> None:
    rng = np.random.default_rng(1)
    words = invent(rng, 80)
    texts = [" ".join(words), " ".join(edit(rng, words, 0.2))]
    fingerprints = Fingerprints()
    fingerprints.add(texts)
    one, two = map(shingles, texts)
    assert fingerprints.similarity(0, 1) == pytest.approx(len(one & two) / len(one | two))
    assert fingerprints.similarity(0, 0) == 1


@pytest.mark.parametrize(
    "copy",
    [
        "HÔM QUA, TẠI XÃ NÀ HỎA, BỘ ĐỘI GIÚP DÂN GẶT LÚA!",
        "Hom qua tai xa Na Hoa, bo doi giup dan gat lua",
        "Hôm qua tại xã Nà Hoả — bộ đội giúp dân  gặt lúa.",
    ],
)
def test_case_marks_and_diacritics_make_no_difference(copy: str) -> None:
    text = "Hôm qua, tại xã Nà Hỏa, bộ đội giúp dân gặt lúa."
    decomposed = unicodedata.normalize("NFD", text)
    assert near_copies([text, "Tin khác", copy, decomposed]).tolist() == [0, 1, 0, 0]


def test_short_and_empty_texts() -> None:
    texts = ["", "Hết.", "—", "hết", "Hết giờ", "", "Một hai ba bốn năm"]
    assert near_copies(texts).tolist() == [0, 1, 2, 1, 4, 5, 6]
    assert near_copies([]).tolist() == []
    assert near_copies(["..."]).tolist() == [0]


def test_what_is_printed_a_thousand_times_is_one_group() -> None:
    rng = np.random.default_rng(0)
    words = invent(rng, 60)
    texts = [" ".join([*words, str(n)]) for n in range(1000)] + [" ".join(words)] * 1000
    assert set(near_copies(texts)) == {0}


@given(st.lists(st.text("aăđếỞ1 .\n\0́漢", max_size=30), max_size=8), st.integers(0, 7))
def test_any_text_is_its_own_copy(texts: list[str], at: int) -> None:
    texts = [*texts, *texts[at : at + 1]]
    group = near_copies(texts)
    assert (group <= np.arange(len(texts))).all()
    assert (group[group] == group).all()
    if len(texts) > at + 1 and any(letter.isalnum() for letter in texts[-1]):
        assert group[-1] == group[at]


def test_with_and_without_numba_the_same_shingles() -> None:
    pytest.importorskip("numba")
    assert backend.start()

    @given(
        st.lists(st.text("aăđếỞ1 .,\n\0\u0301漢\U0001f642\u2028\ud800", max_size=60), max_size=8)
    )
    @example(["Một hai ba bốn năm sáu bảy", "", "a b c d e f g", "漢 漢", "\u0301a"])
    def compare(texts: list[str]) -> None:
        fingerprints = Fingerprints()
        with pytest.MonkeyPatch.context() as numpy_alone:
            numpy_alone.setattr("chude.corpus.copies.started", lambda: False)
            fingerprints.add(texts)
            alike = [fingerprints.similarity(i, i) for i in range(len(texts))]
        fingerprints.add(texts)
        again = [fingerprints.similarity(i, len(texts) + i) for i in range(len(texts))]
        assert again == alike

    compare()


def test_titles_count_where_there_is_nothing_else() -> None:
    assert compared_text(Article("1", "Tin vắn", "Thân bài")) == "Thân bài"
    assert compared_text(Article("1", "Tin vắn", " ")) == "Tin vắn"
