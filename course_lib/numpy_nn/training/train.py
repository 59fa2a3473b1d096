"""Train a model, all runs at once."""

from collections.abc import Callable

import numpy as np

from course_lib.core import History, Tree, natural
from course_lib.datasets import Dataset
from course_lib.numpy_nn.layers import Layer
from course_lib.numpy_nn.losses import Loss
from course_lib.numpy_nn.optimizers import Optimizer
from course_lib.numpy_nn.training.chunks import Rngs, joined
from course_lib.numpy_nn.training.settings import BatchSize, Plateau, Regularizer, Settings
from course_lib.numpy_nn.training.trainer import trainers
from course_lib.schedules import EarlyStopping

__all__ = ["train"]


def train(
    model: Layer,
    params: Tree,
    loss: Loss,
    optimizer: Optimizer,
    dataset: Dataset,
    *,
    epochs: int,
    batch_size: BatchSize,
    rng: Rngs,
    shuffle: bool = True,
    callback: Callable[[int, Tree], None] | None = None,
    regularizer: Regularizer | None = None,
    early_stopping: EarlyStopping | None = None,
    plateau: Plateau | None = None,
    accumulate: int = 1,
    augment: Callable[[np.ndarray, np.random.Generator], np.ndarray] | None = None,
) -> tuple[Tree, History]:
    """Train a model by mini-batches: forward, loss, backward, update.

    Args:
        model: a layer, most often a Sequential.
        params: its parameters, from ``model.init``; they are not changed in place.
        loss: what to make small.
        optimizer: the rule that turns gradients into steps; its hyperparameters may be arrays.
        dataset: x and y of the training part and of the test part.
        epochs: how often to go through the training part.
        batch_size: samples an update; the last batch of an epoch is shorter where it does not divide N. Or a
            function of the epoch, counted from 0, for batches that grow.
        rng: the source of the order of the samples: one Generator, and all runs see the same order, or a list
            with one for each run, and each has an order of its own. Dropout draws from what they spawn.
        shuffle: draw a new order each epoch; without it, samples come as they stand.
        callback: called as ``callback(update, params)`` after every update, counted from 1. It sees all runs;
            without it, many runs are worked in chunks that fit the cache, which is quicker.
        regularizer: its gradient is added to that of the loss. The losses written down stay those of the
            data, without the penalty.
        early_stopping: shown the loss over the test part after each epoch, which makes it a *validation*
            part: judge the result by samples that neither chose nor trained. Each run stops for itself.
        plateau: shown the same loss; its scale, one a run, multiplies the steps.
        accumulate: k micro-batches of batch_size samples make one update, by the mean gradient over all their
            samples. It equals one batch of k batch_size samples, but for what a layer draws or measures
            while training (Dropout, BatchNorm), in less memory.
        augment: a function (x, rng) -> x applied to the inputs of each batch while training. Its generator is
            spawned, one a run where rng is a list; otherwise all runs share what it makes of their batch.

    Returns:
        The trained parameters, and the history of the losses. With early stopping, the parameters are those
        of each run's best epoch, whether or not it stopped, or diverged.

    Raises:
        TypeError, ValueError: an argument is out of range, or shapes do not belong together.

    >>> from course_lib.datasets import line
    >>> from course_lib.numpy_nn import layers, losses, optimizers
    >>> model = layers.Dense(1, 1)
    >>> rng = np.random.default_rng(0)
    >>> params, history = train(model, model.init(rng), losses.mse, optimizers.SGD(lr=0.1), line(rng, 50),
    ...                         epochs=20, batch_size=10, rng=rng)
    >>> bool(history.train_loss[-1] < history.train_loss[0] / 100)
    True
    """
    epochs = natural("epochs", epochs, minimum=0)
    settings = Settings(batch_size, shuffle, regularizer, early_stopping, plateau, accumulate, augment)
    how = {"split": callback is None, "callback": callback}
    parts, runs = trainers(model, params, loss, optimizer, dataset, rng, settings, **how)
    trained = []
    for trainer in parts:
        trainer.advance_epochs(epochs)
        trained.append((trainer.best_params, trainer.history()))
    return joined(trained, runs)
