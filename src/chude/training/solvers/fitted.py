"""What a solver is given and what it gives back."""

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from chude.features.sparse import SparseRows


class Fitted(NamedTuple):
    """One linear model a target.

    weights: (n_features, n_targets). intercept: (n_targets,). dual: float32 (n_rows, n_targets),
    the dual variables, None where the solver does not tell them. rounds: that it took.
    """

    weights: NDArray[np.floating]
    intercept: NDArray[np.floating]
    dual: NDArray[np.float32] | None
    rounds: int


class Fit(Protocol):
    """How a solver is called."""

    def __call__(
        self,
        matrix: SparseRows,
        n_features: int,
        targets: NDArray[np.bool_],
        C: float,
        seed: int,
        rows: NDArray[np.integer] | None = None,
        start: NDArray[np.float32] | None = None,
        known: NDArray[np.bool_] | None = None,
        apart: bool = False,
    ) -> Fitted:
        """Learn each target from the rows of a matrix (n_rows, n_features).

        targets: (n_rows, n_targets). C: the inverse of the regularisation. seed: of the order in
        which rows are visited. rows: those that are learnt from, None for all. start: dual
        variables (n_rows, n_targets) near those that are sought, which may save rounds. known:
        (n_rows, n_targets), from which rows a target is learnt; None for all. apart: of one target
        alone, whether learning ends by what has it and by what has not, each by itself, for one
        that is rare.
        """
