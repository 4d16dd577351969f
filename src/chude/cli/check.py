"""chude check"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from chude.cli import options as opt
from chude.cli.messages import Reporter
from chude.records import write_records


def check(
    inputs: opt.Inputs,
    model: Annotated[
        Path | None,
        typer.Option("--model", help="A model to find doubtful labels with; default: train one."),
    ] = None,
    themes: opt.Themes = None,
    labels: opt.Labels = None,
    exclusive: Annotated[
        bool, typer.Option("--exclusive", help="Exactly one theme an article.")
    ] = False,
    against: Annotated[
        list[Path] | None,
        typer.Option("--against", help="Articles, such as a test set, that must not be in here."),
    ] = None,
    fix: Annotated[
        Path | None,
        typer.Option("--fix", help="New folder for a cleaned copy and the list of its changes."),
    ] = None,
    form: opt.OutputFormat = opt.Format.table,
    output: opt.Output = "-",
    bom: opt.Bom = False,
    id_column: opt.IdColumn = None,
    text_column: opt.TextColumn = None,
    title_column: opt.TitleColumn = None,
    date_column: opt.DateColumn = None,
    label_column: opt.LabelColumn = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> None:
    """Find what is wrong with articles and their labels before training, one record a finding.

    Example: chude check data --against held_out.jsonl --format jsonl
    """
    import chude
    from chude.corpus.clean import check_clean_folder
    from chude.corpus.outputs import check_output
    from chude.corpus.read import Position
    from chude.show.terminal import counted

    form = opt.form_to_write(form, output, bom)
    check_output(output, [*inputs, *(against or ())], [model, themes, labels])
    columns = opt.columns(id_column, text_column, title_column, date_column, label_column)
    if fix is not None:
        check_clean_folder(fix, inputs)
    position = Position()
    with Reporter(quiet, verbose) as reporter:
        findings = chude.check(
            inputs,
            themes,
            exclusive=exclusive,
            labels=labels,
            columns=columns,
            model=model,
            against=against,
            on_refusal=reporter.refuse,
            on_note=reporter.say,
            on_progress=lambda count: reporter.show("articles", count, None, f"{count:,}"),
            position=position,
        )
        reporter.finish("checking", len(findings))
        for note in position.unread_labels.notes():
            reporter.say(note)
        records = (finding.record() for finding in findings)
        write_records(records, form, output, flat=dict, table=_lines, bom=bom)
        to_mend = sum(finding.flag for finding in findings)
        reporter.say(f"{counted(len(findings), 'finding')}, {to_mend:,} to mend")
        if fix is not None:
            count = chude.clean(inputs, findings, fix, themes, labels=labels, columns=columns)
            changes = counted(count, "change")
            reporter.say(f"cleaned copy in {fix}, {changes} listed in {fix}/changes.csv")
        reporter.count(position.done, position.refused, position.left_out)


def _lines(records: Iterable[dict[str, Any]]) -> Iterator[str]:
    from chude.show.terminal import text_table

    rows = [
        [r["issue"], r["article"], f"{r['score']:.2f}", "yes" if r["flag"] else "", r["evidence"]]
        for r in records
    ]
    if rows:
        yield text_table(["issue", "article", "score", "mend", "evidence"], rows)
