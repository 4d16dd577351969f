"""chude explain"""

import itertools
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from chude.cli import options as opt
from chude.cli.messages import Reporter
from chude.records import STDOUT, write_lines, write_records, write_text

if TYPE_CHECKING:
    from chude.model.explanation import Explanation
    from chude.model.model import Model


def explain(
    inputs: opt.Inputs,
    model: opt.ModelPath = opt.DEFAULT_MODEL,
    theme: Annotated[
        list[str] | None,
        typer.Option(
            "--theme",
            help="Explain this theme; again for more. Default: those given or for review, "
            "or else the likeliest.",
            show_default=False,
        ),
    ] = None,
    all_themes: Annotated[bool, typer.Option("--all-themes", help="Explain every theme.")] = False,
    words: Annotated[
        int, typer.Option("--words", min=1, help="Words for a theme, half as many against it.")
    ] = 10,
    without: Annotated[
        bool, typer.Option("--without", help="Also judge each article without each passage.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Stop after so many articles.")
    ] = None,
    lang: opt.Lang = None,
    form: Annotated[
        opt.PageFormat, typer.Option("--format", "-f", help="Form of the result.")
    ] = opt.PageFormat.table,
    output: opt.Output = "-",
    bom: opt.Bom = False,
    id_column: opt.IdColumn = None,
    text_column: opt.TextColumn = None,
    title_column: opt.TitleColumn = None,
    date_column: opt.DateColumn = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> None:
    """Show why articles have a theme or not: the points of each passage and word, which add up.

    A point is one unit of log-odds; each multiplies the odds of the theme by 2.7.

    Example: chude explain article.txt --theme emulation --without
    """
    import chude
    from chude.corpus.outputs import check_output
    from chude.corpus.read import Position, read
    from chude.show.language import language

    form = opt.form_to_write(form, output, bom)
    check_output(output, inputs, [model])
    with Reporter(quiet, verbose) as reporter:
        trained = chude.load(model)
        themes = _themes(trained, theme or [], all_themes)
        position = Position()
        articles = read(
            inputs,
            columns=opt.columns(id_column, text_column, title_column, date_column, labelled=False),
            on_refusal=reporter.refuse,
            position=position,
        )
        some = itertools.islice(articles, None if limit is None else min(limit, sys.maxsize))
        explanations = _counted(trained.explain_stream(some, themes, without), reporter)
        _write(explanations, trained, form, output, bom, words, language(lang))
        if limit is None and (reporter.refused or position.left_out):
            reporter.count(position.done, reporter.refused, position.left_out)


def _themes(model: "Model", keys: list[str], every: bool) -> list[str] | str | None:
    """The themes to explain, spelt in any way. Raises BadParameter for one that is none."""
    from chude.corpus.themes_of import ThemeNames

    if every and keys:
        raise typer.BadParameter("--all-themes and --theme: give one of them")
    names = ThemeNames(model.taxonomy.keys)
    if unknown := [key for key in keys if names.find(key) is None]:
        known = ", ".join(model.taxonomy.keys)
        raise typer.BadParameter(f"theme {unknown[0]!r} is not the model's. It has: {known}")
    return "all" if every else [found for key in keys if (found := names.find(key))] or None


def _write(
    explanations: "Iterator[Explanation]",
    model: "Model",
    form: opt.PageFormat,
    output: str,
    bom: bool,
    words: int,
    lang: str,
) -> None:
    if form is opt.PageFormat.html:
        from chude.show.page import explanations_page

        write_text(explanations_page(explanations, lang, words), output)
    elif form is opt.PageFormat.table:
        from chude.show.ledger import Ledger

        coloured = output == STDOUT and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        write_lines(Ledger(model.taxonomy, words, lang, coloured).lines(explanations), output)
    elif form in (opt.PageFormat.csv, opt.PageFormat.parquet):
        rows = (row for one in explanations for row in one.rows(words))
        write_records(rows, form, output, flat=dict, table=lambda _: iter(()), bom=bom)
    else:
        records = (one.record(words) for one in explanations)
        write_records(records, form, output, flat=dict, table=lambda _: iter(()))


def _counted(explanations: "Iterator[Explanation]", reporter: Reporter) -> "Iterator[Explanation]":
    count = 0
    for count, explanation in enumerate(explanations, 1):
        reporter.show("articles", count, None, f"{count:,}")
        yield explanation
    reporter.finish("articles", count)
