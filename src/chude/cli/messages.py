"""What goes to stderr: refusals, notes and progress."""

import sys
import time
from typing import TYPE_CHECKING, Self

import typer

from chude.errors import ChudeError, Refusal
from chude.escape import shown

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

REFUSED = 3  # exit status when some inputs were refused
_PATIENCE = 1.0  # seconds before a progress bar appears


class Reporter:
    """Counts refusals, shows progress of what takes longer than a second, and says notes.

    verbose: also say when each step is done, on a terminal or not.

    Leaving its `with` block in peace ends the command with the status its refusals ask for.
    """

    def __init__(self, quiet: bool = False, verbose: bool = False) -> None:
        self.quiet = quiet
        self.verbose = verbose
        self.refused = 0
        self._started = time.monotonic()
        self._bar: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self._bar is not None:
            self._bar.stop()
        if isinstance(error, KeyboardInterrupt):
            raise ChudeError("stopped by Ctrl-C, nothing half-written is left. Run it again.")
        if error is None and self.refused:
            typer.echo(f"chude: {self.refused} refused, the rest is done.", err=True)
            raise typer.Exit(REFUSED)

    def refuse(self, refusal: Refusal) -> None:
        """Name a refused input at once."""
        self.refused += refusal.count
        self._print(f"refused: {refusal}")

    def say(self, message: str) -> None:
        """A note, unless --quiet."""
        if not self.quiet:
            self._print(message)

    def count(self, done: int, refused: int, left_out: int) -> None:
        """Say what became of all that was found, as `found_line` has it.

        With --quiet only where something was refused.
        """
        from chude.corpus.tally import found_line

        if refused or not self.quiet:
            self._print(f"chude: {found_line(done, refused, left_out)}")

    @property
    def watched(self) -> bool:
        """Whether there is a terminal to show progress on, and that is wanted."""
        return not self.quiet and sys.stderr.isatty()

    def progress(self, step: str, done: int, total: int) -> None:
        """Show how far a step is, and say when it is done."""
        self.show(step, done, total, f"{done}/{total}")
        if done == total:
            self.finish(step, done)

    def finish(self, step: str, count: int) -> None:
        """With --verbose, say that a step is done, on a terminal or not."""
        if self.verbose:
            self._print(f"{time.monotonic() - self._started:.1f} s: {step}, {count} done")

    def show(self, step: str, done: int, total: int | None, count: str) -> None:
        """Show how far a step is: on a terminal, and only in what takes longer than a second.

        count: what is done, for people; done and total say how long the bar is.
        """
        if not self.watched or time.monotonic() - self._started < _PATIENCE:
            return
        if self._bar is None:
            self._bar = _make_bar()
            self._bar.start()
        if step not in self._tasks:
            self._tasks[step] = self._bar.add_task(step, total=total, count=count)
        self._bar.update(self._tasks[step], completed=done, total=total, count=count)

    def _print(self, message: str) -> None:
        message = shown(message)
        if self._bar is not None:
            self._bar.console.print(message, markup=False, highlight=False, soft_wrap=True)
        else:
            typer.echo(message, err=True)


def _make_bar() -> "Progress":
    from rich import progress
    from rich.console import Console

    return progress.Progress(
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.TaskProgressColumn(),
        progress.TextColumn("{task.fields[count]}"),
        progress.TimeElapsedColumn(),
        progress.TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
