"""chude counts"""

from pathlib import Path
from typing import Annotated

import typer

from chude.cli import options as opt
from chude.cli.messages import Reporter


def counts(
    inputs: opt.Inputs,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="File to write: NAME.counts.parquet.")
    ],
    themes: opt.Themes = None,
    labels: opt.Labels = None,
    least: Annotated[
        int, typer.Option("--least", min=1, help="Articles an n-gram must stand in.")
    ] = 5,
    segmenter: Annotated[
        opt.SegmenterName, typer.Option("--segmenter", help="What cuts texts into words.")
    ] = opt.SegmenterName.underthesea,
    id_column: opt.IdColumn = None,
    text_column: opt.TextColumn = None,
    title_column: opt.TitleColumn = None,
    date_column: opt.DateColumn = None,
    label_column: opt.LabelColumn = None,
    seed: opt.Seed = 0,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> None:
    """Count labelled articles, so that others can learn from them without their texts.

    The file holds, passage by passage, how often which words and pairs of words stand there, and
    the themes; no text, no ids, no dates, no order.

    Example: chude counts my-corpus --output mine.counts.parquet
    """
    import chude
    from chude.corpus.labelled import is_counts

    if not is_counts(output):
        raise typer.BadParameter("the file's name must end in .counts.parquet, so it is known")
    with Reporter(quiet, verbose) as reporter:
        chude.count(
            inputs,
            output,
            themes,
            labels=labels,
            columns=opt.columns(id_column, text_column, title_column, date_column, label_column),
            segmenter=segmenter.value,
            least=least,
            seed=seed,
            on_refusal=reporter.refuse,
            on_note=reporter.say,
            on_progress=reporter.progress,
        )
