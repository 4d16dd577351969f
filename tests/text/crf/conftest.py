"""The segmenter and its parts, which several test modules use."""

import pytest

from chude.text.crf.installed import load_pickles, verified_model
from chude.text.crf.prepared import load_prepared
from chude.text.crf.reference import TokenRules
from chude.text.crf.segmenter import FastSegmenter
from chude.text.crf.tables import Tables


@pytest.fixture(scope="session")
def tables() -> Tables:
    return load_prepared().tables


@pytest.fixture(scope="session")
def rules() -> TokenRules:
    return load_prepared().rules


@pytest.fixture(scope="session")
def templates_and_words() -> tuple[list[str], set[str]]:
    return load_pickles(verified_model())


@pytest.fixture(scope="session", params=["numpy", "numba"])
def segmenter(request: pytest.FixtureRequest) -> FastSegmenter:
    if request.param == "numba":
        pytest.importorskip("numba")
    return FastSegmenter(backend=request.param)
