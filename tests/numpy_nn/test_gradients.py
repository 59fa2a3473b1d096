"""Numerical gradients, and whether the gradient check finds what it should."""

import numpy as np
import pytest

from course_lib.numpy_nn.gradients import check_gradients, numerical_gradient
from course_lib.numpy_nn.layers import Dense
from course_lib.numpy_nn.losses import Loss, mse


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
