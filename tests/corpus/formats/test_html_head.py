"""The title and the date are those of the article, not of what stands around it."""

import datetime
from pathlib import Path

import pytest

from tests.corpus.formats.files import BODY, TEXT, TITLE
from tests.corpus.formats.test_html_page import collect

DAY = datetime.date(2024, 3, 12)
CLOCK = "Thứ Bảy, 30/11/2024"
H1 = f"<h1>{TITLE}</h1>"
TEXTS = "".join(f"<p>{part}</p>" for part in BODY)
TIME = "<time datetime=2024-03-12T10:00+07:00>12/3/2024</time>"
LINE = "<div class=date>Thứ ba, 12/03/2024, 10:05</div>"
OLD = "<time datetime=2019-01-01>1/1/2019</time>"
AROUND = (
    *(f"<{tag}><div>{CLOCK}</div>{OLD}</{tag}>" for tag in ("header", "nav", "aside", "footer")),
    *(f"<div class='{name}'>{OLD}</div>" for name in ("sidebar", "top-bar", "x header", "related")),
    f"<header><time>{CLOCK}</time></header>",
    f"<div id=header><p>{CLOCK}</p></div>",
)


def date_of(body: str, folder: Path) -> datetime.date | None:
    [article] = collect(f"<html><body>{body}</body></html>", folder, "a.html")[0]
    assert article.title == TITLE
    return article.date


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize(
    "article",
    [
        f"<article>{H1}{TIME}{TEXTS}</article>",
        f"<article><header>{TIME}{H1}</header>{TEXTS}</article>",
        f"<header>{H1}{LINE}</header>{TEXTS}",
        f"{H1}{LINE}{TEXTS}",
        f"{H1}{TEXTS}{LINE}",
        f"{LINE}{H1}{TEXTS}",
    ],
)
def test_the_date_of_the_article_goes_before_that_around_it(
    tmp_path: Path, around: str, article: str
) -> None:
    assert date_of(around + article, tmp_path) == DAY
    assert date_of(article + around, tmp_path) == DAY


@pytest.mark.parametrize("around", AROUND)
def test_a_date_that_only_stands_around_the_article_is_none(tmp_path: Path, around: str) -> None:
    assert date_of(f"{around}<article>{H1}{TEXTS}</article>", tmp_path) is None


def test_a_date_above_the_heading_counts_where_none_stands_below(tmp_path: Path) -> None:
    clock = f"<div>{CLOCK}</div>"
    assert date_of(f"{clock}{H1}{LINE}{TEXTS}", tmp_path) == DAY
    assert date_of(f"{clock}{H1}{TEXTS}{LINE}", tmp_path) == DAY
    assert date_of(f"<div>{CLOCK}</div>{H1}{TEXTS}", tmp_path) == datetime.date(2024, 11, 30)


def test_the_dates_of_other_articles_below_are_not_this_ones(tmp_path: Path) -> None:
    card = f"<article><h3><a href=/1>Mưa to ở bản Huổi Só</a></h3>{OLD}</article>"
    assert date_of(f"<article>{H1}{TEXTS}{card}{LINE}</article>", tmp_path) == DAY
    assert date_of(f"{LINE}<h2>Mục tin</h2>{H1}{TEXTS}{card}", tmp_path) == DAY
    assert date_of(f"<div>{LINE}{H1}{TEXTS}</div><div>{card * 3}</div>", tmp_path) == DAY
    assert date_of(f"<main>{card}<article>{H1}{TIME}{TEXTS}</article></main>", tmp_path) == DAY


def test_what_the_head_says_goes_before_all(tmp_path: Path) -> None:
    meta = "<meta property='article:published_time' content='2024-03-12T08:00'>"
    assert date_of(f"{meta}<article>{H1}{OLD}{TEXTS}</article>", tmp_path) == DAY


def test_a_date_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    content = f"<html><article>{H1}<time datetime='hôm kia'>x</time>{TEXTS}</article></html>"
    [article] = collect(content, tmp_path, "a.html")[0]
    assert (article.date, article.unread_date) == (None, "hôm kia")


SITE = "Báo Mường Ló"
NAMED = f"<title>{TITLE} | {SITE}</title>"
LOGO = f"<h1 class=logo><a href='/'>{SITE}</a></h1>"


@pytest.mark.parametrize(
    "page",
    [
        f"{NAMED}<div id=header>{LOGO}</div><div>{H1}{TEXTS}</div>",
        f"<title>{SITE}</title><header>{LOGO}</header><article>{H1}{TEXTS}</article>",
        f"<title>{SITE}</title><h1>{SITE}</h1><main>{H1}{TEXTS}</main>",
        f"{NAMED}<h1>{SITE}</h1><div>{H1}{TEXTS}</div>",
        f"<meta property=og:title content='{TITLE}'><h1>Trang nhất</h1>{H1}{TEXTS}",
        f"<title>Tin</title><h1><a href='/'>Trang nhất</a></h1>{H1}{TEXTS}",
        f"<meta property=og:title content='{TITLE}'>{LOGO}<h2>{TITLE}</h2>{TEXTS}",
        f"{NAMED}<h1><a href='/1'>{TITLE}</a></h1>{TEXTS}",
    ],
)
def test_a_logo_is_not_the_title(tmp_path: Path, page: str) -> None:
    [article] = collect(f"<html>{page}</html>", tmp_path, "a.html")[0]
    assert (article.title, article.body) == (TITLE, TEXT)
