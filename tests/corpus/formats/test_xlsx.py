"""Excel workbooks as people make them: merged cells, escapes, days from 1904."""

from pathlib import Path

import pytest

from chude.corpus.article import Article
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.formats.limits import InputError
from chude.corpus.formats.merged_cells import find_regions
from chude.corpus.read import read
from chude.errors import Refusal
from tests.corpus.formats.files import BODY, TITLE, packed, xlsx

NAMES: list[object] = ["id", "title", "date", "text", "themes"]
DAY = 45_363  # 12 March 2024


def collect(path: Path, content: bytes, **options: object) -> tuple[list[Article], list[Refusal]]:
    (path / "a.xlsx").write_bytes(content)
    refused: list[Refusal] = []
    found = list(read(path / "a.xlsx", on_refusal=refused.append, **options))  # type: ignore[arg-type]
    return found, refused


@pytest.mark.parametrize("said", ["1", "true", "0", "false"])
def test_days_that_count_from_1904(tmp_path: Path, said: str) -> None:
    head, early = f'<workbookPr date1904="{said}"/>', said in ("1", "true")
    written = [DAY - 1462 * early, 20240312, 1_710_212_400, "12/3/2024", "trong tuần"]
    rows = [[f"b{n}", 2005, day, BODY[0]] for n, day in enumerate(written)]
    found, refused = collect(tmp_path, xlsx([NAMES, *rows], head=head))
    assert not refused
    assert [str(article.date) for article in found] == ["2024-03-12"] * 4 + ["None"]
    assert {article.title for article in found} == {"2005"}
    assert found[-1].unread_date == "trong tuần"


def test_characters_that_are_written_as_numbers(tmp_path: Path) -> None:
    texts = {
        "Tuần tra_x000D_\nđêm": "Tuần tra\r\nđêm",
        "Mã _x005F_x000D_ của tệp": "Mã _x000D_ của tệp",
        "Cờ _xD83C__xDDFB_ bay": "Cờ \U0001f1fb bay",
        "Biến _x00_ và _x12345_": "Biến _x00_ và _x12345_",
    }
    rows = [["r", title, None, BODY[0]] for title in texts]
    found, _ = collect(tmp_path, xlsx([NAMES, *rows]))
    assert [article.title for article in found] == list(texts.values())


def test_characters_of_inline_strings_and_of_formulas(tmp_path: Path) -> None:
    cells = (
        f'<c r="A2" t="inlineStr"><is><t>{BODY[0]}_x000D_\n{BODY[1]}</t></is></c>'
        '<c r="B2" t="str"><v>Đồn_x0020_Nậm Cáy</v></c>'
    )
    sheet = (
        '<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>text</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>title</t></is></c></row>'
        f'<row r="2">{cells}</row></sheetData></worksheet>'
    )
    content = packed({"xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": sheet})
    [article], _ = collect(tmp_path, content)
    assert (article.title, "_x" in article.body) == ("Đồn Nậm Cáy", False)


def test_half_a_pair_is_refused(tmp_path: Path) -> None:
    rows = [["a", TITLE, None, f"{BODY[0]} _xD83C_ hết"], ["b", TITLE, None, BODY[1]]]
    [article], [refusal] = collect(tmp_path, xlsx([NAMES, *rows]))
    assert (article.id, "UTF-16" in refusal.problem) == ("b", True)


def test_rows_have_the_themes_days_and_titles_that_are_merged_with_theirs(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["a", TITLE, DAY, f"{BODY[0]} Một.", "emulation"],
        ["b", None, None, f"{BODY[0]} Hai.", None],
        ["c", None, None, f"{BODY[0]} Ba."],
        ["d", None, None, f"{BODY[0]} Bốn.", None],
    ]
    content = xlsx([NAMES, *rows], merged=("E2:E4", "B2:C3", "C2:C3"))
    found, refused = collect(tmp_path, content)
    assert not refused
    assert [article.themes for article in found] == [("emulation",)] * 3 + [None]
    assert [str(article.date) for article in found] == ["2024-03-12"] * 2 + ["None"] * 2
    assert [article.title for article in found] == [TITLE] * 2 + [""] * 2


def test_merged_cells_of_a_column_a_theme(tmp_path: Path) -> None:
    rows: list[list[object]] = [["id", "text", "x", "y"], ["a", BODY[0], 1, 0], ["b", BODY[1]]]
    found, _ = collect(
        tmp_path, xlsx(rows, merged=("C2:C3", "D2:D3")), columns=ColumnNames(themes=("x", "y"))
    )
    assert [article.themes for article in found] == [("x",), ("x",)]


def test_one_text_beside_several_rows_is_one_article(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["a", TITLE, DAY, BODY[0], "emulation"],
        [None, None, None, None, "mobilization"],
        ["c", None, None, BODY[1], None],
    ]
    found, refused = collect(tmp_path, xlsx([NAMES, *rows], merged=("D2:D3", "A2:A3", "E3:E4")))
    assert [article.body for article in found] == [BODY[0], BODY[1]]
    assert len(refused) == 1  # a second theme that is not read is told
    assert found[1].themes == ("mobilization",)


def test_a_region_that_goes_on_below_the_last_row(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["a", TITLE, DAY, BODY[0], "x"],
        [],
        [None] * 5,
        ["b", 2, 3, BODY[1]],
    ]
    found, refused = collect(tmp_path, xlsx([NAMES, *rows, []], merged=("E2:E1048576",)))
    assert not refused
    assert [(article.id, article.themes) for article in found] == [("a", ("x",)), ("b", ("x",))]


def test_names_that_are_merged_are_those_of_one_column(tmp_path: Path) -> None:
    rows: list[list[object]] = [["text", "title", None, "themes"], [BODY[0], TITLE, "x", None]]
    found, refused = collect(tmp_path, xlsx(rows, merged=("B1:C1", "D1:D2", "A1:A2")))
    assert not refused
    assert [(article.title, article.themes) for article in found] == [(TITLE, None)]


def test_regions_are_found_where_pieces_of_a_file_meet() -> None:
    import io

    cell = b'<x:mergeCell  ref="AA2:AB9"/>'
    for start in range(len(cell) + 2):
        content = b" " * ((1 << 20) - start) + cell + b'<mergeCell ref="B3:D3"/>'
        assert find_regions(io.BytesIO(content)) == {(2, 26): 9}


def test_regions_without_number_are_refused(tmp_path: Path) -> None:
    regions = tuple(f"A{2 * n}:A{2 * n + 1}" for n in range(1, 200_002))
    found, [refusal] = collect(tmp_path, xlsx([["text"], [BODY[0]]], merged=regions))
    assert (found, "merged cells" in refusal.problem) == ([], True)
    assert "Unmerge" in refusal.cure


def test_names_that_no_element_ends_take_no_time() -> None:
    import io

    assert find_regions(io.BytesIO(b"<mergeCell " * 1_000_000)) == {}
    with pytest.raises(InputError):
        find_regions(
            io.BytesIO(b"".join(b'<mergeCell ref="A%d:A9999999"/>' % n for n in range(200_001)))
        )
