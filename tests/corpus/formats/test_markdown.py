"""Markdown with fields above the article, and with rules in it."""

import datetime
from pathlib import Path

import pytest

from chude.corpus.article import Article
from chude.corpus.read import read
from tests.corpus.formats.files import BODY, TITLE

DAY = datetime.date(2024, 3, 12)
FIELDS = 'title: "{}"\ndate: 2024-03-12T08:00:00+07:00\ntags:\n  - biển\n\ndraft: false\n'


@pytest.mark.parametrize("head", [FIELDS.format(TITLE), f"date: 2024-03-12\n---\n\n# {TITLE}\n"])
def test_fields_above_an_article_are_its_title_and_day(tmp_path: Path, head: str) -> None:
    end = "" if "# " in head else "---\n"
    (tmp_path / "a.md").write_text(f"---\n{head}{end}\n{BODY[0]}\n\n{BODY[1]}\n", encoding="utf-8")
    [article] = read(tmp_path)
    assert (article.title, article.date) == (TITLE, DAY)
    assert article.body.split("\n\n") == list(BODY)


ODD_FIELDS = [
    'Tiêu đề: "{}"\nNgày đăng: hôm nay\ndate: 2024-03-12\n',
    '"title": "{}"\n"date": "2024-03-12"\n',
    "# của tòa soạn\ntitle: {}\ndate: 2024-03-12\n",
    "title: {}\ndate: 2024-03-12\ndescription: Tin ở bến,\nviết hai dòng.\n",
    "title: {}\ndate: 2024-03-12\ntags: [\n  biển\n]\n",
    "Title: {}\nDate: 2024-03-12\n",
    "title: {}\ndate : '2024-03-12'\n",
    "title: {}\nngày đăng: 12/03/2024\n",
    "Tiêu đề: {}\n\nNgày đăng: 12/3/2024 08:00\n",
    "title: {}\npubDate: 2024-03-12\n",
    "publishDate: 2023-01-01\ntitle: '{}'\ndate: 2024-03-12\n",
    "title: {}\npublishDate: 2024-03-12T08:00:00Z\n",
]


@pytest.mark.parametrize("fields", ODD_FIELDS)
def test_fields_may_be_written_in_other_ways(tmp_path: Path, fields: str) -> None:
    text = f"---\n{fields.format(TITLE)}---\n\n{BODY[0]}\n\n{BODY[1]}\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    [article] = read(tmp_path)
    assert (article.title, article.date) == (TITLE, DAY)
    assert article.body.split("\n\n") == list(BODY)


@pytest.mark.parametrize(
    "between",
    [
        "{}\n\nÔng Nam: {}\n",
        "{}\nTiêu đề: {}\n\nBà con ra đồng.\n",
        "Bến cá: {}\n{}\n",
        "Tác giả: Lò Văn Pấng\n\nPV: {}?\n\nÔng Nam: {}\n\n",
        "Tác giả: {0}\nÔng Nam: {1} {1} {1}\n",
    ],
)
def test_a_colon_makes_no_field(tmp_path: Path, between: str) -> None:
    text = f"---\n{between.format(TITLE, BODY[0])}---\n\n{BODY[1]}\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    [article] = read(tmp_path)
    assert article.text.split() == text.replace("---", "").split()


@pytest.mark.parametrize("between", ["\n# {}\n\n{}\n\n", "# {}\n{}\n", "{}\n\n{}\n\n"])
def test_what_stands_between_two_rules_is_not_lost(tmp_path: Path, between: str) -> None:
    text = f"---\n{between.format(TITLE, BODY[0])}---\n\n{BODY[1]}\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    [article] = read(tmp_path)
    assert article.title == TITLE
    assert article.body.split() == " ".join(BODY).split()


def article_of(tmp_path: Path, text: str) -> Article:
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    [article] = read(tmp_path)
    return article


@pytest.mark.parametrize("mark", [">", ">-", "|"])
def test_a_title_may_stand_on_the_lines_below_its_name(tmp_path: Path, mark: str) -> None:
    first, last = TITLE.split(" ", 1)
    fields = f"title: {mark}\n  {first}\n  {last}\ndate: 2024-03-12\n"
    article = article_of(tmp_path, f"---\n{fields}---\n\n{BODY[0]}\n\n{BODY[1]}\n")
    assert (article.title, article.date) == (TITLE, DAY)
    assert article.body.split("\n\n") == list(BODY)


@pytest.mark.parametrize(
    "fields",
    [
        'title = "{}"\ndate = 2024-03-12T08:00:00+07:00\ndraft = false\n',
        "title = '{}'\npublishDate = \"2024-03-12\"\n\n[params]\n  x = 1\n",
        'date = 2024-03-12\npublishDate = 2023-01-01\nTitle = """{}"""\ntags = [\n  "biển",\n]\n',
    ],
)  # fmt: skip
def test_fields_of_toml_are_title_and_day(tmp_path: Path, fields: str) -> None:
    text = f"+++\n{fields.format(TITLE)}+++\n\n{BODY[0]}\n\n{BODY[1]}\n"
    article = article_of(tmp_path, text)
    assert (article.title, article.date) == (TITLE, DAY)
    assert article.body.split("\n\n") == list(BODY)


def test_text_between_pluses_that_is_no_toml_is_not_lost(tmp_path: Path) -> None:
    article = article_of(tmp_path, f"+++\n{TITLE}\n+++\n\n{BODY[0]}\n")
    assert all(part in article.text for part in (TITLE, BODY[0]))


def test_lines_under_headings_are_left_out(tmp_path: Path) -> None:
    text = f"{TITLE}\n=====\n\n{BODY[0]}\n\nỞ bản\n--\n\n3 + 4\n\n= 7\n\nChợ\n  ===\n{BODY[1]}\n"
    article = article_of(tmp_path, text.replace("--", "---"))
    assert article.title == TITLE
    assert article.body.split("\n") == [
        BODY[0], "", "Ở bản", "", "", "3 + 4", "", "= 7", "", "Chợ", "", BODY[1],
    ]  # fmt: skip
