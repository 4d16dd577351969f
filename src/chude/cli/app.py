"""The commands: they parse, call the public API and print."""

from typing import Annotated

import typer

from chude.cli.cache import cache
from chude.cli.convert import convert
from chude.cli.counts import counts
from chude.cli.evaluate import evaluate
from chude.cli.inspect import inspect
from chude.cli.predict import predict
from chude.cli.train import train

app = typer.Typer(
    name="chude",
    help="Labels Vietnamese articles by theme, says how sure it is and shows why.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (train, predict, evaluate, convert, inspect, counts, cache):
    app.command()(command)


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
