"""Linear algebra on one core, and on as many as before afterwards."""

import numpy as np
from threadpoolctl import threadpool_info

from chude.compute.blas import one_core


def threads() -> list[int]:
    return [
        library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"
    ]


def test_one_core_inside_and_as_many_as_before_outside() -> None:
    assert np.ones((2, 2)).dot(np.ones(2)).tolist() == [2, 2]  # so that it is loaded
    before = threads()
    assert before
    with one_core():
        assert set(threads()) == {1}
    assert threads() == before
