import csv
import io
import json
from pathlib import Path

from tests.conftest import Run
from tests.invented import KEYS, make_articles, write_corpus


def test_json_has_every_figure(chude: Run, bundle: Path, tmp_path: Path) -> None:
    data = write_corpus(make_articles(42, seed=3), tmp_path / "data")
    result = chude("evaluate", data, "--model", bundle, "--format", "json")
    figures = json.loads(result.out)
    assert result.status == 0
    assert figures["articles"] == 42
    for name in ("macro_f1", "micro_f1", "exact_match", "macro_average_precision"):
        low, high = figures[f"{name}_interval"]
        assert low <= figures[name] <= high
    assert list(figures["themes"]) == list(KEYS)
    for theme in figures["themes"].values():
        assert {
            "support",
            "precision",
            "recall",
            "f1",
            "f1_interval",
            "average_precision",
            "average_precision_interval",
            "brier",
        } <= theme.keys()


def test_tables_for_people_and_programs(chude: Run, bundle: Path, tmp_path: Path) -> None:
    data = write_corpus(make_articles(42, seed=3), tmp_path / "data")
    table = chude("evaluate", data, "--model", bundle).out
    assert table.startswith("42 articles")
    assert "macro F1" in table
    assert max(map(len, table.splitlines())) <= 80
    rows = list(
        csv.DictReader(io.StringIO(chude("evaluate", data, "--model", bundle, "-f", "csv").out))
    )
    assert [row["theme"] for row in rows] == list(KEYS)
    assert float(rows[0]["f1_interval_low"]) <= float(rows[0]["f1"])


def test_a_theme_without_an_article_keeps_to_the_columns(
    chude: Run, bundle: Path, tmp_path: Path
) -> None:
    some = [article for article in make_articles(42, seed=3) if "emulation" not in article.themes]
    data = write_corpus(some, tmp_path / "data")
    written = chude("evaluate", data, "--model", bundle, "-f", "csv").out
    rows = {row["theme"]: row for row in csv.DictReader(io.StringIO(written))}
    figures = json.loads(chude("evaluate", data, "--model", bundle, "-f", "json").out)["themes"]
    assert rows["emulation"]["average_precision_interval_low"] == ""
    for key, row in rows.items():
        assert float(row["brier"]) == figures[key]["brier"]


def test_labels_the_model_lacks_are_refused(chude: Run, bundle: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [{"text": "Bộ đội giúp dân.", "themes": themes} for themes in ([], ["sport"])]
    path.write_text("\n".join(map(json.dumps, rows)))
    result = chude("evaluate", path, "--model", bundle)
    assert result.status == 3
    assert f"{path}:2: theme 'sport' is not in the taxonomy" in result.err


def test_no_labels_end_in_one_message(chude: Run, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "Bộ đội giúp dân."}')
    result = chude("evaluate", tmp_path / "a.jsonl", "--model", bundle)
    assert (result.status, result.out) == (1, "")
    assert "no labelled articles" in result.err


def test_contested_articles_are_counted_apart(chude: Run, bundle: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [
        {"text": a.text, "themes": a.themes, "contested": KEYS[:1] if i < 3 else []}
        for i, a in enumerate(make_articles(28, seed=3))
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    result = chude("evaluate", path, "--model", bundle, "-f", "json")
    figures = json.loads(result.out)
    counts = figures["counts"]
    assert figures["articles"] == counts["labelled"] + counts["no_theme"] == 25
    assert counts["contested"] == 3
    assert counts.pop("found") == sum(counts.values()) == 28
    assert "28 found = 28 done" in result.err
    assert "3 with a contested theme" in result.err
    assert chude("evaluate", path, "--model", bundle).out.startswith("25 articles\n")


def test_labels_that_cannot_be_read_are_told(chude: Run, bundle: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [{"text": "Bộ đội giúp dân.", "label": label} for label in ({"emulation": 1}, [])]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    result = chude("evaluate", path, "--model", bundle)
    assert result.err.count("1 articles have labels that cannot be read, such as \"{'emu") == 1
    path.write_text(json.dumps(rows[0]), encoding="utf-8")
    result = chude("evaluate", path, "--model", bundle)
    assert (result.status, "no labelled articles: 1 articles have" in result.err) == (1, True)
