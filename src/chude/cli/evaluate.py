"""chude evaluate"""

from collections.abc import Mapping
from typing import Any

from chude.cli import options as opt
from chude.cli.messages import Reporter
from chude.records import Record, write_json, write_records, write_text
from chude.show.terminal import counted, text_table, themes_table


def evaluate(
    inputs: opt.Inputs,
    model: opt.ModelPath = opt.DEFAULT_MODEL,
    labels: opt.Labels = None,
    form: opt.OutputFormat = opt.Format.table,
    output: opt.Output = "-",
    bom: opt.Bom = False,
    id_column: opt.IdColumn = None,
    text_column: opt.TextColumn = None,
    title_column: opt.TitleColumn = None,
    date_column: opt.DateColumn = None,
    label_column: opt.LabelColumn = None,
    jobs: opt.Jobs = 1,
    seed: opt.Seed = 0,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> None:
    """Measure a model on labelled articles, with 95 % bootstrap intervals.

    Example: chude evaluate held_out.jsonl --model models/themes --format json
    """
    import chude
    from chude.corpus.outputs import check_output
    from chude.show.figures import overall_rows

    form = opt.form_to_write(form, output, bom)
    check_output(output, inputs, [model, labels])
    with Reporter(quiet, verbose) as reporter:
        trained = chude.load(model)
        figures = chude.evaluate(
            trained,
            inputs,
            labels=labels,
            columns=opt.columns(id_column, text_column, title_column, date_column, label_column),
            seed=seed,
            jobs=jobs,
            on_refusal=reporter.refuse,
            on_note=reporter.say,
        )
        if form is opt.Format.json:
            write_json(figures, output)
        elif form is opt.Format.table:
            overall = text_table(["figure", "value [95 % interval]"], overall_rows(figures))
            head = counted(figures["articles"], "article")
            write_text(f"{head}\n\n{overall}\n\n{themes_table(figures)}", output)
        else:
            write_records(
                _rows(figures), form, output, flat=dict, table=lambda _: iter(()), bom=bom
            )


def _rows(figures: Mapping[str, Any]) -> list[Record]:
    """A row a theme, all with the same columns."""
    rows = [_flat({"theme": key, **theme}) for key, theme in figures["themes"].items()]
    names = max(rows, key=len)  # a theme without an article lacks some intervals
    return [{name: row.get(name) for name in names} for row in rows]


def _flat(row: Record) -> Record:
    flat: Record = {}
    for name, value in row.items():
        if isinstance(value, list):
            flat[f"{name}_low"], flat[f"{name}_high"] = value
        else:
            flat[name] = value
    return flat
