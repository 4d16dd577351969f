"""Figures for people: rows of tables, and a page."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from chude.escape import html_text

_OVERALL = {
    "accuracy": "accuracy",
    "macro_f1": "macro F1",
    "micro_f1": "micro F1",
    "macro_average_precision": "macro average precision",
    "exact_match": "exact match",
}
_PER_THEME = {
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "average_precision": "average precision",
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


def theme_rows(figures: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the table of themes."""
    head = ["theme", "articles", *_PER_THEME.values(), "Brier score"]
    rows = [
        [
            key,
            str(theme["support"]),
            *(with_interval(theme, name) for name in _PER_THEME),
            f"{theme['brier']:.3f}",
        ]
        for key, theme in figures["themes"].items()
    ]
    return head, rows


def render_html(facts: Mapping[str, Any]) -> str:
    """A self-contained page of a model's summary: figures, strongest words, options and data.

    facts: what `chude.model.summary.summary` gives.
    """
    words = [
        [key, f"{theme['threshold']:.2f}", ", ".join(word for word, _ in theme["strongest"])]
        for key, theme in facts["themes"].items()
    ]
    data = facts["training_data"]
    sections = [
        f"<p>Trained on {html_text(data['articles'])} articles ({html_text(data['words'])} words) "
        f"with seed {html_text(facts['options']['seed'])}, segmenter "
        f"{html_text(facts['segmenter'])}; "
        f"{html_text(facts['features'])} features; model {html_text(facts['version'])}.</p>",
        "<h2>Out-of-fold quality</h2><p>Each article was judged by models that never saw it. In "
        "brackets: 95 % bootstrap intervals over articles.</p>",
        _table(["figure", "value"], [list(row) for row in overall_rows(facts["metrics"])]),
        _table(*theme_rows(facts["metrics"])),
        "<h2>Strongest words</h2>",
        _table(["theme", "threshold", "words"], words),
    ]
    style = (
        "body{font:16px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em}"
        "table{border-collapse:collapse;margin:1em 0}td,th{border-bottom:1px solid #ccc;"
        "padding:.3em .8em;text-align:left;vertical-align:top}"
    )
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>chude model</title>"
        f"<style>{style}</style><h1>chude model</h1>{''.join(sections)}</html>\n"
    )


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = chain(
        [_row("th", head)],
        (_row("td", row) for row in rows),
    )
    return f"<table>{''.join(lines)}</table>"


def _row(tag: str, cells: list[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{html_text(cell)}</{tag}>' for cell in cells)}</tr>"
