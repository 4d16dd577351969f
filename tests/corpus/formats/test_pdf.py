"""PDF files: pages that are pictures, titles by their type, running heads."""

from pathlib import Path

import pytest

from chude.corpus.article import Article
from chude.corpus.formats.pdf_layout import ranges
from chude.corpus.read import read
from chude.errors import Refusal
from tests.corpus.formats.files import PICTURE, pdf_pages

pytest.importorskip("pypdfium2")

Page = list[tuple[int, str]]
TITLE = ("Bo doi bien phong giup dan gat lua", "chay lu tren nuong Huoi Len")
LINES = [
    "Sang nay can bo, chien si cung ba con trong ban gat lua tren nuong, mang",
    "lua ve tung nha neo nguoi truoc khi lu ve. Nam nay ca ban duoc mua, nha nao",
    "cung co cua an den vu sau.",
]
TEXT = " ".join(LINES)
BODY: Page = [(10, line) for line in LINES]
OTHERS = [TEXT.replace("ban", f"ban {name}") for name in ("Muong", "Phin", "Sin", "Chai")]
PAGES: list[Page] = [
    [(10, line.replace("ban", f"ban {name}")) for line in LINES]
    for name in ("Muong", "Phin", "Sin", "Chai")
]
HEAD = "BAO BIEN PHONG - So 12, ngay 12/3/2024"


def collect(path: Path, *pages: Page | str) -> tuple[list[Article], list[Refusal]]:
    (path / "a.pdf").write_bytes(pdf_pages(*pages))
    refused: list[Refusal] = []
    return list(read(path, on_refusal=refused.append)), refused


def test_pages_that_are_pictures_beside_text_are_named(tmp_path: Path) -> None:
    page: Page = [(20, TITLE[0]), *BODY]
    outlined = "".join(f"{x} 100 m {x + 2} 120 l S " for x in range(150))
    rule = "50 700 m 400 700 l S"  # an empty page, which a line does not make a picture
    pages = (page, PICTURE, PICTURE, "", rule, outlined, PAGES[0])
    [article], [refusal] = collect(tmp_path, *pages)
    assert (article.title, article.body) == (TITLE[0], f"{TEXT}\n\n{OTHERS[0]}")
    assert (refusal.place, "pages 2-3, 6," in refusal.problem) == (str(tmp_path / "a.pdf"), True)
    assert "ocrmypdf" in refusal.cure


def test_numbers_in_short() -> None:
    assert ranges([1, 2, 3, 7, 9, 10]) == "1-3, 7, 9-10"
    assert ranges(range(1, 100, 2)) == "1, 3, 5, 7, 9, 11, 13, 15, …"


def test_a_title_of_two_lines(tmp_path: Path) -> None:
    page: Page = [*((20, line) for line in TITLE), (10, "12/3/2024"), *BODY]
    [article], refused = collect(tmp_path, page)
    assert not refused
    assert (article.title, article.body) == (" ".join(TITLE), TEXT)
    assert str(article.date) == "2024-03-12"


def test_what_stands_above_a_title_stays_in_the_text(tmp_path: Path) -> None:
    page: Page = [(9, "BAO BIEN PHONG"), (9, "12/3/2024"), (20, TITLE[0]), *BODY]
    [article], _ = collect(tmp_path, page)
    assert (article.title, str(article.date)) == (TITLE[0], "2024-03-12")
    assert article.body == f"BAO BIEN PHONG\n\n{TEXT}"


@pytest.mark.parametrize("large", ["S", " ".join(LINES * 2)])
def test_large_type_that_is_no_title(tmp_path: Path, large: str) -> None:
    page: Page = [(10, TITLE[0]), (30, large), *BODY]
    [article], _ = collect(tmp_path, page)
    assert article.title == TITLE[0]
    assert large[:40] in article.body


def test_running_heads_and_numbers_of_pages_are_no_text(tmp_path: Path) -> None:
    pages: list[Page] = [
        [(8, HEAD), (8, f"Tin {n}"), *PAGES[n - 1], (8, f"Trang {n}/3")] for n in (1, 2, 3)
    ]
    pages[0].insert(2, (20, TITLE[0]))
    [article], _ = collect(tmp_path, *pages)
    assert (article.title, article.body) == (TITLE[0], "\n\n".join(OTHERS[:3]))


def test_a_title_that_is_printed_above_the_next_pages(tmp_path: Path) -> None:
    for size in (10, 20):
        pages: list[Page] = [[(size, TITLE[0]), *PAGES[0]], [(8, TITLE[0]), *PAGES[1]]]
        [article], _ = collect(tmp_path, *pages)
        assert (article.title, article.body) == (TITLE[0], "\n\n".join(OTHERS[:2]))


def test_lines_that_are_not_on_nearly_all_pages_stay(tmp_path: Path) -> None:
    tops = ("Nam 2023", "Nam 2024", "Tin vui", "Tin vui")
    pages: list[Page] = [
        [(10, top), *page, (10, "Ba con mung lam.")] for top, page in zip(tops, PAGES, strict=True)
    ]
    pages[0].insert(0, (20, TITLE[0]))
    [article], _ = collect(tmp_path, *pages)
    words = " ".join(article.body.split())
    assert [words.count(line) for line in ("Nam 202", "Tin vui", "mung lam.")] == [2, 2, 4]
