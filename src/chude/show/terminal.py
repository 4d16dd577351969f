"""What people read in a terminal, in 80 columns."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from chude.escape import shown
from chude.model.prediction import format_probability

COLUMNS = 80
_ID_WIDTH = 32
_LEAST_ID_WIDTH = 12
_MARKED = len(">0.99*?")
_PER_THEME = {
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "average_precision": "avg. prec.",
}


def plain(text: str) -> str:
    """The text in one line, as `shown` gives it."""
    return shown(" ".join(text.split()))


def width(text: str) -> int:
    """Columns of a terminal that the text takes."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cut(text: str, columns: int) -> str:
    """The text, or what of it fits, with an ellipsis."""
    if width(text) <= columns:
        return text
    taken, room = [], columns - 1
    for character in text:
        room -= _columns(character)
        if room < 0:
            break
        taken.append(character)
    return "".join(taken).rstrip() + "…"


def pad(text: str, columns: int) -> str:
    """The text and spaces up to so many columns."""
    return text + " " * (columns - width(text))


def counted(count: int, noun: str) -> str:
    """The noun with its number: `1 article`, `1,767 articles`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def text_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns padded to their widest cell; numbers keep to the left, as they carry intervals."""
    head, rows = list(map(shown, head)), [list(map(shown, row)) for row in rows]
    widths = [max(map(width, column)) for column in zip(head, *rows, strict=True)]
    lines = [head, ["-" * columns for columns in widths], *rows]
    return "\n".join(
        "  ".join(pad(cell, columns) for cell, columns in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def themes_table(figures: Mapping[str, Any]) -> str:
    """Figures of each theme, under them their intervals, in 80 columns.

    figures: as `chude.evaluation.metrics.evaluate_predictions` gives them.
    """
    head = ["theme", "articles", *_PER_THEME.values(), "Brier"]
    rows = []
    for key, theme in figures["themes"].items():
        values = [_figure(theme[name]) for name in _PER_THEME]
        intervals = [_interval(theme.get(f"{name}_interval")) for name in _PER_THEME]
        rows += [
            [plain(key), str(theme["support"]), *values, _figure(theme["brier"])],
            ["", "", *intervals, ""],
        ]
    figures_columns = list(zip(head, *rows, strict=True))[1:]
    taken = sum(max(map(len, column)) + 2 for column in figures_columns)
    room = max(COLUMNS - taken, _LEAST_ID_WIDTH)
    return text_table(head, [[cut(row[0], room), *row[1:]] for row in rows])


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _interval(interval: Sequence[float] | None) -> str:
    return "" if interval is None else f"{interval[0]:.2f}–{interval[1]:.2f}"


def prediction_lines(records: Iterable[Mapping[str, Any]], keys: Sequence[str]) -> Iterator[str]:
    """A line an article, under a head; `*` marks a theme that is given, `?` one for a person.

    The head comes with the first article. Where the themes do not fit beside each other, those that
    are given or for review are listed.

    records: as `Prediction.record` gives them; with titles these stand in place of ids. keys: of
    the themes.
    """
    heads = [plain(key).rjust(_MARKED) for key in keys]
    room = COLUMNS - sum(map(width, heads)) - 2 * len(heads)
    listed = room < _LEAST_ID_WIDTH
    columns = _ID_WIDTH if listed else min(room, _ID_WIDTH)
    first = True
    for record in records:
        if first:
            cells = ["themes"] if listed else heads
            yield "  ".join([pad("title" if "title" in record else "article", columns), *cells])
            first = False
        name = pad(cut(plain(record.get("title") or record["id"]), columns), columns)
        if listed:
            yield cut(f"{name}  {_given(record)}", COLUMNS)
            continue
        cells = [
            _cell(record, key).rjust(width(head)) for key, head in zip(keys, heads, strict=True)
        ]
        yield "  ".join([name, *cells]).rstrip()


def _cell(record: Mapping[str, Any], key: str) -> str:
    given = "*" if key in record["themes"] else " "
    review = "?" if record["decision"][key] == "review" else " "
    return format_probability(record["probabilities"][key]) + given + review


def _given(record: Mapping[str, Any]) -> str:
    wanted = [
        key
        for key, decision in record["decision"].items()
        if key in record["themes"] or decision == "review"
    ]
    wanted.sort(key=lambda key: -record["probabilities"][key])
    given = [f"{plain(key)} {_cell(record, key).rstrip()}" for key in wanted]
    return ", ".join(given) or "–"


class Tally:
    """Counts predictions as they pass."""

    def __init__(self) -> None:
        self.articles = self.themed = self.for_review = 0

    def add(self, record: Mapping[str, Any]) -> None:
        """Count one, as `Prediction.record` gives it."""
        self.articles += 1
        self.themed += bool(record["themes"])
        self.for_review += "review" in record["decision"].values()

    def __str__(self) -> str:
        articles = counted(self.articles, "article")
        return f"{articles}, {self.themed:,} with a theme, {self.for_review:,} for review."
