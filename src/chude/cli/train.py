"""chude train"""

import textwrap
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from chude.cli import options as opt
from chude.cli.messages import Reporter
from chude.escape import shown
from chude.show.terminal import COLUMNS, counted, text_table, themes_table


def train(
    inputs: opt.Inputs,
    model: opt.ModelPath = opt.DEFAULT_MODEL,
    themes: opt.Themes = None,
    labels: opt.Labels = None,
    exclusive: Annotated[
        bool, typer.Option("--exclusive", help="Exactly one theme an article.")
    ] = False,
    segmenter: Annotated[
        opt.SegmenterName, typer.Option("--segmenter", help="What cuts texts into words.")
    ] = opt.SegmenterName.underthesea,
    min_df: Annotated[
        int | None,
        typer.Option(
            "--min-df",
            min=1,
            help="Articles an n-gram must occur in; by default 2, or one in 10,000 if more.",
        ),
    ] = None,
    id_column: opt.IdColumn = None,
    text_column: opt.TextColumn = None,
    title_column: opt.TitleColumn = None,
    date_column: opt.DateColumn = None,
    label_column: opt.LabelColumn = None,
    seed: opt.Seed = 0,
    no_texts: Annotated[
        bool,
        typer.Option("--no-texts", help="Keep no text of articles in report.html, errors.jsonl."),
    ] = False,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Neither use nor keep segmented words on disk.")
    ] = False,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> None:
    """Train a model on labelled articles.

    Example: chude train data --model models/themes
    """
    import chude
    from chude.bundle.place import check_place
    from chude.features.vocabulary import FeatureOptions
    from chude.text.cache.folder import open_cache

    check_place(model, [*inputs, *(path for path in (themes, labels) if path)])
    with Reporter(quiet, verbose) as reporter:
        cache = None if no_cache else open_cache(reporter.say)
        trained = chude.train(
            inputs,
            themes,
            exclusive=exclusive,
            labels=labels,
            columns=opt.columns(id_column, text_column, title_column, date_column, label_column),
            segmenter=segmenter.value,
            features=None if min_df is None else FeatureOptions(min_df=min_df),
            seed=seed,
            texts=not no_texts,
            cache=cache or False,
            on_refusal=reporter.refuse,
            on_note=reporter.say,
            on_progress=reporter.progress,
        )
        if verbose and cache is not None:
            reporter.say(f"{cache.found} texts found in the cache, {cache.segmented} segmented")
        chude.save(trained, model)
        _print_quality(trained.provenance)
        typer.echo(f"\nmodel {trained.version} written to {shown(model)}")
        wrong = counted(trained.provenance["errors"].count(b"\n"), "error")
        typer.echo(f"report in {shown(model / 'report.html')}, {wrong} to read")


def _print_quality(provenance: Mapping[str, Any]) -> None:
    from chude.show.figures import overall_rows, source_rows
    from chude.training.examples import FEWEST_POSITIVES

    metrics, by_source = provenance["metrics"], provenance.get("metrics_by_source", {})
    drawn = provenance["training_data"].get("drawn", {})
    typer.echo("out-of-fold quality (each article judged by models that never saw it)\n")
    typer.echo(text_table(["figure", "value [95 % interval]"], overall_rows(metrics)))
    typer.echo("\n" + themes_table(metrics))
    if by_source:
        how = " (thresholds are chosen by what was drawn by chance)" if drawn.get("judged") else ""
        typer.echo(f"\nsource by source{how}\n")
        typer.echo(text_table(*source_rows(by_source)))
    if drawn and not drawn["judged"]:
        few = (
            f"{counted(drawn['articles'], 'article')} drawn by chance: too few to judge by. "
            "Thresholds and figures over all come from all articles. At least "
            f"{drawn['needed']} with each theme, and {FEWEST_POSITIVES} without it, are needed."
        )
        typer.echo("\n" + textwrap.fill(few, COLUMNS))
