"""Numerical gradients, and whether the gradient check finds what it should."""

import numpy as np
import pytest

from course_lib.numpy_nn.activations import relu
from course_lib.numpy_nn.gradients import check_gradients, numerical_gradient
from course_lib.numpy_nn.layers import Activate, Dense
from course_lib.numpy_nn.losses import Loss, mse, multiclass_hinge


@pytest.mark.parametrize(("method", "order"), [("forward", 1), ("central", 2)])
def test_the_error_falls_with_the_order_of_the_method(method, order):
    x = np.array([0.3, -1.2])
    errors = [
        np.abs(numerical_gradient(lambda x: np.sin(x).sum(), x, h, method) - np.cos(x)).max()
        for h in (1e-2, 1e-3)
    ]
    assert errors[0] / errors[1] == pytest.approx(10**order, rel=0.05)


def test_any_shape_and_whole_numbers():
    x = np.arange(6).reshape(2, 3)
    np.testing.assert_allclose(numerical_gradient(lambda x: (x**3).sum(), x), 3 * x**2, atol=1e-6)


class LostBias(Dense):
    def backward(self, params, cache, dy):
        dx, grads = super().backward(params, cache, dy)
        return dx, {**grads, "b": 0 * grads["b"]}


def test_a_wrong_gradient_is_found():
    rng = np.random.default_rng(0)
    layer = LostBias(4, 3)
    assert check_gradients(layer, layer.init(rng), rng.normal(size=(5, 4)), rng=rng) > 1e-3
    lost_mean = Loss("sum", "", mse.value, lambda pred, target: 2 * (pred - target))
    assert check_gradients(lost_mean, *rng.normal(size=(2, 5, 3)), rng=rng) > 0.9


KINKS = {
    "ReLU at 0": (Activate(relu), ({}, np.array([[0.0, 1.0, -1.0]]))),
    "ReLU just beside 0": (Activate(relu), ({}, np.array([[3e-6, 1.0, -1.0]]))),
    "hinge at its margin": (multiclass_hinge(1.0), (np.array([[1.0, 0.0, -2.0]]), np.array([0]))),
}


@pytest.mark.parametrize("name", KINKS)
def test_a_kink_is_named(name):
    what, inputs = KINKS[name]
    with pytest.raises(ValueError, match=r"inputs lie on a kink: the slope is .* on one side and .* other"):
        check_gradients(what, *inputs, rng=np.random.default_rng(0))


def test_a_wrong_gradient_of_a_curved_function_is_no_kink():
    cube = Loss("cube", "", lambda p, t: np.sum((p - t) ** 3), lambda p, t: 2 * (p - t) ** 2)
    pred, target = np.random.default_rng(0).normal(size=(2, 5, 3))
    for h in (1e-5, 1e-2, 0.3):
        assert check_gradients(cube, pred, target, rng=np.random.default_rng(0), h=h) > 0.1


def test_a_right_gradient_beside_a_kink_is_right():
    x = np.array([[1e-3, 1.0, -1.0]])  # farther than the step
    assert check_gradients(Activate(relu), {}, x, rng=np.random.default_rng(0)) < 1e-7
