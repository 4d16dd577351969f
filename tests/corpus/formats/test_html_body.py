"""Nothing of an article is lost to the names of its elements, and no menu comes with it."""

from pathlib import Path

import pytest

from tests.corpus.formats.files import BODY, TEXT, TITLE
from tests.corpus.formats.test_html_page import collect

TEXTS = "".join(f"<p>{part}</p>" for part in BODY)


def body_of(body: str, folder: Path) -> list[str]:
    content = f"<html><title>{TITLE}</title><body><h1>{TITLE}</h1>{body}</body></html>"
    [article] = collect(content, folder, "a.html")[0]
    return article.body.split("\n\n")


@pytest.mark.parametrize(
    "names", ["entry-content social", "share post-body", "content social", "tags", "noi-dung tags"]
)
def test_a_block_of_content_may_be_called_after_its_buttons(tmp_path: Path, names: str) -> None:
    share = "<div class=social><p>Hãy chia sẻ bài này.</p></div>"
    body = f"<div class='{names}'>{TEXTS}{share}</div><p>Ban biên tập xã.</p>"
    assert body_of(body, tmp_path) == [*BODY, "Ban biên tập xã."]


def test_long_comments_are_not_the_article(tmp_path: Path) -> None:
    comments = "<div class='comments'>" + "<p>Bà con mong đường sớm xong.</p>" * 20 + "</div>"
    assert body_of(f"<div>{TEXTS}</div>{comments}", tmp_path) == [*BODY]


LINES = ("Phóng viên: Đường khó đi không?", "Ông Lò Văn Pản: Khó lắm", "– Đi mất nửa ngày")


@pytest.mark.parametrize("tag", ["div", "div class=doan", "div style='text-align:justify'"])
def test_short_lines_among_paragraphs_are_of_the_article(tmp_path: Path, tag: str) -> None:
    parts = (BODY[0], *LINES, BODY[1])
    assert body_of("".join(f"<{tag}>{part}</div>" for part in parts), tmp_path) == [*parts]


@pytest.mark.parametrize(
    "line",
    [
        *("<div>Xem thêm: Mưa to</div>", "<div>Quảng cáo</div>", "<div>Facebook</div>"),
        *("<div class=ad>Gạo ngon giá tốt</div>", "<div><div>Gạo ngon giá tốt</div></div>"),
        *("<div><a href=/1>Gạo ngon giá tốt</a></div>", "<nav><div>Gạo ngon</div></nav>"),
        *("<div hidden>Gạo ngon giá tốt</div>", "<div>12/3/2024</div>"),
    ],
)
def test_what_stands_among_paragraphs_and_is_none_is_left_out(tmp_path: Path, line: str) -> None:
    between = f"<div>{BODY[0]}</div>{line}<div>{BODY[1]}</div>"
    assert body_of(between, tmp_path) == [*BODY]


def test_short_lines_above_and_below_the_article_are_left_out(tmp_path: Path) -> None:
    texts = "".join(f"<div>{part}</div>" for part in BODY)
    line = "<div>Gạo ngon giá tốt</div>"
    assert body_of(f"{line}{texts}{line}", tmp_path) == [*BODY]


def test_a_sentence_that_is_mostly_a_link_is_of_the_article(tmp_path: Path) -> None:
    link = "<a href=/1>Đồn Nậm Cáy bắt hai đối tượng ở cửa khẩu</a>"
    said = "Đồn Nậm Cáy bắt hai đối tượng ở cửa khẩu mang theo pháo."
    assert body_of(f"{TEXTS}<p>{link} mang theo pháo.</p>", tmp_path) == [*BODY, said]
    for other in (
        *(f"<p>{link}</p>", f"<p>Xem thêm: {link}.</p>", f"<p>{link} (12/3/2024).</p>"),
        *(f"<p>{link} mang theo pháo</p>", f"<div><p>{link} mang theo pháo.</p></div>"),
        *(f"<p>Cùng chuyên đề: {link}</p>", f"<li>{link} mang theo pháo.</li>"),
    ):
        assert body_of(TEXTS + other, tmp_path) == [*BODY], other


def test_paragraphs_that_are_not_closed(tmp_path: Path) -> None:
    body = f"<div><p class=social>Chia sẻ<p>{BODY[0]}<p>{BODY[1]}</div>"
    assert "\n\n".join(body_of(body, tmp_path)) == TEXT
