"""The commands: they parse, call the public API and print."""

from importlib import import_module
from typing import Annotated, Any

import typer
from typer.main import get_command

from chude.cli.options import WORDS
from chude.cli.values import PlainCommand, PlainGroup

COMMANDS = {  # and what the help says of them on one line
    "train": "Train a model on labelled articles.",
    "predict": "Label articles, one record an article.",
    "explain": "Show why articles have a theme or not.",
    "report": "Write what a model is good for, and where it errs.",
    "evaluate": "Measure a model on labelled articles.",
    "inspect": "Show what a model knows, such as its strongest words.",
    "check": "Find what is wrong with articles and their labels.",
    "convert": "Read articles of any format and write them in one.",
    "counts": "Count labelled articles, to be learnt from without texts.",
    "cache": "Show or clear the segmented words that training keeps.",
}


class _Commands(PlainGroup):
    """The commands, each loaded when it is first asked for: all of them take a while."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        kind = _CountedOption if cmd_name == "predict" else PlainCommand
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        command = alone.command(cls=kind, short_help=COMMANDS[cmd_name])
        command(getattr(import_module(f"chude.cli.{cmd_name}"), cmd_name))
        return get_command(alone)


class _CountedOption(PlainCommand):
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


app = typer.Typer(
    name="chude",
    cls=_Commands,
    help="Labels Vietnamese articles by theme, says how sure it is and shows why.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # loading rich takes as long as all the rest of --help
    context_settings={"help_option_names": ["-h", "--help"]},
)


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
