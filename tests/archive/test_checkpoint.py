import json
from pathlib import Path

import pytest

from chude.archive.checkpoint import open_checkpoint
from chude.archive.shards import Outcome, cut
from chude.corpus.article import Article
from chude.errors import ChudeError, Refusal

SHARD = next(cut([Article("a", "", "x"), Article("b", "", "y")]))
# U+2028 ends a line for str.splitlines, but not in a file of JSON lines.
LINE = json.dumps({"id": "a\u2028 ờ"}, ensure_ascii=False)
OUTCOME = Outcome(0, SHARD.digest, [LINE], [Refusal("b", "bad", "mend it")])


def stop(output: Path, model: str = "m1") -> Path:
    """Leave a part behind, as a run does that is stopped."""
    with pytest.raises(ZeroDivisionError), open_checkpoint(output, model) as parts:
        parts.write(OUTCOME)
        raise ZeroDivisionError
    return output.parent / f".{output.name}.chude-parts"


def test_what_was_kept_is_found_again(tmp_path: Path) -> None:
    folder = stop(tmp_path / "out")
    (folder / ".000001.jsonl-xyz").write_text("half")
    with open_checkpoint(tmp_path / "out", "m1") as parts:
        assert parts.note == "going on with the run that was stopped, 1 parts are kept"
        assert parts.find(SHARD) == OUTCOME
        assert list(parts.records(1)) == [{"id": "a\u2028 ờ"}]
        assert sorted(p.name for p in folder.iterdir()) == ["000000.jsonl", "lock", "run.json"]
    assert list(tmp_path.iterdir()) == []


def test_a_part_of_other_articles_is_not_used(tmp_path: Path) -> None:
    stop(tmp_path / "out")
    other = next(cut([Article("a", "", "x"), Article("b", "", "z")]))
    with open_checkpoint(tmp_path / "out", "m1") as parts:
        assert parts.find(other) is None
        assert parts.changed == 1


@pytest.mark.parametrize("content", ["", "{}\n", "[]\n", "\x00", '{"digest": 1}', None])
def test_a_damaged_part_is_made_again(tmp_path: Path, content: str | None) -> None:
    file = stop(tmp_path / "out") / "000000.jsonl"
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole[: whole.index("\n") + 1] if content is None else content)
    with open_checkpoint(tmp_path / "out", "m1") as parts:
        assert parts.find(SHARD) is None


def test_parts_of_another_model_are_thrown_away(tmp_path: Path) -> None:
    stop(tmp_path / "out")
    with open_checkpoint(tmp_path / "out", "m2") as parts:
        assert parts.note == "starting afresh: the model is another one (m1, now m2)"
        assert parts.find(SHARD) is None


@pytest.mark.parametrize("run", ["", "[]", '{"model": "m1"}'])
def test_a_damaged_description_starts_afresh(tmp_path: Path, run: str) -> None:
    (stop(tmp_path / "out") / "run.json").write_text(run)
    with open_checkpoint(tmp_path / "out", "m1") as parts:
        assert parts.note is not None
        assert parts.note.startswith("starting afresh: ")
        assert parts.find(SHARD) is None


def test_nothing_is_left_of_a_run_that_kept_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), open_checkpoint(tmp_path / "out", "m1"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_two_runs_cannot_write_the_same_output(tmp_path: Path) -> None:
    with (
        open_checkpoint(tmp_path / "out", "m1"),
        pytest.raises(ChudeError, match="another run is writing it"),
        open_checkpoint(tmp_path / "out", "m1"),
    ):
        pass
