"""500 of the mutated inputs; `python -m tests.fuzz.inputs` tries 10,000."""

import sys
from pathlib import Path

import pytest

from tests.fuzz.inputs import FINE, WORKER, models
from tests.fuzz.workers import Found, fuzz


@pytest.mark.skipif(sys.platform != "linux", reason="limits and devices are those of Linux")
def test_500_mutated_inputs_are_done_or_named(tmp_path: Path) -> None:
    found: list[Found] = []
    fuzz(WORKER, list(models(tmp_path)), [f"ci-{i}" for i in range(500)], 2, found.append)
    assert [one for one in found if one["outcome"] not in FINE] == []
    outcomes = [one["outcome"] for one in found]
    assert outcomes.count("refused") > 100  # a mutation that changes nothing proves nothing
    assert outcomes.count("done") > 100
