"""What people read in a terminal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from chude.escape import shown

_ID_WIDTH = 32


def text_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns padded to their widest cell; numbers keep to the left, as they carry intervals."""
    head, rows = list(map(shown, head)), [list(map(shown, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def prediction_lines(records: Iterable[Mapping[str, Any]], keys: Sequence[str]) -> Iterator[str]:
    """A line an article, under a head; `*` marks a theme that is given, `?` one for a person.

    records: as `Prediction.record` gives them. keys: of the themes.
    """
    heads = [shown(key).rjust(6) for key in keys]
    yield f"{'article'.ljust(_ID_WIDTH)}  {'  '.join(heads)}"
    for record in records:
        cells = [
            (f"{record['probabilities'][key]:.2f}" + _mark(record, key)).rjust(len(head))
            for key, head in zip(keys, heads, strict=True)
        ]
        yield f"{shown(record['id']).ljust(_ID_WIDTH)}  {'  '.join(cells)}"


def _mark(record: Mapping[str, Any], key: str) -> str:
    given = "*" if key in record["themes"] else " "
    return given + ("?" if record["decision"][key] == "review" else " ")
