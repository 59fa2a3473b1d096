"""Penalties and the proximal step: gradients, what is left out, runs, and where training with them ends."""

import dataclasses

import numpy as np
import pytest
import torch
from sklearn import linear_model

from course_lib.core import from_vector, to_vector, tree_leaves, tree_map
from course_lib.numpy_nn import linear_models, losses
from course_lib.numpy_nn.gradients import numerical_gradient
from course_lib.numpy_nn.layers import BatchNorm, Dense, LayerNorm, Sequential, mlp
from course_lib.numpy_nn.optimizers import SGD, Chain
from course_lib.numpy_nn.regularizers import L1, L2, ElasticNet, ProximalL1, soft_threshold, weights
from course_lib.numpy_nn.training import descend
from course_lib.surfaces import quadratic
from course_lib.torch_nn import layers as torch_layers
from course_lib.torch_nn import regularizers as torch_regularizers
from tests.registry import load_all

PAIRS = [
    (L1(0.3), torch_regularizers.L1(0.3)),
    (L2(0.7), torch_regularizers.L2(0.7)),
    (ElasticNet(0.3, 0.7), torch_regularizers.ElasticNet(0.3, 0.7)),
]
pairs = pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=["L1", "L2", "ElasticNet"])


def drawn(model, runs=(), seed=0):
    rng = np.random.default_rng(seed)
    return tree_map(lambda p: rng.normal(size=p.shape), model.init(rng, runs))


@pairs
def test_the_gradient_equals_differences(ours, theirs):
    params = drawn(Sequential([Dense(3, 4), BatchNorm(4), Dense(4, 2), LayerNorm(2)]))
    numeric = numerical_gradient(lambda v: ours.value(from_vector(v, params)), to_vector(params))
    np.testing.assert_allclose(to_vector(ours.grad(params)), numeric, atol=1e-9)


@pairs
def test_value_and_gradient_equal_pytorch(ours, theirs):
    params = drawn(mlp([3, 4, 2]))
    model = load_all(torch_layers.mlp([3, 4, 2]), params)
    penalty = theirs(model)
    penalty.backward()
    assert ours.value(params) == pytest.approx(penalty.item(), rel=1e-13)
    for grads, layer in zip(ours.grad(params)[::2], model[::2], strict=True):
        np.testing.assert_allclose(grads["W"], layer.W.grad.numpy(), rtol=1e-13)
        assert layer.b.grad is None
        assert not grads["b"].any()


@pytest.mark.parametrize("kind", [L1, L2, lambda lam: ElasticNet(lam, 0.5)])
@pytest.mark.parametrize("lam", [0.3, np.array([0.0, 0.3, 2.0])])
def test_a_row_of_a_batch_equals_the_row_alone(kind, lam):
    params = drawn(mlp([3, 4, 2]), runs=(3,))
    value, grads = kind(lam).value(params), kind(lam).grad(params)
    assert value.shape == (3,)
    for i in range(3):
        alone, reg = tree_map(lambda p, i=i: p[i], params), kind(np.broadcast_to(lam, 3)[i])
        assert value[i] == pytest.approx(reg.value(alone), rel=1e-14)
        for g, h in zip(tree_leaves(grads), tree_leaves(reg.grad(alone)), strict=True):
            np.testing.assert_array_equal(g[i], h)


def test_only_weights_count():
    params = [{"W": np.ones((2, 2)), "b": np.full(2, 9.0)}, {"W_x": np.ones(3), "W_h": np.ones(3)}]
    others = {name: np.full(2, 9.0) for name in ("gamma", "beta", "running_mean", "running_var")}
    assert L1(1.0).value([*params, others]) == 10
    assert [w.size for w in weights([*params, others])] == [4, 3, 3]
    assert L1(1.0).value(np.array([1.0, -2.0])) == 3  # a bare array is weights
    assert L2(1.0).value({"b": np.ones(2)}) == 0


def test_the_slope_of_a_weight_of_zero_is_that_of_pytorch():
    w = np.array([0.0, -0.0, 2.0, -3.0])
    for penalty, formula in (
        (L1(0.7), lambda t: 0.7 * t.abs().sum()),
        (ElasticNet(0.7, 0.3), lambda t: 0.7 * t.abs().sum() + 0.15 * t.square().sum()),
    ):
        t = torch.tensor(w, requires_grad=True)
        formula(t).backward()
        np.testing.assert_allclose(penalty.grad(w), t.grad.numpy())


def test_steps_of_many_proximal_rates_equal_one_at_a_time():
    lr, w = np.array([0.1, 0.5, 2.0]), np.random.default_rng(0).normal(size=(3, 4))
    many = ProximalL1(0.4, lr)
    step = many.update(w, many.init(w), w)[0]
    for i in range(3):
        one = ProximalL1(0.4, float(lr[i]))
        np.testing.assert_array_equal(step[i], one.update(w[i], one.init(w[i]), w[i])[0])


def test_float32_stays():
    params = {"W": np.ones((2, 2), np.float32), "b": np.ones(2, np.float32)}
    assert L2(0.1).grad(params)["W"].dtype == np.float32


def test_l2_with_sgd_is_weight_decay_with_the_same_number():
    w = torch.tensor([2.0, -3.0], dtype=torch.float64, requires_grad=True)
    official = torch.optim.SGD([w], lr=0.1, weight_decay=0.7)
    ours = np.array([2.0, -3.0])
    for _ in range(5):
        w.grad = torch.tensor([0.5, 1.0], dtype=torch.float64)
        official.step()
        ours = ours - 0.1 * (np.array([0.5, 1.0]) + L2(0.7).grad(ours))
    np.testing.assert_allclose(ours, w.detach().numpy(), rtol=1e-14)


def test_soft_threshold_equals_pytorch():
    w = np.linspace(-2, 2, 41)
    official = torch.nn.functional.softshrink(torch.tensor(w), 0.7).numpy()
    np.testing.assert_allclose(soft_threshold(w, 0.7), official, atol=1e-15)
    np.testing.assert_allclose(torch_regularizers.soft_threshold(torch.tensor(w), 0.7), official, atol=1e-15)
    assert (soft_threshold(w, 0.7)[np.abs(w) < 0.7] == 0).all()


# ---- where training ends


def problem(n=40, d=6, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, d)) + rng.normal(size=d)
    y = x @ np.array([[2.0], [-1.0], [0.3], [0.0], [0.0], [0.05]]) + 3 + 0.5 * rng.normal(size=(n, 1))
    return x, y


def trained(x, y, optimizer, regularizer=None, n_steps=20_000):
    """Full-batch training of a Dense layer, the regularizer's gradient added to the loss's."""
    model = Dense(x.shape[1], y.shape[1])
    params = tree_map(lambda p: p + 0.37, model.init(np.random.default_rng(1)))
    state = optimizer.init(params)
    for _ in range(n_steps):
        pred, cache = model.forward(params, x)
        grads = model.parameter_gradients(params, cache, losses.mse.grad(pred, y))
        if regularizer:
            grads = tree_map(np.add, grads, regularizer.grad(params))
        step, state = optimizer.update(grads, state, params)
        params = tree_map(np.add, params, step)
    return params


@pytest.mark.parametrize("lam", [0.05, 1.0])
def test_training_with_l2_ends_at_ridge_regression(lam):
    x, y = problem()
    params = trained(x, y, SGD(0.05), L2(lam), n_steps=6000)
    official = linear_model.Ridge(alpha=len(x) * lam / 2).fit(x, y)
    closed = linear_models.ridge(x, y, lam)
    np.testing.assert_allclose(params["W"].ravel(), official.coef_.ravel(), atol=1e-8)
    np.testing.assert_allclose(params["b"], official.intercept_, atol=1e-8)
    np.testing.assert_allclose(params["W"], closed["W"], atol=1e-8)


@pytest.mark.parametrize("l2", [0.0, 0.4])
def test_proximal_training_ends_at_the_lasso_and_the_elastic_net_with_the_same_zeros(l2):
    x, y = problem()
    lam, lr = 0.3, 0.05
    params = trained(x, y, Chain([SGD(lr), ProximalL1(lam, lr)]), L2(l2), n_steps=6000)
    official = linear_model.ElasticNet(
        alpha=(lam + l2) / 2, l1_ratio=lam / (lam + l2), tol=1e-14, max_iter=100_000
    ).fit(x, y[:, 0])
    np.testing.assert_allclose(params["W"].ravel(), official.coef_, atol=1e-6)
    np.testing.assert_allclose(params["b"], official.intercept_, atol=1e-6)
    zeros = params["W"].ravel() == 0
    np.testing.assert_array_equal(zeros, official.coef_ == 0)
    assert 1 <= zeros.sum() < 6


def test_plain_subgradient_descent_makes_no_weight_exactly_zero():
    x, y = problem()
    params = trained(x, y, SGD(0.05), L1(0.3), n_steps=2000)
    proximal = linear_models.lasso(x, y, 0.3)
    assert (proximal["W"] == 0).any()
    assert (params["W"] != 0).all()
    assert np.abs(params["W"] - proximal["W"]).max() < 0.05  # near, and shaking


def test_the_proximal_step_shrinks_weights_alone_and_goes_by_the_schedule():
    params = [{"W": np.array([[1.0], [0.1]]), "b": np.array([0.1])}]
    op = ProximalL1(lam=1.0, lr=lambda t: 0.5 / (t + 1))
    still = tree_map(np.zeros_like, params)
    step, state = op.update(still, op.init(params), params)
    np.testing.assert_allclose(step[0]["W"].ravel(), [-0.5, -0.1])
    assert step[0]["b"] == 0
    step, state = op.update(still, state, params)
    np.testing.assert_allclose(step[0]["W"].ravel(), [-0.25, -0.1])
    assert state.t == 2


def test_proximal_descent_of_many_strengths_equals_one_at_a_time():
    lam = np.array([0.0, 0.5, 3.0])
    path = descend(quadratic(), Chain([SGD(0.05), ProximalL1(lam, 0.05)]), [2.0, -1.0], n_steps=50)
    for i in range(3):
        alone = Chain([SGD(0.05), ProximalL1(lam[i], 0.05)])
        np.testing.assert_array_equal(
            path.points[:, i], descend(quadratic(), alone, [2.0, -1.0], n_steps=50).points
        )
    assert (path.points[-1, 2] == 0).all()


def test_the_proximal_steps_of_both_packages_are_equal():
    w = torch.tensor([2.0, -0.3], dtype=torch.float64, requires_grad=True)
    sgd, shrink = torch.optim.SGD([w], lr=0.05), torch_regularizers.ProximalL1([w], 0.8, 0.05)
    path = descend(quadratic(), Chain([SGD(0.05), ProximalL1(0.8, 0.05)]), [2.0, -0.3], n_steps=60)
    for t in range(60):
        np.testing.assert_allclose(path.points[t], w.detach().numpy(), atol=1e-14)
        sgd.zero_grad()
        ((w**2 * torch.tensor([1.0, 10.0])).sum() / 2).backward()
        sgd.step()
        shrink.step()


@pytest.mark.parametrize("one", [L1(0.1), L2(0.1), ElasticNet(0.1, 0.2), ProximalL1(0.1, 0.1)])
def test_strengths_are_fixed_once_a_regularizer_is_made(one):
    for field in dataclasses.fields(one):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(one, field.name, 0.5)
