"""The console script: loads the commands and runs one; however that ends, it is one message."""

import atexit
import gc
import os
import signal
import sys
from types import FrameType
from typing import Any, NoReturn

from chude.cli.console import prepare_streams
from chude.errors import ChudeError, UsageError
from chude.escape import shown

_SIGNALS = {  # signals that end a run, and what Python does at them
    "SIGINT": signal.default_int_handler,
    "SIGTERM": signal.SIG_DFL,
    "SIGHUP": signal.SIG_DFL,
}


def main() -> None:
    """Run the command line; every failure is one message on stderr, never a traceback.

    Exit status: 0 done, 1 the run failed, 2 wrong usage, 3 some inputs were refused, 143 and
    129 ended by SIGTERM and SIGHUP.
    """
    # Imports and tables make many objects that all stay: looking for garbage among them takes about
    # a tenth of the start-up.
    gc.set_threshold(100_000, 20, 20)
    # The commands multiply nothing large: OpenBLAS's threads would take a sixth of the processor
    # time of a start, and wait.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    atexit.register(gc.freeze)  # nor among what is there at the end, when all of it goes
    prepare_streams()
    try:
        _run()
    except UsageError as error:
        _fail(str(error), status=2)
    except ChudeError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        _fail("stopped by Ctrl-C, nothing half-written is left. Run it again.")
    except BrokenPipeError:
        sys.stderr.close()  # the reader of the pipe went away, which is no failure of ours
        raise SystemExit(0) from None
    except MemoryError:
        _fail("out of memory. Give fewer articles at a time, or a smaller vocabulary (--min-df).")
    except OSError as error:
        problem = error.strerror or str(error)
        _fail(f"{error.filename or 'the output'}: {problem}. Check the path and the space.")
    except SystemExit:
        raise
    except BaseException as error:  # libraries written in Rust raise others than Exception
        if os.environ.get("CHUDE_DEBUG"):
            raise
        _fail(
            f"a fault in chude itself ({type(error).__name__}: {error}). Run again with "
            "CHUDE_DEBUG=1 in the environment and report what it prints."
        )


def _run() -> None:
    """Load and run the commands; Ctrl-C ends in KeyboardInterrupt, or ChudeError where one says so.

    SIGTERM and SIGHUP end in silence, with nothing half-written left and the status that shells
    give: 143, 129. Typer would make another one of an interrupt, and a compiled module that is
    being loaded any other error.
    """
    stopped: BaseException | None = None

    def stop(signum: int, frame: FrameType | None) -> None:
        nonlocal stopped
        if signum == signal.SIGINT:
            stopped = KeyboardInterrupt()
        elif stopped is None:
            stopped = SystemExit(128 + signum)
        else:  # what there is, is being deleted; `timeout` sends it twice
            return
        raise stopped

    handled: dict[int, Any] = {
        number: usual
        for name, usual in _SIGNALS.items()
        if (number := getattr(signal, name, None)) is not None  # Windows has no SIGHUP
        and signal.getsignal(number) is usual  # and is not ignored, as by nohup
    }
    for number in handled:
        signal.signal(number, stop)
    try:
        _check_options()
        from chude.cli.app import app  # takes a while, so it must not be loaded before

        app()
    except BaseException as end:
        done = isinstance(end, SystemExit) and not end.code
        said = isinstance(end, ChudeError) and isinstance(stopped, KeyboardInterrupt)
        if stopped is not None and not done and not said:
            raise stopped from None
        raise
    finally:
        # Its traceback holds what is deleted with it, such as the copy of an archive.
        stopped = None
        for number, usual in handled.items():
            if signal.getsignal(number) is stop:
                signal.signal(number, usual)


def _check_options() -> None:
    """Raise UsageError for a name that a pattern of the shell put in the place of an option."""
    for argument in sys.argv[1:]:
        name = argument.split("=", 1)[0]
        if name.startswith("-") and shown(name) != name:  # it would be printed as it is
            raise UsageError(f"{name}: no such option. Write ./ before a file's name.")


def _fail(message: str, status: int = 1) -> NoReturn:
    print(shown(f"chude: {message}"), file=sys.stderr)
    raise SystemExit(status)
