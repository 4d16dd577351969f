"""The options that mean the same in every command."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from chude.escape import shown
from chude.records import ENDINGS, STDOUT, form_of

if TYPE_CHECKING:
    from chude.corpus.formats.columns import ColumnNames

DEFAULT_MODEL = Path("models/themes")
WORDS = 5  # of evidence, where --explain does not say how many


class Format(StrEnum):
    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"


class PageFormat(StrEnum):
    """`Format`, and a page for people."""

    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"
    html = "html"


AnyFormat = TypeVar("AnyFormat", Format, PageFormat)
# What would not open as what it is called.
_OTHERS = ("gz", "zst", "zip", "xlsx", "xls", "docx", "doc", "pdf", "html", "htm")


class EngineName(StrEnum):
    local = "local"
    dask = "dask"


class Language(StrEnum):
    vi = "vi"
    en = "en"


class SegmenterName(StrEnum):
    underthesea = "underthesea"
    syllable = "syllable"


Inputs = Annotated[
    list[str],
    typer.Argument(
        help="Files (.txt, .docx, .xlsx, .csv, .jsonl, .parquet …), folders, globs, or - for "
        "standard input.",
        show_default=False,
    ),
]
ModelPath = Annotated[Path, typer.Option("--model", help="The model's folder.")]
Themes = Annotated[
    Path | None, typer.Option("--themes", help="themes.toml; default: the corpus's own.")
]
Labels = Annotated[Path | None, typer.Option("--labels", help="labels.csv for all the inputs.")]
Output = Annotated[
    str, typer.Option("--output", "-o", help="File to write, - for standard output.")
]
Bom = Annotated[
    bool, typer.Option("--bom", help="Begin a CSV file with the mark that Excel looks for.")
]
OutputFormat = Annotated[Format, typer.Option("--format", "-f", help="Form of the result.")]
Seed = Annotated[
    int, typer.Option("--seed", help="Seed of everything random.", min=0, max=2**32 - 1)
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", help="Processes that work at a time.", min=1)]
Engine = Annotated[
    EngineName, typer.Option("--engine", help="Where the work is done: here, or on a Dask cluster.")
]
Scheduler = Annotated[
    str, typer.Option("--scheduler", help="Address of the Dask cluster, such as tcp://HOST:8786.")
]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="No progress, only refusals and errors.")
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more on stderr.")]
Lang = Annotated[
    Language | None,
    typer.Option("--lang", help="Language for people; default: CHUDE_LANG, or English."),
]

IdColumn = Annotated[str | None, typer.Option("--id-column", help="Column of ids.")]
TextColumn = Annotated[str | None, typer.Option("--text-column", help="Column of the text.")]
TitleColumn = Annotated[str | None, typer.Option("--title-column", help="Column of titles.")]
DateColumn = Annotated[str | None, typer.Option("--date-column", help="Column of dates.")]
LabelColumn = Annotated[str | None, typer.Option("--label-column", help="Column of themes.")]


def columns(
    id: str | None,
    text: str | None,
    title: str | None,
    date: str | None,
    label: str | None = None,
    labelled: bool = True,
) -> "ColumnNames":
    """The columns that the options name; labelled: whether labels are wanted."""
    from chude.corpus.formats.columns import ColumnNames

    return ColumnNames(id=id, text=text, title=title, date=date, label=label, labelled=labelled)


def form_to_write(form: AnyFormat, output: str, bom: bool) -> AnyFormat:
    """The form of the result: what the output's ending says where no other than a table is named.

    Raises BadParameter where it cannot go to standard output, where a table would be written under
    the ending of another kind of file, or where `bom` is asked for and it is no CSV.
    """
    found = _form(form, output)
    check_bom(bom, found)
    return found


def check_bom(bom: bool, form: str) -> None:
    """Raise BadParameter where the mark of CSV is asked for in another form."""
    if bom and form != "csv":
        raise typer.BadParameter("--bom is for CSV: add --format csv")


def _form(form: AnyFormat, output: str) -> AnyFormat:
    if output == STDOUT:
        if form == "parquet":
            raise typer.BadParameter("Parquet needs a file: add --output FILE.parquet")
        if form == "html":
            raise typer.BadParameter("a page needs a file: add --output FILE.html")
        return form
    if form != "table":
        return form
    ending = Path(output).suffix[1:].lower()
    told = form_of(output) or ending
    if told in set(type(form)):
        return type(form)(told)
    if ending in _OTHERS:
        written = ", ".join(f".{one}" for one in ENDINGS)
        raise typer.BadParameter(f"{shown(output)}: end it in {written}, or name a --format")
    return form
