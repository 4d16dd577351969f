"""Calendar days as the sources write them: ISO 8601, and the day first as Vietnamese papers do."""

import datetime
import re

_YEAR_FIRST = re.compile(r"(\d{4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})(?!\d)")
_DIGITS = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:\D.*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4})(?!\d)")
_WORDS = re.compile(r"(\d{1,2})\s+tháng\s+(\d{1,2})(?:\s+năm|\s*,)\s*(\d{4})(?!\d)", re.IGNORECASE)
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


def parse_date(value: str) -> datetime.date | None:
    """A calendar day; None when it is not one.

    Understood are `YYYY-MM-DD`, `2024/3/12` and `20240312`, also with a time behind it,
    `12/3/2024`, `12-03-2024`, `12.3.2024` (the day first) and `ngày 12 tháng 3 năm 2024`, also with
    a weekday before them.
    """
    value = value.strip()[:_LONGEST_DATELINE]
    if match := _YEAR_FIRST.match(value):
        return _day(match[1], match[3], match[4])
    if match := _DIGITS.fullmatch(value):
        return _day(match[1], match[2], match[3])
    if match := _DAY_FIRST.search(value):
        return _day(match[4], match[3], match[1])
    if match := _WORDS.search(value):
        return _day(match[3], match[2], match[1])
    return None


def dateline(line: str) -> datetime.date | None:
    """The day of a line that is nothing but a date, as papers print it under a title.

    For example `Thứ ba, 12/03/2024, 10:05 (GMT+7)` or `Ngày 12-3-2024`.
    """
    line = line.strip()
    if not line or len(line) > _LONGEST_DATELINE or not (match := _DATELINE.fullmatch(line)):
        return None
    day = match["day"]
    return parse_date(day if "tháng" not in day.lower() else f"ngày {day.lower().lstrip('ngày ')}")


def from_serial(value: float) -> datetime.date | None:
    """The day that Excel keeps as a number; None for numbers that are no days of articles."""
    first, last = _SERIALS
    return _EXCEL + datetime.timedelta(days=int(value)) if first <= value <= last else None


def _day(year: str, month: str, day: str) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
