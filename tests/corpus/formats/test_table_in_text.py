"""Tables that are called a text and whose columns have other names; sentences are none."""

from pathlib import Path

import pytest

from chude.corpus.article import Article
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.read import read
from chude.errors import Refusal
from tests.corpus.formats.files import BODY


def collect(path: Path, **options: object) -> tuple[list[Article], list[Refusal]]:
    refused: list[Refusal] = []
    return list(read(path, on_refusal=refused.append, **options)), refused  # type: ignore[arg-type]


ROWS = [["Mã", "Nội dung", "Chủ đề"], *([str(i), f"{BODY[i % 2]}", "thi đua"] for i in range(3))]
QUOTED = [[f'"{field}"' for field in row] for row in ROWS]
TABLES = {
    "tabs": "\n".join("\t".join(row) for row in ROWS),
    "semicolons": "\r\n".join(";".join(row) for row in ROWS),
    "commas": "\n".join(",".join(row) for row in [ROWS[0], *QUOTED[1:]]),
    "two columns": "\n".join(f'"{row[1]}",{row[2]}' for row in [["", "Bài", "Nhãn"], *ROWS[1:]]),
    "one row, quoted inside": 'Mã,Nội dung,Nhãn\n1,"Tàu về, mưa to",tin\n',
    "two rows, quoted at the end": 'Mã,Nội dung\n1,"Tàu về."\n2,"Mưa to, gió lớn."\n\n',
    "no quotes": "Mã,Nội dung\n1,Tàu về.\n2,Mưa to.\n3,Gió lớn.\n",
    "a row of another length": "Mã\tBài\n" + "1\tTàu về.\n" * 12 + "Mưa.\n2\tGió.\n",
    "long cells": "Mã\tBài\n" + f"1\t{'Tàu về bến. ' * 500}\n" * 5,
    "a longer cell": "Mã\tBài\n" + f"1\t{'Tàu về bến. ' * 5000}\n" * 5,
    "long cells, quoted": "Mã,Bài\n" + f'1,"{"Tàu về, mưa to. " * 350}"\n' * 5,
    "one long row": f'Mã,Bài\n1,"{"Tàu về, mưa to. " * 5000}"\n',
    "one long row of three": f'Mã;Bài;Nhãn\n1;"{"Tàu về; mưa to. " * 5000}";tin\n',
    "a last row of another length": "Mã\tBài\n" + "1\tTàu về.\n" * 5 + "(5 dòng)\n",
    "a comma in a cell": "Mã,Nội dung\n1,Tàu về.\n2,Mưa to, gió lớn.\n3,Lúa chín.\n",
    "marks in cells": "Mã;Bài;Nhãn\nb1;Tàu; đò về.;tin\nb2;Mưa; gió; rét.;tin\nb3;Vui.;tin\n",
    "words": "Sáng\tN\tO\nnay\tN\tO\n,\tCH\tO\n",
}


@pytest.mark.parametrize("rows", TABLES)
@pytest.mark.parametrize("name", ["bang.txt", "bang", "bang.dat"])
def test_a_table_whose_columns_have_other_names_is_no_article(
    tmp_path: Path, rows: str, name: str
) -> None:
    (tmp_path / name).write_text(TABLES[rows], encoding="utf-8", newline="")
    found, [refusal] = collect(tmp_path)
    assert not found
    assert "no column 'text'; there are: " in refusal.problem
    assert "--text-column, or begin it with its title if it is an article" in refusal.cure


def test_a_table_that_is_called_one_is_not_taken_for_an_article(tmp_path: Path) -> None:
    (tmp_path / "bang.csv").write_text(TABLES["no quotes"], encoding="utf-8")
    _, [refusal] = collect(tmp_path)
    assert refusal.cure == "Name the right one with --text-column"


def test_the_column_of_such_a_table_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "bang.txt").write_text(TABLES["tabs"], encoding="utf-16")
    found, refused = collect(tmp_path, columns=ColumnNames(text="nội dung"))
    assert ([article.body for article in found], refused) == ([row[1] for row in ROWS[1:]], [])


@pytest.mark.parametrize(
    "text",
    [
        '"Tôi đi", bà nói\n"Ừ", ông đáp\n"Cháu nữa", bé Inh xin\n',
        "Chợ, bến\nTàu về, người đông\nGiá giảm, ai cũng vui\n",
        "Gặt lúa; chạy mưa\nMưa lớn; lúa đổ\nBộ đội; bà con\n",
        "Bến cá\n\n\tTàu\tvề\n\tGiá\tgiảm\n",
        'Hà Nội, Huế, Đà Nẵng mưa lớn\nSáng nay, ông Nam nói,"chúng tôi đã sơ tán"\n',
        'Mưa lớn, lũ lên\nÔng Nam nói,"chạy thôi"\nBộ đội, dân quân đến\n',
        'Mưa lớn,lũ lên\nÔng Nam nói,"chạy thôi"\nBộ đội, dân quân đến\n',
        "Kính gửi các sở; ban; ngành\nThực hiện chỉ thị; kế hoạch; hướng dẫn\n",
        "Chợ, bến, đò\nTàu về, giá giảm, vui\nMưa, gió, rét\nNắng, ráo, ấm\nLúa, ngô, khoai\n",
        "Mưa,gió\nTàu về, giá giảm\nNắng ráo, lúa chín\nĐò đầy, khách vui\n",
        "Chợ,bến\nSáng nay,tàu về, người đông\nGiá giảm,ai cũng vui\nĐò đầy,khách vui, trời đẹp\n",
        "Chợ,bến\nTàu,đò về, người đông\nTàu,thuyền ra, trời đẹp\nMưa,gió đến, chợ vắng\n",
        "Chợ,bến\nTàu,đò về, người đông\nMưa,gió,rét\nNắng, ráo\nLúa,ngô, khoai\n",
        "GDP tăng 5,6%\nLúa tăng 4,2%\nCá tăng 3,1%\nTôm tăng 6,1%\nCua tăng 2,5%\n",
        "Giá\tTấn\n" + "Cá\t12\n" * 12 + f"{BODY[0]}\n",
        f'Chợ,bến\nÔng Nam nói, "chạy thôi. {"Mưa to, gió lớn. " * 5000}"\n',
        "Giá vàng,giá bạc\n\nSáng,tăng, trưa lên\n\nChiều,giảm, tối xuống\n\nMai,yên, ai đợi\n",
        "Giá\tTấn\nCá\t12\nTôm\t7\nMực\t9\nGiá cá giảm, ngư dân vẫn ra khơi.\n",
    ],
)
def test_sentences_are_no_table(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    [article], refused = collect(tmp_path)
    assert not refused
    assert article.text.split() == text.split()
