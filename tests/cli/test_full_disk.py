"""Commands on a disk that is full, which a limit on the size of files stands for."""

import gzip
import json
import random
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.corpus.formats.files import parquet
from tests.invented import make_articles

SCRIPT = Path(sys.executable).parent / "chude"

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="needs POSIX limits")


def run(kilobytes: int, *arguments: object, stdin: bytes = b"") -> tuple[int, str]:
    """The status of a command that may write no larger files, and what it said last."""
    command = f"ulimit -f {kilobytes}; exec {shlex.join(map(str, (SCRIPT, *arguments)))}"
    done = subprocess.run(["bash", "-c", command], input=stdin, capture_output=True)
    return done.returncode, done.stderr.decode()


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    rows = [{"id": a.id, "text": a.body, "themes": a.themes} for a in make_articles(84)]
    file = tmp_path / "tin.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


@pytest.mark.parametrize("command", ["convert", "explain", "evaluate", "counts"])
def test_parquet_that_cannot_be_written_is_one_message(
    texts: Path, bundle: Path, tmp_path: Path, command: str
) -> None:
    output = tmp_path / "out" / "kết quả.counts.parquet"
    output.parent.mkdir()
    options = {"convert": (), "counts": ("--segmenter", "syllable")}
    own = options.get(command, ("--model", bundle))
    status, said = run(1, command, texts, "--output", output, "--quiet", *own)
    assert status == 1
    assert f"{output}: cannot be written (" in said
    assert list(output.parent.iterdir()) == []


@pytest.mark.parametrize("piped", [True, False])
def test_a_table_that_cannot_be_unpacked_costs_itself(tmp_path: Path, piped: bool) -> None:
    letters = random.Random(0).choices("aăâbcdđeê", k=8000)
    content = parquet([{"text": "".join(letters)}])
    (tmp_path / "a.parquet.gz").write_bytes(gzip.compress(content))
    source = "-" if piped else tmp_path / "a.parquet.gz"
    status, said = run(1, "convert", source, "-o", tmp_path / "a.jsonl", stdin=content * piped)
    assert status == 3
    assert f"refused: {source}: no room to unpack it in " in said
    assert "1 found = 0 done + 1 refused + 0 left out" in said
