import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

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


@st.composite
def judged(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of two to five classes, many of them alike, and a class for each article."""
    n_classes = draw(st.integers(2, 5))
    weight = st.sampled_from([0.0, 0.1, 0.5, 1.0]) | st.floats(1e-3, 1)
    weights = draw(arrays(float, (draw(st.integers(n_classes, 40)), n_classes), elements=weight))
    probabilities = (weights + 1e-3) / (weights + 1e-3).sum(axis=1, keepdims=True)
    rest = draw(arrays(int, len(weights) - n_classes, elements=st.integers(0, n_classes - 1)))
    return probabilities, np.append(np.arange(n_classes), rest)


@given(judged())
def test_the_same_as_cleanlab(found: tuple[np.ndarray, np.ndarray]) -> None:
    filters = pytest.importorskip("cleanlab.filter")
    probabilities, classes = found
    theirs = filters.find_label_issues(
        classes, probabilities, filter_by="confident_learning", n_jobs=1
    )
    labels = np.eye(probabilities.shape[1], dtype=bool)[classes]
    _, wrong = label_errors(probabilities, labels, np.ones_like(labels), exclusive=True)
    assert wrong.any(axis=1).tolist() == theirs.tolist()
    if probabilities.shape[1] == 2:  # a theme by itself
        label, known = labels[:, 1:], np.ones((len(labels), 1), dtype=bool)
        _, wrong = label_errors(probabilities[:, 1:], label, known, exclusive=False)
        assert wrong[:, 0].tolist() == theirs.tolist()
