import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from chude.archive import processes
from chude.archive.processes import predict_shards
from chude.archive.shards import Shard, cut, predict_shard
from chude.corpus.article import Article
from chude.errors import ChudeError
from chude.model.model import Model


def make_shards(count: int) -> Iterator[Shard]:
    for number in range(count):
        [shard] = cut([Article(f"x{number}", "", "Bộ đội giúp dân.")])
        yield Shard(number, shard.articles, shard.digest)


def test_every_shard_comes_back_once(model: Model, bundle: Path) -> None:
    expected = [predict_shard(model, shard) for shard in make_shards(7)]
    for jobs in (1, 3):
        found = list(predict_shards(make_shards(7), model, bundle, jobs))
        assert sorted(found, key=lambda outcome: outcome.number) == expected


def test_no_more_shards_are_taken_than_the_workers_need(model: Model, bundle: Path) -> None:
    taken = 0

    def counted() -> Iterator[Shard]:
        nonlocal taken
        for shard in make_shards(20):
            taken += 1
            yield shard

    for done, _ in enumerate(predict_shards(counted(), model, bundle, 2)):
        assert taken <= done + 4


def test_a_model_that_was_replaced_meanwhile_ends_the_run(model: Model, bundle: Path) -> None:
    (bundle / "manifest.json").write_text("{")
    with pytest.raises(ChudeError, match=r"manifest\.json: damaged"):
        list(predict_shards(make_shards(2), model, bundle, 2))


def test_a_worker_of_another_model_ends_the_run(
    model: Model, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "version", "other")
    with pytest.raises(ChudeError, match="the model was replaced meanwhile"):
        list(predict_shards(make_shards(2), model, bundle, 2))


@pytest.mark.parametrize("message", [b"", b"\x00\x00", b"\x00\x00\x03\xe8half"])
def test_a_worker_ends_in_silence_when_its_pipe_breaks(bundle: Path, message: bytes) -> None:
    ours, theirs = multiprocessing.Pipe()
    os.write(ours.fileno(), message)
    ours.close()
    processes._work(theirs, bundle, "")
    theirs.close()
