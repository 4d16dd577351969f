"""CSV as Excel and people write it: nothing is cut, one bad row costs itself."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chude.corpus.article import Article
from chude.corpus.read import read
from chude.errors import Refusal
from tests.corpus.formats.files import xlsx


def collect(
    content: str | bytes, folder: Path, name: str = "a.csv"
) -> tuple[list[Article], list[Refusal]]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    refused: list[Refusal] = []
    return list(read(path, on_refusal=refused.append)), refused


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_forms_of_excel(tmp_path: Path, mark: str, encoding: str, end: str) -> None:
    rows = (("ID ", " Text", "Themes"), ("1", "Giá cà phê giảm.", "tin"), ("2", "Mưa to.", ""))
    text = end.join(mark.join(row) for row in rows) + end
    found, refused = collect(text.encode(encoding), tmp_path)
    assert not refused
    assert [(a.id, a.body, a.themes) for a in found] == [
        ("1", "Giá cà phê giảm.", ("tin",)),
        ("2", "Mưa to.", ()),
    ]


def test_rows_of_another_length_are_named_and_never_cut(tmp_path: Path) -> None:
    text = "id,text,themes\n1,Giá giảm, người bán lo,tin\n2,Mưa\n3,Nắng,tin,,\n\n4,Gió,a;b\n"
    found, refused = collect(text, tmp_path)
    assert [(a.id, a.themes) for a in found] == [("3", ("tin",)), ("4", ("a", "b"))]
    assert [r.place.rpartition(":")[2] for r in refused] == ["2", "3"]
    assert "4 values where the first line names 3 columns" in refused[0].problem
    assert "quotes" in refused[0].cure


@pytest.mark.parametrize(
    "bad", ['2,"Anh nói "đi" rồi thôi', '2,"hai', b"2,hai \xff\xfe", '2,"ba"tư"', b'2,"hai \xff']
)
def test_a_bad_row_costs_itself_alone(tmp_path: Path, bad: str | bytes) -> None:
    line = bad if isinstance(bad, bytes) else bad.encode()
    content = b"id,text\n1,mot\n" + line + b"\n" + b"".join(b"%d,tin\n" % i for i in range(3, 60))
    found, refused = collect(content + b'60,"co ""loi"" noi"\n', tmp_path)
    assert [a.id for a in found] == ["1", *map(str, range(3, 61))]
    assert found[-1].body == 'co "loi" noi'
    assert [r.place for r in refused] == [f"{tmp_path / 'a.csv'}:3"]


def test_a_wrong_header_is_said_once(tmp_path: Path) -> None:
    text = "Sáng nay bà con ra đồng gặt lúa chạy mưa, bộ đội xuống giúp suốt hai ngày liền."
    for header, problem in {
        "id,content": "no column 'text'; there are: id, content",
        "id,text,text": "two columns 'text'",
        f'1,"{text}"': "no line of column names",
    }.items():
        found, [refusal] = collect(header + "\n" + "1,hai,ba\n" * 50, tmp_path)
        assert not found
        assert problem in refusal.problem
        assert refusal.place.endswith(":1")


def test_a_quote_that_is_never_closed_takes_no_more_than_linear_time(tmp_path: Path) -> None:
    found, refused = collect('id,text\n1,"x\n' + '2,a ""b"" c\n' * 20_000, tmp_path)
    assert (len(found), len(refused)) == (20_000, 1)


FIELD = st.text(st.sampled_from('abcờđộ ",;\t\n|'), max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(st.tuples(FIELD, FIELD), max_size=8), mark=st.sampled_from(",;\t"))
def test_what_csv_writes_is_read(tmp_path: Path, rows: list[tuple[str, str]], mark: str) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=mark, quoting=csv.QUOTE_ALL)
    writer.writerow(("title", "text"))
    writer.writerows((title, f"x{body}") for title, body in rows)
    found, refused = collect(stream.getvalue(), tmp_path)
    assert not refused
    assert [(a.title, a.body) for a in found] == [(title, f"x{body}") for title, body in rows]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    found, refused = collect(b"id,text\n" + content, tmp_path)
    assert all(isinstance(item, (Article, Refusal)) for item in [*found, *refused])


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_rows_of_macintoshes_with_line_feeds_in_their_texts(tmp_path: Path, mark: str) -> None:
    rows = [["id", "text", "themes"], ["1", "Giá giảm.\n\nNgười bán lo.", "a"], ["2", "Mưa.", "b"]]
    text = "".join(mark.join(f'"{value}"' for value in row) + "\r" for row in rows)
    found, refused = collect(text, tmp_path)
    assert [(a.id, a.body, a.themes) for a in found] == [
        ("1", "Giá giảm.\n\nNgười bán lo.", ("a",)),
        ("2", "Mưa.", ("b",)),
    ]
    assert not refused


@pytest.mark.parametrize("mark", [",", "|", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le"])
def test_a_table_that_is_called_a_text(tmp_path: Path, mark: str, encoding: str) -> None:
    rows = (("id", "title", "text"), *((str(i), "Tin", "Giá cà phê giảm.") for i in range(900)))
    text = "\r\n".join(mark.join(row) for row in rows)
    for name in ("a.txt", "a"):
        found, refused = collect(text.encode(encoding), tmp_path, name)
        assert ([a.id for a in found], refused) == ([row[0] for row in rows[1:]], [])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"id,content\n1,B\xe1\xba\xa3n tin\n", "no column 'text'; there are: id, content"),
        ("id;noi_dung;ngày đăng\n1;Bản tin;2\n".encode(), "no column 'text'"),
        ("1,Bản tin đầu\n2,Bản tin hai\n\n3,Bản tin ba\n".encode(), "no column 'text'"),
    ],
)
def test_a_table_without_a_name_is_no_article(tmp_path: Path, content: bytes, problem: str) -> None:
    found, [refusal] = collect(content, tmp_path, "báo")
    assert not found
    assert problem in refusal.problem
    assert "--text-column" in refusal.cure


def test_a_column_of_texts_alone_is_a_table(tmp_path: Path) -> None:
    found, refused = collect('Text\nTàu về bến.\n"Gặt lúa, chạy mưa."\n', tmp_path, "báo")
    assert [a.body for a in found] == ["Tàu về bến.", "Gặt lúa, chạy mưa."]
    assert not refused


def test_a_bad_first_line_is_said_alone(tmp_path: Path) -> None:
    found, [refusal] = collect('id,"text\n1,Tàu về bến.\n2,Gặt lúa.\n', tmp_path)
    assert not found
    assert "a quote that is not closed" in refusal.problem
    assert "the rest is left out" in refusal.problem


def test_a_title_with_commas_is_no_table(tmp_path: Path) -> None:
    for title in ("Bốn câu hỏi, một body, ba ý", "Text, không phải bảng", "Sách, text"):
        found, refused = collect(f"{title}\n\nGiá cà phê giảm, người bán lo.\n", tmp_path, "a.txt")
        assert ([a.title for a in found], refused) == ([title], [])


@pytest.mark.parametrize(
    "first", ["sep=;", "SEP=;", '"sep=;"', "sep=;;", "sep=;;;;", '"sep=";', "sep=; "]
)
def test_the_line_that_tells_excel_the_mark_whoever_saved_it(tmp_path: Path, first: str) -> None:
    text = f"{first}\r\nid;text\r\n1;Giá giảm, người bán lo.\r\n"
    for name in ("a.csv", "a.txt", "a"):
        found, refused = collect(text, tmp_path, name)
        assert [(a.id, a.body) for a in found] == [("1", "Giá giảm, người bán lo.")]
        assert not refused


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_the_names_of_joined_files_are_no_articles(tmp_path: Path, name: str) -> None:
    rows = [["id", "text", "themes"], ["1", "Tàu về.", "a"]]
    rows += [["\ufeffid", "text", "themes"], ["2", "text", "b"]]
    rows += [["Themes", "id", "TEXT"], ["c", "3", "Mưa."]]
    content = "\n".join(map(",".join, rows)).encode() if name == "a.csv" else xlsx(rows)
    found, refused = collect(content, tmp_path, name)
    assert [(a.id, a.body, a.themes) for a in found] == [
        ("1", "Tàu về.", ("a",)),
        ("2", "text", ("b",)),
        ("3", "Mưa.", ("c",)),
    ]
    assert not refused


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_text_that_excel_cut_off_is_no_article(tmp_path: Path, name: str) -> None:
    texts = [("Tàu về bến. " * 3000)[:length] for length in (32_766, 32_767, 32_768)]
    rows = [["id", "text"], *([str(i), text] for i, text in enumerate(texts))]
    content = "\n".join(map(",".join, rows)).encode() if name == "a.csv" else xlsx(rows)
    found, [refusal] = collect(content, tmp_path, name)
    assert [article.id for article in found] == ["0", "2"]
    assert refusal.place.endswith(f"{name}:3")
    assert "Excel cuts off" in refusal.problem


def test_what_stands_above_the_names_is_told_of(tmp_path: Path) -> None:
    text = "DANH SÁCH BÀI NĂM 2024,,\n,,\nid,title,text\n1,Chợ,Giá giảm.\n"
    found, [refusal] = collect(text, tmp_path)
    assert not found
    assert "delete what stands above the names" in refusal.cure


def test_spaces_behind_the_marks(tmp_path: Path) -> None:
    text = 'id, title, text\n1, Tin chợ, "Giá giảm, người bán lo.\n\nMưa."\n2, Tin, Nắng.\n'
    found, refused = collect(text, tmp_path)
    assert [(a.id, a.title, a.body) for a in found] == [
        ("1", "Tin chợ", "Giá giảm, người bán lo.\n\nMưa."),
        ("2", "Tin", "Nắng."),
    ]
    assert not refused
