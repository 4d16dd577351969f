"""Files of which no article is read: each is named once, with the cure, whatever it is called."""

import gzip
import io
import tarfile
from pathlib import Path

import polars as pl
import pytest

from chude.corpus.article import Article
from chude.corpus.read import read
from chude.errors import ChudeError, Refusal
from tests.corpus.formats.files import BODY, TEXT, TITLE, packed, page


def collect(path: Path, **options: object) -> tuple[list[Article], list[Refusal]]:
    refused: list[Refusal] = []
    return list(read(path, on_refusal=refused.append, **options)), refused  # type: ignore[arg-type]


def arrow(stream: bool) -> bytes:
    file, frame = io.BytesIO(), pl.DataFrame({"text": [TEXT]})
    frame.write_ipc_stream(file) if stream else frame.write_ipc(file)
    return file.getvalue()


def tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo("bai.txt")
        member.size = len(TEXT.encode())
        archive.addfile(member, io.BytesIO(TEXT.encode()))
    return file.getvalue()


def document(kind: str) -> bytes:
    return packed({"mimetype": kind, "content.xml": f"<p>{TEXT}</p>", "styles.xml": "<x/>"})


ODF = "application/vnd.oasis.opendocument."
FOREIGN = {
    "odt": (document(f"{ODF}text"), "OpenDocument text", ".docx"),
    "ods": (document(f"{ODF}spreadsheet"), "OpenDocument spreadsheet", ".xlsx"),
    "epub": (packed({"mimetype": "application/epub+zip", "a.xhtml": page()}), "a book", ".xhtml"),
    "pptx": (packed({"ppt/presentation.xml": "<x/>", "a.xml": TEXT}), "presentation", ".txt"),
    "xlsb": (packed({"xl/workbook.bin": b"\x83\x01\0"}), "binary Excel workbook", ".xlsx"),
    "pages": (packed({"Index/Document.iwa": b"\0\1", "a.jpg": b"\xff\xd8\xff"}), "Pages", ".docx"),
    "tar": (tar(), "a tar archive", ".zip"),
    "feather": (arrow(stream=False), "Arrow", ".parquet"),
    "arrow": (arrow(stream=True), "Arrow", ".parquet"),
    "pkl": (b"\x80\x04\x95\x10\0\0\0\0\0\0\0\x8c\x03abc\x94.", "a pickle", "JSON lines"),
    "lfs": (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 9\n", "LFS", "pull"),
    "url": (b"[InternetShortcut]\r\nURL=https://baomuonglo.vn/1\r\n", "a shortcut", "the page"),
    "mysql": (
        f"-- MySQL dump 10.13\n\nINSERT INTO `tin` VALUES (1,'{BODY[0]}'),\n".encode(),
        "a dump",
        "CSV",
    ),
    "sqlite": (
        f"BEGIN TRANSACTION;\nCREATE TABLE tin (a TEXT);\n{TEXT}\n".encode(),
        "a dump",
        "CSV",
    ),
    "mbox": (
        f"From a@muonglo.vn Tue Mar 12 10:00:00 2024\nSubject: Tin\n\n{TEXT}\n".encode(),
        "a mailbox",
        ".eml",
    ),
    "list": (b"tin/a.txt\r\ntin/b c.DOCX\r\n", "a list of files", "their folder"),
    "wiki": (
        f'<doc id="1" title="{TITLE}">\n{BODY[0]}\n</doc>\n<doc id="2">\nMưa.\n</doc>'.encode(),
        "an XML document",
        "CSV",
    ),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_holds_no_article_is_named_once(tmp_path: Path, name: str) -> None:
    content, what, cure = FOREIGN[name]
    for file in ("bai.txt", f"bai.{name}"):
        (tmp_path / file).write_bytes(content)
    (tmp_path / "goi.zip").write_bytes(packed({"bai.txt": content}))
    found, refused = collect(tmp_path)
    assert not found
    assert len(refused) == 3
    assert all(what in one.problem and cure in one.cure for one in refused), refused


def test_a_pointer_of_git_is_named_whatever_table_it_stands_for(tmp_path: Path) -> None:
    for name in ("a.parquet", "a.csv", "a.jsonl", "a.xlsx"):
        (tmp_path / name).write_bytes(FOREIGN["lfs"][0])
    found, refused = collect(tmp_path)
    assert (found, {one.cure for one in refused}) == ([], {"Fetch that with: git lfs pull"})
    assert len(refused) == 4


def test_what_is_not_there_yet_is_named(tmp_path: Path) -> None:
    names = ("bai.txt.crdownload", "tin.csv.PART", "trang.html.partial", "van.pdf.part")
    for name in names:
        (tmp_path / name).write_bytes(b"%PDF-1.4" if "pdf" in name else TEXT.encode())
    for name in ("half.zip.part", "half.txt.gz.crdownload"):
        content = packed({"a.txt": TEXT}) if "zip" in name else gzip.compress(TEXT.encode())
        (tmp_path / name).write_bytes(content[:-20])
    (tmp_path / ".bai2.txt.icloud").write_bytes(b"bplist00\xd3\x01\x02")
    found, refused = collect(tmp_path)
    assert (found, len(refused)) == ([], 7)
    assert all("Download" in one.cure for one in refused)


def test_a_foreign_file_alone_ends_in_one_message(tmp_path: Path) -> None:
    (tmp_path / "tin.sql").write_bytes(FOREIGN["mysql"][0])
    with pytest.raises(ChudeError, match="a dump of a database"):
        collect(tmp_path / "tin.sql")


@pytest.mark.parametrize(
    "text",
    [
        "Readme.txt\n\nTệp này không phải bài báo.\n",
        "From Mường Ló with love\n\nBà con gặt lúa.\n",
        "Insert\n\nINSERT INTO là câu lệnh được dạy ở lớp.\n",
        "<VIDEO> Tuần tra\n\nTổ tuần tra đi dọc biên giới.\n",
        "-- Bài giảng --\n\nHôm nay học câu lệnh:\nINSERT INTO tin VALUES (1);\n",
        "Create table trong một buổi\n\nCâu đầu tiên:\nCREATE TABLE tin (\n",
        "From Hanoi 12 March 2024\nSubject: thư của một người xa quê\n",
        '["Thư ngỏ"] Gửi người lính đảo\n\nTàu về bến.\n',
        f"<nguon>TTXVN</nguon>\n\n{BODY[0]}\n",
        "Create table mới\n\n(Mường Ló) Tàu về bến sáng nay.\n",
        "Delete from memory;\n\nMột triển lãm về ký ức.\n",
        '["Thư ngỏ"]\n\nGửi người lính đảo.\n',
    ],
)
def test_articles_that_begin_like_such_files_are_read(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    [article], refused = collect(tmp_path)
    assert not refused
    assert article.text.split() == text.split()


NAMES = ("blockquote", "u", "figure", "sup", "video", "style", "details", "kbd")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("file", ["a.txt", "a.md"])
def test_pieces_of_html_are_no_xml(tmp_path: Path, name: str, file: str) -> None:
    text = f"<{name} class='a'>{TITLE}</{name}>\n\n{BODY[0]}\n"
    (tmp_path / file).write_text(text, encoding="utf-8")
    [article], refused = collect(tmp_path)
    assert not refused
    assert article.text.split() == text.split()


DUMPS = [
    "/*\n Navicat Premium\n Date: 12/03/2024\n*/\nSET NAMES utf8;\nINSERT INTO `tin` VALUES (1,\n",
    "-- MariaDB dump 10.19\n\nDELIMITER ;;\n",
    "--\n-- PostgreSQL database dump\n--\n\n\\restrict abc\nCREATE TYPE a AS ENUM (\n",
    "/*!40101 SET NAMES utf8 */;\nDROP TABLE IF EXISTS `tin`;\nCREATE TABLE `tin` (\n",
    "SET NAMES utf8;\nINSERT IGNORE INTO tin (id, bai) VALUES\n(1, 'Mưa'),\n",
    "INSERT INTO bai (id, nd)\nVALUES\n(1, 'Mưa'),\n",
    "CREATE TABLE bai\n(\n id int,\n nd text\n);\n",
    "DELETE FROM bai;\nINSERT INTO bai VALUES (1, 'Mưa');\n",
    "SET FOREIGN_KEY_CHECKS=0\n;\nTRUNCATE TABLE bai;\nINSERT INTO bai VALUES (1, 'Mưa');\n",
    "SET NAMES utf8;\r\nTRUNCATE TABLE bai;\r\nINSERT INTO bai VALUES (1, 'Mưa');\r\n",
    "LOCK TABLES `bai` WRITE;\nINSERT INTO `bai` VALUES (1, 'Mưa');\n",
    "USE [bao]\nGO\nINSERT [dbo].[tin] ([id]) VALUES (1)\n",
]


@pytest.mark.parametrize("text", DUMPS)
def test_dumps_of_several_programs_are_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(f"{text}{TEXT}", encoding="utf-8")
    found, [refusal] = collect(tmp_path)
    assert (found, refusal.problem) == ([], "a dump of a database")


def test_a_mailbox_of_thunderbird_is_named(tmp_path: Path) -> None:
    head = "From - Tue Mar  2 10:00:00 2024\r\nX-Mozilla-Status: 0001\r\n"
    (tmp_path / "a.txt").write_text(f"{head}\r\n{TEXT}", encoding="utf-8", newline="")
    assert "a mailbox" in collect(tmp_path)[1][0].problem


def test_a_list_of_addresses_asks_for_their_pages(tmp_path: Path) -> None:
    lines = "".join(f"https://muonglo.vn/tin/{number}.html\n" for number in range(3))
    (tmp_path / "a.txt").write_text(lines)
    _, [refusal] = collect(tmp_path)
    assert refusal.problem == "a list of web addresses, not an article"
    assert refusal.cure.startswith("Save their pages")


def test_lists_and_dictionaries_that_are_called_a_text_are_no_article(tmp_path: Path) -> None:
    rows = [{"id": "1", "text": BODY[0]}, {"id": "2", "text": BODY[1]}]
    contents = [*map(repr, rows)], [repr(rows)], ['["Tàu về.",', '"Giá giảm."]']
    for number, lines in enumerate(contents):
        (tmp_path / f"{number}.txt").write_text("\n".join(lines), encoding="utf-8")
    found, refused = collect(tmp_path)
    assert not found
    assert len(refused) == 6
    assert all("one JSON object a line" in one.cure for one in refused)


@pytest.mark.parametrize(
    "text",
    [
        "1\n00:00:01,000 --> 00:00:04,000\nSáng nay bà con gặt lúa.\n",
        "1\r\n00:00:01,000 --> 00:00:04,000\r\nSáng nay bà con gặt lúa.\r\n",
        "WEBVTT\n\n00:01.000 --> 00:04.000\nSáng nay bà con gặt lúa.\n",
        "WEBVTT - Bản tin sáng\n\n1\n00:01.000 --> 00:04.000\nSáng nay bà con gặt lúa.\n",
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.srt", "a.vtt"])
def test_subtitles_are_named(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    found, [refusal] = collect(tmp_path)
    assert not found
    assert "subtitles with their times" in refusal.problem


def test_an_article_that_is_called_by_a_number_is_one(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"1975\n\n{TEXT}", encoding="utf-8")
    [article], refused = collect(tmp_path)
    assert (article.title, refused) == ("1975", [])
