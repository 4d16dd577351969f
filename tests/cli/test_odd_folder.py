"""A folder of every format, encoding and fault through every command that reads articles."""

import json
import re
from pathlib import Path

import pytest

from tests.conftest import Result, Run
from tests.corpus.formats.files import TEXT, TITLE
from tests.invented import make_articles, write_corpus
from tests.odd_folder import OddFolder, counts, write_odd_folder

for library in ("backports.zstd", "striprtf", "pypdfium2"):
    pytest.importorskip(library)

LABELLED = 84


@pytest.fixture
def odd(tmp_path: Path) -> OddFolder:
    return write_odd_folder(tmp_path / "in")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(make_articles(LABELLED), tmp_path / "corpus")


def refusals(result: Result, odd: OddFolder, sound: tuple[str, ...] = ()) -> int:
    """How many there are; each broken file but those must have one that says what to do."""
    lines = [line for line in result.err.splitlines() if line.startswith("refused: ")]
    for name in set(odd.broken) - set(sound):
        [first, *_] = [line for line in lines if f"{odd.folder / name}" in line]
        assert re.search(r": .+\. [A-Z].+", first), first
    for name in (*odd.whole, *sound):
        said = [line for line in lines if f"{odd.folder / name}:" in line]
        assert all("stands already" in line for line in said)  # an id, which many have here
    assert result.status == 3
    return len(lines)


def test_convert(chude: Run, odd: OddFolder, tmp_path: Path) -> None:
    result = chude("convert", odd.folder, "-o", tmp_path / "out.jsonl")
    refused = refusals(result, odd)
    assert counts(result.err)[1:] == (odd.sound, refused, odd.left_out)
    records = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert len(records) == odd.sound
    same = [r for r in records if r["title"] == TITLE and r["text"].split() == TEXT.split()]
    assert len(same) >= len(odd.whole)


@pytest.mark.parametrize("jobs", [0, 1, 2])
def test_predict(chude: Run, odd: OddFolder, bundle: Path, tmp_path: Path, jobs: int) -> None:
    output = ["-o", tmp_path / "out.jsonl", "--jobs", jobs] if jobs else []
    result = chude("predict", odd.folder, "--model", bundle, "--format", "jsonl", *output)
    refused = refusals(result, odd, odd.unlabelled)
    done = odd.sound + len(odd.unlabelled)
    assert counts(result.err)[1:] == (done, refused, odd.left_out)
    records = (tmp_path / "out.jsonl").read_text() if jobs else result.out
    assert len(records.splitlines()) == done


def test_check(chude: Run, odd: OddFolder, tmp_path: Path) -> None:
    result = chude("check", odd.folder, "--format", "jsonl", "-o", tmp_path / "out.jsonl")
    _, done, refused, left_out = counts(result.err)
    assert (done, left_out) == (odd.sound, odd.left_out)
    findings = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    lines = [line for line in result.err.splitlines() if line.startswith("refused: ")]
    said = "\n".join([*lines, *(f["article"] for f in findings)])
    assert not [name for name in odd.broken if str(odd.folder / name) not in said]
    assert refused >= len(odd.broken)
    assert result.status == 3


def test_train(chude: Run, odd: OddFolder, corpus: Path, tmp_path: Path) -> None:
    themes = ("--themes", corpus / "themes.toml", "--segmenter", "syllable")
    result = chude("train", corpus, odd.folder, "--model", tmp_path / "m", *themes)
    assert counts(result.err)[2:] == (refusals(result, odd), odd.left_out)
    assert _done(result.err) + result.err.count("stands already") == LABELLED + odd.sound


def test_evaluate(chude: Run, odd: OddFolder, corpus: Path, bundle: Path) -> None:
    result = chude("evaluate", corpus, odd.folder, "--model", bundle)
    assert counts(result.err)[2:] == (refusals(result, odd), odd.left_out)
    assert _done(result.err) + result.err.count("stands already") == LABELLED + odd.sound


def test_counts(chude: Run, odd: OddFolder, corpus: Path, tmp_path: Path) -> None:
    themes = ("--themes", corpus / "themes.toml", "--segmenter", "syllable")
    output = tmp_path / "a.counts.parquet"
    result = chude("counts", corpus, odd.folder, "-o", output, *themes)
    refusals(result, odd)
    assert output.is_file()


def _done(err: str) -> int:
    """Articles labelled with themes, with none and not labelled; they must add up."""
    match = re.search(
        r"(\d+) done .+ \((\d+) labelled with themes, (\d+) labelled with no theme, "
        r"(\d+) unlabelled\)",
        err,
    )
    assert match, err
    done, *parts = map(int, match.groups())
    assert done == sum(parts)
    return done
