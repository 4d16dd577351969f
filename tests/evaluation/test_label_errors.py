import numpy as np
import pytest

from chude.evaluation.label_errors import label_errors


def noisy(n_classes: int, share: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Probabilities of a good model, true classes and classes of which a share is wrong."""
    rng = np.random.default_rng(2)
    true = rng.integers(n_classes, size=600)
    margins = rng.normal(size=(600, n_classes)) + 8 * np.eye(n_classes)[true]
    probabilities = np.exp(margins) / np.exp(margins).sum(axis=1, keepdims=True)
    wrong = rng.random(600) < share
    return probabilities, true, np.where(wrong, (true + 1) % n_classes, true)


def test_wrong_labels_are_found() -> None:
    probabilities, true, given = noisy(4, 0.05)
    labels = np.eye(4, dtype=bool)[given]
    confidence, wrong = label_errors(probabilities, labels, np.ones_like(labels), exclusive=True)
    flagged = wrong.any(axis=1)
    planted = given != true
    assert (flagged & planted).sum() >= 0.85 * planted.sum()
    assert (flagged & ~planted).sum() <= 0.3 * flagged.sum()
    assert wrong.sum() == flagged.sum()
    assert not (wrong & ~labels).any()
    assert confidence[flagged, given[flagged]].max() < 0.5


def test_themes_are_judged_one_by_one() -> None:
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.05, 0.9], [0.1, 0.9], [0.02, 0.1]] * 4)
    labels = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [1, 0]] * 4, dtype=bool)
    known = np.ones_like(labels)
    confidence, wrong = label_errors(probabilities, labels, known, exclusive=False)
    assert np.argwhere(wrong).tolist() == [[4 + 5 * n, 0] for n in range(4)]
    assert confidence[4].tolist() == pytest.approx([0.02, 0.9])
    known[4, 0] = False
    assert np.argwhere(label_errors(probabilities, labels, known, exclusive=False)[1]).tolist() == [
        [4 + 5 * n, 0] for n in range(1, 4)
    ]


@pytest.mark.parametrize("n_classes", [2, 5])
def test_the_same_as_cleanlab(n_classes: int) -> None:
    filters = pytest.importorskip("cleanlab.filter")
    probabilities, _, given = noisy(n_classes, 0.1)
    theirs = filters.find_label_issues(given, probabilities, filter_by="confident_learning")
    labels = np.eye(n_classes, dtype=bool)[given]
    _, wrong = label_errors(probabilities, labels, np.ones_like(labels), exclusive=True)
    assert (wrong.any(axis=1) == theirs).all()
