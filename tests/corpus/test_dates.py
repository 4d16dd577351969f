import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.corpus.dates import dateline, from_serial, parse_date

DAY = datetime.date(2024, 3, 12)


@pytest.mark.parametrize(
    "written",
    [
        "2024-03-12",
        "2024-03-12T10:05:00+07:00",
        "12/03/2024",
        "12/3/2024 10:05",
        "12-3-2024",
        "12.03.2024",
        "Ngày 12-3-2024",
        "Thứ ba, 12/03/2024, 10:05 (GMT+7)",
        "ngày 12 tháng 3 năm 2024",
    ],
)
def test_days_as_papers_write_them(written: str) -> None:
    assert parse_date(written) == DAY
    if not written.startswith("2024"):
        assert dateline(written) == DAY


@pytest.mark.parametrize(
    "written", ["2024/03/12", "2024.3.12 10:05", "20240312", "20240312T030000", "12 tháng 3, 2024"]
)
def test_days_as_programs_write_them(written: str) -> None:
    assert parse_date(written) == DAY


@pytest.mark.parametrize(
    "written", ["2024/03-12", "20241312", "202403", "2024031210", "1710201600"]
)
def test_numbers_that_are_no_day(written: str) -> None:
    assert parse_date(written) is None


@pytest.mark.parametrize("written", ["", "31/02/2024", "12/13/2024", "2024", "tháng 3", "1/2/24"])
def test_what_is_no_day(written: str) -> None:
    assert parse_date(written) is None


def test_a_sentence_with_a_day_is_no_dateline() -> None:
    assert dateline("Ngày 12/3/2024, bộ đội giúp dân gặt lúa.") is None


def test_days_of_excel() -> None:
    assert from_serial(45_363) == DAY
    assert from_serial(7) is None


@given(st.dates(datetime.date(1000, 1, 1)))
def test_the_day_comes_first(day: datetime.date) -> None:
    assert parse_date(f"{day.day}/{day.month}/{day.year}") == day == parse_date(day.isoformat())


@given(st.text(st.sampled_from("0123456789/-. ngàythứ:,()"), max_size=90))
def test_any_line_is_told(line: str) -> None:
    assert dateline(line) is None or isinstance(dateline(line), datetime.date)
