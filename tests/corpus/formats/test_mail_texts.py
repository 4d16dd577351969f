"""A mail's own text is read whole, though pictures cut it into parts."""

from email.message import Message
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from chude.corpus.formats.mail_texts import own_texts
from tests.corpus.formats.files import BODY, TITLE
from tests.corpus.formats.test_mht import collect

THIRD = "Chiều về, cả tổ ghé trường xem lũ trẻ tập hát."


def text(content: str, kind: str = "plain", name: str = "", **headers: str) -> Message:
    part = MIMEText(f"<div>{content}</div>" if kind == "html" else content, kind, "utf-8")
    if name:
        part.add_header("Content-Disposition", "attachment", filename=name)
    for header, value in headers.items():
        part[header.replace("_", "-")] = value
    return part


def several(kind: str, *parts: Message) -> MIMEMultipart:
    return MIMEMultipart(kind, None, list(parts))


def picture() -> Message:
    part = MIMEImage(b"x", "jpeg")
    part.add_header("Content-Disposition", "inline", filename="anh.jpg")
    return part


def body_of(message: Message, folder: Path) -> list[str]:
    message["From"], message["Subject"] = "a@muonglo.vn", TITLE
    message["Date"] = "Tue, 12 Mar 2024 10:00:00 +0700"
    [article], _ = collect(message.as_bytes(), folder, "thu.eml")
    assert article.title == TITLE
    return article.body.split("\n\n")


@pytest.mark.parametrize("outer", ["mixed", "related"])
@pytest.mark.parametrize("kinds", [("plain", "plain"), ("html", "html"), ("plain", "html")])
def test_texts_with_a_picture_between_are_joined(
    tmp_path: Path, outer: str, kinds: tuple[str, str]
) -> None:
    first, last = (text(part, kind) for part, kind in zip(BODY, kinds, strict=True))
    message = several(outer, first, picture(), several("mixed", picture(), last), text(THIRD))
    assert body_of(message, tmp_path) == [*BODY, THIRD]


@pytest.mark.parametrize("last", ["html", "plain"])
def test_the_best_of_the_forms_of_a_text_is_read_whole(tmp_path: Path, last: str) -> None:
    best = several("mixed", text(BODY[0], "html"), picture(), text(BODY[1], last))
    message = several("alternative", text("Bản chữ thường của thư này."), best)
    assert body_of(message, tmp_path) == [*BODY]


def test_a_plain_text_and_its_page_are_read_once(tmp_path: Path) -> None:
    both = "\n\n".join(BODY)
    page = f"{BODY[0]}</div><div>{BODY[1]}"
    assert body_of(several("mixed", text(both), text(page, "html")), tmp_path) == [*BODY]


def test_attached_texts_are_not_joined(tmp_path: Path) -> None:
    message = several("mixed", text(BODY[0]), text("Giá gạo.", "plain", "gia.txt"), text(BODY[1]))
    assert body_of(message, tmp_path) == [*BODY]


def test_the_frames_of_a_page_are_not_joined() -> None:
    page, frame = text(BODY[0], "html"), text("Gạo ngon.", "html", Content_Location="http://x/1")
    assert own_texts(several("related", page, picture(), frame)) == [page]


def test_one_text_in_no_known_encoding_refuses_the_mail(tmp_path: Path) -> None:
    bad = text(BODY[1])
    bad.set_payload("AAECAwQFBgcICQ==")
    message = several("mixed", text(BODY[0]), picture(), bad)
    message["From"], message["Subject"] = "a@muonglo.vn", TITLE
    found, refused = collect(message.as_bytes(), tmp_path, "thu.eml")
    assert (found, len(refused)) == ([], 1)
