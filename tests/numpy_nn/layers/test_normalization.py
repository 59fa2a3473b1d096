"""Normalization: the running statistics, company and no company, samples with more axes."""

import numpy as np
import pytest
import torch

from course_lib.core import tree_map
from course_lib.numpy_nn.gradients import check_gradients
from course_lib.numpy_nn.layers import BatchNorm, Dense, LayerNorm, Residual, Sequential
from course_lib.torch_nn import layers as torch_layers

rng_of = np.random.default_rng
CLOSE = {"rtol": 1e-12, "atol": 1e-12}


def test_running_statistics_are_pytorch_s():
    rng, norm = rng_of(0), BatchNorm(3, momentum=0.2)
    params = norm.init(rng)
    ours = torch_layers.BatchNorm(3, momentum=0.2)
    official = torch.nn.BatchNorm1d(3, momentum=0.2, dtype=torch.float64)
    for _ in range(50):
        x = rng.normal(loc=2, scale=3, size=(rng.integers(2, 6), 3))
        _, cache = norm.forward(params, x, train=True)
        params = norm.remember(params, cache)
        for module in (ours, official):
            module(torch.tensor(x))
            for name in ("running_mean", "running_var"):
                np.testing.assert_allclose(params[name], getattr(module, name).numpy(), **CLOSE)


def test_only_training_moves_the_running_statistics():
    norm, x = BatchNorm(2), rng_of(0).normal(size=(5, 2))
    params = norm.init(rng_of(0))
    assert norm.remember(params, norm.forward(params, x)[1]) is params
    moved = norm.remember(params, norm.forward(params, x, train=True)[1])
    assert (moved["running_mean"] != 0).all()
    assert (params["running_mean"] == 0).all()  # what was given is not changed


def test_a_trained_sample_does_not_see_its_company():
    norm, x = BatchNorm(2), rng_of(0).normal(size=(5, 2))
    params = {
        **norm.init(rng_of(0)),
        "running_mean": np.array([1.0, 2.0]),
        "running_var": np.array([4.0, 9.0]),
    }
    np.testing.assert_array_equal(norm.forward(params, x)[0][:1], norm.forward(params, x[:1])[0])
    assert (norm.forward(params, x, train=True)[0][:2] != norm.forward(params, x[:2], train=True)[0]).all()


def test_a_batch_has_mean_zero_and_variance_one():
    norm, x = BatchNorm(3), rng_of(0).normal(loc=5, scale=7, size=(200, 3))
    y, _ = norm.forward(norm.init(rng_of(0)), x, train=True)
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(axis=0), 1, rtol=1e-6)


def test_models_pass_on_what_their_layers_remember():
    model = Sequential([Dense(2, 3), Residual(Sequential([Dense(3, 3), BatchNorm(3)]))])
    params = model.init(rng_of(0), runs=(4,))
    _, cache = model.forward(params, rng_of(1).normal(size=(6, 2)), train=True)
    after = model.remember(params, cache)
    assert after[1][1]["running_mean"].shape == (4, 3)
    assert (after[1][1]["running_mean"] != params[1][1]["running_mean"]).all()
    assert after[0]["W"] is params[0]["W"]


@pytest.mark.parametrize("runs", [(), (3,), (2, 3)])
def test_layer_norm_of_samples_with_more_axes(runs):
    rng, norm = rng_of(0), LayerNorm(4, eps=0.1)
    params = tree_map(lambda p: rng.normal(size=p.shape), norm.init(rng, runs))
    x = rng.normal(size=(*runs, 2, 5, 4))
    assert check_gradients(norm, params, x, rng=rng) < 1e-7
    y, cache = norm.forward(params, x)
    dx, grads = norm.backward(params, cache, x)
    for run in np.ndindex(*runs):
        official = torch.nn.LayerNorm(4, eps=0.1, dtype=torch.float64)
        official.load_state_dict(
            {"weight": torch.tensor(params["gamma"][run]), "bias": torch.tensor(params["beta"][run])}
        )
        t = torch.tensor(x[run], requires_grad=True)
        out = official(t)
        out.backward(torch.tensor(x[run]))
        np.testing.assert_allclose(y[run], out.detach().numpy(), **CLOSE)
        np.testing.assert_allclose(dx[run], t.grad.numpy(), **CLOSE)
        np.testing.assert_allclose(grads["gamma"][run], official.weight.grad.numpy(), **CLOSE)
        np.testing.assert_allclose(grads["beta"][run], official.bias.grad.numpy(), **CLOSE)


def test_equal_values_do_not_divide_by_zero():
    for layer in (BatchNorm(3), LayerNorm(3)):
        y, _ = layer.forward(layer.init(rng_of(0)), np.full((4, 3), 1000.0), train=True)
        np.testing.assert_array_equal(y, np.zeros((4, 3)))
