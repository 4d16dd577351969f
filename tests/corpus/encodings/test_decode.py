import html
import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chude.corpus.encodings import Decoded, decode, decode_bytes
from chude.corpus.encodings.charts import charts, surface
from chude.corpus.encodings.viqr import encode_viqr
from chude.errors import Refusal
from tests.corpus.encodings.samples import ARTICLE, FOREIGN

EIGHT_BIT = ["TCVN3", "VNI", "VISCII", "VPS", "Windows-1258"]


def mojibake(text: str, codec: str, lacking: str | None = None) -> str:
    """UTF-8 taken for a codec; bytes that it lacks stay controls, or become `lacking`."""
    shown = ((code, bytes([code]).decode(codec, "ignore")) for code in text.encode())
    return "".join(c or (chr(code) if lacking is None else lacking) for code, c in shown)


def as_1252(content: bytes) -> str:
    return "".join(bytes([c]).decode("cp1252", "ignore") or chr(c) for c in content)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le",
                                      "utf-16-be", "utf-32-le", "utf-32-be"])  # fmt: skip
def test_unicode_is_read_with_and_without_a_mark(encoding: str) -> None:
    assert decode(ARTICLE.encode(encoding), "a.txt") == ARTICLE


@pytest.mark.parametrize("name", EIGHT_BIT)
def test_old_encodings_are_read_as_bytes_and_saved_once_more(name: str) -> None:
    content = charts()[name].encode(ARTICLE)
    found = decode_bytes(content, "a.txt")
    assert isinstance(found, Decoded)
    assert found.encoding == name
    assert found.confidence > 0.9
    for written in (content, surface(content).encode(), as_1252(content).encode()):
        assert decode(written, "a.txt") == ARTICLE
    assert decode(mojibake(surface(content), "cp1252").encode(), "a.txt") == ARTICLE


@pytest.mark.parametrize(
    "written",
    [
        encode_viqr(ARTICLE),
        mojibake(ARTICLE, "cp1252"),
        mojibake(ARTICLE, "latin-1"),
        mojibake(ARTICLE, "cp1258"),
        mojibake(mojibake(ARTICLE, "cp1252"), "cp1252"),
        mojibake(ARTICLE, "cp1252").replace("\u00a0", " "),
        ARTICLE.encode("ascii", "xmlcharrefreplace").decode(),
        re.sub(r"[^\x00-\x7f]", lambda c: f"&#x{ord(c[0]):X};", ARTICLE),
        "".join(
            f"&{name};" if (name := html.entities.codepoint2name.get(ord(c))) and c != '"' else c
            for c in ARTICLE
        ),
        html.escape(ARTICLE.encode("ascii", "xmlcharrefreplace").decode(), quote=False),
        unicodedata.normalize("NFD", ARTICLE),
        ARTICLE.replace("\n", "\r\n"),
        ARTICLE.replace("\n", "\r"),
        ARTICLE.replace("b", "b\ufeff"),
        ARTICLE.replace("c", "c\0"),
    ],
    ids=range(15),
)
def test_every_disguise_is_taken_off(written: str) -> None:
    assert decode(written.encode(), "a.txt") == ARTICLE


def test_bytes_that_windows_1252_lacks_come_back_where_one_syllable_fits() -> None:
    text = "Người trên đường về miền quê, thuyền chở đầy hàng. Đồn biên phòng ở đầu nguồn."
    assert decode(mojibake(text, "cp1252", "\ufffd").encode(), "a.txt") == text


def test_too_many_lost_bytes_are_refused_by_name() -> None:
    text = "bờ cỏ đỏ, nhờ vỏ tờ, nhỏ bỏ cờ mờ, " * 5
    refusal = decode(mojibake(text, "cp1252", "\ufffd").encode(), "a.txt")
    assert isinstance(refusal, Refusal)
    assert "letters lost" in refusal.problem
    assert refusal.place == "a.txt"
    assert refusal.cure


@pytest.mark.parametrize("mark", ["?", "\ufffd"])
def test_question_marks_in_place_of_letters_are_refused_by_name(mark: str) -> None:
    refusal = decode(re.sub(r"[^\x00-\x7f]", mark, ARTICLE).encode(), "a.txt")
    assert isinstance(refusal, Refusal)
    assert "question marks" in refusal.problem


def test_letters_that_windows_1252_lacks_as_question_marks_are_refused_by_name() -> None:
    refusal = decode(ARTICLE.encode("cp1252", "replace"), "a.txt")
    assert isinstance(refusal, Refusal)
    assert "question marks" in refusal.problem


@pytest.mark.parametrize("text", [*FOREIGN, "", " \n", "Bo doi giup dan gat lua.", "ĐÃ” VỀ ĐÍCH"])
def test_sound_text_is_unaltered(text: str) -> None:
    assert decode((text * 3).encode(), "a.txt") == text * 3


@pytest.mark.parametrize("codec", ["cp1252", "cp1250", "cp1251", "gb18030"])
def test_other_languages_in_old_encodings_are_refused(codec: str) -> None:
    for text in FOREIGN[1:8]:
        try:
            content = text.encode(codec)
        except UnicodeEncodeError:
            continue
        refusal = decode(b"\n" + content, "a.txt")
        assert isinstance(refusal, Refusal), refusal
        assert refusal.place == "a.txt:2"
        assert "not UTF-8" in refusal.problem


def test_one_bad_byte_in_utf8_is_refused_with_its_line() -> None:
    content = ARTICLE.encode().replace("lúa".encode(), b"l\xfaa")
    refusal = decode(content, "a.txt")
    assert isinstance(refusal, Refusal)
    assert refusal.place == "a.txt:1"


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", bytes(range(256)) * 4, b"\0" * 90 + b"a"]
)
def test_binary_files_are_refused(content: bytes) -> None:
    refusal = decode(content, "a.txt")
    assert isinstance(refusal, Refusal)
    assert "binary" in refusal.problem


def test_what_reads_in_two_encodings_is_refused_unless_the_neighbours_tell() -> None:
    content = "Sang đi. Ban ra".encode("latin-1", "ignore") + b" b\xe5n"
    assert isinstance(decode(content, "a.txt"), Refusal)
    found = decode_bytes(charts()["VPS"].encode("Bà ơi, cá"), "a.txt", "VPS")
    assert isinstance(found, Decoded)
    assert (found.text, found.encoding) == ("Bà ơi, cá", "VPS")


@pytest.mark.parametrize("name", EIGHT_BIT)
def test_a_file_joined_of_two_encodings_is_read_line_by_line(name: str) -> None:
    title, rest = ARTICLE.split("\n", 1)
    content = title.encode() + b"\n" + charts()[name].encode(rest)
    assert decode(content, "a.txt") == ARTICLE


@pytest.mark.parametrize(
    "piece",
    ["a", "Ã ", "áº", "&amp;", "<", "a.", "Ä\ufffd", "ViệT", "^", "? ", " ", "a^", "µ", "\xf9"],
)
def test_time_is_linear_in_the_length(piece: str) -> None:
    def seconds(repeats: int) -> float:
        content = (piece * repeats + ARTICLE).encode("utf-8")
        start = time.perf_counter()
        decode(content, "a.txt")
        return time.perf_counter() - start

    seconds(100)
    assert seconds(80_000) < 20 * seconds(20_000) + 0.5


LINE = st.text(st.characters(codec="utf-8", exclude_characters="\r\0\ufeff"), max_size=200)


@settings(max_examples=200)
@given(st.one_of(LINE, st.binary(max_size=200)))
def test_any_input_gives_text_or_a_refusal(content: str | bytes) -> None:
    found = decode(content if isinstance(content, bytes) else content.encode(), "a.txt")
    assert isinstance(found, (str, Refusal))
    if isinstance(found, Refusal):
        assert found.place.startswith("a.txt")
        assert found.problem
        assert found.cure
