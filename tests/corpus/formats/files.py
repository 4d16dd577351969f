"""Small files of every format, made by hand so that no library's habits are tested."""

import gzip
import io
import json
import zipfile

import polars as pl

TITLE = "Tuần tra cột mốc 217"
BODY = (
    "Sáng nay, tổ tuần tra của đồn Nậm Cáy lên cột mốc cùng dân quân xã.",
    "Bà con bản Huổi Só mang nước và khoai ra tận lối mòn mời bộ đội.",
)
TEXT = "\n\n".join(BODY)
ROW = {"id": "r1", "title": TITLE, "text": TEXT, "themes": ["border_security"]}
MENU = "".join(f"<li><a href='/{i}'>Phong trào thi đua quyết thắng {i}</a></li>" for i in range(30))


def page(body: str = "") -> bytes:
    """A web page with a menu around its article."""
    paragraphs = body or "".join(f"<p>{part}</p>" for part in BODY)
    return (
        f"<!DOCTYPE html><html><head><title>{TITLE} - Báo Mường Ló</title>"
        "<script>var khen = 'thi đua'; if (1 < 2) { x = '</p>'; }</script><style>p {}</style>"
        "<meta property='article:published_time' content='2024-03-12T08:00:00+07:00'></head>"
        f"<body><nav>Trang chủ</nav><ul>{MENU}</ul><h1>{TITLE}</h1>{paragraphs}"
        f"<div class='related'>Bài liên quan: khen thưởng cuối năm.</div><div>Đọc thêm</div>"
        f"<ul>{MENU}</ul><footer>Tòa soạn ở thị xã.</footer></body></html>"
    ).encode()


_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(*paragraphs: str, font: str = "Times New Roman") -> bytes:
    """A Word document."""
    return word(
        "".join(
            f'<w:p><w:r><w:rPr><w:rFonts w:ascii="{font}"/></w:rPr><w:t>{part}</w:t></w:r></w:p>'
            for part in paragraphs
        )
    )


def word(body: str, **parts: str) -> bytes:
    """A Word document of the elements of its body and of other parts, such as `styles`."""
    return packed(
        {
            "word/document.xml": f"<w:document {_WORD}><w:body>{body}</w:body></w:document>",
            **{
                f"word/{name}.xml": f"<w:{name} {_WORD}>{content}</w:{name}>"
                for name, content in parts.items()
            },
        }
    )


def xlsx(rows: list[list[object]], *, merged: tuple[str, ...] = (), head: str = "") -> bytes:
    """An Excel workbook of one sheet; strings are shared ones.

    merged: regions such as `A2:A5`. head: what the workbook says before its sheets.
    """
    strings: list[str] = []

    def cell(value: object, at: str) -> str:
        if isinstance(value, str):
            strings.append(value)
            return f'<c r="{at}" t="s"><v>{len(strings) - 1}</v></c>'
        return "" if value is None else f'<c r="{at}"><v>{value}</v></c>'

    lines = "".join(
        f'<row r="{n}">{"".join(cell(v, f"{chr(65 + i)}{n}") for i, v in enumerate(row))}</row>'
        for n, row in enumerate(rows, 1)
    )
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    cells = "".join(f'<mergeCell ref="{region}"/>' for region in merged)
    shared = "".join(f"<si><r><t>{s[:3]}</t></r><r><t>{s[3:]}</t></r></si>" for s in strings)
    return packed(
        {
            "xl/workbook.xml": (
                f'<workbook {space}>{head}<sheets><sheet name="Tin"/></sheets></workbook>'
            ),
            "xl/sharedStrings.xml": f"<sst {space}>{shared}</sst>",
            "xl/worksheets/sheet1.xml": (
                f"<worksheet {space}><sheetData>{lines}</sheetData>"
                f"<mergeCells>{cells}</mergeCells></worksheet>"
            ),
        }
    )


def packed(members: dict[str, str | bytes]) -> bytes:
    """A zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def rtf(*paragraphs: str) -> bytes:
    """A rich text, its letters as numbers."""
    body = "".join(
        "".join(c if c.isascii() else f"\\u{ord(c)}?" for c in part) + "\\par\\par\n"
        for part in paragraphs
    )
    return ("{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}\n" + body + "}").encode("ascii")


def mht(content: bytes = b"") -> bytes:
    """A page saved with its picture."""
    import quopri

    return (
        b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
        b'\tboundary="xyz"\r\n\r\n--xyz\r\nContent-Type: text/html; charset=utf-8\r\n'
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        + quopri.encodestring(content or page())
        + b"\r\n--xyz\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        b"iVBORw0KGgo=\r\n--xyz--\r\n"
    )


def pdf(*lines: str) -> bytes:
    """A PDF file of one page, in ASCII."""
    return pdf_pages([(12, line) for line in lines])


PICTURE = "q 400 0 0 400 50 300 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q "


def pdf_pages(*pages: list[tuple[int, str]] | str) -> bytes:
    """A PDF file of pages: lines with the size of their type, or what is drawn."""
    numbers = range(4, 4 + 2 * len(pages), 2)
    kids = " ".join(f"{number} 0 R" for number in numbers)
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number, page in zip(numbers, pages, strict=True):
        drawn = page if isinstance(page, str) else _printed(page)
        parts += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {number + 1} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>".encode(),
            f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream".encode(),
        ]
    content, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(content))
        content += b"%d 0 obj%b endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(parts) + 1
    return (
        content
        + b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table)
        + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(content))
    )


def _printed(lines: list[tuple[int, str]]) -> str:
    """Lines of type, one below the other."""
    shown = "".join(f"/F1 {size} Tf {size * 1.2} TL T* ({line}) Tj " for size, line in lines)
    return f"BT 50 800 Td {shown}ET"


def parquet(rows: list[dict[str, object]]) -> bytes:
    """A Parquet file."""
    stream = io.BytesIO()
    pl.DataFrame(rows).write_parquet(stream)
    return stream.getvalue()


def every_format() -> dict[str, bytes]:
    """A file of each format by its name, each with the same one article."""
    from backports.zstd import compress

    raw = f"{TITLE}\n\n{TEXT}\n".encode()
    line = json.dumps(ROW, ensure_ascii=False).encode() + b"\n"
    table = f'id,title,text,themes\r\nr1,{TITLE},"{TEXT}",border_security\r\n'
    tabs = table.replace(",", "\t").replace("nay\t", "nay,")
    task = {
        "id": 1,
        "data": {"text": TEXT, "title": TITLE},
        "annotations": [{"result": [{"value": {"choices": ["border_security"]}}]}],
    }
    return {
        "raw.txt": raw,
        "upper.TXT": raw,
        "none": raw,
        "utf16.txt": b"\xff\xfe" + raw.decode().encode("utf-16-le"),
        "dated.txt": f"{TITLE}\nThứ ba, 12/03/2024, 10:05 (GMT+7)\n\n{TEXT}".encode(),
        "mark.md": f"# {TITLE}\n\n**{BODY[0]}**\n\n> {BODY[1]}\n".encode(),
        "page.html": page(),
        "page.txt": page(),
        "PAGE.HTM": page(),
        "saved.mht": mht(),
        "word.docx": docx(TITLE, *BODY),
        "rich.rtf": rtf(TITLE, *BODY),
        "marked.rtf": b"\xef\xbb\xbf" + rtf(TITLE, *BODY),
        "comma.csv": table.encode(),
        "excel.csv": b"\xef\xbb\xbf"
        + f'sep=;\r\nId;Title ;Text\r\nr1;{TITLE};"{TEXT}"\r\n'.encode(),
        "mac.csv": f'id,title,text\rr1,{TITLE},"{TEXT.replace(chr(10), " ")}"\r'.encode(),
        "unicode.txt": b"\xff\xfe" + tabs.encode("utf-16-le"),
        "tab.tsv": tabs.encode(),
        "sheet.xlsx": xlsx([["id", "title", "text"], ["r1", TITLE, TEXT]]),
        "line.jsonl": line,
        "array.json": json.dumps([ROW], indent=1).encode(),
        "around.json": json.dumps({"count": 1, "data": [ROW]}, indent=1).encode(),
        "one.json": json.dumps(ROW, indent=1).encode(),
        "studio.json": json.dumps([task]).encode(),
        "doccano.jsonl": json.dumps({**ROW, "themes": None, "label": ["x"]}).encode(),
        "frame.parquet": parquet([ROW]),
        "packed.jsonl.gz": gzip.compress(line),
        "packed.txt.zst": compress(raw),
        "frame.parquet.gz": gzip.compress(parquet([ROW])),
        "many.zip": packed({"a/b.txt": raw}),
    }
