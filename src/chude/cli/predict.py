"""chude predict"""

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chude.cli import options as opt
from chude.cli.messages import Reporter
from chude.escape import shown
from chude.records import STDOUT, write_records

_COLUMNS = 80

if TYPE_CHECKING:
    from chude.archive.local import OnArchiveProgress
    from chude.corpus.formats.columns import ColumnNames
    from chude.corpus.read import Position
    from chude.model.prediction import Extras, Prediction
    from chude.show.terminal import Tally


def predict(
    inputs: opt.Inputs,
    model: opt.ModelPath = opt.DEFAULT_MODEL,
    form: opt.OutputFormat = opt.Format.table,
    output: opt.Output = "-",
    bom: opt.Bom = False,
    id_column: opt.IdColumn = None,
    text_column: opt.TextColumn = None,
    title_column: opt.TitleColumn = None,
    date_column: opt.DateColumn = None,
    jobs: opt.Jobs = 1,
    engine: opt.Engine = opt.EngineName.local,
    scheduler: opt.Scheduler = "",
    explain: Annotated[
        int,
        typer.Option(
            "--explain",
            min=0,
            metavar="[N]",
            help=f"Add evidence: N words, {opt.WORDS} if not said, for each theme given or for "
            "review.",
            show_default=False,
        ),
    ] = 0,
    titles: Annotated[
        bool, typer.Option("--titles", help="Titles; in a table instead of ids.")
    ] = False,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> None:
    """Label articles, one record an article, in the order of the input.

    A run with --output that was stopped goes on where it was when it is started again. With
    --engine dask the workers of a cluster read Parquet files and write a folder of them.

    Example: chude predict new_articles --format jsonl --output themes.jsonl
    """
    import chude
    from chude.corpus.read import Position
    from chude.model.prediction import Extras
    from chude.show.terminal import Tally

    columns = opt.columns(id_column, text_column, title_column, date_column, labelled=False)
    extras = Extras(explain, titles)
    if engine is opt.EngineName.dask:
        _check_cluster(form, output, jobs, scheduler)
        opt.check_bom(bom, form)
        with Reporter(quiet, verbose) as reporter:
            _predict_on_cluster(inputs, model, columns, Path(output), scheduler, extras, reporter)
        return
    if scheduler:
        raise typer.BadParameter("a scheduler is for a cluster: add --engine dask")
    form = opt.form_to_write(form, output, bom)
    with Reporter(quiet, verbose) as reporter:
        if output == STDOUT:
            _predict_to_stdout(inputs, model, columns, form, bom, jobs, extras, reporter)
            return
        tally, position = Tally(), Position()
        count = chude.predict_archive(
            model,
            inputs,
            output,
            form=form.value,
            bom=bom,
            columns=columns,
            jobs=jobs,
            on_refusal=reporter.refuse,
            on_note=reporter.say,
            on_progress=_progress(reporter) if reporter.watched else None,
            on_record=tally.add,
            position=position,
            evidence=explain,
            titles=titles,
        )
        reporter.finish("articles", count)
        reporter.say(_summary(tally, inputs, model))
        _say_counts(tally, position, reporter)


def _predict_to_stdout(
    inputs: list[str],
    model: Path,
    columns: "ColumnNames",
    form: opt.Format,
    bom: bool,
    jobs: int,
    extras: "Extras",
    reporter: Reporter,
) -> None:
    import chude
    from chude.corpus.outputs import check_output
    from chude.corpus.read import Position, read
    from chude.model.prediction import flat_record
    from chude.show.terminal import Tally, prediction_lines

    check_output(STDOUT, inputs)
    trained = chude.load(model)
    tally, position = Tally(), Position()
    articles = read(inputs, columns=columns, on_refusal=reporter.refuse, position=position)
    write_records(
        _records(trained.stream(articles, extras, jobs), tally, reporter),
        form,
        STDOUT,
        flat=flat_record,
        table=lambda records: prediction_lines(records, trained.taxonomy.keys),
        bom=bom,
    )
    reporter.finish("articles", tally.articles)
    reporter.say(_summary(tally, inputs, model))
    _say_counts(tally, position, reporter)


def _say_counts(tally: "Tally", position: "Position", reporter: Reporter) -> None:
    """What became of all that was found, unless all of it was predicted."""
    if reporter.refused or position.left_out:
        reporter.count(tally.articles, reporter.refused, position.left_out)


def _summary(tally: "Tally", inputs: list[str], model: Path) -> str:
    """What happened, and the command that says why."""
    if not tally.articles:
        return str(tally)
    given = [*inputs, *([] if model == opt.DEFAULT_MODEL else ["--model", str(model)])]
    command = shlex.join(["chude", "explain", *given])
    line = f"{tally} Why: {command}"
    short = len(line) <= _COLUMNS and STDOUT not in inputs
    return line if short else f"{tally} Why: chude explain …"


def _progress(reporter: Reporter) -> "OnArchiveProgress":
    return lambda articles, done, total: reporter.show("articles", done, total, f"{articles:,}")


def _check_cluster(form: opt.Format, output: str, jobs: int, scheduler: str) -> None:
    if not scheduler:
        raise typer.BadParameter("which cluster? Add --scheduler tcp://HOST:8786")
    if form is not opt.Format.parquet or output == STDOUT:
        raise typer.BadParameter("a cluster writes Parquet: add --format parquet --output FOLDER")
    if jobs > 1:
        raise typer.BadParameter("the workers of the cluster share the work: leave --jobs out")


def _predict_on_cluster(
    inputs: list[str],
    model: Path,
    columns: "ColumnNames",
    output: Path,
    scheduler: str,
    extras: "Extras",
    reporter: Reporter,
) -> None:
    import chude
    from chude.archive.cluster import ClusterRun, find_parquet
    from chude.corpus.outputs import check_output

    check_output(output, inputs, [model], folder=True)
    try:
        files = find_parquet(inputs, reporter.refuse)
    except ValueError as error:
        raise typer.BadParameter(
            f"{shown(error)}. A cluster reads Parquet only: write the archive as Parquet, or leave "
            "--engine dask out"
        ) from None
    run = ClusterRun(
        chude.load(model),
        model,
        files,
        columns,
        scheduler,
        on_refusal=reporter.refuse,
        on_note=reporter.say,
        on_progress=lambda done, total: reporter.progress("articles", done, total),
        extras=extras,
    )
    run.write(output)


def _records(
    predictions: "Iterator[Prediction]", tally: "Tally", reporter: Reporter
) -> Iterator[dict[str, Any]]:
    for prediction in predictions:
        record = prediction.record()
        tally.add(record)
        reporter.show("articles", tally.articles, None, f"{tally.articles:,}")
        yield record
