"""The probability of leaving a well, against a closed form and against walkers that are counted."""

import numpy as np
import pytest
from scipy.stats import norm

from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import descend
from course_lib.surfaces import noisy, quadratic
from course_lib.theory import escape_probability


def test_independent_steps_have_a_closed_form():
    std = np.array([3.0, 6.0, 12.0])
    t = np.arange(51)[:, None]
    expected = 1 - norm.cdf(1.0 / (0.1 * std)) ** t  # ηλ = 1 forgets the last place
    np.testing.assert_allclose(escape_probability(0.1, 10.0, 1.0, std, 50), expected, atol=1e-9)


@pytest.mark.parametrize(("lr", "curvature"), [(0.02, 10.0), (0.1, 3.0), (0.15, 10.0), (0.01, 5.0)])
def test_as_many_walkers_leave_as_predicted(lr, curvature):
    n, steps, distance = 4000, 60, 0.8
    std = np.array([0.4, 0.55]) * np.sqrt(curvature * (2 - lr * curvature) / lr)  # 2 and 1.45 deviations away
    bowl = noisy(quadratic([curvature]), np.repeat(std, n), np.random.default_rng(0))
    path = descend(bowl, SGD(lr), np.zeros((2 * n, 1)), steps).points[..., 0]
    left = np.maximum.accumulate(path > distance, axis=0).reshape(steps + 1, 2, n).mean(axis=-1)
    predicted = escape_probability(lr, curvature, distance, std, steps)
    spread = np.sqrt(predicted * (1 - predicted) / n) + 1e-4
    assert 0.1 < predicted[-1, 0] < predicted[-1, 1]
    assert np.max(np.abs(left - predicted) / spread) < 4.5


def test_what_cannot_be_held_leaves_and_what_hardly_moves_stays():
    assert escape_probability(0.3, 10.0, 1.0, 0.1, 200)[-1] == pytest.approx(1)  # ηλ = 3
    assert escape_probability(0.1, 10.0, 1.0, 0.5, 200)[-1] < 1e-8
    assert escape_probability(0.1, 10.0, 1.0, 5.0, 0).tolist() == [0.0]
