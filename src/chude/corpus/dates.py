"""Calendar days as the sources write them."""

import datetime


def parse_date(value: str) -> datetime.date | None:
    """A calendar day from `YYYY-MM-DD`, also with a time behind it; None when it is not one."""
    try:
        year, month, day = value.strip()[:10].split("T")[0].split("-")
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
