"""Label archives of any size: in bounded memory, in parallel, and able to go on after a stop."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from chude.archive.checkpoint import Checkpoint, open_checkpoint
from chude.archive.shards import Outcome, Shard, cut, predict_shard
from chude.bundle.folder import load
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.outputs import check_output
from chude.corpus.paths import check_input, total_size
from chude.corpus.read import Position, read
from chude.errors import ChudeError, OnRefusal, raise_refusal
from chude.files import readable_os_errors, sync_folder
from chude.model.model import Model
from chude.model.prediction import NO_EXTRAS, Extras, flat_record
from chude.records import write_records
from chude.show.terminal import prediction_lines
from chude.workers import as_done

Write = Callable[[Iterable[dict[str, Any]], Path], None]
OnRecord = Callable[[dict[str, Any]], None]
OnArchiveProgress = Callable[[int, int, int | None], None]


@dataclass(frozen=True)
class ArchiveRun:
    """Predict articles into a file, shard by shard.

    jobs: processes that predict.
    on_refusal: called with each refused article, those of an earlier start included.
    on_note: called with a line about an earlier start.
    on_progress: called with the number of articles done, the bytes of the input that held them and
        all its bytes, None for standard input; to know these, all files are looked at first.
    extras: what the predictions tell beside the decisions.
    position: says how far reading has come.
    """

    model: Model
    inputs: Sequence[str]
    columns: ColumnNames
    jobs: int
    on_refusal: OnRefusal
    on_note: Callable[[str], None] = lambda note: None
    on_progress: OnArchiveProgress | None = None
    extras: Extras = NO_EXTRAS
    position: Position = field(default_factory=Position)

    def write(self, output: Path, write: Write) -> int:
        """Write the file in one step, or go on with an earlier run that was stopped.

        Returns the number of articles, those that the model failed on included.

        write: writes records to a path, in the form that the user wants.

        Raises ChudeError when an input or the output cannot be used, and after Ctrl-C; what is done
        is kept beside the output for the next run.
        """
        for path in self.inputs:
            check_input(path)  # before there is a folder of parts
        try:
            with open_checkpoint(output, self.model.version, self.extras) as checkpoint:
                if checkpoint.note is not None:
                    self.on_note(checkpoint.note)
                done = self._predict(checkpoint)
                if checkpoint.changed:
                    self.on_note("the input has changed; what changed was predicted again")
                # The last step in the same folder, so that a kill leaves nothing beside the output.
                joined = checkpoint.folder / "joined"
                write(checkpoint.records(done.shards), joined)
                with readable_os_errors(output):
                    joined.replace(output)
                    sync_folder(output.parent)
                return done.articles
        except KeyboardInterrupt:
            raise ChudeError(
                "stopped by Ctrl-C, what is done is kept. Run the same command again to go on."
            ) from None

    def _predict(self, checkpoint: Checkpoint) -> "_Progress":
        """Make the parts that are not there."""
        position = self.position
        progress = _Progress(position)
        if self.on_progress is not None:
            progress.say, progress.total = self.on_progress, total_size(self.inputs)
        articles = read(
            self.inputs, columns=self.columns, on_refusal=self.on_refusal, position=position
        )

        def missing() -> Iterator[Shard]:
            for shard in cut(articles):
                progress.begin(shard)
                if (outcome := checkpoint.find(shard)) is None:
                    yield shard
                else:
                    self._count(outcome, progress)

        predict = partial(predict_shard, self.model, extras=self.extras)
        for outcome in as_done(predict, missing(), self.jobs):
            checkpoint.write(outcome)
            self._count(outcome, progress)
        progress.end()
        return progress

    def _count(self, outcome: Outcome, progress: "_Progress") -> None:
        for refusal in outcome.refusals:
            self.on_refusal(refusal)
        progress.add(outcome)


@dataclass
class _Progress:
    """What is done; read: where the last shard that was cut ends; sizes: of the shards under way.

    Shards are done in any order, so each brings its own bytes.
    """

    position: Position
    say: OnArchiveProgress = lambda articles, done, total: None
    total: int | None = None
    shards: int = 0
    articles: int = 0
    done: int = 0
    read: int = 0
    sizes: dict[int, int] = field(default_factory=dict)

    def begin(self, shard: Shard) -> None:
        self.shards += 1
        self.sizes[shard.number] = self.position.bytes - self.read
        self.read = self.position.bytes

    def add(self, outcome: Outcome) -> None:
        self.articles += len(outcome.lines) + len(outcome.refusals)
        self.done += self.sizes.pop(outcome.number)
        self.say(self.articles, self.done, self.total)

    def end(self) -> None:
        """What was refused behind the last article is done with too."""
        self.done = self.position.bytes
        self.say(self.articles, self.done, self.total)


def predict_archive(
    bundle: Path,
    inputs: Sequence[str],
    output: Path,
    *,
    form: str = "jsonl",
    bom: bool = False,
    columns: ColumnNames | None = None,
    jobs: int = 1,
    on_refusal: OnRefusal = raise_refusal,
    on_note: Callable[[str], None] = lambda note: None,
    on_progress: OnArchiveProgress | None = None,
    on_record: OnRecord = lambda record: None,
    position: Position | None = None,
    extras: Extras = NO_EXTRAS,
) -> int:
    """Load a model and write what it says of the inputs; see `ArchiveRun`.

    form, bom: as in `chude.records.write_records`. on_record: called with each record that is
    written. Returns the number of articles.

    Raises UsageError where the output is an input, or no file (see `check_output`).
    """
    check_output(output, inputs, [bundle])
    model = load(bundle)
    keys = model.taxonomy.keys

    def write(records: Iterable[dict[str, Any]], path: Path) -> None:
        def table(records: Iterable[dict[str, Any]]) -> Iterator[str]:
            return prediction_lines(records, keys)

        told = _told(records, on_record)
        write_records(told, form, path, flat=flat_record, table=table, bom=bom)

    wanted = replace(columns or ColumnNames(), label=None, labelled=False)
    run = ArchiveRun(
        model,
        inputs,
        wanted,
        jobs,
        on_refusal,
        on_note,
        on_progress,
        extras,
        position or Position(),
    )
    return run.write(output, write)


def _told(records: Iterable[dict[str, Any]], on_record: OnRecord) -> Iterator[dict[str, Any]]:
    for record in records:
        on_record(record)
        yield record
