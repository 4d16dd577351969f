import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from chude.corpus.article import Article
from tests.conftest import Run
from tests.invented import SENTENCES, make_articles, write_corpus


def write_jsonl(path: Path, articles: list[Article]) -> Path:
    rows = (
        {
            "id": a.id,
            "title": a.title,
            "date": None if a.date is None else a.date.isoformat(),
            "text": a.body,
            "themes": a.themes,
        }
        for a in articles
    )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def found(out: str) -> dict[str, list[str]]:
    issues: dict[str, list[str]] = {}
    for line in out.splitlines():
        record = json.loads(line)
        assert list(record) == ["article", "issue", "score", "flag", "evidence"]
        assert 0 <= record["score"] <= 1
        issues.setdefault(record["issue"], []).append(record["article"])
    return issues


TOMORROW = " ".join(SENTENCES[""][:3] + SENTENCES["emulation"])


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    """Sound articles and one of each kind of fault."""
    articles = make_articles(84)
    rows = [
        *articles,
        replace(articles[4], id="copy"),
        replace(articles[5], id="contradiction", themes=("mass_mobilization",)),
        replace(articles[0], id="tomorrow", date=date(2190, 1, 1), body=TOMORROW),
        replace(articles[0], id=articles[1].id, body=f"{articles[2].body} {articles[3].body}"),
        replace(articles[0], id="lost", body=articles[7].body.replace("i", "\ufffd")),
        replace(articles[0], id="blank", body=" "),
    ]  # fmt: skip
    return write_jsonl(tmp_path / "tin.jsonl", rows)


def test_each_kind_of_fault_is_a_record(chude: Run, messy: Path) -> None:
    result = chude("check", messy, "--format", "jsonl")
    issues = found(result.out)
    assert "copy" in issues["exact_duplicate"]
    assert issues["same_text_other_themes"] == ["contradiction"]
    assert issues["date_in_future"] == ["tomorrow"]
    assert issues["damaged_encoding"] == [f"{messy}:89"]
    assert issues["empty"] == [f"{messy}:90"]
    assert result.status == 0
    assert "to mend" in result.err


def test_doubtful_labels_without_a_model(chude: Run, tmp_path: Path) -> None:
    articles = make_articles(84)
    wrong = replace(articles[4], themes=("emulation", "mass_mobilization"))
    path = write_jsonl(tmp_path / "tin.jsonl", [*articles[:4], wrong, *articles[5:]])
    issues = found(chude("check", path, "--format", "jsonl").out)
    assert issues["label_error"][0] == wrong.id


def test_doubtful_labels_by_a_model(chude: Run, tmp_path: Path, bundle: Path) -> None:
    new = [replace(a, id=f"new-{a.id}") for a in make_articles(28, seed=1)]
    new[4] = replace(new[4], themes=("emulation",))
    path = write_jsonl(tmp_path / "tin.jsonl", new)
    result = chude("check", path, "--model", bundle, "--format", "jsonl")
    assert new[4].id in found(result.out)["label_error"]


def test_leakage_between_two_files(chude: Run, tmp_path: Path) -> None:
    articles = make_articles(30)
    train = write_jsonl(tmp_path / "train.jsonl", articles[:20])
    held_out = [*articles[20:], replace(articles[3], id="leak", title="Tin khác")]
    test = write_jsonl(tmp_path / "test.jsonl", held_out)
    result = chude("check", train, "--against", test, "--format", "jsonl")
    assert articles[3].id in found(result.out)["leakage"]


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_other_forms(chude: Run, messy: Path, form: str) -> None:
    out = chude("check", messy, "--format", form, "--quiet").out
    if form == "json":
        assert {"exact_duplicate", "empty"} <= {record["issue"] for record in json.loads(out)}
    else:
        assert "exact_duplicate" in out
        assert out.splitlines()[0].replace(",", " ").split()[:2] in (
            ["issue", "article"],
            ["article", "issue"],
        )


def test_one_finding_is_one_and_quiet_says_nothing(
    chude: Run, bundle: Path, tmp_path: Path
) -> None:
    [article] = make_articles(1)
    path = write_jsonl(tmp_path / "tin.jsonl", [replace(article, date=date(2190, 1, 1))])
    result = chude("check", path, "--model", bundle)
    assert "1 finding, 1 to mend" in result.err
    assert "1 found = 1 done" in result.err
    assert chude("check", path, "--model", bundle, "--quiet").err == ""


def test_a_cleaned_copy_lists_every_change(chude: Run, messy: Path, tmp_path: Path) -> None:
    before = messy.read_bytes()
    result = chude("check", messy, "--fix", tmp_path / "clean", "--format", "jsonl")
    assert result.status == 0
    assert messy.read_bytes() == before
    with (tmp_path / "clean" / "changes.csv").open(encoding="utf-8", newline="") as stream:
        changes = {row["article"] or row["source"]: row["change"] for row in csv.DictReader(stream)}
    assert changes["copy"] == "left out"
    assert changes[f"{messy}:90"] == "left out"
    assert changes["tomorrow"] == "date removed"
    assert changes["t001"] == "id is now t001-2"
    assert "contradiction" not in changes
    again = found(chude("check", tmp_path / "clean", "--format", "jsonl").out)
    assert not {"exact_duplicate", "empty", "date_in_future"} & {
        issue for issue, articles in again.items() if articles != ["contradiction"]
    }


def test_a_cleaned_corpus_keeps_the_labels_of_passages(chude: Run, tmp_path: Path) -> None:
    import chude as face

    data = write_corpus(make_articles(20), tmp_path / "data")
    assert chude("check", data, "--fix", tmp_path / "clean").status == 0
    before, after = (list(face.read(folder)) for folder in (data, tmp_path / "clean"))
    assert [(a.id, a.text, a.date, a.themes, a.passages) for a in before] == [
        (a.id, a.text, a.date, a.themes, a.passages) for a in after
    ]
    assert (tmp_path / "clean" / "themes.toml").read_bytes() == (data / "themes.toml").read_bytes()


def test_a_cleaned_copy_keeps_what_annotators_said(chude: Run, tmp_path: Path) -> None:
    import chude as face

    title, body = "Ngày mùa", "Bộ đội giúp bà con gặt lúa.\n\nGiá cà phê giảm nhẹ sáng nay."
    marked = body.partition("\n")[0]
    start = len(title) + 2
    row = {
        "id": "a",
        "title": title,
        "date": "đầu tháng ba",
        "text": body,
        "themes": ["Mass_Mobilization", "emulation"],
        "spans": {"Mass_Mobilization": [[start, start + len(marked)]]},
        "contested": ["Emulation"],
        "drawn": "chance",
    }
    data = write_corpus([], tmp_path / "data")
    (data / "raw" / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert chude("check", data, "--fix", tmp_path / "clean").status == 0
    [article] = face.read(tmp_path / "clean")
    assert article.spans is not None
    [(begin, end)] = article.spans["mass_mobilization"]
    assert article.text[begin:end] == marked
    assert (article.unsettled, article.by_chance) == (("emulation",), True)
    assert (article.date, article.unread_date) == (None, "đầu tháng ba")


def test_findings_are_not_written_over_what_is_read(chude: Run, messy: Path) -> None:
    before = messy.read_bytes()
    for other in ((messy,), (messy.parent / "*.jsonl", "--against", messy)):
        assert chude("check", *other, "--format", "jsonl", "--output", messy).status == 2
    assert messy.read_bytes() == before


def test_nothing_is_written_over(chude: Run, messy: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "a.txt").write_text("Tin", encoding="utf-8")
    for folder in (tmp_path / "there", messy):
        result = chude("check", messy, "--fix", folder)
        assert result.status == 2
        assert "Name a folder that is not there" in result.err
    corpus = write_corpus(make_articles(4), tmp_path / "data")
    assert "inside" in chude("check", corpus, "--fix", corpus / "clean").err
    assert "cannot be read twice" in chude("check", "-", "--fix", tmp_path / "x").err


def test_ids_do_not_steer_the_terminal(chude: Run, tmp_path: Path) -> None:
    [article] = make_articles(1)
    path = write_jsonl(tmp_path / "a.jsonl", [replace(article, id="\x1b[31m", body="Ngắn.")])
    assert "\x1b" not in chude("check", path).out


def test_labels_that_cannot_be_read_are_told(chude: Run, tmp_path: Path) -> None:
    data = write_corpus(make_articles(4), tmp_path / "data")
    row = {"id": "lạ", "text": TOMORROW, "label": [{"name": "emulation"}]}
    (data / "raw" / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    result = chude("check", data)
    assert result.err.count("1 articles have labels that cannot be read, such as") == 1
