"""The PyTorch loops give what their NumPy twins give."""

import numpy as np
import pytest
import torch

from course_lib.datasets import Dataset, line, moons
from course_lib.numpy_nn import activations, layers, losses, optimizers, regularizers, training
from course_lib.schedules import EarlyStopping, ReduceOnPlateau
from course_lib.surfaces import quadratic
from course_lib.torch_nn import activations as torch_activations
from course_lib.torch_nn import datasets as torch_datasets
from course_lib.torch_nn import layers as torch_layers
from course_lib.torch_nn import losses as torch_losses
from course_lib.torch_nn import optimizers as torch_optimizers
from course_lib.torch_nn import regularizers as torch_regularizers
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
    for name in ("batch_loss", "train_loss", "validation_loss"):
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
    for name in ("batch_loss", "train_loss", "validation_loss"):
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


# ---- beside the gradient: what else a training can do


def both_with(ours, theirs, lr=0.05, epochs=30, n=40):
    """Train both with an option each, and compare weights and histories."""
    data, rng = moons(np.random.default_rng(0), n, noise=0.4), np.random.default_rng(1)
    model = layers.mlp([2, 8, 2], activations.tanh)
    start = model.init(rng)
    torch_model = torch_layers.Sequential(
        torch_dense(start[0]), torch_layers.Activate(torch_activations.tanh), torch_dense(start[2])
    )
    settings = {"epochs": epochs, "batch_size": 6, "shuffle": False}
    params, history = training.train(
        model, start, losses.cross_entropy, optimizers.SGD(lr), data, rng=rng, **(settings | ours)
    )
    torch_sgd = torch_optimizers.SGD(torch_model.parameters(), lr=lr)
    theirs = {name: make(torch_sgd) if name == "scheduler" else make for name, make in theirs.items()}
    _, torch_history = torch_training.train(
        torch_model, torch_losses.cross_entropy, torch_sgd, data, **(settings | theirs)
    )
    for name in ("batch_loss", "train_loss", "validation_loss", "n_updates", "diverged_at"):
        np.testing.assert_allclose(getattr(history, name), getattr(torch_history, name), rtol=1e-9)
    for p, layer in zip(params[::2], torch_model[::2], strict=True):
        np.testing.assert_allclose(p["W"], layer.W.detach().numpy(), rtol=1e-8)
        np.testing.assert_allclose(p["b"], layer.b.detach().numpy(), rtol=1e-8)
    return history, torch_history


def test_trainings_with_micro_batches_and_growing_batches_are_equal():
    both_with(*[{"accumulate": 3, "batch_size": 4}] * 2)
    both_with(*[{"accumulate": 2, "batch_size": lambda epoch: min(2 + epoch, 32)}] * 2)


def test_trainings_with_a_regularizer_are_equal():
    def penalty(model):
        per_square = regularizers.L2(0.1).value({"W": np.ones((1, 1))})
        return sum(float(per_square) * p.square().sum() for p in _weights(model))

    both_with({"regularizer": regularizers.L2(0.1)}, {"regularizer": torch_regularizers.L2(0.1)})
    both_with({"regularizer": regularizers.L2(0.1)}, {"regularizer": penalty})


def _weights(model):
    return [p for name, p in model.named_parameters() if name.endswith("W")]


@pytest.mark.parametrize("patience", [2, 200])  # stops; does not
def test_trainings_that_stop_early_are_equal(patience):
    rule = EarlyStopping(patience, min_delta=1e-4)
    history, torch_history = both_with(*[{"early_stopping": rule}] * 2, lr=1.0, epochs=150)
    assert (history.stopped_at == torch_history.stopped_at) & (history.best_epoch == torch_history.best_epoch)
    assert (history.stopped_at > 0) == (patience == 2)
    assert history.best_epoch < 150


def test_trainings_with_a_schedule_or_a_plateau_are_equal():
    def decay(optimizer):
        return torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.99)

    def schedule(t):
        return 0.5 * 0.99**t

    data, rng = moons(np.random.default_rng(0), 40), np.random.default_rng(1)
    start = layers.Dense(2, 2).init(rng)
    torch_model = torch_dense(start)
    sgd = torch_optimizers.SGD(torch_model.parameters(), lr=0.5)
    settings = {"epochs": 10, "batch_size": 6, "shuffle": False}
    _, theirs = torch_training.train(
        torch_model, torch_losses.cross_entropy, sgd, data, scheduler=decay(sgd), **settings
    )
    model, rule = layers.Dense(2, 2), optimizers.SGD(schedule)
    _, ours = training.train(model, start, losses.cross_entropy, rule, data, rng=rng, **settings)
    np.testing.assert_allclose(ours.batch_loss, theirs.batch_loss, rtol=1e-9)

    def reduce(optimizer):
        # eps=0: PyTorch otherwise makes no change below 1e-8, so that a rate stays that small
        return torch.optim.lr_scheduler.ReduceLROnPlateau(
            optimizer, factor=0.3, patience=3, threshold=0.1, eps=0
        )

    history, _ = both_with(
        {"plateau": ReduceOnPlateau(0.3, patience=3, threshold=0.1)},
        {"scheduler": reduce},
        lr=1.0,
        epochs=100,
    )
    assert history.step_scale[-1] < 1


def test_trainings_on_changed_inputs_are_equal():
    both_with({"augment": lambda x, rng: 2 * x + 1}, {"augment": lambda x: 2 * x + 1})
