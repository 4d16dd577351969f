"""Rows as the annotation tools export them: Label Studio (both of its JSON forms), doccano.

Label Studio's JSON has the article in `data` and the choices in `annotations`; its JSON-MIN has a
row of columns. doccano has `text` and a list `label`, which are columns as they are.
"""

from typing import Any

from chude.corpus.formats.columns import USUAL, ColumnNames, find_roles
from chude.errors import Refusal

_CHOICES = "themes"  # the column that the choices become


def flat_row(row: dict[str, Any], columns: ColumnNames, place: str) -> dict[str, Any] | Refusal:
    """A row of columns: of a task of Label Studio what is in it, any other row as it is.

    Refused is a task on whose labels its annotators disagree, where labels are wanted.
    """
    data = row.get("data")
    if not isinstance(data, dict) or find_roles(row, columns).text is not None:
        return row
    flat = {**data}
    flat.setdefault("id", row.get("id"))
    if columns.label is None:
        for name in USUAL["label"]:
            flat.pop(name, None)
    given = _choices(row.get("annotations", row.get("completions")))
    if columns.labelled and any(one != given[0] for one in given):
        said = " / ".join(", ".join(one) or "none" for one in given)
        cure = "Keep the annotation that counts, or settle it in Label Studio"
        return Refusal(place, f"its annotators disagree ({said:.100})", cure)
    flat[columns.label or _CHOICES] = given[0] if given else None
    return flat


def _choices(annotations: Any) -> list[list[str]]:
    """What each annotator chose; nothing where nobody has looked."""
    return [
        sorted(_chosen(annotation.get("result")))
        for annotation in (annotations if isinstance(annotations, list) else ())
        if isinstance(annotation, dict) and not annotation.get("was_cancelled")
    ]


def _chosen(results: Any) -> set[str]:
    chosen: set[str] = set()
    for result in results if isinstance(results, list) else ():
        value = result.get("value") if isinstance(result, dict) else None
        choices = value.get("choices") if isinstance(value, dict) else None
        if isinstance(choices, list):
            chosen.update(str(choice) for choice in choices)
    return chosen
