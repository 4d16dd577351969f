"""Mails: what they are about, and what is attached to them."""

import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from chude.corpus.article import Article
from chude.corpus.read import read
from chude.errors import Refusal
from tests.corpus.formats.files import BODY, TEXT, TITLE

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
