"""When numba is loaded."""

import pytest

from chude.compute import backend
from chude.compute.backend import BackendChoice, worthwhile


def test_numba_waits_for_much_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(backend.STREAMS, "count", (10, 30))
    monkeypatch.setattr(backend, "start", lambda: True)
    choice = BackendChoice(work="count")
    assert [choice.choose(size) for size in (20, 5, 20, 1)] == [False, False, True, True]


def test_a_large_file_is_worth_numba_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "start", lambda: True)
    small, _ = backend.STREAMS["segment"]
    backend.expect(backend.LARGE_FILE)
    assert [BackendChoice().choose(size) for size in (small - 1, small)] == [False, True]
    backend.expect(backend.LARGE_FILE - 1)
    assert not BackendChoice().choose(small)


@pytest.mark.parametrize(("given", "compiled"), [("numpy", False), ("numba", True)])
def test_a_backend_that_is_asked_for_is_taken(given: backend.Backend, compiled: bool) -> None:
    choice = BackendChoice(given)
    assert (choice.compiled, choice.choose(1), choice.choose(10**9)) == (compiled,) * 3


def test_nothing_is_worthwhile_without_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "start", lambda: False)
    monkeypatch.setitem(backend.STREAMS, "segment", (0, 0))
    assert not worthwhile("fit", 10**9)
    assert not BackendChoice().choose(10**9)


def test_small_work_does_not_load_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "start", lambda: pytest.fail("numba would be loaded"))
    assert not worthwhile("count", backend.WHOLES["count"] - 1)
