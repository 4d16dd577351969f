"""Round numbers so that they still add up."""

from collections.abc import Sequence
from math import floor


def round_to_sum(values: Sequence[float], total: float, digits: int) -> list[float]:
    """The values rounded so that they add up to the rounded total, each off by less than one unit.

    By largest remainders: all are rounded down, and those that lose most are raised. values: whose
    sum is `total` but for rounding. digits: decimals.
    """
    if not values:
        return []
    unit = 10**digits
    scaled = [value * unit for value in values]
    units = [floor(value) for value in scaled]
    missing = round(total * unit) - sum(units)
    by_loss = sorted(range(len(units)), key=lambda i: units[i] - scaled[i])
    for n in range(abs(missing)):  # more than once around only where the sum is not the total
        units[by_loss[n % len(units)]] += 1 if missing > 0 else -1
    return [value / unit for value in units]
