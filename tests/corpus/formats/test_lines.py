import io
import json
from pathlib import Path

import pytest

from chude.corpus.article import Article
from chude.corpus.encodings.charts import charts, surface
from chude.corpus.formats.lines import text_lines
from chude.corpus.formats.source import Source, buffered
from chude.corpus.read import read
from chude.errors import Refusal
from tests.corpus.encodings.samples import ARTICLE

LINES = [line + "\n" for line in ARTICLE.splitlines()] * 3


def lines_of(content: bytes) -> list[str | Refusal]:
    return list(text_lines(Source("a", "a", buffered(io.BytesIO(content)))))


def collect(path: Path) -> tuple[list[Article], list[Refusal]]:
    refused: list[Refusal] = []
    return list(read(path, on_refusal=refused.append)), refused


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_lines_of_unicode(encoding: str) -> None:
    assert lines_of("".join(LINES).encode(encoding)) == LINES


@pytest.mark.parametrize("name", ["TCVN3", "VNI", "VISCII", "VPS", "Windows-1258"])
def test_one_old_encoding_holds_for_every_line(name: str) -> None:
    lines = [*LINES, "cá\n"]
    content = charts()[name].encode("".join(lines))
    assert lines_of(content) == lines


def test_line_ends_of_old_macintoshes() -> None:
    content = "".join(LINES).replace("\n", "\r").encode()
    assert lines_of(content) == LINES


def test_a_bad_line_of_utf8_is_refused_and_the_next_one_read() -> None:
    lines = lines_of("Bộ đội\n".encode() + b"\xff\n" + "đi\n".encode())
    assert [lines[0], lines[2]] == ["Bộ đội\n", "đi\n"]
    assert isinstance(lines[1], Refusal)
    assert lines[1].place == "a:2"


def test_utf16_that_ends_amid_a_character_is_refused_there(tmp_path: Path) -> None:
    rows = [json.dumps({"text": line}) + "\n" for line in LINES if line.strip()]
    (tmp_path / "a.jsonl").write_bytes("".join(rows).encode("utf-16")[:-1])
    found, refused = collect(tmp_path / "a.jsonl")
    assert len(found) == len(rows) - 1
    assert [one.place for one in refused] == [f"{tmp_path / 'a.jsonl'}:{len(rows)}"]


def test_half_a_pair_in_utf16_costs_its_line(tmp_path: Path) -> None:
    rows = [json.dumps({"text": line}) + "\n" for line in LINES if line.strip()]
    content = "".join(rows).encode("utf-16-le")
    at = 2 * (len(rows[0]) + 40)
    broken = content[:at] + b"\x00\xd8" + content[at + 2 :]
    (tmp_path / "a.jsonl").write_bytes(b"\xff\xfe" + broken)
    found, refused = collect(tmp_path / "a.jsonl")
    assert (len(found), len(refused)) == (len(rows) - 1, 1)


@pytest.mark.parametrize("name", ["TCVN3", "VNI", "VISCII", "VPS", "Windows-1258"])
def test_jsonl_and_csv_in_old_encodings_are_read(tmp_path: Path, name: str) -> None:
    title, _, body = ARTICLE.partition("\n\n")
    rows = [{"id": str(i), "title": title, "text": body.strip()} for i in range(3)]
    jsonl = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    quoted = body.strip().replace('"', '""')
    csv = "id,title,text\n" + "".join(f'{i},"{title}","{quoted}"\n' for i in range(3))
    for suffix, text in (("jsonl", jsonl), ("csv", csv)):
        path = tmp_path / f"a.{suffix}"
        path.write_bytes(charts()[name].encode(text))
        found, refused = collect(path)
        assert not refused
        assert [(a.title, a.body) for a in found] == [(title, body.strip())] * 3


def test_fields_with_old_characters_are_healed_or_refused(tmp_path: Path) -> None:
    body = surface(charts()["TCVN3"].encode(ARTICLE))
    lost = ARTICLE.encode("ascii", "replace").decode()
    rows = [{"text": ARTICLE}, {"text": body}, {"text": lost}]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    found, [refusal] = collect(path)
    assert [article.body for article in found] == [ARTICLE, ARTICLE]
    assert refusal.place == f"{path}:3"
