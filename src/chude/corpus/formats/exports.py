"""Rows as the annotation tools export them: Label Studio (all of its JSON forms), doccano,
Prodigy.

Label Studio's JSON has the article in `data` and the choices in `annotations`: a list of what each
annotator gave as `result`, in older exports that result itself. An answer tells by `from_name` to
which question it is. JSON-MIN has a row of columns. doccano has `text` and a list `label`, which
are columns as they are. Prodigy has a `label` and the `answer` to it, or `options` and a list of
those that were chosen, `accept`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chude.corpus.formats.columns import USUAL, ColumnNames, find_roles
from chude.corpus.themes_of import alike
from chude.errors import Refusal

ANSWERS = ("annotations", "completions")  # keys of what annotators gave to a task of Label Studio
_CHOICES = "themes"  # the column that the choices become

Answers = Mapping[str, Sequence[str]]  # of one annotator, the choices by question


def flat_row(row: dict[str, Any], columns: ColumnNames, place: str) -> dict[str, Any] | Refusal:
    """A row of columns: of a task of Label Studio or Prodigy what is in it, others as they are.

    Where labels are wanted, refused is a task on whose labels its annotators disagree, and one that
    answers several questions of which `columns.label` names none.
    """
    data = row.get("data")
    if not isinstance(data, dict) or find_roles(row, columns).text is not None:
        return _of_prodigy(row, columns) if "answer" in row else row
    flat = {**data}
    flat.setdefault("id", row.get("id"))
    if columns.label is None:
        for name in USUAL["label"]:
            flat.pop(name, None)
    given = _answers(next((row[key] for key in ANSWERS if key in row), None))
    questions = sorted({question for answers in given for question in answers})
    if len(questions) > 1 and columns.label is None and columns.labelled:
        problem = f"choices for {len(questions)} questions: {', '.join(questions):.100}"
        cure = "Name the one that gives the themes with --label-column"
        return Refusal(place, problem, cure, column=True)
    each = (_chosen(answers, columns.label) for answers in given)
    chosen = [one for one in each if one is not None]
    if columns.labelled and any(one != chosen[0] for one in chosen):
        said = " / ".join(", ".join(one) or "none" for one in chosen)
        cure = "Keep the annotation that counts, or settle it in Label Studio"
        return Refusal(place, f"its annotators disagree ({said:.100})", cure)
    flat[columns.label or _CHOICES] = chosen[0] if chosen else None
    return flat


def _of_prodigy(row: dict[str, Any], columns: ColumnNames) -> dict[str, Any]:
    """A row with what was chosen as its themes; with none, where the only theme was rejected."""
    if columns.label is not None or not columns.labelled:
        return row
    answer, chosen, label = row["answer"], row.get("accept"), row.get("label")
    is_choice = "options" in row and isinstance(chosen, list)
    if answer == "accept" and is_choice and find_roles(row, columns).label is None:
        return {**row, _CHOICES: chosen}
    only = isinstance(label, str) and [alike(label)] == [*map(alike, columns.themes)]
    return {**row, _CHOICES: [], "answer": None} if answer == "reject" and only else row


def _chosen(answers: Answers, question: str | None) -> list[str] | None:
    """The choices for that question, None for the one that was answered or that has no name.

    Returns None where other questions were answered, and this one was not.
    """
    if question is None or answers.keys() <= {""}:
        return sorted(choice for choices in answers.values() for choice in choices)
    return sorted(answers[question]) if question in answers else None


def _answers(annotations: Any) -> list[Answers]:
    """What each annotator chose; nothing where nobody has looked, or was asked for a choice."""
    annotations = annotations if isinstance(annotations, list) else []
    if any(isinstance(one, dict) and "value" in one for one in annotations):
        results = [annotations]
    else:
        results = [
            annotation.get("result")
            for annotation in annotations
            if isinstance(annotation, dict) and not annotation.get("was_cancelled")
        ]
    answers = ((result, _answers_of(result)) for result in results)
    return [chosen for result, chosen in answers if chosen or not result]


def _answers_of(results: Any) -> Answers:
    """The choices among the answers, by question; marked words and ratings are none."""
    answers: dict[str, list[str]] = {}
    for result in results if isinstance(results, list) else ():
        value = result.get("value") if isinstance(result, dict) else None
        choices = value.get("choices") if isinstance(value, dict) else None
        choices = [choices] if isinstance(choices, str) else choices
        if isinstance(choices, list):
            found = answers.setdefault(str(result.get("from_name") or ""), [])
            found += [str(choice) for choice in choices if str(choice) not in found]
    return answers
