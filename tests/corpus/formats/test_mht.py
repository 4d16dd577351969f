"""Mails: what they are about, and what is attached to them."""

import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from chude.corpus.article import Article
from chude.corpus.read import read
from chude.errors import Refusal
from tests.corpus.formats.files import BODY, TEXT, TITLE, mht, page

DAY = datetime.date(2024, 3, 12)


def mail(body: str = TEXT, kind: str = "plain") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Tổ tin Mường Ló <tin@muonglo.vn>"
    message["Subject"] = TITLE
    message["Date"] = "Tue, 12 Mar 2024 23:30:00 +0700"
    message.set_content(body, subtype=kind)
    return message


def collect(content: bytes, folder: Path, name: str) -> tuple[list[Article], list[Refusal]]:
    (folder / name).write_bytes(content)
    refused: list[Refusal] = []
    return list(read(folder, on_refusal=refused.append)), refused


@pytest.mark.parametrize("name", ["thu.eml", "thu.txt", "thu"])
@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_mail_has_its_subject_as_title_and_its_day(tmp_path: Path, kind: str, name: str) -> None:
    body = TEXT if kind == "plain" else "".join(f"<p>{part}</p>" for part in BODY)
    [article], refused = collect(mail(body, kind).as_bytes(), tmp_path, name)
    assert (article.title, article.body, article.date) == (TITLE, TEXT, DAY)
    assert not refused


def test_an_old_mail_that_names_no_kind_of_content(tmp_path: Path) -> None:
    head = "Return-Path: <a@muonglo.vn>\nReceived: from b;\n\tTue, 12 Mar 2024 23:30:00 +0700\n"
    head += f"Subject: {TITLE}\nDate: 12 Mar 2024 23:30:00 +0700\n\n"
    [article], refused = collect(f"{head}{TEXT}\n".encode(), tmp_path, "thu.txt")
    assert (article.title, article.body, article.date) == (TITLE, TEXT, DAY)
    assert not refused


def test_documents_that_are_attached_are_named(tmp_path: Path) -> None:
    message = mail("Gửi ban biên tập bài viết kèm theo.")
    for name, kind in (("bài.docx", "msword"), ("ảnh.jpg", "jpeg")):
        main = "image" if kind == "jpeg" else "application"
        message.add_attachment(b"x", maintype=main, subtype=kind, filename=name)
    [article], [refusal] = collect(message.as_bytes(), tmp_path, "thu.eml")
    assert article.title == TITLE
    assert refusal.place == f"{tmp_path / 'thu.eml'}/bài.docx"
    assert refusal.problem == "attached to a mail, and not read"


@pytest.mark.parametrize("head", ["Subject: =?utf-9?Q?B=C3?=\nDate: x", "Date: 45 Foo 2024"])
def test_headers_that_cannot_be_read_cost_nothing(tmp_path: Path, head: str) -> None:
    content = f"Message-ID: <1@muonglo.vn>\n{head}\n\n{TEXT}\n".encode()
    [article], refused = collect(content, tmp_path, "thu.eml")
    assert BODY[1] in article.body
    assert (article.date, refused) == (None, [])


def test_a_year_that_no_calendar_has_is_no_date(tmp_path: Path) -> None:
    head = f"Message-ID: <1@muonglo.vn>\nDate: Tue, 12 Mar {'9' * 20} 10:00:00 +0700"
    [article], refused = collect(f"{head}\n\n{TEXT}\n".encode(), tmp_path, "thu.eml")
    assert (article.date, refused) == (None, [])


@pytest.mark.parametrize(
    "head",
    [
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://muonglo.vn/1",
        'From: "Saved by Windows Internet Explorer 9"',
        "From: <Saved by UnMHT>",
    ],
)
def test_the_day_on_which_a_page_was_saved_is_not_that_of_the_article(
    tmp_path: Path, head: str
) -> None:
    dated = f"{head}\r\nDate: Sun, 3 Aug 2025 09:00:00 +0700".encode()
    undated = page().replace(b"article:published_time", b"x")
    content = mht(undated).replace(b"From: <Saved by Blink>", dated)
    [article], refused = collect(content, tmp_path, "trang.mht")
    assert (article.title, article.date, refused) == (TITLE, None, [])


def test_signatures_invitations_and_cards_are_no_documents(tmp_path: Path) -> None:
    message = mail()
    for kind, name in (
        ("application/pkcs7-signature", "smime.p7s"),
        ("application/pgp-signature", "signature.asc"),
        ("text/calendar", "invite.ics"),
        ("text/x-vcard", "nam.vcf"),
        ("application/octet-stream", "Lịch họp.ICS"),
    ):
        main, sub = kind.split("/")
        message.add_attachment(b"x", maintype=main, subtype=sub, filename=name)
    [article], refused = collect(message.as_bytes(), tmp_path, "thu.eml")
    assert (article.body, refused) == (TEXT, [])


@pytest.mark.parametrize("form", ["page", "mail"])
def test_the_text_of_a_mail_is_the_article_and_what_is_attached_is_named(
    tmp_path: Path, form: str
) -> None:
    message = mail()
    if form == "page":
        other = "<p>Giá cà phê giảm nhẹ.</p>".encode()
        message.add_attachment(other, maintype="text", subtype="html", filename="giá.html")
    else:
        message.add_attachment(mail("<p>Mưa to.</p>", "html"), filename="giá.eml")
    [article], [refusal] = collect(message.as_bytes(), tmp_path, "thu.eml")
    assert (article.title, article.body) == (TITLE, TEXT)
    assert refusal.place == f"{tmp_path / 'thu.eml'}/giá.{'html' if form == 'page' else 'eml'}"


def test_a_mail_below_that_it_forwards_is_named_though_it_has_no_name(tmp_path: Path) -> None:
    message = mail()
    message.add_attachment(mail("<p>Mưa to.</p>", "html"), disposition="inline")
    [article], [refusal] = collect(message.as_bytes(), tmp_path, "thu.eml")
    assert article.body == TEXT
    assert refusal.place == f"{tmp_path / 'thu.eml'}/message/rfc822"


@pytest.mark.parametrize("kind", ["html", "plain", "mail"])
@pytest.mark.parametrize("blank", ["\n", "\xa0\n", "<div><br>&nbsp;</div>\n"])
def test_what_is_sent_without_a_word_is_the_article(tmp_path: Path, kind: str, blank: str) -> None:
    message = mail(blank, "html" if "<" in blank else "plain")
    if kind == "mail":
        message.add_attachment(mail())
    else:
        content = page() if kind == "html" else TEXT.encode()
        message.add_attachment(content, maintype="text", subtype=kind, filename="bài.txt")
    [article], refused = collect(message.as_bytes(), tmp_path, "thu.eml")
    assert (article.title, article.body, refused) == (TITLE, TEXT, [])


@pytest.mark.parametrize(
    ("sent", "day"),
    [
        ("Tue, 12 Mar 2024 10:00:00 +0700", 12),
        ("Mon, 11 Mar 2024 18:30:00 +0000", 12),  # here it is Tuesday
        ("Tue, 12 Mar 2024 24:00:00 +0700", 12),  # no such hour
        ("Tue, 12 Mar 2024 10:00:00 +9900", 12),  # no such zone
    ],
)
def test_a_mail_is_of_the_day_that_it_was_sent_here(tmp_path: Path, sent: str, day: int) -> None:
    content = f"From: a@muonglo.vn\nMIME-Version: 1.0\nSubject: Tin\nDate: {sent}\n\n{BODY[0]}\n"
    [article], _ = collect(content.encode(), tmp_path, "thu.eml")
    assert article.date == datetime.date(2024, 3, day)
