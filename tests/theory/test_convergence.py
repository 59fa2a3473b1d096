"""The theory of momentum, against eigenvalues, against paths, and against plain descent."""

import numpy as np
import pytest

from course_lib.core import Trajectory
from course_lib.numpy_nn.optimizers import SGD, Momentum, Nesterov
from course_lib.numpy_nn.training import descend
from course_lib.surfaces import quadratic
from course_lib.theory import best_momentum, largest_stable_rate, measured_rate, momentum_rate

KINDS = pytest.mark.parametrize(("rule", "nesterov"), [(Momentum, False), (Nesterov, True)])


def matrix_of(rule, lr, momentum, curvature):
    """The linear map of one update on (w, v), column by column, found by applying the rule."""
    optimizer, columns = rule(lr, momentum), []
    for w, v in ((1.0, 0.0), (0.0, 1.0)):
        state = optimizer.init(np.array([w]))._replace(v=np.array([v]))
        step, state = optimizer.update(np.array([curvature * w]), state, np.array([w]))
        columns.append([w + step[0], state.v[0]])
    return np.transpose(columns)


@KINDS
def test_the_closed_form_is_the_spectral_radius_of_the_rule(rule, nesterov):
    rng = np.random.default_rng(0)
    for _ in range(300):
        lr, momentum, curvature = rng.uniform(0.01, 2), rng.uniform(0, 0.999), rng.uniform(-1, 3)
        radius = np.abs(np.linalg.eigvals(matrix_of(rule, lr, momentum, curvature))).max()
        assert momentum_rate(lr, momentum, curvature, nesterov=nesterov) == pytest.approx(radius, rel=1e-6)


@KINDS
@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9, 0.99])
def test_the_limit_is_where_the_rate_is_1(rule, nesterov, momentum):
    limit = largest_stable_rate(momentum, 7.0, nesterov=nesterov)
    assert momentum_rate(0.999 * limit, momentum, 7.0, nesterov=nesterov) < 1
    assert momentum_rate(limit, momentum, 7.0, nesterov=nesterov) == pytest.approx(1)
    assert momentum_rate(1.001 * limit, momentum, 7.0, nesterov=nesterov) > 1


@KINDS
def test_paths_shrink_and_grow_by_the_closed_form(rule, nesterov):
    lr, momentum = np.meshgrid([0.1, 0.9, 1.7, 3.0, 4.3], [0.0, 0.25, 0.6, 0.9], indexing="ij")
    path = descend(quadratic((1.0,)), rule(lr, momentum), [1.0], n_steps=600)
    theory = momentum_rate(lr, momentum, 1.0, nesterov=nesterov)
    np.testing.assert_allclose(measured_rate(path, [0.0]), theory, rtol=0.03)
    np.testing.assert_array_equal(path.diverged_at >= 0, theory > 1)


def test_arrays_of_limits_equal_one_at_a_time():
    momentum, curvature = np.array([0.0, 0.5, 0.9]), np.array([1.0, 4.0, 7.0])
    for nesterov in (False, True):
        many = largest_stable_rate(momentum, curvature, nesterov=nesterov)
        alone = [largest_stable_rate(b, c, nesterov=nesterov) for b, c in zip(momentum, curvature)]
        np.testing.assert_array_equal(many, alone)


def test_no_constants_beat_the_best_ones():
    best = best_momentum(1.0, 30.0)
    lr, momentum = np.meshgrid(np.linspace(0.001, 0.14, 300), np.linspace(0, 0.99, 300))
    every = momentum_rate(lr[..., None], momentum[..., None], [1.0, 5.0, 30.0]).max(axis=-1)
    assert every.min() >= best.rate - 1e-12
    assert every.min() == pytest.approx(best.rate, rel=0.02)
    assert momentum_rate(best.lr, best.momentum, [1.0, 30.0]) == pytest.approx([best.rate] * 2, rel=1e-6)


def test_without_momentum_it_is_plain_descent():
    lr = np.linspace(0.1, 2.5, 7)
    np.testing.assert_allclose(momentum_rate(lr, 0.0, 1.0), np.abs(1 - lr))
    path = descend(quadratic((1.0,)), SGD(lr), [1.0], n_steps=300)
    np.testing.assert_allclose(measured_rate(path, [0.0]), np.abs(1 - lr), rtol=1e-6)


def test_a_minimum_reached_exactly_is_a_rate_of_0_and_divergence_one_above_1():
    path = descend(quadratic((1.0,)), SGD(np.array([1.0, 100.0])), [1.0], n_steps=20)
    assert measured_rate(path, [0.0])[0] == 0
    assert measured_rate(path, [0.0])[1] == pytest.approx(99)


def test_the_second_half_of_the_steps_counts_and_the_minimum_may_lie_anywhere():
    away = np.array([16.0, 8, 4, 1, 0.5])
    path = Trajectory(7 + away[:, None], away, np.array(-1))
    # T = 4, S = 2: d₄² = ½² + 1², d₂² = 4² + 8²
    assert measured_rate(path, [7.0]) == pytest.approx((1.25 / 80) ** (1 / 4))
    # three steps were good: T = 3, S = 2: d₃² = 1² + 4²
    held = Trajectory(7 + away[[0, 1, 2, 3, 3, 3, 3], None], away[[0, 1, 2, 3, 3, 3, 3]], np.array(4))
    assert measured_rate(held, [7.0]) == pytest.approx((17 / 80) ** (1 / 2))
