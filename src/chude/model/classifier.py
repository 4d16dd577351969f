"""The linear classifier: one set of weights a theme, in scikit-learn's conventions."""

from typing import Any, Self, TypeAlias

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.svm import LinearSVC
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, column_or_1d, validate_data

from chude.features.sparse import sparse_rows

Matrix: TypeAlias = "NDArray[np.float64] | sp.csr_matrix"


class LinearClassifier(ClassifierMixin, BaseEstimator):
    """A linear support vector machine for each theme against the rest.

    L2-regularised squared hinge loss, by liblinear's dual coordinate descent (Fan et al. 2008).

    Parameters: C, the inverse of the regularisation, above 0; random_state, the seed of the order
    in which the articles are visited; solver, "liblinear", or "compiled" for many articles (see
    `chude.model.svm`; it needs numba, and stops a little earlier).

    `y` is an indicator matrix (n_articles, n_themes) for any number of themes an article, or
    labels (n_articles,) for exactly one.
    """

    def __init__(self, C: float = 1.0, random_state: int = 0, solver: str = "liblinear") -> None:
        self.C = C
        self.random_state = random_state
        self.solver = solver

    def fit(self, X: Matrix, y: NDArray[Any]) -> Self:
        """Fit weights `coef_` (n_outputs, n_features) and `intercept_` (n_outputs,).

        Two exclusive classes have one output, as in scikit-learn. Raises ValueError where there
        is only one class.
        """
        X, y = validate_data(self, X, y, accept_sparse="csr", multi_output=True, dtype=np.float64)
        check_classification_targets(y)
        self.multilabel_ = type_of_target(y) == "multilabel-indicator"
        if self.multilabel_:
            self.classes_ = np.arange(y.shape[1])
            targets = y.astype(bool)
        else:
            y = column_or_1d(y, warn=True)
            self.classes_ = np.unique(y)
            if len(self.classes_) < 2:
                raise ValueError("LinearClassifier needs articles of 2 classes, there is one class")
            columns = self.classes_[1:] if len(self.classes_) == 2 else self.classes_
            targets = y[:, None] == columns
        if self.solver == "compiled":
            self._fit_compiled(X, targets)
        else:
            self._fit_liblinear(X, targets)
        return self

    def _fit_compiled(self, X: Matrix, targets: NDArray[np.bool_]) -> None:
        from chude.model import svm

        rows = sparse_rows(sp.csr_matrix(X))
        machines = svm.fit(rows, X.shape[1], targets, self.C, self.random_state)
        self.coef_, self.intercept_ = machines.weights.T, machines.intercept
        self.n_iter_ = machines.rounds

    def _fit_liblinear(self, X: Matrix, targets: NDArray[np.bool_]) -> None:
        machines = [self._machine().fit(X, target) for target in targets.T]
        self.coef_ = np.vstack([machine.coef_ for machine in machines])
        self.intercept_ = np.concatenate([machine.intercept_ for machine in machines])
        self.n_iter_ = max(int(machine.n_iter_) for machine in machines)

    def decision_function(self, X: Matrix) -> NDArray[np.floating]:
        """Margins (n_articles, n_outputs), or (n_articles,) for two exclusive classes."""
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", reset=False, dtype=np.float64)
        margins = np.asarray(X @ self.coef_.T) + self.intercept_
        return margins if self.multilabel_ or margins.shape[1] > 1 else margins[:, 0]

    def predict(self, X: Matrix) -> NDArray[Any]:
        """Indicator matrix (n_articles, n_themes) or labels (n_articles,)."""
        margins = self.decision_function(X)
        if self.multilabel_:
            return (margins > 0).astype(np.int64)
        if margins.ndim == 1:
            return self.classes_[(margins > 0).astype(np.int64)]
        return self.classes_[margins.argmax(axis=1)]

    def _machine(self) -> LinearSVC:
        return LinearSVC(C=self.C, random_state=self.random_state, max_iter=10_000)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.classifier_tags.multi_label = True
        return tags
