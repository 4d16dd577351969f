"""Calendar days as the sources write them: ISO 8601, numbers, the day first as papers do here.

No month comes first in figures. `3/25/2024` could be nothing else, but `3/4/2024` in the next row
would be read as 3 April without a word; unread, the former is told, and its table is known by it.
"""

import contextlib
import datetime
import re
from typing import Any

_YEAR_FIRST = re.compile(r"(\d{4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})(?!\d)")
# The hour says of which day it is here, in the form of ISO 8601 alone.
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?\d* ?(?:Z|[+-]\d\d:?\d\d)(?!\d)"
)
_VIETNAM = datetime.timezone(datetime.timedelta(hours=7))
_DIGITS = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:\D.*)?")
_NUMBER = re.compile(r"\d{4,19}(?:\.\d*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4})(?!\d)")
# Without dashes, for programs write 24-03-12 with the year first.
_SHORT_YEAR = re.compile(r"(?<![\d./])(\d{1,2})([/.])(\d{1,2})\2(\d\d)(?![\d./])")
_WORDS = re.compile(
    r"(\d{1,2})\s+(?:tháng|thg)\s+(\d{1,2})(?:\s+năm\s*|\s*,\s*|\s+)(\d{4})(?!\d)",
    re.IGNORECASE,
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"""(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?
|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"""
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})(?![\d:])"
_ENGLISH = tuple(
    re.compile(pattern, re.IGNORECASE | re.VERBOSE)
    for pattern in (
        rf"(?<![\d:]){_DAY}[\s/-]*{_MONTH}[\s,/-]*{_YEAR}",
        rf"\b{_MONTH}\s*{_DAY}(?:\s*,\s*|\s+){_YEAR}",
        rf"\A{_DAY}[\s/-]*{_MONTH}[\s,/-]*(?P<year>\d\d)(?:\s.*)?\Z",  # else a day or an hour
    )
)
_DATELINE = re.compile(
    r"\W*(?:(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ\s+nhật|cn|t[2-7])\W+)?"
    r"(?:\d{1,2}[:hg]\d{2}\W+(?:phút\W+)?)?(?:(?:cập\s+nhật|đăng|xuất\s+bản)\W+(?:lúc\W+)?)?"
    r"(?:ngày\s+)?(?P<day>\d{1,2}\s*([-/.])\s*\d{1,2}\s*\2\s*\d{4}|ngày\s+\d{1,2}\s+tháng\s+"
    r"\d{1,2}\s+năm\s+\d{4}|\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4})"
    r"(?:\W+(?:lúc\W+)?\d{1,2}\s*[:hg]\s*\d{2}(?::\d{2})?)?(?:\W+gmt\W*\d*)?\W*",
    re.IGNORECASE,
)
_LONGEST_DATELINE = 80
_EXCEL = datetime.date(1899, 12, 30)  # day 0 of Excel, by which 1 March 1900 is day 61
_SERIALS = (3653, 73_051)  # 1910 to 2099; other numbers are no days
_1904 = 1462  # day 0 of the workbooks that count from 1904, as old ones of Macintoshes do
_EPOCH = datetime.datetime(1970, 1, 1, 7)  # day 0 of Unix, by the clocks of Vietnam
_ON_LINE = datetime.date(1995, 1, 1)  # no article was given a time of Unix before
_UNITS = (1, 10**3, 10**6, 10**9)  # in a second
_PIVOT = 69  # a short year from which on it is one of the 1900s, as POSIX has it
_FIRST_YEAR = 1900


def parse_date(value: str) -> datetime.date | None:
    """A calendar day; None when it is not one.

    Understood are `YYYY-MM-DD`, `2024/3/12` and `20240312`, also with a time behind it,
    `12/3/2024`, `12-03-2024`, `12.3.2024` (the day first) and `ngày 12 tháng 3 năm 2024`, also with
    a weekday before them; from 1900 to next year `12/3/24`, `12 Mar 2024` and `March 12, 2024`;
    and the digits of what `from_number` knows. A time with its zone, `2024-03-11T18:30:00Z`, is of
    the day that it is in Vietnam.
    """
    value = value.strip()[:_LONGEST_DATELINE]
    if match := _INSTANT.match(value):
        with contextlib.suppress(ValueError):
            return _here(datetime.datetime.fromisoformat(match[0]))
    if match := _YEAR_FIRST.match(value):
        return _day(match[1], match[3], match[4])
    if match := _DIGITS.fullmatch(value):
        return _day(match[1], match[2], match[3])
    if _NUMBER.fullmatch(value):
        return from_number(float(value))
    if match := _DAY_FIRST.search(value):
        return _day(match[4], match[3], match[1])
    if match := _WORDS.search(value):
        return _day(match[3], match[2], match[1])
    if match := _SHORT_YEAR.search(value):
        return _plausible(match[4], match[3], match[1])
    if match := next(filter(None, (pattern.search(value) for pattern in _ENGLISH)), None):
        month = 1 + _MONTHS.index(match["month"][:3].lower())
        return _plausible(match["year"], str(month), match["day"])
    return None


def day_of(value: Any) -> datetime.date | None:
    """The day that a value of a table is, whatever its type; None when it is none."""
    if isinstance(value, datetime.datetime):
        return value.date() if value.tzinfo is None else _here(value)
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return from_number(value) or parse_date(str(value))
    return parse_date(value) if isinstance(value, str) else None


def dateline(line: str) -> datetime.date | None:
    """The day of a line that is nothing but a date, as papers print it under a title.

    For example `Thứ ba, 12/03/2024, 10:05 (GMT+7)` or `Ngày 12-3-2024`.
    """
    line = line.strip()
    if not line or len(line) > _LONGEST_DATELINE or not (match := _DATELINE.fullmatch(line)):
        return None
    day = match["day"]
    return parse_date(day if "tháng" not in day.lower() else f"ngày {day.lower().lstrip('ngày ')}")


def from_number(value: float) -> datetime.date | None:
    """The day that Excel keeps as a number, or Unix; None for numbers that are no days of articles.

    Times of Unix count from 1995 to a year from now, in seconds or what they are cut into.
    """
    first, last = _SERIALS
    if first <= value <= last:
        return _EXCEL + datetime.timedelta(days=int(value))
    latest = datetime.date.today() + datetime.timedelta(days=366)
    least, most = ((day - _EPOCH.date()).days * 86_400 for day in (_ON_LINE, latest))
    for unit in _UNITS:
        if least * unit <= value < most * unit:  # a number may be too large to divide
            return (_EPOCH + datetime.timedelta(seconds=int(value / unit))).date()
    return None


def number_of_1904(value: object) -> object:
    """What a workbook that counts its days from 1904 has in the place of a date, for `day_of`.

    Only numbers that are such days are others; texts and times of Unix are not.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    first, last = _SERIALS
    return value + _1904 if first <= value + _1904 <= last else value


def _here(instant: datetime.datetime) -> datetime.date:
    """The day that an instant has by the clocks of Vietnam, as times of Unix are read."""
    try:
        return instant.astimezone(_VIETNAM).date()
    except OverflowError:  # in the first or the last day of all calendars
        return instant.date()


def _plausible(year: str, month: str, day: str) -> datetime.date | None:
    """The day, of a short year too, unless no article is of that time."""
    if len(year) == 2:
        year = f"{19 if int(year) >= _PIVOT else 20}{year}"
    within = _FIRST_YEAR <= int(year) <= datetime.date.today().year + 1
    return _day(year, month, day) if within else None


def _day(year: str, month: str, day: str) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
