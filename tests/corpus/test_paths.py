import os
import zipfile
from pathlib import Path

import pytest

from chude.corpus.paths import Found, check_input, find_files, total_size
from chude.corpus.read import Position, read
from chude.errors import ChudeError, Refusal


def make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("Tiêu đề\n\nThân bài.", encoding="utf-8")


def test_a_folder_is_walked_in_the_order_of_its_paths(tmp_path: Path) -> None:
    names = ["a.txt", "a/b.txt", "a/b/c.txt", "a/b-d.jsonl", "a-b.txt", "B.csv.gz", "z/y.parquet"]
    make(tmp_path, *names)
    make(tmp_path, ".hidden/a.txt", "a/.b.txt", "labels.csv", "a/labels.csv", "themes.toml")
    expected = sorted(tmp_path / name for name in names)
    left_out: list[Path] = []
    found = list(find_files(str(tmp_path), left_out.append))
    assert found == [Found(file, tmp_path) for file in expected]
    names_left_out = {file.relative_to(tmp_path).as_posix() for file in left_out}
    assert names_left_out == {".hidden", "a/.b.txt", "labels.csv", "a/labels.csv", "themes.toml"}
    assert list(find_files(f"{tmp_path}/a*.txt")) == [
        Found(tmp_path / name, tmp_path) for name in ("a-b.txt", "a.txt")
    ]


def test_the_scripts_of_a_saved_page_are_no_articles(tmp_path: Path) -> None:
    names = [
        "tin/Bến cá.html",
        "tin/Bến cá_files/a.js",
        "tin/Bến cá_files/b/c.html",
        "x_files/a.txt",
    ]
    make(tmp_path / "kho", *names)
    left_out: list[Path] = []
    found = [item.file for item in find_files(str(tmp_path), left_out.append)]  # type: ignore[union-attr]
    assert found == [tmp_path / "kho" / names[0], tmp_path / "kho" / names[3]]
    assert left_out == [tmp_path / "kho/tin/Bến cá_files"]
    with zipfile.ZipFile(tmp_path / "kho.zip", "w") as archive:
        for name in names:
            archive.write(tmp_path / "kho" / name, name)
    with zipfile.ZipFile(tmp_path / "win.zip", "w") as archive:
        for name in names:
            archive.write(tmp_path / "kho" / name, name.replace("/", "\\"))
    for kho in ("kho", "win"):
        position = Position()
        packed = read(tmp_path / f"{kho}.zip", position=position)
        assert [article.id for article in packed] == [f"{kho}/tin/Bến cá", f"{kho}/x_files/a"]
        assert (position.done, position.left_out) == (2, 2)


def test_what_tells_of_a_folder_is_no_article(tmp_path: Path) -> None:
    about = ["README", "z/ReadMe.md", "LICENCE.txt", "CHANGELOG.rst", "x/Contributing"]
    articles = ["readme-moi.txt", "NOTICE/a.txt", "doc-readme.md", "readme.thu.txt"]
    make(tmp_path / "kho", *about, *articles)
    (tmp_path / "kho/authors.csv").write_text("id,text\n1,Mưa lớn ba ngày.\n", encoding="utf-8")
    position = Position()
    found = {article.id for article in read(tmp_path / "kho", position=position)}
    assert found == {"1", "readme-moi", "NOTICE/a", "doc-readme", "readme.thu"}
    assert (position.done, position.left_out) == (5, 5)
    with zipfile.ZipFile(tmp_path / "kho.zip", "w") as archive:
        for file in (tmp_path / "kho").rglob("*.*"):
            archive.write(file, file.relative_to(tmp_path / "kho"))
    position = Position()
    assert len(list(read(tmp_path / "kho.zip", position=position))) == 5
    assert (position.done, position.left_out) == (5, 3)  # those without an ending are not in it
    [article] = read(tmp_path / "kho/README")
    assert article.title == "Tiêu đề"


def test_a_folder_inside_a_hidden_one_is_read_when_it_is_named(tmp_path: Path) -> None:
    make(tmp_path / ".archive" / "news", "a.txt")
    assert len(list(find_files(str(tmp_path / ".archive" / "news")))) == 1


def test_a_link_that_goes_in_circles_is_not_followed(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "b/c.txt")
    (tmp_path / "again").symlink_to(tmp_path)
    (tmp_path / "b/up").symlink_to("..")
    assert len(list(find_files(str(tmp_path)))) == 2


def test_a_linked_folder_is_followed_once(tmp_path: Path) -> None:
    make(tmp_path, "in/a.txt", "in/.store/e.txt", "out/b.txt", "out/deep/c.txt")
    (tmp_path / "in/old").symlink_to(tmp_path / "out")
    (tmp_path / "in/older").symlink_to(tmp_path / "out")  # the same again
    (tmp_path / "in/part").symlink_to(tmp_path / "out/deep")  # inside of what was followed
    (tmp_path / "in/shelf").symlink_to(".store")  # hidden where it lies
    (tmp_path / "out/back").symlink_to(tmp_path / "in")
    (tmp_path / "in/world").symlink_to(tmp_path)
    items = list(find_files(str(tmp_path / "in")))
    found = [item.file.relative_to(tmp_path).as_posix() for item in items if type(item) is Found]
    assert found == ["in/a.txt", "in/old/b.txt", "in/old/deep/c.txt", "in/shelf/e.txt"]
    refused = {Path(item.place).name: item.problem for item in items if isinstance(item, Refusal)}
    assert refused.keys() == {"older", "part", "back", "world"}
    assert "read already" in refused["older"]
    assert "which holds it" in refused["world"]


def test_a_linked_folder_inside_the_tree_is_named(tmp_path: Path) -> None:
    make(tmp_path, "all/a.txt")
    (tmp_path / "sport").symlink_to("all")
    [found, refusal] = find_files(str(tmp_path))
    assert isinstance(found, Found)
    assert isinstance(refusal, Refusal)


def test_what_is_no_file_in_a_folder_is_named(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    os.mkfifo(tmp_path / "b.txt")
    (tmp_path / "c.txt").symlink_to("gone.txt")
    [_, *refused] = find_files(str(tmp_path))
    assert [Path(item.place).name for item in refused if isinstance(item, Refusal)] == [
        "b.txt",
        "c.txt",
    ]
    assert "broken link" in str(refused[1])


def test_parts_of_a_corpus_are_no_themes(tmp_path: Path) -> None:
    make(tmp_path, "Train_Full/sport/a.txt", "Test_Full/sport/b.txt", "readme.txt")
    with pytest.raises(ChudeError, match=r"Test_Full, Train_Full are parts .* Name one of them"):
        list(read(tmp_path, folders_are_themes=True))
    found = list(read(tmp_path / "Train_Full", folders_are_themes=True))
    assert [article.themes for article in found] == [("sport",)]
    assert len(list(read(tmp_path))) == 2


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("missing", "no such file"),
        ("missing/*.txt", "no such file"),
        ("a.bin", "format unknown"),
        ("a.png", "a picture"),
    ],
)
def test_inputs_are_checked(tmp_path: Path, name: str, problem: str) -> None:
    make(tmp_path, "b/c.txt")
    (tmp_path / "a.bin").write_bytes(bytes(range(256)))
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    for path in ("-", str(tmp_path / "b"), str(tmp_path / "*/c.txt")):
        check_input(path)
    with pytest.raises(ChudeError, match=problem):
        check_input(str(tmp_path / name))


def test_the_size_of_inputs_is_that_of_their_files(tmp_path: Path) -> None:
    make(tmp_path, "a/1.txt", "a/b/2.txt", "a/labels.csv", "a/.notes.md", "c.jsonl")
    (tmp_path / "a/1.txt").write_bytes(b"x" * 5)
    (tmp_path / "a/b/2.txt").write_bytes(b"x" * 70)
    (tmp_path / "c.jsonl").write_bytes(b"x" * 900)
    assert total_size([str(tmp_path / "a")]) == 75
    assert total_size([str(tmp_path / "*.jsonl"), str(tmp_path / "a/1.txt")]) == 905
    assert total_size([str(tmp_path / "a"), "-"]) is None
    with pytest.raises(ChudeError, match="no articles"):
        make(tmp_path, "empty/.notes.md")
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


def test_a_link_that_leads_back_gives_a_glob_each_file_once(tmp_path: Path) -> None:
    make(tmp_path, "a/1.txt", "a/b/2.txt")
    (tmp_path / "a/me").symlink_to(".", target_is_directory=True)
    again: list[Path] = []
    found = list(find_files(str(tmp_path / "a/**/*.txt"), again.append))
    assert [one.file for one in found if isinstance(one, Found)] == [
        tmp_path / "a/1.txt",
        tmp_path / "a/b/2.txt",
    ]
    assert len(found) == 2
    assert again


def test_a_link_to_a_pipe_is_no_broken_link(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link.txt").symlink_to("pipe")
    [found] = find_files(str(tmp_path / "link.txt"))
    assert isinstance(found, Refusal)
    assert "broken" not in found.problem
