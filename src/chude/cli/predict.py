"""chude predict"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from chude.cli import options as opt
from chude.cli.messages import Reporter
from chude.cli.output import Record, write_records

if TYPE_CHECKING:
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
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> None:
    """Label articles, one record an article, in the order of the input.

    Example: chude predict new_articles --format jsonl --output themes.jsonl
    """
    from chude.corpus.readers import read
    from chude.model.bundle import load
    from chude.model.prediction import Prediction, flat

    with Reporter(quiet, verbose) as reporter:
        trained = load(model)
        columns = opt.columns(id_column, text_column, title_column, date_column)
        articles = read(inputs, columns=columns, on_refusal=reporter.refuse)
        stream = _counted(trained.stream(articles), reporter)
        keys = trained.taxonomy.keys

        def flat_record(record: Record) -> Record:
            return flat(Prediction(**{**record, "themes": tuple(record["themes"])}))

        write_records(
            (prediction.record() for prediction in stream),
            form,
            output,
            flat=flat_record,
            table=lambda records: _lines(records, keys),
        )


def _counted(predictions: "Iterator[Prediction]", reporter: Reporter) -> "Iterator[Prediction]":
    count = 0
    for count, prediction in enumerate(predictions, 1):
        reporter.progress("articles", count, None)
        yield prediction
    reporter.progress("articles", count, count)


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
