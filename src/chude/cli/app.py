"""The commands: they parse, call the public API and print."""

from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from chude.cli.cache import cache
from chude.cli.check import check
from chude.cli.convert import convert
from chude.cli.counts import counts
from chude.cli.evaluate import evaluate
from chude.cli.explain import explain
from chude.cli.inspect import inspect
from chude.cli.predict import WORDS, predict
from chude.cli.report import report
from chude.cli.train import train

app = typer.Typer(
    name="chude",
    help="Labels Vietnamese articles by theme, says how sure it is and shows why.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class _CountedOption(TyperCommand):
    """A command whose option --explain may stand without its number."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Give the number that a bare --explain means."""
        told = args[: args.index("--")] if "--" in args else args
        bare = [
            i
            for i, arg in enumerate(told)
            if arg == "--explain" and not (args[i + 1 : i + 2] or [""])[0].isdecimal()
        ]
        for i in bare:
            args[i] = f"--explain={WORDS}"
        return super().parse_args(ctx, args)


for command in (train, predict, explain, report, evaluate, inspect, check, convert, counts, cache):
    app.command(cls=_CountedOption if command is predict else None)(command)


def _print_version(asked: bool) -> None:
    if asked:
        import chude

        typer.echo(f"chude {chude.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and exit.", is_eager=True, callback=_print_version
        ),
    ] = False,
) -> None: ...
