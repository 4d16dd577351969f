import numpy as np

from chude.model.decide import Calibration, Decision

RNG = np.random.default_rng(0)


def test_extreme_margins_do_not_overflow() -> None:
    margins = np.array([[[1e6, 1e6]], [[-1e6, -1e6]]])
    for exclusive in (False, True):
        calibration = Calibration(np.ones((1, 2)), np.zeros(1), exclusive)
        assert np.isfinite(calibration.probabilities(margins)).all()


def test_decisions_and_doubts() -> None:
    decision = Decision(np.array([0.4, 0.5]), exclusive=False, review_error=0.25)
    probabilities = np.array([[0.9, 0.1], [0.45, 0.3], [0.35, 0.8]])
    assert decision.chosen(probabilities).tolist() == [[True, False], [True, False], [False, True]]
    assert decision.doubtful(probabilities).tolist() == [
        [False, False],
        [True, True],
        [True, False],
    ]


def test_exclusive_decisions_take_one() -> None:
    decision = Decision(np.array([0.9, 0.9, 0.9]), exclusive=True)
    assert decision.chosen(np.array([[0.2, 0.5, 0.3]])).tolist() == [[False, True, False]]
