"""The command line: parses, calls the public API and prints."""

import gc
import os
import sys
from typing import Annotated

import typer

from chude import __version__
from chude.cli.cache import cache
from chude.cli.evaluate import evaluate
from chude.cli.inspect import inspect
from chude.cli.predict import predict
from chude.cli.train import train
from chude.errors import ChudeError

app = typer.Typer(
    name="chude",
    help="Labels Vietnamese articles by theme, says how sure it is and shows why.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (train, predict, evaluate, inspect, cache):
    app.command()(command)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"chude {__version__}")
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


def main() -> None:
    """Run the command line; every failure is one message on stderr, never a traceback.

    Exit status: 0 done, 1 the run failed, 2 wrong usage, 3 some inputs were refused.
    """
    # Imports and tables make many objects that all stay: looking for garbage among them takes about
    # a tenth of the start-up.
    gc.set_threshold(100_000, 20, 20)
    try:
        app()
    except ChudeError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        _fail("stopped by Ctrl-C; nothing half-written is left. Run the command again.")
    except BrokenPipeError:
        sys.stderr.close()  # the reader of the pipe went away, which is no failure of ours
        raise SystemExit(0) from None
    except MemoryError:
        _fail("out of memory. Give fewer articles at a time, or a smaller vocabulary (--min-df).")
    except OSError as error:
        _fail(f"{error.filename or 'the output'}: {error.strerror}. Check the path and the space.")
    except Exception as error:
        if os.environ.get("CHUDE_DEBUG"):
            raise
        _fail(
            f"a fault in chude itself ({type(error).__name__}: {error}). Run again with "
            "CHUDE_DEBUG=1 in the environment and report what it prints."
        )


def _fail(message: str) -> None:
    typer.echo(f"chude: {message}", err=True)
    raise SystemExit(1)
