"""The two loops of the course: descend a surface, train a model. Both work all runs at once."""

from collections.abc import Callable

import numpy as np

from course_lib.core import Tree, broadcast_runs, runs_shape
from course_lib.datasets import Dataset
from course_lib.divergence import first_bad, hold_from
from course_lib.early_stopping import EarlyStopping
from course_lib.history import History, Trajectory
from course_lib.numpy_nn.chunks import Rngs, joined
from course_lib.numpy_nn.layers import Layer
from course_lib.numpy_nn.losses import Loss
from course_lib.numpy_nn.optimizers import Optimizer, for_each_run
from course_lib.numpy_nn.settings import BatchSize, Plateau, Regularizer, Settings
from course_lib.numpy_nn.trainer import Trainer, start_training, trainers
from course_lib.surfaces import Surface
from course_lib.validation import finite_array, natural

__all__ = ["Trainer", "descend", "start_training", "train"]

_POINTS_AT_ONCE = 8192  # numbers, so that what a surface makes of them fits the cache


def descend(surface: Surface, optimizer: Optimizer, start: np.ndarray, n_steps: int) -> Trajectory:
    """Follow an optimizer down a surface, from one starting point or from many at once.

    w ← w + step(∇f(w)), T times

    Args:
        surface: what to descend, over d weights.
        optimizer: the rule; its hyperparameters may be arrays.
        start: starting points, shape (..., d). The runs are the broadcast of its leading axes with the shape
            of the hyperparameters: one start and 50 learning rates give 50 runs.
        n_steps: the number of steps T.

    Returns:
        The points (T+1, *runs, d), their losses (T+1, *runs), and where each run diverged.

    Raises:
        ValueError: the start does not have d coordinates, or is not finite.

    >>> from course_lib.numpy_nn.optimizers import SGD
    >>> from course_lib.surfaces import quadratic
    >>> descend(quadratic((10.0,)), SGD(lr=0.05), start=[1.0], n_steps=3).points[:, 0]
    array([1.   , 0.5  , 0.25 , 0.125])
    """
    w = _starts(surface, optimizer, start)
    n_steps = natural("n_steps", n_steps, minimum=0)
    optimizer = for_each_run(optimizer, w.shape[:-1])
    points, state = np.empty((n_steps + 1, *w.shape)), optimizer.init(w)
    points[0] = w
    with np.errstate(all="ignore"):  # a run that overflows is found below
        for t in range(n_steps):
            step, state = optimizer.update(surface.grad(w), state, w)
            points[t + 1] = w = w + step
        losses = _losses(surface, points)
    diverged_at = first_bad(losses)
    return Trajectory(hold_from(diverged_at, points), hold_from(diverged_at, losses), diverged_at)


def _losses(surface: Surface, points: np.ndarray) -> np.ndarray:
    """The loss at every point: of many steps at once, but not of more points than fit the cache."""
    n = max(_POINTS_AT_ONCE // max(points[0].size, 1), 1)
    return np.concatenate([surface.f(points[t : t + n]) for t in range(0, len(points), n)])


def _starts(surface: Surface, optimizer: Optimizer, start: np.ndarray) -> np.ndarray:
    """Broadcast the starting points to all runs, shape runs + (d,)."""
    start = finite_array("start", start).astype(float)
    if start.ndim == 0 or start.shape[-1] != surface.dim:
        raise ValueError(
            f"start must have {surface.dim} coordinates in its last axis for {surface!r}, "
            f"got shape {start.shape}"
        )
    runs = broadcast_runs(start.shape[:-1], runs_shape(optimizer))
    return np.broadcast_to(start, (*runs, surface.dim)).copy()


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
