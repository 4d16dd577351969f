"""Label archives of any size: in bounded memory, in parallel, and able to go on after a stop."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chude.archive.parts import Parts, open_parts
from chude.archive.shards import Outcome, Shard, cut
from chude.archive.workers import predict_shards
from chude.corpus.paths import check_input
from chude.corpus.readers import read
from chude.corpus.tables import Columns
from chude.errors import ChudeError, OnRefusal
from chude.files import readable_os_errors
from chude.model.model import Model

Write = Callable[[Iterable[dict[str, Any]], Path], None]


@dataclass(frozen=True)
class ArchiveRun:
    """Predict articles into a file, shard by shard.

    bundle: where `model` was loaded from. jobs: processes that predict.
    on_refusal: called with each refused article, those of an earlier start included.
    on_note: called with a line about an earlier start. on_progress: called with the number of
    articles done.
    """

    model: Model
    bundle: Path
    inputs: Sequence[str]
    columns: Columns
    jobs: int
    on_refusal: OnRefusal
    on_note: Callable[[str], None] = lambda note: None
    on_progress: Callable[[int], None] = lambda done: None

    def write(self, output: Path, write: Write) -> None:
        """Write the file in one step, or go on with an earlier run that was stopped.

        write: writes records to a path, in the form that the user wants.

        Raises ChudeError when an input or the output cannot be used, and after Ctrl-C; what is done
        is kept beside the output for the next run.
        """
        if output.is_dir():
            raise ChudeError(f"{output}: a folder. Name a file to write to.")
        for path in self.inputs:
            check_input(path)  # before there is a folder of parts
        try:
            with open_parts(output, self.model.version) as parts:
                if parts.note is not None:
                    self.on_note(parts.note)
                shards = self._predict(parts)
                if parts.changed:
                    self.on_note("the input has changed; what changed was predicted again")
                # The last step in the same folder, so that a kill leaves nothing beside the output.
                joined = parts.folder / "joined"
                write(parts.records(shards), joined)
                with readable_os_errors(output):
                    joined.replace(output)
        except KeyboardInterrupt:
            raise ChudeError(
                "stopped by Ctrl-C, what is done is kept. Run the same command again to go on."
            ) from None

    def _predict(self, parts: Parts) -> int:
        """Make the parts that are not there; returns how many there are in all."""
        progress = _Progress(self.on_progress)
        articles = read(self.inputs, columns=self.columns, on_refusal=self.on_refusal)

        def missing() -> Iterator[Shard]:
            for shard in cut(articles):
                progress.shards += 1
                if (outcome := parts.find(shard)) is None:
                    yield shard
                else:
                    self._count(outcome, progress)

        for outcome in predict_shards(missing(), self.model, self.bundle, self.jobs):
            parts.write(outcome)
            self._count(outcome, progress)
        return progress.shards

    def _count(self, outcome: Outcome, progress: "_Progress") -> None:
        for refusal in outcome.refusals:
            self.on_refusal(refusal)
        progress.add(len(outcome.lines) + len(outcome.refusals))


@dataclass
class _Progress:
    say: Callable[[int], None]
    shards: int = 0
    articles: int = 0

    def add(self, articles: int) -> None:
        self.articles += articles
        self.say(self.articles)
