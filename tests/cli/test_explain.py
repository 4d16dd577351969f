import csv
import io
import json
import re
from pathlib import Path

import polars as pl
import pytest

from tests.conftest import Run
from tests.invented import KEYS, make_articles
from tests.show.pages import parse

RAW = (
    "date 2025-09-10 Giúp dân \x1b[31mgặt lúa <b>\n\n"
    "Bộ đội giúp bà con bản Huổi Só gặt lúa chạy mưa suốt hai ngày.\n\n"
    "Quân y khám bệnh, cấp thuốc miễn phí cho 120 người già trong thôn.\n"
)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    # A folder of its own: the model stands in tmp_path too, with a report that reads as a page.
    path = tmp_path / "articles" / "giup-dan.txt"
    path.parent.mkdir()
    path.write_text(RAW, encoding="utf-8")
    return path


def test_the_ledger_adds_up_in_80_columns(chude: Run, bundle: Path, article: Path) -> None:
    result = chude("explain", article, "--model", bundle, "--all-themes", "--words", 4)
    assert (result.status, result.err) == (0, "")
    head, *lines = result.out.splitlines()
    assert head == "giup-dan  Giúp dân \\x1b[31mgặt lúa <b>"
    assert "\x1b" not in result.out
    assert max(map(len, lines)) <= 80
    for key, block in zip(KEYS, result.out.split("(yes from")[1:], strict=True):
        numbers = [round(10 * float(n)) for n in re.findall(r"^ +([+-]\d+\.\d) ", block, re.M)]
        assert sum(numbers[:-1]) == numbers[-1], key
    assert re.search(r"mass_mobilization: (yes|for review), probability", result.out)
    assert "◀ clearest" in result.out
    assert re.search(r"^  for +giúp \+\d\.\d, ", result.out, re.M)


def test_in_vietnamese(
    chude: Run, bundle: Path, article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = chude("explain", article, "--model", bundle, "--lang", "vi", "--without").out
    assert re.search(r"xác suất >?0,\d\d \(có từ 0,\d\d\)", asked)
    assert "bỏ đoạn này: " in asked
    assert "điểm xuất phát" in asked
    monkeypatch.setenv("CHUDE_LANG", "vi_VN.UTF-8")
    assert "điểm xuất phát" in chude("explain", article, "--model", bundle).out
    assert "start" in chude("explain", article, "--model", bundle, "--lang", "en").out


def test_every_format_says_the_same(
    chude: Run, bundle: Path, article: Path, tmp_path: Path
) -> None:
    def out(form: str, *more: object) -> str:
        result = chude("explain", article, "--model", bundle, "--format", form, *more)
        assert (result.status, result.err) == (0, "")
        return result.out

    record = json.loads(out("jsonl"))
    assert json.loads(out("json")) == [record]
    theme = record["explanations"]["mass_mobilization"]
    row = next(
        row
        for row in csv.DictReader(io.StringIO(out("csv")))
        if row["theme"] == "mass_mobilization"
    )
    assert float(row["score"]) == theme["score"]
    [clearest] = [p for p in theme["passages"] if p["clearest"]]
    assert int(row["clearest_passage_start"]) == clearest["start"]
    first = theme["words"][0]
    assert row["words"].startswith(f"{first['text']} {first['points']:+.2f}; ")
    parquet = tmp_path / "out.parquet"
    out("parquet", "--output", parquet)
    assert row["words"] in pl.read_parquet(parquet)["words"].to_list()
    table = tmp_path / "out.txt"
    out("table", "--output", table)
    assert table.read_text(encoding="utf-8") == out("table")
    assert chude("explain", article, "--model", bundle, "-f", "parquet").status == 2


def test_themes_words_and_limit(chude: Run, bundle: Path, tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    rows = [{"id": a.id, "title": a.title, "text": a.body} for a in make_articles(8)]
    path.write_text("\n".join(map(json.dumps, rows)))
    arguments = ("explain", path, "--model", bundle, "-f", "jsonl", "--limit", 3, "--words", 3)
    lines = chude(*arguments, "--theme", KEYS[2], "--theme", KEYS[0].upper()).out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["t000", "t001", "t002"]
    for explained in (json.loads(line)["explanations"] for line in lines):
        assert list(explained) == [KEYS[0], KEYS[2]]
        assert {len(theme["words"]) for theme in explained.values()} == {3}
    unknown = chude(*arguments, "--theme", "sport")
    assert (unknown.status, unknown.out) == (2, "")
    for word in ("sport", *KEYS):
        assert word in unknown.err
    assert chude(*arguments, "--theme", KEYS[0], "--all-themes").status == 2


def test_labels_are_not_read_and_all_that_is_found_is_counted(
    chude: Run, bundle: Path, article: Path
) -> None:
    (article.parent / "labels.csv").write_text('nothing of "use')
    result = chude("explain", article.parent, "--model", bundle)
    assert result.status == 0
    assert result.err == "chude: 2 found = 1 done + 0 refused + 1 left out\n"


def test_refused_articles_are_named_and_the_rest_is_done(
    chude: Run, bundle: Path, article: Path
) -> None:
    (article.parent / "empty.txt").write_text("")
    result = chude("explain", article.parent, "--model", bundle, "-f", "jsonl")
    assert result.status == 3
    assert json.loads(result.out)["id"] == "giup-dan"
    assert "empty.txt: empty" in result.err


def test_without_a_known_word_there_is_the_start_alone(
    chude: Run, bundle: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "a", "text": "zzyzx 😀"}\n')
    out = chude("explain", tmp_path / "a.jsonl", "--model", bundle).out
    assert out.splitlines()[-1].strip() == "no word the model knows"


def test_a_page_of_cards(chude: Run, bundle: Path, article: Path, tmp_path: Path) -> None:
    page = tmp_path / "why.html"
    result = chude("explain", article, "--model", bundle, "-f", "html", "-o", page, "--lang", "vi")
    assert (result.status, result.out, result.err) == (0, "", "")
    root = parse(page.read_text(encoding="utf-8"))
    assert root.all("html")[0].attributes["lang"] == "vi"
    assert root.all("h2")[0].text == "Giúp dân \\x1b[31mgặt lúa <b>"
    assert "Vì sao mass_mobilization?" in root.text
    refused = chude("explain", article, "--model", bundle, "-f", "html")
    assert refused.status == 2
    assert "--output" in refused.err


def test_the_201st_article_stops_a_page(chude: Run, bundle: Path, tmp_path: Path) -> None:
    articles = tmp_path / "many.jsonl"
    line = json.dumps({"id": "x", "text": "Bộ đội giúp dân."}, ensure_ascii=False)
    articles.write_text(f"{line}\n" * 201, encoding="utf-8")
    page = tmp_path / "why.html"
    options = "--model", bundle, "-f", "html", "-o", page
    result = chude("explain", articles, *options)
    assert result.status == 1
    assert "more than 200 articles in a page. Add --limit, or use -f jsonl" in result.err
    assert not page.exists()
    assert chude("explain", articles, *options, "--limit", 200).status == 0
