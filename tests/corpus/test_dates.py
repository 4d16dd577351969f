import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.corpus.dates import dateline, day_of, from_number, parse_date

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
    "written",
    [
        "2024/03/12",
        "2024.3.12 10:05",
        "20240312",
        "20240312T030000",
        "12 tháng 3, 2024",
        "12 thg 3, 2024",
        "12/3/24",
        "Thứ ba, 12.03.24 10:05",
        "March 12, 2024",
        "Mar 12 2024 10:05 AM",
        "12 Mar 2024",
        "12-MAR-24",
        "12 Mar 24 08:15",
        "08:15 Mar 12, 2024",
        "5 Mar - 12 Mar 2024",
        "Tuesday, 12th March 2024",
        "Tue, 12 Mar 2024 20:05:00 +0700",
    ],
)
def test_days_as_programs_write_them(written: str) -> None:
    assert parse_date(written) == DAY


@pytest.mark.parametrize(
    "written", ["2024/03-12", "20241312", "202403", "20240312100", "171020160", "7884000000"]
)
def test_numbers_that_are_no_day(written: str) -> None:
    assert parse_date(written) is None


@pytest.mark.parametrize(
    "written",
    [
        *("", "31/02/2024", "2024", "tháng 3", "12 Mar", "Mar 12, 10:05", "30 Feb 2024"),
        *("12 Mar 08h15", "12 Mar 08:15", "14 Mar 10h30 2024"),
        *("12/13/2024", "3/25/2024", "3/25/24"),  # the month first
        "24-03-12",  # whichever of the two is the year
        *("12/3/60", "12 Mar 1850", "1.2.3.24"),  # of no article, no day
    ],
)
def test_what_is_no_day(written: str) -> None:
    assert parse_date(written) is None


def test_a_sentence_with_a_day_is_no_dateline() -> None:
    assert dateline("Ngày 12/3/2024, bộ đội giúp dân gặt lúa.") is None


def test_short_years() -> None:
    assert parse_date("12/3/99") == datetime.date(1999, 3, 12)


def test_days_of_excel() -> None:
    assert from_number(45_363) == DAY == parse_date("45363") == parse_date("45363.0")
    assert from_number(7) is None


@pytest.mark.parametrize("unit", [1, 1000, 10**6, 10**9])
def test_times_of_unix(unit: int) -> None:
    midnight = 1_710_176_400  # in Vietnam, on the 12th
    assert day_of(midnight * unit) == DAY == day_of(str(midnight * unit))
    assert day_of((midnight - 1) * unit) == datetime.date(2024, 3, 11)
    assert day_of(780_000_000 * unit) is None  # 1994
    after = datetime.datetime.now() + datetime.timedelta(days=400)
    assert day_of(int(after.timestamp()) * unit) is None


@pytest.mark.parametrize(
    "written",
    [
        "2024-03-11T18:30:00Z",
        "2024-03-11T17:00Z",
        "2024-03-11 18:30:00.123456 +00:00",
        "2024-03-12T00:30:00+07:00",
        "2024-03-12T23:30:00+0700",
        "2024-03-12T00:00:00Z",
    ],
)
def test_times_with_a_zone_are_of_the_day_here(written: str) -> None:
    assert parse_date(written) == datetime.date(2024, 3, 12)
    assert day_of(datetime.datetime.fromisoformat(written)) == datetime.date(2024, 3, 12)


def test_times_with_a_zone_at_the_ends_of_the_calendar_are_days() -> None:
    assert parse_date("9999-12-31T23:30:00Z") == datetime.date(9999, 12, 31)
    assert parse_date("2024-03-11T25:30:00Z") == datetime.date(2024, 3, 11)  # no such hour


@pytest.mark.parametrize("sign", [1, -1])
def test_numbers_of_any_size_are_told(sign: int) -> None:
    for value in (10**400, 1e308, float("inf")):
        assert day_of(sign * value) is None


def test_numbers_of_figures_are_no_times() -> None:
    assert day_of(20240312) == DAY == day_of(20240312.0)
    assert [day_of(value) for value in (2024, "2024", True, float("nan"), float("inf"))] == [
        None
    ] * 5


@given(st.dates(datetime.date(1000, 1, 1)))
def test_the_day_comes_first(day: datetime.date) -> None:
    assert parse_date(f"{day.day}/{day.month}/{day.year}") == day == parse_date(day.isoformat())


@given(st.text(st.sampled_from("0123456789/-. ngàythứ:,()"), max_size=90))
def test_any_line_is_told(line: str) -> None:
    assert dateline(line) is None or isinstance(dateline(line), datetime.date)
