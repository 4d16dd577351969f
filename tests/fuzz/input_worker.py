"""Predicts mutated inputs, one a line of standard input, and says how each run ended.

Started by `tests.fuzz.inputs`, which ends it when a run takes too long.
"""

import contextlib
import csv
import io
import json
import os
import random
import re
import resource
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from chude.archive import shards
from chude.archive.local import predict_archive
from chude.cli.main import main as command_line
from chude.cli.messages import Reporter
from chude.errors import ChudeError, Refusal
from tests.fuzz.case import GOOD_TEXT, Case
from tests.fuzz.input_cache import cache, complaint_about_words, keep_words
from tests.fuzz.input_folders import folder
from tests.fuzz.input_kept import parts
from tests.fuzz.input_tables import table
from tests.fuzz.input_texts import text
from tests.fuzz.watch import Watch
from tests.fuzz.workers import say

ROOM = 1 << 30  # bytes of address space for a run; an article may have 20 MB
RUNS = (
    "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "subprocess.Popen", "pickle.",
    "socket.connect", "socket.getaddrinfo",
)  # fmt: skip
ROW = re.compile(r":\d+$")
# Independent of `chude.escape`, which is what is tried.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Ended(NamedTuple):
    """What a run wrote, and the articles that it named as refused."""

    status: int
    out: str
    err: str
    refusals: list[Refusal]


def main() -> None:
    """Answer each line, a seed, with two lines: that the run begins, and how it ended."""
    bundle = Path(sys.argv[1]).absolute()
    shards.ARTICLES = 4
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["CHUDE_CACHE_DIR"] = f"{scratch}/cache"
        kept = Path(scratch, "kept")
        keep_parts(bundle, kept / "parts")
        keep_words(kept / "cache")
        for form in ("jsonl", "csv", "table"):  # imports and makes all that is needed
            run(bundle, [str(kept / "parts" / "in.jsonl")], form, None)
        watch = Watch(RUNS)
        for line in sys.stdin:
            seed = line.strip()
            place = Path(scratch, "case")
            place.mkdir()
            rng = random.Random(seed)
            case = make(rng, place, kept)
            say({"begins": True})
            say({"mutation": case.kind, **outcome(bundle, case, rng, watch)})
            for path in place.rglob("*"):
                if path.is_dir() and not path.is_symlink():
                    path.chmod(0o700)
            shutil.rmtree(place)


def make(rng: random.Random, place: Path, kept: Path) -> Case:
    """An input of one kind or another."""
    kind = rng.randrange(10)
    if kind < 3:
        rows = [{"id": "g0", "text": GOOD_TEXT}, {"id": "b", "text": text(rng)}]
        file = place / "a.jsonl"
        file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        (place / "b.txt").write_bytes(rows[1]["text"].encode(rng.choice(["utf-8", "utf-16"])))
        return Case("text", [str(file), str(place / "b.txt")], {"g0"}, 3)
    if kind < 7:
        return table(rng, place)
    if kind < 9:
        return folder(rng, place)
    if rng.random() < 0.8:
        return parts(rng, place, kept / "parts")
    return cache(rng, place, kept / "cache")


def keep_parts(bundle: Path, place: Path) -> None:
    """Make a folder with an input, what comes of it, and the parts of a run that was stopped."""
    place.mkdir(parents=True)
    rows = [{"id": f"g{i}", "text": f"{GOOD_TEXT} {i}"} for i in range(9)]
    (place / "in.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    predict_archive(bundle, [str(place / "in.jsonl")], place / "expected")

    def stop(record: object) -> None:
        raise KeyboardInterrupt

    with contextlib.suppress(ChudeError):
        predict_archive(bundle, [str(place / "in.jsonl")], place / "out.jsonl", on_record=stop)
    assert (place / ".out.jsonl.chude-parts" / "000001.jsonl").exists()


def run(bundle: Path, inputs: list[str], form: str, output: Path | None) -> Ended:
    """Run `chude predict` in this process."""
    refusals: list[Refusal] = []
    refuse = Reporter.refuse

    def refuse_and_tell(self: Reporter, refusal: Refusal) -> None:
        refusals.append(refusal)
        refuse(self, refusal)

    arguments = ["predict", "--model", str(bundle), "--format", form]
    arguments += ["--output", str(output)] if output else []
    before = sys.argv, sys.stdout, sys.stderr, Reporter.refuse
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    try:
        sys.argv, sys.stdout, sys.stderr = ["chude", *arguments, "--", *inputs], out, err
        Reporter.refuse = refuse_and_tell  # type: ignore[method-assign]
        command_line()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(bool(end.code))
    finally:
        sys.argv, sys.stdout, sys.stderr, Reporter.refuse = before  # type: ignore[method-assign]
    written = [s.buffer.getvalue().decode() for s in (out, err)]  # type: ignore[attr-defined]
    return Ended(status, *written, refusals)


def outcome(bundle: Path, case: Case, rng: random.Random, watch: Watch) -> dict[str, object]:
    """How a run ends: `done`, `refused` or `failed` with one message, or what is wrong with it."""
    form = rng.choice(["jsonl", "jsonl", "csv", "table"])
    output, expected = case.output or (None, b"")
    if output:
        form = "jsonl"
    started = time.process_time()
    try:
        with watch(), limited(), warnings.catch_warnings(action="error"):
            if case.kind == "cache":
                ended = Ended(0, "", "", [])
                wrong = complaint_about_words(Path(case.inputs[0]))
            else:
                ended = run(bundle, case.inputs, form, output)
                wrong = complaint(case, form, ended)
        if output and ended.status == 0 and output.read_bytes() != expected:
            wrong = "other bytes than of a whole run"
        if any(path.read_bytes() != content for path, content in case.untouched.items()):
            wrong = "changed a file of others"
        fine = {0: "done", 3: "refused"}.get(ended.status, "failed")
        said = ended.err[-700:] if wrong else ""
    except BaseException as error:
        wrong, fine, said = "traceback", "", repr(error)[:500]
    if watch.seen:
        wrong = f"executed {watch.seen[:5]}"
    seconds = time.process_time() - started
    return {"outcome": wrong or fine, "said": said, "seconds": seconds, "form": form}


def complaint(case: Case, form: str, ended: Ended) -> str:
    """What is wrong with how a run ended; nothing if all is well."""
    if ended.status not in (0, 1, 2, 3):
        return f"status {ended.status}"
    if "Traceback" in ended.err or "fault in chude" in ended.err or "out of memory" in ended.err:
        return "a fault"
    if found := CONTROL.search(ended.err) or (form != "csv" and CONTROL.search(ended.out)):
        return f"shows {found[0]!r}"
    if form == "csv" and CONTROL.search(ended.out.replace("\r\n", "\n")):
        return "a control in a cell"
    if ended.status in (1, 2):
        last = ended.err.rstrip("\n").rpartition("\n")[2]
        return "" if last.startswith("chude: ") else "no message"
    if form == "table" or case.output:
        return ""
    ids = [record["id"] for record in records(form, ended.out)]
    told = sum(refusal.count for refusal in ended.refusals)
    # Refused as a whole, or from a row on.
    rest = any("left out" in one.problem or not ROW.search(one.place) for one in ended.refusals)
    if not rest and len(ids) + told < case.rows:
        return f"{len(ids)} done and {told} refused of {case.rows}"
    if not rest and (lost := case.good - set(ids)):
        return f"lost {sorted(lost)[:3]}"
    return ""


def records(form: str, out: str) -> list[dict[str, str]]:
    """What was written."""
    if form == "csv":
        return list(csv.DictReader(io.StringIO(out, newline="")))
    return [json.loads(line) for line in out.split("\n") if line]


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """Not more address space than there is now, and what a run may take."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (used + ROOM, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


if __name__ == "__main__":
    main()
