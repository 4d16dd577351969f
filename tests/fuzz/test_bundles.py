"""500 of the mutated bundles; `python -m tests.fuzz.bundles` loads 10,000."""

import sys
from pathlib import Path

import pytest

from tests.fuzz.bundles import FINE, WORKER, good_bundles
from tests.fuzz.workers import Found, fuzz


@pytest.mark.skipif(sys.platform != "linux", reason="limits and devices are those of Linux")
def test_500_mutated_bundles_are_models_or_end_in_one_message(tmp_path: Path) -> None:
    found: list[Found] = []
    fuzz(WORKER, list(good_bundles(tmp_path)), [f"ci-{i}" for i in range(500)], 2, found.append)
    assert [one for one in found if one["outcome"] not in FINE] == []
    outcomes = [one["outcome"] for one in found]
    assert outcomes.count("refused") > 300  # a mutation that changes nothing proves nothing
    assert outcomes.count("loaded") > 10
