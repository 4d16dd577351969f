"""What annotators said beyond themes: spans, contested themes, how an article was drawn."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import chude
from chude.corpus.article import Article
from chude.errors import Refusal
from tests.invented import KEYS, TAXONOMY

BODY = "Tổ tuần tra đi dọc biên giới.\n\nBà con bản Huổi Só gặt lúa."
ROW: dict[str, Any] = {
    "id": "a", "title": "Tin ở xã", "text": BODY, "themes": [KEYS[0]],
    "spans": {KEYS[0]: [[10, 39]]}, "contested": [KEYS[2]], "drawn": "chance",
}  # fmt: skip


def read(path: Path) -> tuple[list[Article], list[Refusal]]:
    refused: list[Refusal] = []
    return list(chude.read(path, taxonomy=TAXONOMY, on_refusal=refused.append)), refused


def read_json(row: dict[str, Any], tmp_path: Path) -> tuple[list[Article], list[Refusal]]:
    (tmp_path / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    return read(tmp_path / "a.jsonl")


def test_annotations_are_read_from_lines_of_json(tmp_path: Path) -> None:
    [article], refused = read_json(ROW, tmp_path)
    assert not refused
    assert article.spans == {KEYS[0]: ((10, 39),)}
    assert article.text[10:39] == "Tổ tuần tra đi dọc biên giới."
    assert article.unsettled == (KEYS[2],)
    assert article.by_chance


def test_annotations_are_read_from_parquet(tmp_path: Path) -> None:
    plain = {**ROW, "id": "b", "spans": None, "contested": [], "drawn": "hard"}
    other = {**ROW, "id": "c", "spans": {KEYS[1]: [[0, 8]]}, "themes": [KEYS[1]]}
    pl.DataFrame([ROW, plain, other]).write_parquet(tmp_path / "a.parquet")
    articles, refused = read(tmp_path / "a.parquet")
    assert not refused
    assert [a.spans for a in articles] == [{KEYS[0]: ((10, 39),)}, None, {KEYS[1]: ((0, 8),)}]
    assert [a.unsettled for a in articles] == [(KEYS[2],), (), (KEYS[2],)]
    assert [a.by_chance for a in articles] == [True, False, True]


def test_contested_themes_and_chance_are_read_from_csv(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        f"text,themes,contested,drawn\nBà con gặt lúa.,{KEYS[2]},{KEYS[0]}; {KEYS[1]},chance\n"
        f"Tổ tuần tra.,{KEYS[0]},, Chance\n",
        encoding="utf-8",
    )
    articles, refused = read(tmp_path / "a.csv")
    assert not refused
    assert [(a.unsettled, a.by_chance) for a in articles] == [(KEYS[:2], True), ((), True)]


def test_columns_of_those_names_that_are_something_else_are_left_alone(tmp_path: Path) -> None:
    [article], refused = read_json({**ROW, "spans": "3-4", "contested": 3, "drawn": 7}, tmp_path)
    assert not refused
    assert (article.spans, article.unsettled, article.by_chance) == (None, (), False)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"spans": {KEYS[0]: [[10]]}}, "spans of an unknown form"),
        ({"spans": {KEYS[0]: [10, 39]}}, "spans of an unknown form"),
        ({"spans": {KEYS[0]: "10-39"}}, "spans of an unknown form"),
        ({"spans": {KEYS[0]: [[10.5, 39]]}}, "spans of an unknown form"),
        ({"spans": {KEYS[0]: [[float("inf"), 39]]}}, "spans of an unknown form"),
        ({"spans": {KEYS[0]: [["10", "39"]]}}, "spans of an unknown form"),
        ({"spans": {KEYS[0]: [[True, 39]]}}, "spans of an unknown form"),
        ({"spans": {KEYS[0]: [[39, 10]]}}, "lie outside the text, which has 68 characters"),
        ({"spans": {KEYS[0]: [[-5, 10]]}}, "lie outside the text"),
        ({"spans": {KEYS[0]: [[10, 4000]]}}, "lie outside the text"),
        ({"spans": {"sport": [[10, 39]]}}, "theme 'sport' is not in the taxonomy"),
        ({"contested": ["sport"]}, "theme 'sport' is not in the taxonomy"),
        ({"contested": [["a"]]}, "contested themes of an unknown form"),
    ],
)
def test_annotations_that_cannot_be_right_are_refused(
    change: dict[str, Any], problem: str, tmp_path: Path
) -> None:
    articles, [refused] = read_json({**ROW, **change}, tmp_path)
    assert not articles
    assert problem in str(refused)
    assert str(refused).startswith(f"{tmp_path}/a.jsonl:1: ")


def test_spans_of_a_text_that_had_to_be_repaired_are_refused(tmp_path: Path) -> None:
    """Their offsets are those of the damaged text."""
    viqr = "To^? tua^`n tra ddi do.c bie^n gio+'i, gia~i thi'ch cho ba` con. " * 4
    _, [refused] = read_json({**ROW, "text": viqr, "title": ""}, tmp_path)
    assert "offsets moved" in str(refused)
    [article], _ = read_json({**ROW, "text": viqr, "title": "", "spans": None}, tmp_path)
    assert article.body.startswith("Tổ tuần tra")


def test_rows_of_0_and_1_are_refused_once_where_labels_are_wanted(tmp_path: Path) -> None:
    rows = [{"id": str(i), "text": f"Tin {i}", "labels": [0.0, 1.0, 1.0]} for i in range(5)]
    path = tmp_path / "a.parquet"
    pl.DataFrame(rows).write_parquet(path)
    refused: list[Refusal] = []
    assert not list(chude.read(path, on_refusal=refused.append))
    assert [(one.count, "0 and 1" in one.problem) for one in refused] == [(5, True)]
