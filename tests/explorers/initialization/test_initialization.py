"""The theory that the explorers of initialization draw, against what they measure."""

import numpy as np
import pytest

from course_lib.explorers import EXPLORERS


@pytest.mark.parametrize("activation", ["identity", "ReLU"])
@pytest.mark.parametrize("initializer", ["normal 0.01", "Xavier uniform", "He normal"])
def test_the_exact_factors_are_measured(activation, initializer):
    r = EXPLORERS["signal"](depth=4, activation=activation, initializer=initializer, gain=0.5).result
    np.testing.assert_allclose(np.sqrt(np.mean(r.forward**2, axis=1)), r.forward_theory, rtol=0.2)
    np.testing.assert_allclose(np.sqrt(np.mean(r.backward**2, axis=1)), r.backward_theory, rtol=0.2)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
@pytest.mark.parametrize("gain", [0.25, 1.0, 4.0])
def test_the_bounds_hold(activation, gain):
    r = EXPLORERS["signal"](activation=activation, gain=gain).result
    assert (np.median(r.forward, axis=1) <= 1.1 * r.forward_theory).all()
    assert (np.median(r.backward, axis=1) <= 1.1 * r.backward_theory).all()


def test_the_first_layers_do_not_depend_on_the_depth():
    deep, shallow = (EXPLORERS["signal"](depth=depth).result.forward for depth in (50, 7))
    np.testing.assert_array_equal(deep[:8], shallow)


@pytest.mark.parametrize("settings", [{"scale": 0.0}, {"alike": True}, {"alike": True, "scale": 1.0}])
def test_units_that_start_alike_stay_alike(settings):
    explorer = EXPLORERS["symmetry"](**settings)
    assert explorer.result.apart.max() == 0
    assert "exactly alike" in explorer.describe()


def test_alike_units_do_the_work_of_one_and_others_do_more():
    alike, apart = (
        np.median(EXPLORERS["symmetry"](alike=alike).result.losses[-1]) for alike in (True, False)
    )
    assert alike > 0.3
    assert apart < 0.1


def test_small_weights_come_apart_as_the_linear_theory_says():
    r = EXPLORERS["symmetry"](scale=0.01).result
    np.testing.assert_allclose(r.linear[:10], r.apart[:10], rtol=0.02)
    assert np.median(r.apart[20]) > 5 * np.median(r.apart[0])


def test_clipped_steps_are_as_short_as_promised_and_only_the_norm_keeps_the_direction():
    r = EXPLORERS["clipping"](lr=0.5, limit=2.0).result
    plain, by_value, by_norm = r.longest
    assert plain > 10
    assert by_value <= 0.5 * 2.0 * np.sqrt(2) + 1e-12
    assert by_norm <= 0.5 * 2.0
    wall = EXPLORERS["clipping"](start_x=1.5, start_y=2.0, step=0).result
    assert wall.turned == pytest.approx([28, 0], abs=1)
    np.testing.assert_allclose(wall.shown_gradients[1], [2.0, 2.0])


def test_a_limit_above_every_gradient_changes_nothing():
    points = EXPLORERS["clipping"](limit=50.0).result.points
    np.testing.assert_allclose(points[1:], points[[0, 0]], rtol=1e-4)
