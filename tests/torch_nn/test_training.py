"""The PyTorch loops give what their NumPy twins give."""

import numpy as np
import pytest
import torch

from course_lib.datasets import Dataset, line, moons
from course_lib.numpy_nn import activations, layers, losses, optimizers, training
from course_lib.surfaces import quadratic
from course_lib.torch_nn import activations as torch_activations
from course_lib.torch_nn import datasets as torch_datasets
from course_lib.torch_nn import layers as torch_layers
from course_lib.torch_nn import losses as torch_losses
from course_lib.torch_nn import optimizers as torch_optimizers
from course_lib.torch_nn import training as torch_training
from tests.registry import load_all, torch_dense


def torch_bowl(w):
    return (w**2 * torch.tensor([1.0, 10.0], dtype=w.dtype)).sum() / 2


@pytest.mark.parametrize("lr", [0.05, 0.2, 0.3])  # converges, oscillates, diverges
@pytest.mark.parametrize("kind", [torch_optimizers.SGD, torch.optim.SGD])
def test_descents_are_equal(lr, kind):
    ours = training.descend(quadratic((1.0, 10.0)), optimizers.SGD(lr), [3.0, 2.0], n_steps=60)
    theirs = torch_training.descend(torch_bowl, lambda params: kind(params, lr=lr), [3.0, 2.0], n_steps=60)
    np.testing.assert_allclose(ours.points, theirs.points, rtol=1e-12)
    np.testing.assert_allclose(ours.losses, theirs.losses, rtol=1e-12)
    assert ours.diverged_at == theirs.diverged_at


def both_trainings(lr, epochs=10, batch_size=5, seed=0):
    """Train both on batches in the order in which the samples stand."""
    data, rng = line(np.random.default_rng(seed), 28), np.random.default_rng(seed + 1)
    model = layers.Sequential([layers.Dense(1, 4), layers.Dense(4, 1)])
    params = model.init(rng)
    torch_model = torch_layers.Sequential(*map(torch_dense, params))
    settings = {"epochs": epochs, "batch_size": batch_size, "shuffle": False}
    params, history = training.train(model, params, losses.mse, optimizers.SGD(lr), data, rng=rng, **settings)
    torch_optimizer = torch_optimizers.SGD(torch_model.parameters(), lr=lr)
    torch_model, torch_history = torch_training.train(
        torch_model, torch_losses.mse, torch_optimizer, data, **settings
    )
    return params, history, torch_model, torch_history


def test_trainings_are_equal():
    params, history, model, torch_history = both_trainings(lr=0.03)
    assert len(history.batch_loss) == 50  # batches of 5, 5, 5, 5 and 2
    for name in ("batch_loss", "train_loss", "test_loss"):
        np.testing.assert_allclose(getattr(history, name), getattr(torch_history, name), rtol=1e-10)
    for p, layer in zip(params, model):
        np.testing.assert_allclose(p["W"], layer.W.detach().numpy(), rtol=1e-10)
        np.testing.assert_allclose(p["b"], layer.b.detach().numpy(), rtol=1e-10)


def test_trainings_of_a_classifier_with_batch_norm_are_equal():
    data, rng = moons(np.random.default_rng(0), 40), np.random.default_rng(1)
    model = layers.Sequential(
        [layers.Dense(2, 5), layers.BatchNorm(5), layers.Activate(activations.relu), layers.Dense(5, 2)]
    )
    params = model.init(rng)
    torch_model = torch_layers.Sequential(
        torch_layers.Dense(2, 5),
        torch_layers.BatchNorm(5),
        torch_layers.Activate(torch_activations.relu),
        torch_layers.Dense(5, 2),
    )
    load_all(torch_model, params)
    settings = {"epochs": 10, "batch_size": 8, "shuffle": False}
    sgd = optimizers.SGD(0.1)
    params, history = training.train(model, params, losses.cross_entropy, sgd, data, rng=rng, **settings)
    torch_sgd = torch_optimizers.SGD(torch_model.parameters(), lr=0.1)
    torch_training.train(torch_model, torch_losses.cross_entropy, torch_sgd, data, **settings)
    state = torch_model.state_dict()
    for i, p in enumerate(params):
        for name, value in p.items():
            np.testing.assert_allclose(value, state[f"{i}.{name}"].numpy(), rtol=1e-9, atol=1e-12)
    assert history.train_loss[-1] < 0.5


@pytest.mark.parametrize("lr", [0.15, 0.2, 0.25, 0.4, 1e6])  # at the start and in the middle of an epoch
def test_divergence_is_reported_alike(lr):
    _, history, _, torch_history = both_trainings(lr, batch_size=12)
    assert history.diverged_at == torch_history.diverged_at > 0
    for name in ("batch_loss", "train_loss", "test_loss"):
        ours, theirs = getattr(history, name), getattr(torch_history, name)
        assert np.isfinite(theirs).all()
        np.testing.assert_allclose(ours, theirs, rtol=1e-6)


def test_shuffling_is_the_generator_s():
    def losses_of(seed, **settings):
        model = torch_layers.Dense(1, 1, init=_ones)
        return torch_training.train(
            model,
            torch_losses.mse,
            torch_optimizers.SGD(model.parameters(), lr=0.1),
            line(np.random.default_rng(0), 20),
            epochs=2,
            batch_size=3,
            generator=torch.Generator().manual_seed(seed),
            **settings,
        )[1].batch_loss.tolist()

    assert losses_of(0) == losses_of(0) != losses_of(1)
    assert losses_of(0, shuffle=False) == losses_of(1, shuffle=False) != losses_of(0)


def _ones(weight, generator=None):
    return torch.nn.init.ones_(weight)


def test_the_callback_counts_updates():
    seen = []
    model = torch_layers.Dense(1, 1)
    torch_training.train(
        model,
        torch_losses.mse,
        torch_optimizers.SGD(model.parameters(), lr=0.1),
        line(np.random.default_rng(0), 10),
        epochs=2,
        batch_size=4,
        callback=lambda k, model: seen.append(k),
    )
    assert seen == [1, 2, 3, 4]


def test_tensor_datasets_keep_types_and_order():
    data = moons(np.random.default_rng(0), 10)
    train, test = torch_datasets.tensor_datasets(data, dtype=torch.float32)
    x, y = train.tensors
    assert (x.dtype, y.dtype) == (torch.float32, torch.int64)
    np.testing.assert_allclose(x.numpy(), data.x_train, rtol=1e-6)
    np.testing.assert_array_equal(test.tensors[1].numpy(), data.y_test)


def test_three_points_by_pytorch():
    x, y = np.array([[1.0], [2.0], [3.0]]), np.array([[2.5], [4.5], [6.5]])
    data = Dataset("three points", x, y, np.array([[4.0]]), np.array([[8.5]]))
    model = torch_layers.Dense(1, 1)
    torch_training.train(
        model,
        torch_losses.mse,
        torch_optimizers.SGD(model.parameters(), lr=0.1),
        data,
        epochs=1000,
        batch_size=3,
    )
    assert model(torch.tensor([[4.0]], dtype=torch.float64)).item() == pytest.approx(8.5)


def test_dense_draws_from_its_generator_and_keeps_its_dtype():
    first, again = (torch_layers.Dense(3, 2, generator=torch.Generator().manual_seed(0)) for _ in range(2))
    assert torch.equal(first.W, again.W)
    assert first.W.shape == (3, 2)
    assert torch_layers.Dense(3, 2, dtype=torch.float32)(torch.ones(1, 3)).dtype == torch.float32
    assert repr(first) == "Dense(3, 2)"
