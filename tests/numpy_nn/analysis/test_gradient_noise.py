"""Gradients of single samples, the scatter of batches, and the learning-rate range test."""

from itertools import combinations

import numpy as np
import pytest
import torch

from course_lib.core import to_vector, tree_map
from course_lib.datasets import Dataset, line, load_digits, moons
from course_lib.numpy_nn import layers, losses
from course_lib.numpy_nn.analysis import (
    batch_gradients,
    batch_variance,
    gradient_variance,
    noise_floor,
    per_sample_gradients,
)
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import RangeTest, descend, range_test, train
from course_lib.surfaces import noisy, quadratic

MODEL = layers.mlp([2, 4, 3])
X, LABELS = np.random.default_rng(0).normal(size=(12, 2)), np.random.default_rng(1).integers(0, 3, 12)


def params_of(runs=()):
    rng = np.random.default_rng(2)
    return tree_map(lambda p: rng.normal(size=p.shape), MODEL.init(rng, runs))


def test_gradients_of_samples_equal_torch_func():
    params = params_of()

    def f(p, x, y):
        logits = torch.tanh(x @ p[0] + p[1]) @ p[2] + p[3]
        return torch.nn.functional.cross_entropy(logits[None], y[None])

    tensors = tuple(torch.tensor(p) for layer in (params[0], params[2]) for p in layer.values())
    official = torch.vmap(torch.func.grad(f), in_dims=(None, 0, 0))(
        tensors, torch.tensor(X), torch.tensor(LABELS)
    )
    official = torch.cat([g.reshape(12, -1) for g in official], dim=1).numpy()
    ours = per_sample_gradients(MODEL, params, losses.cross_entropy, X, LABELS)
    np.testing.assert_allclose(ours, official, rtol=1e-11, atol=1e-14)


def test_runs_of_parameters_are_kept_and_the_mean_is_the_gradient_of_all():
    params = params_of(runs=(3,))
    gradients = per_sample_gradients(MODEL, params, losses.cross_entropy, X, LABELS)
    assert gradients.shape == (12, 3, 27)
    pred, cache = MODEL.forward(params, X)
    whole = MODEL.backward(params, cache, losses.cross_entropy.grad(pred, LABELS))[1]
    np.testing.assert_allclose(gradients.mean(axis=0), to_vector(whole, 1), rtol=1e-11, atol=1e-14)
    for i in range(3):
        alone = tree_map(lambda p, i=i: p[i], params)
        np.testing.assert_allclose(
            per_sample_gradients(MODEL, alone, losses.cross_entropy, X, LABELS), gradients[:, i], rtol=1e-12
        )


@pytest.mark.parametrize("batch_size", [1, 2, 3, 5, 6])
def test_the_variance_of_every_possible_batch_is_that_of_theory(batch_size):
    gradients = np.random.default_rng(0).normal(size=(6, 4))
    batches = [gradients[list(chosen)].mean(axis=0) for chosen in combinations(range(6), batch_size)]
    theory = batch_variance(gradient_variance(gradients), batch_size, n=6)
    assert gradient_variance(np.array(batches)) == pytest.approx(theory, abs=1e-12)


@pytest.mark.parametrize("replace", [False, True])
def test_drawn_batches_scatter_as_theory_says(replace):
    gradients = np.random.default_rng(0).normal(size=(50, 2, 20))
    for size in (1, 5, 25):
        drawn = batch_gradients(gradients, size, 4000, np.random.default_rng(1), replace=replace)
        theory = batch_variance(gradient_variance(gradients), size, n=None if replace else 50)
        np.testing.assert_allclose(gradient_variance(drawn), theory, rtol=0.05)


def test_on_digits_the_noise_falls_as_one_over_the_root_of_the_batch_size():
    digits = load_digits()
    model = layers.mlp([64, 16, 10])
    x, y = digits.x[:1000] / 16, digits.y[:1000].astype(int)
    gradients = per_sample_gradients(model, model.init(np.random.default_rng(0)), losses.cross_entropy, x, y)
    sizes, rng = np.array([1, 4, 16, 64]), np.random.default_rng(1)
    noise = [np.sqrt(gradient_variance(batch_gradients(gradients, b, 400, rng, replace=True))) for b in sizes]
    slope = np.polyfit(np.log(sizes), np.log(noise), 1)[0]
    assert slope == pytest.approx(-0.5, abs=0.05)


def test_the_floor_of_noisy_descent_on_a_bowl():
    curvatures, std, lr = np.array([1.0, 6.0]), 1.5, np.array([0.05, 0.3])
    surface = noisy(quadratic(curvatures), std, np.random.default_rng(0))
    path = descend(surface, SGD(lr[:, None]), np.zeros((1, 4000, 2)), n_steps=150)
    measured = path.losses[-1].mean(axis=-1)
    np.testing.assert_allclose(measured, noise_floor(lr, curvatures, [std**2] * 2), rtol=0.06)
    assert noise_floor(0.4, curvatures, [1.0, 1.0]) == np.inf


# ---- range test


def searched(model, data, **settings):
    params = settings.pop("params", None) or model.init(np.random.default_rng(0))
    settings = {"lr_low": 1e-4, "lr_high": 30.0, "n_updates": 150, "batch_size": 20} | settings
    return range_test(model, params, losses.mse, data, rng=np.random.default_rng(1), **settings)


def test_a_range_test_on_a_bowl_blows_up_soon_after_the_limit():
    x = np.random.default_rng(0).normal(size=(20, 1))
    data = Dataset("line", x, 2 * x + 1, x, 2 * x + 1)
    found = searched(layers.Dense(1, 1), data)
    X1 = np.hstack([x, np.ones_like(x)])
    limit = 2 / np.linalg.eigvalsh(2 / 20 * X1.T @ X1)[-1]
    assert limit < found.blow_up < 20 * limit  # it takes some steps to grow
    assert found.steepest < limit
    assert found.rates[0] == pytest.approx(1e-4)
    assert found.rates[-1] == pytest.approx(30)
    assert np.isfinite(found.smoothed).all()


def test_the_rates_of_a_range_test_grow_by_one_factor_and_are_those_of_the_training():
    data, model = line(np.random.default_rng(0), 60), layers.Dense(1, 1)
    found = searched(model, data, n_updates=10, lr_high=0.1)
    np.testing.assert_allclose(np.diff(np.log(found.rates)), np.log(1000) / 9)
    params = model.init(np.random.default_rng(0))
    sgd = SGD(lambda t: 1e-4 * 1000 ** (min(t, 9) / 9))
    epochs = -(-10 // -(-len(data.x_train) // 20))
    settings = {"epochs": epochs, "batch_size": 20, "rng": np.random.default_rng(1)}
    _, history = train(model, params, losses.mse, sgd, data, **settings)
    np.testing.assert_allclose(found.losses, history.batch_loss[:10], rtol=1e-10)
    assert found.blow_up == found.rates[-1]  # it never does


def bent(*places, n=60, diverged_at=-1):
    """The range test of losses that fall by 0.3 at some places, and are flat between."""
    losses = 1 - 0.3 * sum(np.arange(n) >= place for place in places)
    return RangeTest.of(np.arange(float(n)), losses, np.array(diverged_at))


def test_the_steepest_place_is_where_the_loss_falls_but_not_in_the_first_twenty_updates():
    assert bent(40).steepest == 40
    assert bent(20).steepest == 20
    assert bent(10).steepest == 20  # of what is left of that fall, the most
    assert bent(10, 50).steepest == 50
    assert bent(59).steepest == 59  # the last one is among them
    assert bent(7, n=11).steepest == 7  # of few updates the first half is left out
    assert bent(1, n=11).steepest == 5


def test_a_run_that_diverged_has_blown_up_there():
    for at in (0, 5, 58):
        assert bent(40, diverged_at=at).blow_up == at
    assert bent(40).blow_up == 59  # it never does


def test_the_smoothed_loss_is_a_mean_in_which_each_update_weighs_nine_tenths_of_the_next():
    losses = np.random.default_rng(0).random((40, 3))
    smoothed = RangeTest.of(np.arange(40.0), losses, np.full(3, -1)).smoothed
    for t in range(40):
        wanted = np.average(losses[: t + 1], axis=0, weights=0.9 ** np.arange(t, -1, -1))
        np.testing.assert_allclose(smoothed[t], wanted, rtol=1e-12)


def test_many_runs_of_a_range_test_equal_one_at_a_time():
    model, data = layers.mlp([2, 8, 1]), moons(np.random.default_rng(0), 100)
    data = Dataset(
        "moons", data.x_train, data.y_train.reshape(-1, 1).astype(float), data.x_test[:1], np.zeros((1, 1))
    )
    params = model.init(np.random.default_rng(3), (4,))
    together = searched(model, data, params=params)
    assert together.smoothed.shape == (150, 4)
    for i in range(4):
        alone = searched(model, data, params=tree_map(lambda p, i=i: p[i], params))
        np.testing.assert_allclose(together.losses[:50, i], alone.losses[:50], rtol=1e-6)
        assert together.steepest[i] == pytest.approx(alone.steepest)
        assert together.blow_up[i] == pytest.approx(alone.blow_up)
    assert (together.steepest < together.blow_up).all()
