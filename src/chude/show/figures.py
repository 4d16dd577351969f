"""Figures with their intervals, as text."""

from collections.abc import Mapping
from typing import Any

_OVERALL = {
    "accuracy": "accuracy",
    "macro_f1": "macro F1",
    "micro_f1": "micro F1",
    "macro_average_precision": "macro average precision",
    "exact_match": "exact match",
}


def with_interval(figures: Mapping[str, Any], name: str) -> str:
    """`0.87 [0.83, 0.91]`, without the interval where there is none, `–` where undefined."""
    if figures.get(name) is None:
        return "–"
    interval = figures.get(f"{name}_interval")
    behind = f" [{interval[0]:.3f}, {interval[1]:.3f}]" if interval else ""
    return f"{figures[name]:.3f}{behind}"


def overall_rows(figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Name and value of each figure over all themes."""
    return [
        (label, with_interval(figures, name)) for name, label in _OVERALL.items() if name in figures
    ]


def source_rows(
    by_source: Mapping[str, Mapping[str, Any]],
) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the table of the sources of a corpus."""
    head = ["source", "articles", _OVERALL["macro_f1"], _OVERALL["macro_average_precision"]]
    rows = [
        [
            name,
            f"{figures['articles']:,}",
            with_interval(figures, "macro_f1"),
            with_interval(figures, "macro_average_precision"),
        ]
        for name, figures in by_source.items()
    ]
    return head, rows
