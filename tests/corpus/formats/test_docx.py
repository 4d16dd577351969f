"""Word documents as editors leave them: tracked changes, hidden text, notes, titles by style."""

from pathlib import Path

import pytest

from chude.corpus.article import Article
from chude.corpus.read import read
from tests.corpus.formats.files import BODY, TITLE, word

STYLES = (
    '<w:style w:styleId="Tiu1"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="u10"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="Title"><w:name w:val="caption"/></w:style>'
    '<w:style w:styleId="An"><w:name w:val="An"/><w:rPr><w:vanish/></w:rPr></w:style>'
)


def paragraph(text: str, style: str = "") -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}{run(text)}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def article_of(path: Path, body: str, **parts: str) -> Article:
    (path / "a.docx").write_bytes(word(body, **{"styles": STYLES, **parts}))
    [article] = read(path / "a.docx")
    return article


def body_of(path: Path, body: str, **parts: str) -> str:
    return article_of(path, paragraph(TITLE) + body, **parts).body


def test_what_was_moved_stands_where_it_is_now(tmp_path: Path) -> None:
    moved = f'<w:moveFrom w:id="1">{run(BODY[0])}</w:moveFrom>'
    to = f'<w:moveTo w:id="2">{run(BODY[0])}</w:moveTo>'
    body = f"<w:p>{moved}</w:p>{paragraph(BODY[1])}<w:p>{to}</w:p>"
    assert body_of(tmp_path, body) == f"{BODY[1]}\n\n{BODY[0]}"


def test_what_was_deleted_and_how_text_looked_is_passed_over(tmp_path: Path) -> None:
    gone = "<w:del><w:r><w:br/><w:delText>Bỏ</w:delText></w:r></w:del>"
    before = run("Đại đội 5", "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>")
    style = '<w:pPr><w:pPrChange><w:pPr><w:pStyle w:val="Tiu1"/></w:pPr></w:pPrChange></w:pPr>'
    article = article_of(tmp_path, f"{paragraph(TITLE)}<w:p>{style}{gone}{before}</w:p>")
    assert (article.title, article.body) == (TITLE, "Đại đội 5")


def test_hyphens(tmp_path: Path) -> None:
    text = "<w:t>Covid</w:t><w:noBreakHyphen/><w:t>19 lan</w:t><w:softHyphen/><w:t>rộng</w:t>"
    assert body_of(tmp_path, f"<w:p><w:r>{text}</w:r></w:p>") == "Covid-19 lanrộng"


def test_hidden_text(tmp_path: Path) -> None:
    mark = "<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>"  # only the end of a paragraph is hidden
    runs = (
        run("Bà con ")
        + run("(sửa lại)", "<w:vanish/>")
        + run("(xem ảnh)", '<w:rStyle w:val="An"/>')
        + run("gặt lúa", '<w:vanish w:val="0"/>')
    )
    body = f"<w:p>{mark}{runs}</w:p>{paragraph('Cuối biểu mẫu', 'An')}"
    assert body_of(tmp_path, body) == "Bà con gặt lúa"


@pytest.mark.parametrize("style", ["Tiu1", "u10"])
def test_a_title_by_its_style_below_a_masthead(tmp_path: Path, style: str) -> None:
    above = paragraph("BỘ ĐỘI BIÊN PHÒNG", "Title") + paragraph("Ngày 12/3/2024")
    article = article_of(tmp_path, above + paragraph(TITLE, style) + paragraph(BODY[0]))
    assert (article.title, str(article.date)) == (TITLE, "2024-03-12")
    assert article.body == f"BỘ ĐỘI BIÊN PHÒNG\n\n{BODY[0]}"


def test_a_date_below_such_a_title(tmp_path: Path) -> None:
    below = paragraph("Thứ ba, 12/3/2024") + paragraph(BODY[0])
    article = article_of(tmp_path, paragraph("(Bài dự thi)") + paragraph(TITLE, "Tiu1") + below)
    assert (article.title, str(article.date)) == (TITLE, "2024-03-12")
    assert article.body == f"(Bài dự thi)\n\n{BODY[0]}"


def test_the_ids_of_styles_where_their_names_are_not_told(tmp_path: Path) -> None:
    body = paragraph("(Bài dự thi)") + paragraph(TITLE, "Heading1") + paragraph(BODY[0])
    assert article_of(tmp_path, body, styles="").title == TITLE


def test_headings_of_sections_are_no_titles(tmp_path: Path) -> None:
    sections = "".join(paragraph(text, "u10") + paragraph(BODY[0]) for text in ("Một", "Hai"))
    assert article_of(tmp_path, paragraph(TITLE) + sections).title == TITLE
    section = paragraph(f"{BODY[0]} {BODY[1]}") + paragraph("Gặt lúa", "u10") + paragraph(BODY[1])
    assert article_of(tmp_path, paragraph(TITLE) + section).title == TITLE


def test_a_date_above_a_title_without_style(tmp_path: Path) -> None:
    texts = ("Ngày 12/3/2024", TITLE, BODY[0])
    article = article_of(tmp_path, "".join(map(paragraph, texts)))
    assert (article.title, article.body, str(article.date)) == (TITLE, BODY[0], "2024-03-12")


def test_footnotes_and_endnotes_are_the_last_paragraphs(tmp_path: Path) -> None:
    lines = paragraph("(tiếp trang sau)")
    footnotes = (
        f'<w:footnote w:id="0" w:type="continuationNotice">{lines}</w:footnote>'
        f'<w:footnote w:id="1" w:type="normal">{paragraph("Theo báo cáo của xã.")}</w:footnote>'
        f'<w:footnote w:id="2">{paragraph("Tên đã đổi.")}</w:footnote>'
    )
    endnotes = f'<w:endnote w:id="1">{paragraph("Ảnh: Lò Văn Pản.")}</w:endnote>'
    body = body_of(tmp_path, paragraph(BODY[0]), footnotes=footnotes, endnotes=endnotes)
    notes = ["Theo báo cáo của xã.", "Tên đã đổi.", "Ảnh: Lò Văn Pản."]
    assert body.split("\n\n") == [BODY[0], *notes]


def test_a_note_does_not_make_a_text_without_title_one(tmp_path: Path) -> None:
    note = f'<w:footnote w:id="2">{paragraph("Tên đã đổi.")}</w:footnote>'
    article = article_of(tmp_path, paragraph(BODY[0]), footnotes=note)
    assert (article.title, article.body) == ("", f"{BODY[0]}\n\nTên đã đổi.")
