import csv
import io
import json
import random
import re
from pathlib import Path

import polars as pl
import pytest

from chude import read
from tests.conftest import Run
from tests.invented import KEYS, make_articles, write_corpus

RAW = (
    "\ufeff date 2025-09-10 Ngày mùa trên bản Nậm Khao\n\n"
    "Bộ đội giúp bà con bản Huổi Só gặt lúa chạy mưa suốt hai ngày.\n\n"
    "Quân y khám bệnh, cấp thuốc miễn phí cho 120 người già trong thôn.\n"
)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "giup-dan.txt"
    path.write_text(RAW, encoding="utf-8")
    return path


def test_a_raw_article_in_every_format(
    chude: Run, bundle: Path, article: Path, tmp_path: Path
) -> None:
    def out(form: str) -> str:
        result = chude("predict", article, "--model", bundle, "--format", form, "--quiet")
        assert (result.status, result.err) == (0, "")
        return result.out

    record = json.loads(out("jsonl"))
    assert (record["id"], record["themes"]) == ("giup-dan", ["mass_mobilization"])
    assert json.loads(out("json")) == [record]
    [row] = csv.DictReader(io.StringIO(out("csv")))
    assert row["themes"] == "mass_mobilization"
    head, line = out("table").splitlines()
    assert head.split() == ["article", *KEYS]
    assert line.startswith("giup-dan ")
    assert "*" in line
    parquet = tmp_path / "out.parquet"
    chude("predict", article, "--model", bundle, "--format", "parquet", "--output", parquet)
    assert pl.read_parquet(parquet)["id"].to_list() == ["giup-dan"]


@pytest.mark.parametrize("output", ["-", "out.jsonl"])
def test_verbose_says_when_it_is_done(
    chude: Run, bundle: Path, article: Path, output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(article.parent)
    arguments = ("predict", article, article, "--model", bundle, "--output", output)
    said = "2 articles, 2 with a theme, 0 for review. Why: chude explain …\n"
    assert re.fullmatch(
        rf"\d+\.\d s: articles, 2 done\n{re.escape(said)}", chude(*arguments, "--verbose").err
    )
    assert chude(*arguments).err == said
    assert chude(*arguments, "--quiet").err == ""


def test_a_short_command_says_why_in_full(
    chude: Run, bundle: Path, article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(article.parent)
    err = chude("predict", article.name, "--model", bundle.name).err
    assert err.endswith("Why: chude explain …\n")
    monkeypatch.setattr("chude.cli.options.DEFAULT_MODEL", Path(bundle.name))
    err = chude("predict", article.name, "--model", bundle.name).err
    assert err.endswith("for review. Why: chude explain giup-dan.txt\n")


def test_the_table_never_says_certain_and_fits_a_terminal(
    chude: Run, bundle: Path, article: Path
) -> None:
    certain = " ".join(["Bộ đội giúp bà con bản Huổi Só gặt lúa chạy mưa suốt hai ngày."] * 9)
    (article.parent / f"{'dài-' * 20}.txt").write_text(f"Một \x1b[31mtiêu đề\n\n{certain}")
    for titles in ((), ("--titles",)):
        out = chude("predict", *article.parent.glob("*.txt"), "--model", bundle, *titles).out
        assert "1.00" not in out
        assert "0.00" not in out
        assert max(map(len, out.splitlines())) <= 80
    assert "Một \\x1b[31mtiêu đề" in out
    assert out.splitlines()[0].split()[0] == "title"


def test_the_head_comes_with_the_first_record(chude: Run, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    result = chude("predict", tmp_path / "empty.txt", "--model", bundle)
    assert (result.status, result.out) == (3, "")
    assert "0 articles, 0 with a theme, 0 for review.\n" in result.err


def test_evidence_and_titles_in_every_format(
    chude: Run, bundle: Path, article: Path, tmp_path: Path
) -> None:
    arguments = ("predict", article, "--model", bundle, "--titles")
    for count, explain in ((5, ("--explain",)), (2, ("--explain", "2")), (2, ("--explain=2",))):
        out = chude(*arguments, *explain, "--format", "jsonl").out
        record = json.loads(out)
        words = record["evidence"]["mass_mobilization"]
        assert len(words) == count
        assert record["title"] == "Ngày mùa trên bản Nậm Khao"
        [read_again] = read(str(article))
        text = read_again.text
        for word in words:
            assert text[word["start"] : word["end"]].lower() == word["text"]
    [row] = csv.DictReader(io.StringIO(chude(*arguments, "--explain", "-f", "csv").out))
    assert "; " in row["evidence_mass_mobilization"]
    assert row["title"].startswith("Ngày mùa")
    parquet = tmp_path / "out.parquet"
    chude(*arguments, "--explain", "--format", "parquet", "--output", parquet)
    frame = pl.read_parquet(parquet)
    assert frame["evidence_mass_mobilization"].to_list() == [row["evidence_mass_mobilization"]]
    assert [f"evidence_{key}" for key in KEYS] == frame.columns[-3:]


def test_records_come_in_the_order_of_the_input(chude: Run, bundle: Path, tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    ids = [f"x{i}" for i in range(700)]
    path.write_text(
        "".join(json.dumps({"id": i, "text": f"Tin số {i}."}) + "\n" for i in ids),
        encoding="utf-8",
    )
    out = tmp_path / "out.jsonl"
    arguments = ("--model", bundle, "--format", "jsonl", "--output", out)
    assert chude("predict", path, *arguments).status == 0
    assert [json.loads(line)["id"] for line in out.read_text().splitlines()] == ids
    parquet = tmp_path / "out.parquet"
    arguments = ("--model", bundle, "--format", "parquet", "--output", parquet)
    assert chude("predict", path, *arguments).status == 0
    assert pl.read_parquet(parquet)["id"].to_list() == ids


def test_refused_articles_are_named_and_the_rest_is_done(
    chude: Run, bundle: Path, article: Path
) -> None:
    (article.parent / "empty.txt").write_text("")
    (article.parent / "title.txt").write_text("Chỉ có tiêu đề")
    texts = sorted(article.parent.glob("*.txt"))
    result = chude("predict", *texts, "--model", bundle, "--format", "jsonl")
    assert result.status == 3
    assert [json.loads(line)["id"] for line in result.out.splitlines()] == ["giup-dan"]
    assert "empty.txt: empty" in result.err
    assert "title.txt: only a title" in result.err


def test_an_empty_result_is_well_formed(chude: Run, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text("\n")
    for form, expected in (("json", "[]\n"), ("jsonl", ""), ("csv", "")):
        result = chude("predict", tmp_path / "none.jsonl", "--model", bundle, "--format", form)
        assert (result.status, result.out) == (0, expected)


def test_parquet_needs_a_file(chude: Run, bundle: Path, article: Path) -> None:
    result = chude("predict", article, "--model", bundle, "--format", "parquet")
    assert result.status == 2
    assert "--output" in result.err


def test_a_failure_half_way_leaves_no_file(chude: Run, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "Bộ đội giúp dân."}\n')
    for form in ("jsonl", "parquet"):
        paths = (tmp_path / "a.jsonl", tmp_path / "missing.jsonl")
        out = tmp_path / f"out.{form}"
        result = chude("predict", *paths, "--model", bundle, "--format", form, "--output", out)
        assert result.status == 1
        assert "missing.jsonl: no such file" in result.err
        assert not out.exists()


def test_500_mutated_articles_are_labelled_or_refused(
    chude: Run, bundle: Path, tmp_path: Path
) -> None:
    rng = random.Random(0)
    folder = tmp_path / "mutated"
    folder.mkdir()
    for i in range(500):
        content = bytearray(RAW.encode())
        for _ in range(rng.choice([1, 3, 20])):
            place = rng.randrange(len(content))
            kind = rng.randrange(4)
            if kind == 0:
                content[place] ^= 1 << rng.randrange(8)
            elif kind == 1:
                del content[place : place + rng.randrange(1, 60)]
                content = content or bytearray(b"\n")
            elif kind == 2:
                content[place:place] = rng.randbytes(rng.randrange(1, 9))
            else:
                content[place:place] = rng.choice(["\u200b", "\u0301", "�", "\n\n", "🙂"]).encode()
        (folder / f"{i:03}.txt").write_bytes(content)
    result = chude("predict", folder, "--model", bundle, "--format", "jsonl")
    labelled = [json.loads(line)["id"] for line in result.out.splitlines()]
    refused = [line for line in result.err.splitlines() if line.startswith("refused: ")]
    assert result.status == 3
    assert len(labelled) + len(refused) == 500
    assert labelled == sorted(labelled)


def test_stale_labels_do_not_fail_a_prediction(chude: Run, bundle: Path, tmp_path: Path) -> None:
    data = write_corpus(make_articles(4), tmp_path / "data")
    with (data / "labels.csv").open("a", encoding="utf-8") as stream:
        stream.write("gone,,emulation\nt001,,no such theme,x\n")
    for output in ("-", tmp_path / "out.jsonl"):
        result = chude("predict", data, "--model", bundle, "--output", output, "--quiet")
        assert (result.status, result.err) == (0, "")


@pytest.mark.parametrize(("name", "first"), [("out.csv", "id,"), ("out.jsonl", "{"), ("out", "ar")])
def test_the_ending_of_the_output_says_its_form(
    chude: Run, bundle: Path, tmp_path: Path, name: str, first: str
) -> None:
    (tmp_path / "a.txt").write_text("Tin\n\nBộ đội giúp dân.", encoding="utf-8")
    output = tmp_path / "out" / name
    assert chude("predict", tmp_path / "a.txt", "--model", bundle, "-o", output).status == 0
    assert output.read_text(encoding="utf-8").startswith(first)
