"""Small nets on small data, many at once: what the pictures of batch sizes and learning rates train."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from course_lib import datasets
from course_lib.core import tree_map
from course_lib.numpy_nn import activations as act
from course_lib.numpy_nn.layers import mlp
from course_lib.numpy_nn.losses import cross_entropy
from course_lib.numpy_nn.optimizers import Optimizer
from course_lib.numpy_nn.training import start_training

N, FEW, N_TEST = 128, 40, 200  # training samples of the two maps; test samples


@functools.lru_cache(maxsize=16)
def circles(seed: int) -> datasets.Dataset:
    """128 samples, spread to a deviation of about 1 along each axis, and 200 to test on."""
    rng = np.random.default_rng(seed)
    return single(datasets.circles(rng, n=N + N_TEST, noise=0.1, test_size=N_TEST / (N + N_TEST)), 2.0)


@functools.lru_cache(maxsize=16)
def noisy_circles(seed: int) -> datasets.Dataset:
    """The same with classes that overlap: no net gets every sample right, and gradients stay noisy."""
    rng = np.random.default_rng(seed)
    return single(datasets.circles(rng, n=N + N_TEST, noise=0.25, test_size=N_TEST / (N + N_TEST)), 2.0)


@functools.lru_cache(maxsize=16)
def noisy_moons(seed: int) -> datasets.Dataset:
    """Few samples and much noise: easy to learn by heart."""
    rng = np.random.default_rng(seed + 1)
    return single(datasets.moons(rng, n=FEW + N_TEST, noise=0.35, test_size=N_TEST / (FEW + N_TEST)), 1.0)


def single(data: datasets.Dataset, scale: float) -> datasets.Dataset:
    """Centered, and in float32: half the memory, and more precision than a picture can show."""
    middle = data.x_train.mean(axis=0)
    x_train, x_test = ((scale * (x - middle)).astype(np.float32) for x in (data.x_train, data.x_test))
    return replace(data, x_train=x_train, x_test=x_test)


def trained_runs(
    data: datasets.Dataset,
    hidden: int,
    optimizer: Callable[[np.ndarray], Optimizer],
    rates: Sequence[float],
    n_seeds: int,
    batch_size: int,
    updates: int,
    marks: int,
    seed: int,
) -> SimpleNamespace:
    """Train a ReLU net with all rates from all seeds at once, and look at it `marks` times on the way.

    Returns:
        `train` and `test`, losses of shape (marks + 1, rates, seeds); `wrong`, the share of test samples that
        the trained nets get wrong, shape (rates, seeds); `updates`, those made at each mark.
    """
    model = mlp([2, hidden, 2], activation=act.relu)
    start = model.init(np.random.default_rng([seed, 1]), (n_seeds,))
    start = tree_map(
        lambda p: np.tile(p, (len(rates),) + (1,) * (p.ndim - 1)).astype(np.float32), start
    )  # runs: rate by rate, the seeds of each side by side
    rngs = [np.random.default_rng([seed, run]) for _ in rates for run in range(n_seeds)]  # one for each run
    trainer = start_training(
        model,
        start,
        cross_entropy,
        optimizer(np.repeat(rates, n_seeds)),
        data,
        rng=rngs,
        batch_size=batch_size,
    )
    at = np.round(np.linspace(0, updates, marks + 1)).astype(int)
    losses = []
    for before, mark in zip([0, *at], at):
        trainer.advance(int(mark - before))
        with np.errstate(all="ignore"):
            preds = [model.forward(trainer.params, x)[0] for x in (data.x_train, data.x_test)]
        losses.append([cross_entropy.value(p, y) for p, y in zip(preds, (data.y_train, data.y_test))])
    wrong = np.mean(preds[1].argmax(axis=-1) != data.y_test, axis=-1)
    train_loss, test_loss = np.array(losses).transpose(1, 0, 2).reshape(2, len(at), -1, n_seeds)
    return SimpleNamespace(train=train_loss, test=test_loss, wrong=wrong.reshape(-1, n_seeds), updates=at)
