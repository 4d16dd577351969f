"""The solvers by name. A new one is a module with a `fit`, and a line in `SOLVERS`."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

import numpy as np

from chude.compute.backend import worthwhile
from chude.cores import usable_cores
from chude.training.solvers.fitted import Fit


@dataclass(frozen=True, slots=True)
class Solver:
    """What is to be known of a solver before it is loaded.

    module: whose `fit` it is (see `Fit`). dtype: of the numbers it works with. alone: whether only
    one fit may run at a time. commonest_first: whether it is faster with the columns by falling
    number of texts.
    """

    module: str
    dtype: type[np.floating] = np.float64
    alone: bool = False
    commonest_first: bool = False

    @property
    def fit(self) -> Fit:
        """The function that learns."""
        fit: Fit = import_module(self.module).fit
        return fit

    @property
    def threads(self) -> int:
        """How many fits can run at a time."""
        return 1 if self.alone else usable_cores()


SOLVERS: Mapping[str, Solver] = {
    # liblinear shares one generator of random numbers.
    "liblinear": Solver("chude.training.solvers.liblinear", alone=True),
    # Faster with the weights of common n-grams side by side; needs numba.
    "dual_descent": Solver(
        "chude.training.solvers.dual_descent", dtype=np.float32, commonest_first=True
    ),
}


def get_solver(name: str) -> Solver:
    """The solver of that name; raises ValueError for any other."""
    if name not in SOLVERS:
        raise ValueError(f"solver {name!r} is unknown; there are: {', '.join(SOLVERS)}")
    return SOLVERS[name]


def choose_solver(n_words: int, n_themes: int) -> str:
    """The compiled solver where there is much to learn and numba is installed, else liblinear."""
    return "dual_descent" if worthwhile("fit", n_words * n_themes) else "liblinear"
