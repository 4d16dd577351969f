"""Rows as the annotation tools export them: Label Studio (both of its JSON forms), doccano.

Label Studio's JSON has the article in `data` and the choices in `annotations`; its JSON-MIN has a
row of columns. doccano has `text` and a list `label`, which are columns as they are.
"""

from typing import Any

from chude.corpus.formats.columns import USUAL, ColumnNames, find_roles

_CHOICES = "themes"  # the column that the choices become


def flat_row(row: dict[str, Any], columns: ColumnNames) -> dict[str, Any]:
    """A row of columns: of a task of Label Studio what is in it, any other row as it is."""
    data = row.get("data")
    if not isinstance(data, dict) or find_roles(row, columns).text is not None:
        return row
    flat = {**data}
    flat.setdefault("id", row.get("id"))
    if columns.label is None:
        for name in USUAL["label"]:
            flat.pop(name, None)
    choices = _choices(row.get("annotations", row.get("completions")))
    flat[columns.label or _CHOICES] = choices
    return flat


def _choices(annotations: Any) -> Any:
    """What was chosen; None where nobody has looked; not a list of names where people disagree."""
    if not isinstance(annotations, list):
        return None
    given = [
        sorted(_chosen(annotation.get("result")))
        for annotation in annotations
        if isinstance(annotation, dict) and not annotation.get("was_cancelled")
    ]
    if not given:
        return None
    return given[0] if all(one == given[0] for one in given) else {"annotators disagree": given}


def _chosen(results: Any) -> set[str]:
    chosen: set[str] = set()
    for result in results if isinstance(results, list) else ():
        value = result.get("value") if isinstance(result, dict) else None
        choices = value.get("choices") if isinstance(value, dict) else None
        if isinstance(choices, list):
            chosen.update(str(choice) for choice in choices)
    return chosen
