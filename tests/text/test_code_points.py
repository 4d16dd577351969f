import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.text import code_points as module
from chude.text.code_points import JoinedTexts, code_points, to_string

ANY_TEXT = st.text(st.characters(codec=None) | st.sampled_from("\x00\n\ud83d\ude00"))


@given(st.lists(ANY_TEXT))
def test_texts_come_back(texts: list[str]) -> None:
    joined = JoinedTexts.of(texts)
    assert [joined[i] for i in range(len(joined))] == texts
    assert joined.string == "\n".join(texts)
    assert joined.codes.tolist() == [ord(character) for character in "\n".join(texts)]


@pytest.mark.parametrize("largest", [1, 1 << 28])
def test_code_points(monkeypatch: pytest.MonkeyPatch, largest: int) -> None:
    monkeypatch.setattr(module, "_LARGEST", largest)
    for text in ("", "\x00", "Đồn\x00", "a\ud83d\ude00", "🙂"):
        codes = code_points(text)
        assert codes.dtype == np.uint32
        assert codes.tolist() == list(map(ord, text))
        assert codes.flags.writeable
        assert to_string(codes) == text


def test_something_else_is_no_text() -> None:
    with pytest.raises(TypeError):
        JoinedTexts.of(["được", None])  # type: ignore[list-item]
