"""Activations: PyTorch's values and slopes, kinks included; ranges; numbers as large as ±1000; softmax."""

import numpy as np
import pytest
import torch

from course_lib.numpy_nn import activations
from course_lib.numpy_nn.activations import (
    relu,
    sigmoid,
    softmax,
    softmax_backward,
    softmax_jacobian,
    swish,
    tanh,
)
from course_lib.numpy_nn.gradients import numerical_gradient
from course_lib.torch_nn import activations as torch_activations
from tests.registry import ACTIVATIONS, by_name

CLOSE = {"rtol": 1e-12, "atol": 1e-12}
EXTREME = np.array([-1000.0, -700.0, -30.0, -1e-9, 0.0, 1e-9, 30.0, 700.0, 1000.0])

each = pytest.mark.parametrize("row", **by_name(ACTIVATIONS))


@each
def test_values_and_slopes_are_pytorch_s(row):
    z = np.concatenate([np.linspace(-6, 6, 101), EXTREME, row.kinks])  # 0 is among them
    for function, off in ((row.torch, 0), (row.official, row.official_off)):
        t = torch.tensor(z, requires_grad=True)
        a = function(t)
        a.sum().backward()
        np.testing.assert_allclose(row.numpy.f(z), a.detach().numpy(), **CLOSE)
        np.testing.assert_allclose(row.numpy.df(z), t.grad.numpy(), rtol=1e-12, atol=max(off, 1e-12))


@each
def test_the_slope_is_that_of_the_function(row):
    z = np.random.default_rng(0).normal(scale=2, size=50)
    slope = numerical_gradient(lambda z: row.numpy(z).sum(), z)
    np.testing.assert_allclose(row.numpy.df(z), slope, atol=1e-8)


@each
def test_the_slope_is_the_same_from_the_output(row):
    if row.numpy.df_of_a:
        z = np.concatenate([np.linspace(-6, 6, 101), EXTREME])
        np.testing.assert_array_equal(row.numpy.df_of_a(row.numpy.f(z)), row.numpy.df(z))


@each
def test_large_numbers_are_finite_in_both_precisions(row):
    for dtype in (np.float64, np.float32):
        z = EXTREME.astype(dtype)
        for values in (row.numpy.f(z), row.numpy.df(z)):
            assert np.isfinite(values).all()
            assert values.dtype == dtype


@each
def test_plain_numbers_and_shapes(row):
    assert np.shape(row.numpy(0.5)) == np.shape(row.numpy.df(0.5)) == ()
    z = np.linspace(-2, 2, 6).reshape(1, 2, 3)
    assert row.numpy(z).shape == row.numpy.df(z).shape == z.shape
    np.testing.assert_array_equal(row.numpy(z), row.numpy.f(z))


@each
def test_the_range_is_the_least_and_the_largest_value(row):
    low, high = row.numpy.range
    values = row.numpy(np.linspace(-1000, 1000, 2_000_001))
    assert low <= values.min()
    assert values.max() <= high
    for end, value in ((low, values.min()), (high, values.max())):
        assert value == pytest.approx(end, abs=1.1e-3) if np.isfinite(end) else abs(value) > 100


def test_the_dictionaries_hold_every_activation():
    assert list(activations.ACTIVATIONS) == list(torch_activations.ACTIVATIONS)
    assert set(activations.ACTIVATIONS) == {row.name for row in ACTIVATIONS} - {"swish, beta 1.7"}
    z = np.array([-0.5, 1.0])
    for name, activation in activations.ACTIVATIONS.items():
        twin = torch_activations.ACTIVATIONS[name](torch.tensor(z))
        np.testing.assert_allclose(activation(z), twin.numpy(), **CLOSE)


def test_known_values():
    assert sigmoid.df(0.0) == 0.25
    assert tanh.df(0.0) == 1
    assert activations.gelu(1.0) == pytest.approx(0.8413, abs=5e-5)
    assert swish(0)(3.0) == 1.5
    z = np.linspace(-5, 5, 11)
    np.testing.assert_allclose(tanh(z), 2 * sigmoid(2 * z) - 1, atol=1e-15)
    assert relu.df(0.0) == 0


# ---- softmax


@pytest.mark.parametrize("axis", [-1, 0, 1])
def test_softmax_along_any_axis(axis):
    z = np.random.default_rng(0).normal(scale=5, size=(4, 3, 5))
    for function in (torch_activations.softmax, torch.softmax):
        np.testing.assert_allclose(softmax(z, axis), function(torch.tensor(z), axis).numpy(), **CLOSE)


def test_softmax_of_large_scores():
    p = softmax(np.array([[1000.0, 0.0, -1000.0], [-1000.0, -1000.0, -1000.0]]))
    np.testing.assert_allclose(p, [[1, 0, 0], [1 / 3, 1 / 3, 1 / 3]])


def test_the_jacobian_is_autograd_s():
    rng = np.random.default_rng(0)
    z = rng.normal(size=4)
    expected = torch.autograd.functional.jacobian(lambda t: torch.softmax(t, -1), torch.tensor(z)).numpy()
    jacobian = softmax_jacobian(softmax(z))
    np.testing.assert_allclose(jacobian, expected, **CLOSE)
    np.testing.assert_allclose(
        jacobian, torch_activations.softmax_jacobian(torch.tensor(softmax(z))), **CLOSE
    )
    np.testing.assert_allclose(jacobian.sum(axis=1), 0, atol=1e-15)


def test_the_way_back_is_the_product_with_the_jacobian():
    rng = np.random.default_rng(0)
    z, dp = rng.normal(size=(2, 3, 5, 4))
    p = softmax(z)
    product = np.squeeze(dp[..., None, :] @ softmax_jacobian(p), axis=-2)
    np.testing.assert_allclose(softmax_backward(p, dp), product, **CLOSE)
    t = torch.tensor(z, requires_grad=True)
    torch_activations.softmax(t).backward(torch.tensor(dp))
    np.testing.assert_allclose(softmax_backward(p, dp), t.grad.numpy(), **CLOSE)
    np.testing.assert_array_equal(softmax_backward(p, dp)[1], softmax_backward(p[1], dp[1]))


def test_a_leak_of_nothing_bounds_the_range():
    assert activations.leaky_relu(0).range == (0, np.inf)
    assert activations.leaky_relu(0.1).range == (-np.inf, np.inf)
