"""Charts as strings of SVG; each has a title and a description.

The colours are told apart on white and on black, and never stand alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any

_GREEN = "#1c8a62"
_TICKS = (0.0, 0.5, 1.0)


def whisker(
    value: float | None, interval: Sequence[float] | None, low: float, title: str, wide: int = 130
) -> str:
    """A dot with a line for its interval, on an axis from `low` to 1.

    value: None draws the axis alone. title: HTML text.
    """

    def x(share: float) -> float:
        return 6 + (wide - 12) * (max(share, low) - low) / (1 - low)

    parts = [_line(6, 11, wide - 6, 11, 'stroke-opacity=".25"')]
    parts += [_line(at, 8, at, 14, 'stroke-opacity=".35"') for at in (6, wide - 6)]
    if interval is not None and value is not None:
        first, last = x(interval[0]), x(interval[1])
        parts.append(_line(first, 11, last, 11, f'stroke="{_GREEN}" stroke-width="3"'))
        parts += [
            _line(at, 7, at, 15, f'stroke="{_GREEN}" stroke-width="2"') for at in (first, last)
        ]
    if value is not None:
        parts.append(_dot(x(value), 11, 4.5))
    return _svg(wide, 22, title, title, parts)


def bar(share: float, title: str, wide: int = 160) -> str:
    """A bar as long as a share of the width."""
    width = max(share * wide, 1 if share else 0)
    parts = [f'<rect x="0" y="4" width="{_at(width)}" height="12" fill="{_GREEN}"/>']
    return _svg(wide, 20, title, title, parts)


def calibration_chart(bins: Sequence[Mapping[str, Any]], title: str, text: str) -> str:
    """Shares against probabilities with their intervals; below, how many articles each has.

    bins: as `chude.evaluation.crossed.calibration` gives them. text: the same in words.
    """
    left, top, side, strip = 34, 8, 200, 34

    def x(share: float) -> float:
        return left + side * share

    def y(share: float) -> float:
        return top + side * (1 - share)

    parts = _frame(left, top, side, (0.0, 1.0), (0.0, 1.0))
    parts.append(_line(x(0), y(0), x(1), y(1), 'stroke-dasharray="4 3" stroke-opacity=".6"'))
    bottom = top + side + 24 + strip
    most = max((one["articles"] for one in bins), default=1)
    for one in bins:
        at = x(one["probability"])
        low, high = one["share_interval"]
        parts.append(_line(at, y(low), at, y(high), f'stroke="{_GREEN}" stroke-width="3"'))
        parts += [
            _line(at - 4, y(end), at + 4, y(end), f'stroke="{_GREEN}" stroke-width="2"')
            for end in (low, high)
        ]
        parts.append(_dot(at, y(one["share"]), 5))
        # In the middle of its range: narrow ranges at both ends would overlap at their means.
        middle = {0.0: 0.03, 0.05: 0.17, 0.95: 0.97, 0.75: 0.83}.get(one["low"])
        place = x((one["low"] + one["high"]) / 2 if middle is None else middle)
        height = max(1.0, strip * one["articles"] / most)
        parts.append(
            f'<rect x="{_at(place - 7)}" y="{_at(bottom - height)}" width="14" '
            f'height="{_at(height)}" fill="{_GREEN}" fill-opacity=".55"/>'
        )
        parts.append(_text(place, bottom + 12, _short(one["articles"]), "middle", 9))
    return _svg(left + side + 16, bottom + 18, title, text, parts)


def curve_chart(curve: Mapping[str, Any], title: str, text: str) -> str:
    """Precision against recall, zoomed to where the curve is; the dot is where decisions are.

    curve: as `chude.evaluation.crossed.curves` gives it.
    """
    left, top, side = 40, 8, 190
    recall, precision, used = curve["recall"], curve["precision"], curve["used"]
    low_x = _round_down(used[0] if used else min(recall, default=0))
    inside = [i for i, r in enumerate(recall) if r >= low_x]
    seen = [precision[i] for i in inside] + ([used[1]] if used else [])
    low_y = _round_down(min(seen, default=0))

    def x(value: float) -> float:
        return left + side * (value - low_x) / (1 - low_x)

    def y(value: float) -> float:
        return top + side * (1 - value) / (1 - low_y)

    parts = _frame(left, top, side, (low_x, 1.0), (low_y, 1.0))
    points = " ".join(f"{_at(x(recall[i]))},{_at(y(precision[i]))}" for i in inside)
    parts.append(f'<polyline points="{points}" fill="none" stroke="{_GREEN}" stroke-width="2.5"/>')
    if used:
        parts.append(_dot(x(used[0]), y(used[1]), 6))
    return _svg(left + side + 16, top + side + 22, title, text, parts)


def axis_low(values: Sequence[float]) -> float:
    """Where an axis up to 1 begins so that all values are on it: a tenth, at most 0.9."""
    return _round_down(min(values, default=0.0))


def _round_down(value: float) -> float:
    return min(0.9, max(0.0, int(value * 10 - 0.3) / 10))


def _frame(
    left: float, top: float, side: float, across: tuple[float, float], up: tuple[float, float]
) -> list[str]:
    """Grid and numbers of a square."""
    parts = []
    for share in _TICKS:
        x, y = left + side * share, top + side * (1 - share)
        parts.append(_line(left, y, left + side, y, 'stroke-opacity=".2"'))
        parts.append(_line(x, top, x, top + side, 'stroke-opacity=".2"'))
        value = across[0] + (across[1] - across[0]) * share
        parts.append(_text(x, top + side + 14, _number(value), "middle"))
        value = up[0] + (up[1] - up[0]) * share
        parts.append(_text(left - 7, y + 4, _number(value), "end"))
    return parts


def _short(count: int) -> str:
    """A count in few letters, as neighbours in a strip must not touch."""
    return str(count) if count < 10_000 else f"{count / 1000:.0f}k"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def _line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    stroke = "" if "stroke=" in style else 'stroke="currentColor" '
    return f'<line x1="{_at(x1)}" y1="{_at(y1)}" x2="{_at(x2)}" y2="{_at(y2)}" {stroke}{style}/>'


def _dot(x: float, y: float, radius: float) -> str:
    return f'<circle cx="{_at(x)}" cy="{_at(y)}" r="{radius}" fill="{_GREEN}"/>'


def _text(x: float, y: float, text: str, anchor: str, size: int = 11) -> str:
    return (
        f'<text x="{_at(x)}" y="{_at(y)}" text-anchor="{anchor}" font-size="{size}" '
        f'fill="currentColor">{text}</text>'
    )


def _svg(width: float, height: float, title: str, text: str, parts: Sequence[str]) -> str:
    return (
        f'<svg role="img" xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" style="vertical-align:middle" '
        f'font-family="system-ui,sans-serif">'
        f"<title>{title}</title><desc>{text}</desc>{''.join(parts)}</svg>"
    )


def _at(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
