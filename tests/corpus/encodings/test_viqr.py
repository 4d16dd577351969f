import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.corpus.encodings.syllables import syllables
from chude.corpus.encodings.viqr import decode_viqr, encode_viqr

WORDS = st.sampled_from(sorted(syllables()))
ENDS = st.sampled_from([" ", ", ", ". ", "? ", "\n", "!\n", " - "])


@given(st.lists(st.tuples(WORDS, ENDS), min_size=1))
def test_what_is_encoded_is_decoded(pieces: list[tuple[str, str]]) -> None:
    # One escaped full stop tells that this writer escapes.
    text = "Cá. Trâu đi. " + "".join(word + end for word, end in pieces)
    assert decode_viqr(encode_viqr(text)) == text


@pytest.mark.parametrize(
    ("viqr", "text"),
    [
        ("Vie^.t Nam, ddu+o+`ng bie^n gio+'i", "Việt Nam, đường biên giới"),
        ("DDo^`n Bie^n pho`ng. Nga`y mai", "Đồn Biên phòng. Ngày mai"),
        ("Ho^.i nghi. di ra. Sau ddo'", "Hội nghị di ra. Sau đó"),
        ("no'i vo+'i ba.n: xem www.baochi.vn", "nói với bạn: xem www.baochi.vn"),
        ("TP.Hue^', QDDND, ddi dda^u?", "TP.Huế, QĐND, đi đâu?"),
        ("cha\\. Me. ve^`...", "cha. Mẹ về..."),
        ("Don't add (this): a+b, 3~4", "Don't add (this): a+b, 3~4"),
    ],
)
def test_viqr_of_writers_with_and_without_escapes(viqr: str, text: str) -> None:
    assert decode_viqr(viqr) == text


def test_what_is_not_vietnamese_is_an_error() -> None:
    with pytest.raises(UnicodeEncodeError):
        encode_viqr("nước ﬁ")
