import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.corpus.article import Article
from chude.corpus.formats.raw import format_raw, parse_raw
from chude.corpus.read import read
from chude.errors import Refusal

BODY = "Sáng nay, bà con bản Pa Lừng ra đồng.\n\nBộ đội cùng gặt."


def parse(text: str | bytes) -> Article | Refusal:
    content = text if isinstance(text, bytes) else text.encode()
    return parse_raw(content, "a1", "a1.txt")


@pytest.mark.parametrize("before", ["", " ", "\ufeff", "\ufeff  ", "\n\n"])
def test_first_line_holds_date_and_title(before: str) -> None:
    article = parse(f"{before}date 2025-09-10 Ngày mùa trên bản Nậm Khao\n\n{BODY}\n")
    assert isinstance(article, Article)
    assert article.date == datetime.date(2025, 9, 10)
    assert article.title == "Ngày mùa trên bản Nậm Khao"
    assert article.body == BODY


def test_date_is_optional() -> None:
    article = parse(f"Ngày mùa\n\n{BODY}")
    assert isinstance(article, Article)
    assert (article.date, article.title) == (None, "Ngày mùa")


def test_windows_line_ends_and_utf16_are_read() -> None:
    text = f"date 2025-09-10 Giúp dân\r\n\r\n{BODY}".replace("\n\n", "\r\n\r\n")
    for content in (text.encode(), text.encode("utf-16"), text.encode("utf-16-be")):
        article = parse(content)
        assert isinstance(article, Article)
        assert article.body == BODY


def test_a_long_single_line_is_a_body_without_title() -> None:
    article = parse("Sáng nay mưa to " * 30)
    assert isinstance(article, Article)
    assert article.title == ""
    assert article.text == article.body


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        ("Chỉ có tiêu đề\n\n".encode(), "only a title"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        ("Tiêu đề\n\nbài viết".encode("cp1258", "replace") + b"\xe0\xff", "not UTF-8"),
        (b"date 2025-02-30 Ng\xc3\xa0y sai\n\nTh\xc3\xa2n", "no such day: 2025-02-30"),
    ],
)
def test_bad_files_are_refused_with_place_and_cure(content: bytes, problem: str) -> None:
    refusal = parse(content)
    assert isinstance(refusal, Refusal)
    assert problem in refusal.problem
    assert refusal.place.startswith("a1.txt")
    assert refusal.cure


def test_not_utf8_names_the_line() -> None:
    refusal = parse("Tiêu đề\n\nDòng ba ".encode() + b"\xff")
    assert isinstance(refusal, Refusal)
    assert refusal.place == "a1.txt:3"


# Words, since letters at random may rightly be read as an older encoding.
LINE = st.lists(
    st.sampled_from(
        [
            "Bản",
            "đồng",
            "gặt",
            "Sáng",
            "và",
            "2025",
            "Ì",
            "ạch",
            "ngăn",
            "“lũ”",
            "–",
            "日",
            "😀",
            "<b>",
            "\\n",
            "#1",
        ]
    ),
    min_size=1,
    max_size=8,
).map(" ".join)


@given(title=LINE, body=st.lists(LINE, min_size=1), day=st.none() | st.dates())
def test_round_trip(title: str, body: list[str], day: datetime.date | None) -> None:
    if title.lower().startswith("date") or title.startswith("\ufeff"):
        return
    article = Article("a1", title, "\n\n".join(body), day, source="a1.txt")
    assert parse(format_raw(article)) == article


@given(st.binary(max_size=200))
def test_any_bytes_are_parsed_or_refused(content: bytes) -> None:
    assert isinstance(parse(content), (Article, Refusal))


@pytest.mark.parametrize(
    "written",
    [
        "date 12/3/2024", "date 2024/03/12", "Date: 2024-03-12", "date 2024-03-12T10:00",
        "DATE:12.3.2024", "date 2024-03-12T10:00:05.5+07:00", "date 2024-03-12 10:00:05",
    ],
)  # fmt: skip
def test_dates_in_other_forms_are_read(tmp_path: Path, written: str) -> None:
    (tmp_path / "a.txt").write_text(f"{written} 10:00, chợ họp\n\n{BODY}", encoding="utf-8")
    [article] = read(tmp_path)
    assert (article.date, article.title) == (datetime.date(2024, 3, 12), "10:00, chợ họp")
    assert article.body == BODY


@pytest.mark.parametrize(
    "title", ["Date night ở Hà Nội", "Date: 12 món ngon", "Date 24/7 với lúa", "Update 12/3/2024"]
)
def test_titles_that_begin_like_a_date_stay_titles(title: str) -> None:
    article = parse(f"{title}\n\n{BODY}")
    assert isinstance(article, Article)
    assert (article.date, article.title) == (None, title)


@pytest.mark.parametrize("day", ["2024-13-40", "2024/02/30", "31/4/2024"])
def test_days_that_no_calendar_has_are_refused(day: str) -> None:
    refusal = parse(f"date {day} Gặt lúa\n\n{BODY}")
    assert isinstance(refusal, Refusal)
    assert (refusal.place, refusal.problem) == ("a1.txt:1", f"no such day: {day}")
