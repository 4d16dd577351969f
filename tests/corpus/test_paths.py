import os
from pathlib import Path

import pytest

from chude.corpus.paths import Found, check_input, find_files, total_size
from chude.corpus.read import read
from chude.errors import ChudeError, Refusal


def make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("Tiêu đề\n\nThân bài.", encoding="utf-8")


def test_a_folder_is_walked_in_the_order_of_its_paths(tmp_path: Path) -> None:
    names = ["a.txt", "a/b.txt", "a/b/c.txt", "a/b-d.jsonl", "a-b.txt", "B.csv.gz", "z/y.parquet"]
    make(tmp_path, *names)
    make(tmp_path, ".hidden/a.txt", "a/.b.txt", "labels.csv", "a/labels.csv", "notes.md")
    expected = sorted(tmp_path / name for name in names)
    assert list(find_files(str(tmp_path))) == [Found(file, tmp_path) for file in expected]
    assert list(find_files(f"{tmp_path}/a*.txt")) == [
        Found(tmp_path / name, tmp_path) for name in ("a-b.txt", "a.txt")
    ]


def test_a_folder_inside_a_hidden_one_is_read_when_it_is_named(tmp_path: Path) -> None:
    make(tmp_path / ".archive" / "news", "a.txt")
    assert len(list(find_files(str(tmp_path / ".archive" / "news")))) == 1


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    (tmp_path / "again").symlink_to(tmp_path)
    assert len(list(find_files(str(tmp_path)))) == 1


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("missing", "no such file"),
        ("missing/*.txt", "no such file"),
        ("a.docx", "format unknown"),
    ],
)
def test_inputs_are_checked(tmp_path: Path, name: str, problem: str) -> None:
    make(tmp_path, "a.docx", "b/c.txt")
    for path in ("-", str(tmp_path / "b"), str(tmp_path / "*/c.txt")):
        check_input(path)
    with pytest.raises(ChudeError, match=problem):
        check_input(str(tmp_path / name))


def test_the_size_of_inputs_is_that_of_their_files(tmp_path: Path) -> None:
    make(tmp_path, "a/1.txt", "a/b/2.txt", "a/labels.csv", "a/notes.md", "c.jsonl")
    (tmp_path / "a/1.txt").write_bytes(b"x" * 5)
    (tmp_path / "a/b/2.txt").write_bytes(b"x" * 70)
    (tmp_path / "c.jsonl").write_bytes(b"x" * 900)
    assert total_size([str(tmp_path / "a")]) == 75
    assert total_size([str(tmp_path / "*.jsonl"), str(tmp_path / "a/1.txt")]) == 905
    assert total_size([str(tmp_path / "a"), "-"]) is None
    with pytest.raises(ChudeError, match="no articles"):
        make(tmp_path, "empty/notes.md")
        total_size([str(tmp_path / "empty")])


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "link.txt").symlink_to(tmp_path / "nowhere")
    for path in ("pipe.jsonl", "*.jsonl", "link.txt", "l*"):
        [found] = find_files(str(tmp_path / path))
        assert "neither a file nor a folder" in str(found)


def test_a_folder_without_articles_raises(tmp_path: Path) -> None:
    with pytest.raises(ChudeError, match="no articles in this folder"):
        list(find_files(str(tmp_path)))


def test_a_folder_that_cannot_be_listed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "a/x.txt", "b.txt")
    scan = os.scandir

    def scandir(path: Path) -> object:
        if path == tmp_path / "a":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    refused: list[Refusal] = []
    found = [article.id for article in read(tmp_path, on_refusal=refused.append)]
    assert found == ["b"]
    assert [refusal.place for refusal in refused] == [str(tmp_path / "a")]


def test_an_id_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "\\ud800", "text": "x"}\n{"id": "ờ", "text": "x"}\n')
    try:
        (tmp_path / os.fsdecode(b"b\xff.txt")).write_text("Tiêu đề\n\nThân bài.", "utf-8")
    except OSError:
        pytest.skip("the file system takes no such name")
    refused: list[Refusal] = []
    assert [article.id for article in read(tmp_path, on_refusal=refused.append)] == ["ờ"]
    assert len(refused) == 2
