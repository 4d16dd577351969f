"""Each format through the public door, by its ending and without it."""

import io
import unicodedata
import zipfile
from pathlib import Path

import pytest

from chude.corpus.article import Article
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.formats.registry import ENDINGS, format_of, without_ending
from chude.corpus.read import read
from chude.corpus.taxonomy import Taxonomy
from chude.errors import Refusal
from tests.corpus.formats.files import BODY, TEXT, TITLE, every_format, packed, pdf

for library in ("backports.zstd", "striprtf", "pypdfium2"):
    pytest.importorskip(library)

FILES = every_format()


def collect(path: object, **options: object) -> tuple[list[Article], list[Refusal]]:
    refused: list[Refusal] = []
    return list(read(path, on_refusal=refused.append, **options)), refused  # type: ignore[arg-type]


@pytest.mark.parametrize("name", FILES)
def test_every_format_has_the_same_article(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(FILES[name])
    [article], refused = collect(tmp_path)
    assert not refused
    assert article.title == TITLE
    assert article.body.split() == TEXT.split()
    assert article.source.startswith(str(tmp_path / name))


@pytest.mark.parametrize("name", FILES)
def test_what_a_file_is_its_content_says(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "mark.md":
        pytest.skip("Markdown has no sign of its own")
    (tmp_path / "unnamed").write_bytes(FILES[name])
    [article] = collect(tmp_path / "unnamed")[0]
    assert (article.title, article.body.split()) == (TITLE, TEXT.split())
    stream = io.TextIOWrapper(io.BufferedReader(io.BytesIO(FILES[name])))  # type: ignore[arg-type]
    monkeypatch.setattr("sys.stdin", stream)
    [piped] = collect("-")[0]
    assert (piped.title, piped.body) == (article.title, article.body)


def test_a_text_may_begin_like_an_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "PK-KQ diễn tập\n\nBộ đội phòng không trực sẵn sàng chiến đấu.\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    (tmp_path / "b.zip").write_bytes(packed({"b.txt": text}))
    found, refused = collect(tmp_path)
    assert [article.title for article in found] == ["PK-KQ diễn tập"] * 2
    assert not refused
    stream = io.TextIOWrapper(io.BufferedReader(io.BytesIO(text.encode())))  # type: ignore[arg-type]
    monkeypatch.setattr("sys.stdin", stream)
    assert [article.title for article in collect("-")[0]] == ["PK-KQ diễn tập"]


@pytest.mark.parametrize("name", ["page.html", "saved.mht", "dated.txt"])
def test_dates_are_found(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(FILES[name])
    assert str(collect(tmp_path)[0][0].date) == "2024-03-12"


def test_labels_of_exports(tmp_path: Path) -> None:
    for name, themes in {"studio.json": ("border_security",), "doccano.jsonl": None}.items():
        (tmp_path / name).write_bytes(FILES[name])
        assert collect(tmp_path / name)[0][0].themes == themes
    [article] = collect(tmp_path / "doccano.jsonl", columns=ColumnNames(label="label"))[0]
    assert article.themes == ("x",)


def test_lines_of_fasttext(tmp_path: Path) -> None:
    lines = f"__label__a __label__b {BODY[0]}\n\n__label__c {BODY[1]}\n{BODY[0]}\n__label__d\n"
    (tmp_path / "train.txt").write_text(lines, encoding="utf-8")
    found, [refusal] = collect(tmp_path / "train.txt")
    assert [(a.themes, a.body) for a in found] == [
        (("a", "b"), BODY[0]),
        (("c",), BODY[1]),
        ((), BODY[0]),
    ]
    assert refusal.place.endswith("train.txt:5")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_labels_of_fasttext_wherever_they_stand(tmp_path: Path, end: str) -> None:
    lines = [f"{BODY[0]} __label__a", f"__label__b,__label__c {BODY[1]}", f"__label__b {BODY[1]}"]
    for name in ("train.txt", "train.ft", "train"):
        (tmp_path / name).write_text(end.join(lines), encoding="utf-8", newline="")
        found, refused = collect(tmp_path / name)
        assert [(a.themes, a.body) for a in found] == [
            (("a",), BODY[0]),
            (("b", "c"), BODY[1]),
            (("b",), BODY[1]),
        ]
        assert not refused


def test_a_table_as_a_web_page_is_named(tmp_path: Path) -> None:
    content = f"<table><tr><td>id</td><td>text</td></tr><tr><td>1</td><td>{TEXT}</td></tr></table>"
    (tmp_path / "a.xls").write_text(content, encoding="utf-8")
    found, [refusal] = collect(tmp_path)
    assert (found, refusal.problem) == ([], "a table saved as a web page")


def test_the_text_layer_of_a_pdf(tmp_path: Path) -> None:
    lines = ("Tin trong ngay", "Gia ca phe giam nhe o cac tinh Tay Nguyen sang nay, theo", "tin.")
    (tmp_path / "a.pdf").write_bytes(pdf(*lines))
    (tmp_path / "b.pdf").write_bytes(pdf())
    (tmp_path / "c.pdf").write_bytes(pdf(*lines)[:200])
    [article], refused = collect(tmp_path)
    assert (article.title, article.body) == (lines[0], f"{lines[1]} {lines[2]}")
    assert ["no text layer" in refused[0].problem, "PDF" in refused[1].problem] == [True, True]


def test_folders_label_documents(tmp_path: Path) -> None:
    for folder, name in {"sport": "page.html", "news": "word.docx"}.items():
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_bytes(FILES[name])
    found = collect(tmp_path, folders_are_themes=True)[0]
    assert [(a.id, a.themes) for a in found] == [
        ("news/word", ("news",)),
        ("sport/page", ("sport",)),
    ]


class MacInfo(zipfile.ZipInfo):
    """A file as macOS packs it: its name is UTF-8 without the flag that says so."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode(), self.flag_bits & ~0x800


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_in_archives_of_macs(tmp_path: Path, form: str) -> None:
    name = unicodedata.normalize(form, "thi đua/bến cá")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(MacInfo(f"{name}.txt"), f"{TITLE}\n\n{TEXT}")
        archive.writestr(MacInfo("tin_files/a.js"), "x\n\ny")
        archive.writestr(MacInfo("tin.html"), f"<p>{TITLE}</p><p>{TEXT}</p>")
    found, refused = collect(tmp_path / "a.zip", taxonomy=Taxonomy.of(["thi đua"]))
    assert [(article.id, article.themes) for article in found] == [
        (f"a/{name}", ("thi đua",)),
        ("a/tin", None),
    ]
    assert not refused


def test_a_missing_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for library in ("backports.zstd", "striprtf.striprtf", "pypdfium2"):
        monkeypatch.setitem(__import__("sys").modules, library, None)
    for name in ("rich.rtf", "packed.txt.zst"):
        (tmp_path / name).write_bytes(FILES[name])
    (tmp_path / "a.pdf").write_bytes(pdf("Tin"))
    found, refused = collect(tmp_path)
    assert not found
    assert [refusal.cure for refusal in refused] == ["Run: pip install 'chude[formats]'"] * 3


def test_endings_count_in_any_case() -> None:
    for ending in ENDINGS:
        assert format_of(Path(f"a{ending.upper()}")) is format_of(Path(f"b.c{ending}")) is not None
    assert without_ending("bài 1.2 giá") == "bài 1.2 giá"
    assert without_ending("x/.txt") == "x/.txt"
