import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.archive.checkpoint import Checkpoint, open_checkpoint
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
    (folder / ".000001.jsonl-xyz_1234").write_text("half")
    with open_checkpoint(tmp_path / "out", "m1") as parts:
        assert parts.note == "going on with the run that was stopped, 1 parts are kept"
        assert parts.find(SHARD) == OUTCOME
        assert list(parts.records(1)) == [{"id": "a\u2028 ờ"}]
        assert sorted(p.name for p in folder.iterdir()) == ["000000.jsonl", "run.json"]
    assert list(tmp_path.iterdir()) == []


def test_a_part_of_other_articles_is_not_used(tmp_path: Path) -> None:
    stop(tmp_path / "out")
    other = next(cut([Article("a", "", "x"), Article("b", "", "z")]))
    with open_checkpoint(tmp_path / "out", "m1") as parts:
        assert parts.find(other) is None
        assert parts.changed == 1


@pytest.mark.parametrize("content", ["", "{}\n", "[]\n", "\x00", '{"digest": 1}', "[" * 99_999])
def test_a_damaged_part_is_made_again(tmp_path: Path, content: str) -> None:
    (stop(tmp_path / "out") / "000000.jsonl").write_text(content)
    with open_checkpoint(tmp_path / "out", "m1") as parts:
        assert parts.find(SHARD) is None
        parts.write(OUTCOME)
        assert parts.find(SHARD) == OUTCOME


def test_a_part_with_any_other_byte_is_made_again(tmp_path: Path) -> None:
    file = stop(tmp_path / "out") / "000000.jsonl"
    whole = file.read_bytes()
    for place in range(len(whole) - 1):  # without the line's end all is there
        for changed in (whole[:place], whole[:place] + b"1" + whole[place + 1 :]):
            file.write_bytes(changed)
            found = Checkpoint(file.parent, None).find(SHARD)
            assert found is None or changed == whole


def test_a_part_that_is_damaged_under_way_is_one_message(tmp_path: Path) -> None:
    file = stop(tmp_path / "out") / "000000.jsonl"
    with (
        pytest.raises(ChudeError, match="Run the same command again: it is made again"),
        open_checkpoint(tmp_path / "out", "m1") as parts,
    ):
        assert parts.find(SHARD) == OUTCOME
        file.write_text(file.read_text(encoding="utf-8").replace("ờ", "ớ"), encoding="utf-8")
        list(parts.records(1))


@pytest.mark.parametrize("kind", ["link", "pipe", "file"])
def test_what_is_no_folder_of_ours_is_not_followed(tmp_path: Path, kind: str) -> None:
    folder, other = tmp_path / ".out.chude-parts", tmp_path / "other"
    other.mkdir()
    for name in ("run.json", "000000.jsonl", "lock", "note.txt"):
        (other / name).write_text("của tôi")
    if kind == "link":
        folder.symlink_to(other)
    elif kind == "pipe":
        os.mkfifo(folder)
    else:
        folder.write_text("của tôi")
    with (
        pytest.raises(ChudeError, match="not a folder of chude's"),
        open_checkpoint(tmp_path / "out", "m1"),
    ):
        pass
    assert {path.read_text() for path in other.iterdir()} == {"của tôi"}
    assert len(list(other.iterdir())) == 4
    assert os.path.lexists(folder)
    assert not os.path.lexists(tmp_path / ".out.chude-lock")


def test_links_and_pipes_among_the_parts_harm_nothing(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("của tôi")
    folder = stop(tmp_path / "out")
    (folder / "000000.jsonl").unlink()
    os.mkfifo(folder / "000000.jsonl")
    for name in ("lock", "joined", "000001.jsonl", ".run.json-abcd1234", "note"):
        (folder / name).symlink_to(other)
    (folder / "run.json").unlink()
    os.mkfifo(folder / "run.json")
    with open_checkpoint(tmp_path / "out", "m1") as parts:
        assert parts.find(SHARD) is None
        parts.write(OUTCOME)
        assert parts.find(SHARD) == OUTCOME
    assert other.read_text() == "của tôi"
    assert [path.name for path in folder.iterdir()] == ["note"]  # not a name of ours


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


NAMES = (
    "run.json",
    "000000.jsonl",
    "joined",
    "lock",
    "output",
    ".000000.jsonl-abcd1234",
    "ghi chú",
)


@given(
    st.lists(st.sampled_from(NAMES), unique=True),
    st.lists(st.sampled_from(["link", "link to a folder", "pipe", "folder", "bytes", "whole"])),
    st.binary(),
)
def test_whatever_is_in_the_folder_the_result_is_right_and_nothing_else_is_touched(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], kinds: list[str], content: bytes
) -> None:
    place = tmp_path_factory.mktemp("place")
    other, outside = place / "other", place / "other" / "của tôi.txt"
    other.mkdir()
    outside.write_bytes(content)
    folder = stop(place / "out")
    for name, kind in zip(names, kinds, strict=False):
        put(folder / name, kind, content, outside)
    try:
        with open_checkpoint(place / "out", "m1") as parts:
            if (found := parts.find(SHARD)) is None:
                parts.write(OUTCOME)
            assert found in (None, OUTCOME)
            assert list(parts.records(1)) == [{"id": "a\u2028 ờ"}]
    except ChudeError as error:
        message = str(error)
    else:
        message = str(place)
    assert str(place) in message
    assert list(other.iterdir()) == [outside]
    assert outside.read_bytes() == content
    assert not (place / ".out.chude-lock").exists()


def put(path: Path, kind: str, content: bytes, outside: Path) -> None:
    """Something in the place of a part; "whole" leaves what is there."""
    if kind == "whole":
        return
    path.unlink(missing_ok=True)
    if kind == "bytes":
        path.write_bytes(content)
    elif kind == "folder":
        (path / "deep").mkdir(parents=True)
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(outside if kind == "link" else outside.parent)
