"""A page's article without its menus, whatever its ending and however it is broken."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chude.corpus.article import Article
from chude.corpus.formats.markup import looks_like_html, plain_text
from chude.corpus.read import read
from chude.errors import Refusal
from tests.corpus.formats.files import BODY, MENU, TEXT, TITLE, page


def collect(content: str | bytes, folder: Path, name: str) -> tuple[list[Article], list[Refusal]]:
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    refused: list[Refusal] = []
    return list(read(folder / name, on_refusal=refused.append)), refused


@pytest.mark.parametrize("name", ["a.html", "a.HTM", "a.txt", "a", "a.csv", "a.jsonl", "a.md"])
def test_nothing_of_the_menu_is_in_the_article(tmp_path: Path, name: str) -> None:
    [article] = collect(page(), tmp_path, name)[0]
    assert (article.title, article.body) == (TITLE, TEXT)


def test_a_page_whose_text_stands_in_divs(tmp_path: Path) -> None:
    body = f"<div class=main>{BODY[0]}<br><br/>{BODY[1]}<br></div><script>thi đua"
    [article] = collect(f"<html><h1>{TITLE}</h1>{body}", tmp_path, "a.html")[0]
    assert article.body.split() == TEXT.split()


def test_a_form_around_the_whole_page_is_none(tmp_path: Path) -> None:
    content = page().replace(b"<body>", b"<body><p>B\xc3\xa1o</p><form action='tin.aspx'><div>")
    content = content.replace(b"</body>", b"</div></form></body>")
    assert content.count(b"form") == 2
    [article] = collect(content, tmp_path, "a.html")[0]
    assert article.body.split() == ["Báo", *TEXT.split()]
    comment = "<form><p>Gửi bình luận của bạn cho tòa soạn ở đây.</p></form></body>".encode()
    [article] = collect(page().replace(b"</body>", comment), tmp_path, "b.html")[0]
    assert article.body.split() == TEXT.split()


RULES = "<p>Bình luận phải viết bằng tiếng Việt có dấu, không quá một nghìn chữ.</p>" * 8


def test_the_rules_of_a_form_are_not_joined_to_a_short_article(tmp_path: Path) -> None:
    content = f"<html><h1>{TITLE}</h1><p>{BODY[0]}</p><form>{RULES}</form></html>"
    [article] = collect(content, tmp_path, "a.html")[0]
    assert article.body == BODY[0]


@pytest.mark.parametrize("heart", [f"<h1>{TITLE}</h1>", "<article>"])
def test_a_form_with_the_article_in_it_is_read(tmp_path: Path, heart: str) -> None:
    paragraphs = f"<p>{BODY[0]}</p><p>{BODY[1]}</p>"
    content = f"<html><title>{TITLE}</title><p>Cơ quan ngôn luận của đảng bộ xã Mường Ló.</p>"
    content += f"<form>{heart}{paragraphs}</form></html>"
    [article] = collect(content, tmp_path, "a.html")[0]
    assert BODY[0] in article.body
    assert BODY[1] in article.body


FOOTER = "<div>Cơ quan chủ quản: xã Mường Ló. Giấy phép số 12.</div>"
STATE = '<input type="hidden" name="__VIEWSTATE" value="x">'


@pytest.mark.parametrize(("state", "count"), [(STATE, 1), ("", 4)])
def test_a_form_with_a_footer_below_it_is_the_page(tmp_path: Path, state: str, count: int) -> None:
    paragraphs = "".join(f"<p>{part}</p>" for part in BODY * count)
    content = f"<html><form>{state}<h2>{TITLE}</h2>{paragraphs}</form>{FOOTER}</html>"
    [article] = collect(content, tmp_path, "a.html")[0]
    assert " ".join(BODY * count) in " ".join(article.text.split())


@pytest.mark.parametrize("head", ["<h1>Đăng nhập</h1>", "<h1>Báo Mường Ló</h1><input>"])
def test_a_heading_in_a_small_form_makes_no_form_the_page(tmp_path: Path, head: str) -> None:
    paragraphs = f"<h2>{TITLE}</h2><p>{BODY[0]}</p><p>{BODY[1]}</p>"
    rules = RULES[: len(RULES) // 8]
    content = f"<html><form>{head}</form>{paragraphs}<form>{rules}</form></html>"
    [article] = collect(content, tmp_path, "a.html")[0]
    assert BODY[1] in article.body
    assert "bình luận" not in article.text.lower()


@pytest.mark.parametrize(
    "login",
    [
        *("<form>{}</form>", "<dialog>{}</dialog>"),
        *("<div role='dialog'>{}</div>", "<section aria-modal=true>{}</section>"),
        *("<div hidden>{}</div>", '<div hidden="">{}</div>', '<div class="modal fade">{}</div>'),
        '<div id="login-popup"><div>{}</div></div>',
    ],
)
@pytest.mark.parametrize("told", ["<h1>{}</h1>", "<title>{}</title>", "<meta {}>"])
def test_a_form_to_log_in_gives_no_title(tmp_path: Path, login: str, told: str) -> None:
    heading = login.format("<h1>Đăng nhập</h1><p>Mật khẩu</p>")
    told = told.format(TITLE if "meta" not in told else f'property=og:title content="{TITLE}"')
    content = f"<html><title></title>{heading}{told}<article><p>{BODY[0]}</p></article></html>"
    [article] = collect(content, tmp_path, "a.html")[0]
    assert (article.title, article.body) == (TITLE, BODY[0])


SITE, HEADING, PARAGRAPH = "<title>Báo Mường Ló</title>", f"<h1>{TITLE}</h1>", f"<p>{BODY[0]}</p>"


@pytest.mark.parametrize(
    "page",
    [
        *(f"<{tag}><h1>Chuyên mục</h1></{tag}>{HEADING}{PARAGRAPH}" for tag in ("nav", "aside")),
        f"<div class=menu><h1>Chuyên mục</h1></div>{HEADING}{PARAGRAPH}",
        f"{SITE}<section class=banner>{HEADING}</section>{PARAGRAPH}",
        f"{SITE}<div class='page-title breadcrumb'>{HEADING}</div>{PARAGRAPH}",
        *(f"{SITE}<div class={c}>{HEADING}{PARAGRAPH}</div>" for c in ("multimodal", "popup-tin")),
        f"<nav>{HEADING}</nav>{PARAGRAPH}",
    ],
)
def test_the_heading_of_the_article_is_its_title(tmp_path: Path, page: str) -> None:
    [article] = collect(f"<html>{page}</html>", tmp_path, "a.html")[0]
    assert (article.title, article.body) == (TITLE, BODY[0])


@pytest.mark.parametrize("around", ["<form>", f"<form>{STATE}", "<div class='hidden md:block'>"])
def test_the_title_in_what_is_around_the_page_counts(tmp_path: Path, around: str) -> None:
    paragraphs = f"<h1>{TITLE}</h1><p>{BODY[0]}</p><p>{BODY[1]}</p>"
    login = "<div class=modal><h1>Đăng nhập</h1></div>"
    content = f"<html><title>Báo Mường Ló</title>{around}{login}{paragraphs}</html>"
    [article] = collect(content, tmp_path, "a.html")[0]
    assert (article.title, article.body.split()) == (TITLE, TEXT.split())


def test_where_everything_is_a_menu_its_text_is_kept(tmp_path: Path) -> None:
    content = f"<html><body><div class='menu'><p>{BODY[0]}</p><p>{BODY[1]}</p></div>"
    [article] = collect(content, tmp_path, "a.html")[0]
    assert BODY[1] in article.text


def test_the_encoding_that_a_page_names(tmp_path: Path) -> None:
    text = page().decode().replace("<head>", "<head><meta charset='utf-16le'>")
    content = text.encode("utf-16")
    assert collect(content, tmp_path, "a.html")[0][0].title == TITLE


@pytest.mark.parametrize("codec", ["cp1252", "latin-1", "cp1258"])
def test_a_page_that_was_encoded_twice(tmp_path: Path, codec: str) -> None:
    text = "Bà con và bộ đội chờ phà qua sông cả buổi; à, thuyền về rồi, nhà nào cũng ra bến."
    shown = "".join(bytes([c]).decode(codec, "ignore") or chr(c) for c in text.encode())
    [article] = collect(f"<html><body>\n<p>{shown}</p></body></html>", tmp_path, "a.html")[0]
    assert article.body == text


def test_entities_and_quotes_in_attributes(tmp_path: Path) -> None:
    content = (
        "<html><h1>Gi&aacute; rau</h1><p title='a > b' data-x=\"<b>\">Rau &lt; c&aacute;,"
        "\n  th&igrave; <b>mua</b>&nbsp;rau.</p><p>Hai &amp; ba.</p></html>"
    )
    [article] = collect(content, tmp_path, "a.html")[0]
    assert article.text == "Giá rau\n\nRau < cá, thì mua rau.\n\nHai & ba."


def test_line_breaks_alone_are_markup(tmp_path: Path) -> None:
    text = f"{BODY[0]}<br><BR/>{BODY[1]}<br />"
    [article] = collect(f"{TITLE}\n\n{text}", tmp_path, "a.txt")[0]
    assert article.text.split() == [*TITLE.split(), *TEXT.split()]
    [article] = collect(f'text\n"{text}"\n', tmp_path, "a.csv")[0]
    assert article.body.split() == TEXT.split()


@pytest.mark.parametrize("name", ["a.xml", "a.txt", "a", "a.md"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_other_documents_of_xml_are_named(tmp_path: Path, name: str, encoding: str) -> None:
    item = f"<item>\n<title>{TITLE}</title>\n<description>{BODY[0]}</description>\n</item>\n"
    for start in (f'<?xml version="1.0" encoding="{encoding}"?>\n<tin>', "\n<rss>"):
        (tmp_path / name).write_bytes((start + item * 2).encode(encoding))
        refused: list[Refusal] = []
        assert not list(read(tmp_path, on_refusal=refused.append))
        assert ["an XML document" in refusal.problem for refusal in refused] == [True]


def test_markup_in_a_column_is_read_as_text(tmp_path: Path) -> None:
    text = f"<p>{BODY[0]}</p><p>{BODY[1]}</p><script>khen()</script>"
    [article] = collect(f'text\n"{text}"\n', tmp_path, "a.csv")[0]
    assert article.body == TEXT


def test_a_text_about_tags_is_left_as_it_is(tmp_path: Path) -> None:
    text = f"{TITLE}\n\nThẻ <p> mở đoạn, thẻ </p> đóng đoạn; 3 < 5 và 7 > 2.\n\n{BODY[0]}"
    [article] = collect(text, tmp_path, "a.txt")[0]
    assert article.text == text
    assert not looks_like_html(text)
    assert MENU


@given(st.text(st.sampled_from("<>/!-=\"' abpdiv&;scrtxt"), max_size=300))
def test_any_markup_is_read(markup: str) -> None:
    assert isinstance(plain_text(markup), str)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.sampled_from("<>/!-=\"' abpdiv&;"), max_size=200))
def test_any_page_is_read_or_refused(tmp_path: Path, markup: str) -> None:
    found, refused = collect(f"<html>{markup}", tmp_path, "a.html")
    assert len(found) + len(refused) == 1
