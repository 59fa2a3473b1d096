"""The theory that the explorers of optimizers draw, against what they measure."""

import numpy as np
import pytest

from course_lib.explorers import EXPLORERS
from course_lib.numpy_nn.gradients import numerical_gradient
from course_lib.surfaces import himmelblau


@pytest.mark.parametrize("rule", ["momentum", "Nesterov"])
@pytest.mark.parametrize("condition", [1, 30, 100])
def test_both_maps_of_momentum_agree(rule, condition):
    r = EXPLORERS["momentum"](rule=rule, condition=condition).result
    stable = r.theory_map < 0.98  # slower cells need more steps than are measured
    np.testing.assert_allclose(r.measured_map[stable], r.theory_map[stable], atol=0.02)
    grows = r.theory_map > 1.01
    np.testing.assert_allclose(r.measured_map[grows], r.theory_map[grows], rtol=0.1)
    assert stable.sum() > 100
    assert grows.sum() > 100


def test_the_star_is_the_darkest_place_of_the_map():
    explorer = EXPLORERS["momentum"](lr=2.86, momentum=0.48)
    r = explorer.result
    assert 0 <= r.theory_map.min() - r.best_rate <= 0.03  # the cells do not meet the star exactly
    assert r.rates == pytest.approx([r.best_rate] * 2, abs=0.005)
    assert "the best settings reach" in explorer.describe()


def test_only_settings_beyond_the_limit_diverge():
    limit = EXPLORERS["momentum"](momentum=0.5).result.limit
    assert limit == pytest.approx(3.0)
    assert EXPLORERS["momentum"](momentum=0.5, lr=2.98).result.diverged_at < 0
    beyond = EXPLORERS["momentum"](momentum=0.5, lr=3.2)
    assert beyond.result.diverged_at > 0
    assert "diverged at step" in beyond.describe()


def test_a_press_on_either_map_sets_rate_and_momentum():
    explorer = EXPLORERS["momentum"]()
    for name in ("theory", "measured"):
        assert explorer.pointer(name, 2.0, 0.3) == {"lr": 2.0, "momentum": 0.3}


@pytest.mark.parametrize(("x", "y"), [(1.3, -0.4), (-1.0, 2.0), (2.0, 3.0)])
def test_the_microscope_shows_the_curvatures_of_the_profiles(x, y):
    r = EXPLORERS["critical_points"](x=x, y=y).result
    h, step = 1e-3, 0.05  # the profiles have a point every 0.05, the middle one at 40
    for i in range(2):
        drawn = (r.profiles[i, 39] - 2 * r.profiles[i, 40] + r.profiles[i, 41]) / step**2
        assert drawn == pytest.approx(r.eigenvalues[i], rel=0.01, abs=0.05)
        q = r.vectors[:, i]
        bend = (himmelblau.f(r.point + h * q) - 2 * r.value + himmelblau.f(r.point - h * q)) / h**2
        assert bend == pytest.approx(r.eigenvalues[i], rel=1e-4)
    np.testing.assert_allclose(r.gradient, numerical_gradient(himmelblau.f, r.point), rtol=1e-6)
    near = slice(38, 43)
    np.testing.assert_allclose(r.profiles[:, near], r.parabolas[:, near], atol=0.02)


@pytest.mark.parametrize(
    ("preset", "verdict"),
    [
        ("a minimum", "a minimum"),
        ("the maximum", "a maximum"),
        ("a saddle", "a saddle"),
        ("a slope", "a slope"),
        ("the Hessian says nothing", "does not decide"),
    ],
)
def test_each_kind_of_point_is_named(preset, verdict):
    explorer = EXPLORERS["critical_points"](**EXPLORERS["critical_points"].presets[preset])
    assert verdict in explorer.describe()


def test_newton_climbs_to_the_maximum_and_lands_on_the_saddle_in_one_step():
    presets = EXPLORERS["critical_points"].presets
    climbs = EXPLORERS["critical_points"](**presets["Newton climbs"]).result
    assert himmelblau.f(climbs.newton[-1]) > climbs.value
    np.testing.assert_allclose(climbs.newton[-1], [-0.2708, -0.9230], atol=1e-3)
    one = EXPLORERS["critical_points"](**presets["beside the saddle"]).result
    np.testing.assert_allclose(one.newton[1], 0, atol=1e-12)


def test_rmsprop_comes_to_rest_at_twice_the_inverse_curvature():
    r = EXPLORERS["effective_rate"](**EXPLORERS["effective_rate"].presets["RMSProp never rests"]).result
    np.testing.assert_allclose(np.median(r.rates[-20:] * r.curvatures, axis=0), 2, rtol=0.3)


def test_under_noise_the_rates_come_to_the_dashed_line():
    preset = EXPLORERS["effective_rate"].presets["AdaGrad, all noise"]
    for seed in range(4):
        r = EXPLORERS["effective_rate"](**preset, seed=seed).result
        assert r.rates[-1, 0] == pytest.approx(r.floor / 10, rel=0.25)  # √100 steps
    still = EXPLORERS["effective_rate"](noise=0.0).result
    assert still.rates[-1] == pytest.approx(still.rates[-30], rel=0.01)


def test_each_rate_is_that_of_the_very_step_that_is_drawn():
    r = EXPLORERS["effective_rate"](noise=2.0, seed=3).result
    sums = (r.lr / r.rates) ** 2  # AdaGrad's s after each step
    gradients = np.sqrt(np.diff(sums, axis=0))
    moves = np.abs(np.diff(r.points, axis=0))[1:]
    np.testing.assert_allclose(moves, r.rates[1:] * gradients, rtol=1e-5)


def test_at_45_degrees_both_weights_get_one_rate():
    r = EXPLORERS["effective_rate"](angle=45, noise=0.0).result
    np.testing.assert_allclose(r.rates[:, 0], r.rates[:, 1], rtol=0.1)
    assert r.curvatures[0] == pytest.approx(r.curvatures[1])
