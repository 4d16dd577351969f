import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression

from chude.training.calibrate import choose_n_best, fit_calibration

RNG = np.random.default_rng(0)


def test_sigmoids_recover_the_chance_of_a_theme() -> None:
    margins = RNG.normal(size=(4000, 2, 2))
    chance = 1 / (1 + np.exp(-(2 * margins[:, :, 0] + margins[:, :, 1] - 1)))
    labels = RNG.random(chance.shape) < chance
    calibration = fit_calibration(margins, labels, exclusive=False)
    assert np.abs(calibration.probabilities(margins) - chance).max() < 0.06


def test_the_parts_are_weighed_by_all_and_probabilities_are_those_of_the_judged() -> None:
    margins = RNG.normal(size=(6000, 1, 2))
    judged = np.arange(len(margins)) < 1500
    # The theme is commoner among the others, which were picked for it.
    score = 2 * margins[:, :, 0] + margins[:, :, 1] - np.where(judged, 2, 0)[:, None]
    chance = 1 / (1 + np.exp(-score))
    labels = RNG.random(chance.shape) < chance
    known = RNG.random(chance.shape) < 0.9
    calibration = fit_calibration(margins, labels, False, known, judged)
    assert np.abs(calibration.probabilities(margins) - chance)[judged].max() < 0.06
    [[first, second]] = calibration.weights
    assert first / second == pytest.approx(2, rel=0.2)


def test_as_many_best_passages_count_as_tell_most() -> None:
    one, two = RNG.normal(size=(2, 2000, 1, 2))
    judged = np.arange(len(one)) % 2 == 0
    known = np.ones((len(one), 1), dtype=bool)
    for truth, expected in ((one, 1), (two, 2)):
        labels = RNG.random((len(one), 1)) < 1 / (1 + np.exp(-3 * truth.sum(axis=2)))
        assert choose_n_best([one, two], labels, known, judged) == expected
    assert choose_n_best([one, one], labels, known, judged) == 1  # of equals the simpler one


@pytest.mark.parametrize("scale", [0.0, 0.01, 1.0, 30.0, 1000.0])
@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 1.0])
def test_the_sigmoid_is_that_of_platts_targets(scale: float, share: float) -> None:
    rng = np.random.default_rng(3)
    label = rng.random(300) < share
    margin = (label[:, None] * 2 - 1 + rng.normal(size=(300, 2))) * scale
    found = fit_calibration(margin[:, None], label[:, None], exclusive=False)
    yes, no = label.sum(), (~label).sum()
    target = np.where(label, (yes + 1) / (yes + 2), 1 / (no + 2))
    peer = LogisticRegression(C=1e4, tol=1e-10, max_iter=10_000)
    peer.fit(
        np.concatenate([margin, margin]),
        np.repeat([True, False], 300),
        sample_weight=np.concatenate([target, 1 - target]),
    )
    theirs = peer.predict_proba(margin)[:, 1]
    assert found.probabilities(margin[:, None])[:, 0] == pytest.approx(theirs, abs=1e-5)


def test_the_softmax_keeps_the_order_and_sums_to_one() -> None:
    score = RNG.normal(size=(3000, 4))
    chance = np.exp(3 * score) / np.exp(3 * score).sum(axis=1, keepdims=True)
    labels = np.array([np.arange(4) == RNG.choice(4, p=row) for row in chance])
    margins = np.stack([score, np.zeros_like(score)], axis=2)
    found = fit_calibration(margins, labels, exclusive=True).probabilities(margins)
    assert np.allclose(found.sum(axis=1), 1)
    assert (found.argmax(axis=1) == score.argmax(axis=1)).all()
    assert np.abs(found - chance).max() < 0.05


@pytest.mark.parametrize("scale", [0.1, 1.0, 20.0, 1000.0])
def test_the_softmax_is_the_most_likely_one(scale: float) -> None:
    rng = np.random.default_rng(2)
    themes = rng.integers(3, size=400)
    labels = np.arange(3) == themes[:, None]
    margins = ((labels * 1.0 + rng.normal(size=(400, 3))) * scale)[:, :, None]

    def loss(log_factor: float) -> float:
        scaled = np.exp(log_factor) * margins[:, :, 0]
        return float((logsumexp(scaled, axis=1) - scaled[labels]).mean())

    best = minimize_scalar(loss, bounds=np.log([0.05, 50]), method="bounded")
    [factor] = set(fit_calibration(margins, labels, exclusive=True).weights[:, 0].tolist())
    assert loss(float(np.log(factor))) <= best.fun + 1e-9
    assert factor == pytest.approx(np.exp(best.x), rel=1e-2)


def test_margins_that_are_always_right_have_a_bounded_factor() -> None:
    labels = np.eye(4, dtype=bool)
    calibration = fit_calibration(labels[:, :, None] * 1.0, labels, exclusive=True)
    assert calibration.weights[:, 0] == pytest.approx([50] * 4)
