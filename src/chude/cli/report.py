"""chude report"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from chude.cli import options as opt
from chude.cli.messages import Reporter
from chude.escape import shown
from chude.records import STDOUT, write_json, write_text


class ReportFormat(StrEnum):
    html = "html"
    json = "json"
    markdown = "markdown"


_ENDINGS = {
    "": ReportFormat.html,
    "html": ReportFormat.html,
    "htm": ReportFormat.html,
    "json": ReportFormat.json,
    "md": ReportFormat.markdown,
    "markdown": ReportFormat.markdown,
}


class Texts(StrEnum):
    full = "full"
    passage = "passage"
    none = "none"


def report(
    model: opt.ModelPath = opt.DEFAULT_MODEL,
    corpus: Annotated[
        Path | None,
        typer.Option("--corpus", help="Describe this corpus instead of the recorded data."),
    ] = None,
    texts: Annotated[
        Texts,
        typer.Option("--texts", help="Of articles with errors: all passages, the clearest, none."),
    ] = Texts.full,
    lang: opt.Lang = None,
    form: Annotated[
        ReportFormat | None,
        typer.Option(
            "--format",
            "-f",
            help="A page, the figures, or a model card; default: as OUTPUT ends, or html.",
        ),
    ] = None,
    output: opt.Output = STDOUT,
) -> None:
    """Write what a model is good for, where it errs and why: one page that needs no network.

    Example: chude report --model models/themes -o report.html
    """
    import chude
    from chude.corpus.outputs import check_output
    from chude.show.report_facts import report_facts

    form = form or _form_of(output)
    if form is ReportFormat.html and output == STDOUT:
        raise typer.BadParameter("a page needs a file: add --output FILE.html")
    check_output(output, [corpus], [model])
    with Reporter() as reporter:
        trained = chude.load(model)
        refuse = reporter.refuse
        articles = None if corpus is None else chude.read(corpus, on_refusal=refuse)
        _write(report_facts(trained, texts.value, articles), form, output, lang)


def _write(facts: dict[str, Any], form: ReportFormat, output: str, lang: opt.Lang) -> None:
    from chude.show.language import language

    if form is ReportFormat.json:
        write_json(facts, output)
    elif form is ReportFormat.markdown:
        from chude.show.model_card import model_card

        write_text(model_card(facts, language(lang)), output)
    else:
        from chude.show.report import report_page

        write_text(report_page(facts, language(lang)), output)


def _form_of(output: str) -> ReportFormat:
    form = _ENDINGS.get(Path(output).suffix[1:].lower())
    if form is None:
        raise typer.BadParameter(
            f"{shown(output)}: end it in .html, .json or .md, or name a --format"
        )
    return form
