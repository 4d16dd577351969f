"""chude predict"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from chude.cli import options as opt
from chude.cli.messages import Reporter
from chude.cli.output import Record, check_output, write_records

if TYPE_CHECKING:
    from chude.archive.run import OnProgress
    from chude.corpus.tables import Columns
    from chude.model.prediction import Prediction

_ID_WIDTH = 32


def predict(
    inputs: opt.Inputs,
    model: opt.ModelPath = opt.DEFAULT_MODEL,
    form: opt.OutputFormat = opt.Format.table,
    output: opt.Output = "-",
    id_column: opt.IdColumn = None,
    text_column: opt.TextColumn = None,
    title_column: opt.TitleColumn = None,
    date_column: opt.DateColumn = None,
    jobs: opt.Jobs = 1,
    engine: opt.Engine = opt.EngineName.local,
    scheduler: opt.Scheduler = "",
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> None:
    """Label articles, one record an article, in the order of the input.

    A run with --output that was stopped goes on where it was when it is started again. With
    --engine dask the workers of a cluster read Parquet files and write a folder of them.

    Example: chude predict new_articles --format jsonl --output themes.jsonl
    """
    from chude.bundle.folder import load
    from chude.corpus.readers import read
    from chude.model.prediction import flat_record

    columns = opt.columns(id_column, text_column, title_column, date_column)
    if engine is opt.EngineName.dask:
        _check_cluster(form, output, jobs, scheduler)
        with Reporter(quiet, verbose) as reporter:
            _predict_on_cluster(inputs, model, columns, Path(output), scheduler, reporter)
        return
    if scheduler:
        raise typer.BadParameter("a scheduler is for a cluster: add --engine dask")
    check_output(form, output)
    if output == "-" and jobs > 1:
        raise typer.BadParameter("several jobs need a file: add --output FILE")
    with Reporter(quiet, verbose) as reporter:
        trained = load(model)
        keys = trained.taxonomy.keys

        def write(records: Iterable[Record], output: str | Path) -> None:
            write_records(
                records,
                form,
                str(output),
                flat=flat_record,
                table=lambda records: _lines(records, keys),
            )

        if output == "-":
            articles = read(inputs, columns=columns, on_refusal=reporter.refuse)
            stream = _counted(trained.stream(articles), reporter)
            write((prediction.record() for prediction in stream), output)
            return
        from chude.archive.run import ArchiveRun

        run = ArchiveRun(
            trained,
            model,
            inputs,
            columns,
            jobs,
            on_refusal=reporter.refuse,
            on_note=reporter.say,
            on_progress=_progress(reporter) if reporter.watched else None,
        )
        reporter.finish("articles", run.write(Path(output), write))


def _progress(reporter: Reporter) -> "OnProgress":
    return lambda articles, done, total: reporter.show("articles", done, total, f"{articles:,}")


def _check_cluster(form: opt.Format, output: str, jobs: int, scheduler: str) -> None:
    if not scheduler:
        raise typer.BadParameter("which cluster? Add --scheduler tcp://HOST:8786")
    if form is not opt.Format.parquet or output == "-":
        raise typer.BadParameter("a cluster writes Parquet: add --format parquet --output FOLDER")
    if jobs > 1:
        raise typer.BadParameter("the workers of the cluster share the work: leave --jobs out")


def _predict_on_cluster(
    inputs: list[str],
    model: Path,
    columns: "Columns",
    output: Path,
    scheduler: str,
    reporter: Reporter,
) -> None:
    from chude.archive.cluster import ClusterRun, find_parquet
    from chude.bundle.folder import load

    try:
        files = find_parquet(inputs, reporter.refuse)
    except ValueError as error:
        raise typer.BadParameter(
            f"{error}. A cluster reads Parquet only: write the archive as Parquet, or leave "
            "--engine dask out"
        ) from None
    run = ClusterRun(
        load(model),
        model,
        files,
        columns,
        scheduler,
        on_refusal=reporter.refuse,
        on_note=reporter.say,
        on_progress=lambda done, total: reporter.progress("articles", done, total),
    )
    run.write(output)


def _counted(predictions: "Iterator[Prediction]", reporter: Reporter) -> "Iterator[Prediction]":
    count = 0
    for count, prediction in enumerate(predictions, 1):
        reporter.show("articles", count, None, f"{count:,}")
        yield prediction
    reporter.finish("articles", count)


def _lines(records: Iterable[Record], keys: tuple[str, ...]) -> Iterator[str]:
    """A line an article; `*` marks a theme that is given, `?` one that a person should see."""
    heads = [key.rjust(6) for key in keys]
    yield f"{'article'.ljust(_ID_WIDTH)}  {'  '.join(heads)}"
    for record in records:
        cells = [
            (f"{record['probabilities'][key]:.2f}" + _mark(record, key)).rjust(len(head))
            for key, head in zip(keys, heads, strict=True)
        ]
        yield f"{record['id'].ljust(_ID_WIDTH)}  {'  '.join(cells)}"


def _mark(record: Record, key: str) -> str:
    given = "*" if key in record["themes"] else " "
    return given + ("?" if record["decision"][key] == "review" else " ")
