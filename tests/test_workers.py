import multiprocessing
import os
import pickle
import signal
import time
from collections.abc import Iterator
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from chude import workers
from chude.corpus.article import Article
from chude.errors import ChudeError
from chude.model.model import Model
from chude.model.prediction import Extras
from chude.workers import as_done, in_order

STARTS = sorted({workers.START, "spawn"})


class Unsendable(Exception):
    def __reduce__(self) -> tuple[()]:
        raise TypeError("not through a pipe")


def square(number: int) -> int:
    return number * number


def sleep_first(number: int) -> int:
    time.sleep(0.3 if number == 0 else 0)
    return number


def fail(number: int) -> int:
    if number == 3:
        raise KeyError("three")
    if number == 13:
        raise Unsendable("thirteen")
    return number


def die(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    return number


def nested(number: int) -> list[int]:
    return list(in_order(square, range(number), 2))


@pytest.fixture(params=STARTS)
def start(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How workers are started, as here and as on other systems."""
    monkeypatch.setattr(workers, "START", request.param)
    return str(request.param)


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_item_is_done_once_and_in_order(start: str, jobs: int) -> None:
    expected = list(map(square, range(9)))
    assert list(in_order(square, list(range(9)), jobs)) == expected
    assert list(in_order(square, iter(range(9)), jobs)) == expected
    assert sorted(as_done(square, iter(range(9)), jobs)) == expected


def test_a_slow_item_keeps_its_place() -> None:
    assert list(in_order(sleep_first, list(range(30)), 2)) == list(range(30))


def test_no_more_items_are_taken_than_the_workers_need() -> None:
    taken = 0

    def counted() -> Iterator[int]:
        nonlocal taken
        for number in range(20):
            taken += 1
            yield number

    for done, _ in enumerate(as_done(square, counted(), 2)):
        assert taken <= done + 4


def test_what_the_function_raises_is_raised_here(start: str) -> None:
    with pytest.raises(KeyError, match="three"):
        list(in_order(fail, [1, 2, 3, 4], 2))
    with pytest.raises(RuntimeError, match="Unsendable: thirteen"):
        list(in_order(fail, [1, 13], 2))
    assert not multiprocessing.active_children()


def test_a_worker_that_is_killed_ends_the_run(start: str) -> None:
    with pytest.raises(ChudeError, match="ended from outside"):
        list(in_order(die, [1, 2, 3], 2))
    assert not multiprocessing.active_children()


def test_workers_end_when_nobody_wants_more() -> None:
    results = in_order(square, iter(range(1000)), 2)
    assert next(results) == 0
    assert multiprocessing.active_children()
    del results
    assert not multiprocessing.active_children()


def test_workers_have_no_workers() -> None:
    assert list(in_order(nested, [3, 4], 2)) == [[0, 1, 4], [0, 1, 4, 9]]


@pytest.mark.skipif(os.name != "posix", reason="kills")
def test_workers_end_with_a_process_that_is_killed() -> None:
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    parent = context.Process(target=_share_for_ever, args=(theirs,))
    parent.start()
    pids = {ours.recv(), ours.recv()}
    parent.kill()
    parent.join()
    deadline = time.monotonic() + 20
    while any(map(_runs, pids)):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _share_for_ever(pipe: Connection) -> None:
    list(as_done(partial(_sleep, pipe), [0, 1], 2))


def _sleep(pipe: Connection, number: int) -> None:
    pipe.send(os.getpid())
    time.sleep(600)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.parametrize("message", [b"", b"\x00\x00", b"\x00\x00\x03\xe8half"])
def test_a_worker_ends_in_silence_when_its_pipe_breaks(message: bytes) -> None:
    ours, theirs = multiprocessing.Pipe()
    os.write(ours.fileno(), message)
    ours.close()
    workers._work(theirs, square)
    theirs.close()


@pytest.mark.parametrize("extras", [Extras(), Extras(titles=True), Extras(evidence=2)])
def test_a_model_says_the_same_with_several_jobs(
    start: str,
    model: Model,
    articles: list[Article],
    extras: Extras,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("chude.model.share._SHARED", 5)
    monkeypatch.setattr("chude.model.share.CHUNK", 5)
    monkeypatch.setattr("chude.model.share._LEAST", 2)
    monkeypatch.setattr("chude.model.share.LEARNT", 0)
    monkeypatch.setattr("chude.model.model._EXPLAINED", 7)
    few = articles[:24]
    assert list(model.stream(few, extras, jobs=2)) == list(model.stream(few, extras))


def test_any_number_of_jobs_says_the_same(
    model: Model, articles: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chude.model.share._SHARED", 5)
    monkeypatch.setattr("chude.model.share.CHUNK", 5)
    monkeypatch.setattr("chude.model.share._LEAST", 2)
    monkeypatch.setattr("chude.model.share.LEARNT", 0)
    few = articles[:24]
    expected = list(model.predict(few))
    assert list(model.stream(iter(few), jobs=3)) == expected
    assert list(model.predict(few, jobs=None)) == expected


def test_an_article_is_the_same_in_another_process() -> None:
    for body in ("Bộ đội giúp dân", "\U0001f33e lúa", "nửa cặp \ud83d\ude00", ""):
        article = Article("a", "đề", body, themes=("x",), passages={1: ("x",)}, by_chance=True)
        again = pickle.loads(pickle.dumps(article))
        assert again == article
        assert again.body == body
