"""chude convert"""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chude.cli import options as opt
from chude.cli.messages import Reporter
from chude.records import STDOUT, form_of

if TYPE_CHECKING:
    from chude.corpus.article import Article


class TargetFormat(StrEnum):
    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"
    txt = "txt"


def convert(
    inputs: opt.Inputs,
    output: Annotated[
        str, typer.Option("--output", "-o", help="File or, for txt, folder to write; - for stdout.")
    ],
    form: Annotated[
        TargetFormat | None,
        typer.Option("--format", "-f", help="Form to write; default: as OUTPUT ends, or jsonl."),
    ] = None,
    bom: opt.Bom = False,
    labels: opt.Labels = None,
    id_column: opt.IdColumn = None,
    text_column: opt.TextColumn = None,
    title_column: opt.TitleColumn = None,
    date_column: opt.DateColumn = None,
    label_column: opt.LabelColumn = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> None:
    """Read articles of any format and write them in one.

    What was found is done, refused by name, or left out because it is no article (hidden files,
    labels.csv, themes.toml, README).

    Example: chude convert old_archive --output archive.jsonl
    """
    from chude.corpus.convert import write_articles
    from chude.corpus.labelled import with_theme_columns
    from chude.corpus.outputs import check_output
    from chude.corpus.read import Position, read

    target = form or _form_of(output)
    if output == STDOUT and target in (TargetFormat.parquet, TargetFormat.txt):
        raise typer.BadParameter(f"{target} needs a place: add --output PATH")
    opt.check_bom(bom, target)
    columns = opt.columns(id_column, text_column, title_column, date_column, label_column)
    check_output(output, inputs, [labels], folder=target is TargetFormat.txt)
    position = Position()
    with Reporter(quiet, verbose) as reporter:
        articles = read(
            inputs,
            labels=labels,
            columns=with_theme_columns(inputs, columns),
            on_refusal=reporter.refuse,
            position=position,
        )
        notes = write_articles(_watched(articles, reporter), target.value, output, bom=bom)
        for note in (*notes.lines(target.value), *position.unread_labels.notes()):
            reporter.say(note)
        reporter.count(notes.written, reporter.refused, position.left_out)


def _form_of(output: str) -> TargetFormat:
    found = form_of(output)
    if found in set(TargetFormat):
        return TargetFormat(found)
    if output != STDOUT and (output.endswith(("/", "\\")) or Path(output).suffix == ""):
        return TargetFormat.txt
    if found is None and output != STDOUT:
        raise typer.BadParameter(f"{output}: which form? Add --format jsonl, csv, parquet or txt")
    return TargetFormat.jsonl


def _watched(articles: "Iterator[Article]", reporter: Reporter) -> "Iterator[Article]":
    for count, article in enumerate(articles, 1):
        reporter.show("articles", count, None, f"{count:,}")
        yield article
