"""The two loops of the course: descend a surface, train a model. Both work all runs at once."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from course_lib.core import Tree, broadcast_runs, runs_shape, tree_leaves, tree_map
from course_lib.datasets import Dataset
from course_lib.divergence import Guard
from course_lib.history import History, Trajectory
from course_lib.numpy_nn.chunks import Chunk, Rngs, as_generators, chunks, joined
from course_lib.numpy_nn.layers import Layer, parameter_gradients
from course_lib.numpy_nn.losses import Loss
from course_lib.numpy_nn.optimizers import Optimizer, for_each_run
from course_lib.surfaces import Surface
from course_lib.validation import finite_array, natural

__all__ = ["descend", "train"]

_PREDICTIONS_AT_ONCE = 2048  # samples times runs, so that what the layers pass on fits the cache


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
    runs = w.shape[:-1]
    points, losses = np.empty((n_steps + 1, *w.shape)), np.empty((n_steps + 1, *runs))
    optimizer = for_each_run(optimizer, runs)
    guard, state = Guard(w, runs), optimizer.init(w)
    with np.errstate(all="ignore"):  # a run that overflows is found by the guard
        for t in range(n_steps + 1):
            if t > 0:
                step, state = optimizer.update(surface.grad(w), state, w)
                w = w + step
            loss = surface.f(w)
            w = guard.check(w, loss, t)
            points[t], losses[t] = w, guard.hold(loss, losses[t - 1] if t else loss)
    return Trajectory(points, losses, guard.diverged_at)


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
    batch_size: int,
    rng: Rngs,
    shuffle: bool = True,
    callback: Callable[[int, Tree], None] | None = None,
) -> tuple[Tree, History]:
    """Train a model by mini-batches: forward, loss, backward, update.

    Args:
        model: a layer, most often a Sequential.
        params: its parameters, from ``model.init``; they are not changed in place.
        loss: what to make small.
        optimizer: the rule that turns gradients into steps; its hyperparameters may be arrays.
        dataset: x and y of the training part and of the test part.
        epochs: how often to go through the training part.
        batch_size: samples an update; the last batch of an epoch is shorter where it does not divide N.
        rng: the source of the order of the samples: one Generator, and all runs see the same order, or a list
            with one for each run, and each has an order of its own. Dropout draws from what they spawn.
        shuffle: draw a new order each epoch; without it, samples come as they stand.
        callback: called as ``callback(update, params)`` after every update, counted from 1. It sees all runs;
            without it, many runs are worked in chunks that fit the cache, which is quicker.

    Returns:
        The trained parameters, and the history of the losses.

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
    batch_size = natural("batch_size", batch_size, maximum=len(dataset.x_train))
    params, runs = _spread(model, params, loss, optimizer, dataset, rng)
    dataset = _as_dtype(dataset, np.result_type(*tree_leaves(params)))
    trained = [
        _train_chunk(model, chunk, loss, dataset, epochs, batch_size, shuffle, callback)
        for chunk in chunks(params, for_each_run(optimizer, runs), rng, runs, split=callback is None)
    ]
    return joined(trained, runs)


def _train_chunk(
    model: Layer,
    chunk: Chunk,
    loss: Loss,
    dataset: Dataset,
    epochs: int,
    batch_size: int,
    shuffle: bool,
    callback: Callable[[int, Tree], None] | None,
) -> tuple[Tree, History]:
    """The loop itself, for as many runs as are worked at once."""
    _, params, optimizer, order, noise = chunk
    x, y = dataset.x_train, dataset.y_train
    record, state = _Record(model, loss, dataset, chunk), optimizer.init(params)
    with np.errstate(all="ignore"):  # a run that overflows is found by the record's guard
        params = record.epoch(params)
        for _ in range(epochs):
            for batch in _batches(len(x), batch_size, order, shuffle):
                x_batch, y_batch = x[batch], y[batch]
                pred, cache = model.forward(params, x_batch, train=True, rng=noise)
                params = record.batch(params, loss.value(pred, y_batch))
                grads = parameter_gradients(model, params, cache, loss.grad(pred, y_batch))
                step, state = optimizer.update(grads, state, params)
                params = record.update(params, step, cache)
                if callback:
                    callback(record.n_updates, params)
            params = record.epoch(params)
    return params, record.history()


class _Record:
    """Write the losses of a training down, holding each run that diverges at its last good values."""

    def __init__(self, model: Layer, loss: Loss, dataset: Dataset, chunk: Chunk) -> None:
        self.model, self.loss, self.dataset, self.runs = model, loss, dataset, chunk.runs
        self.guard = Guard(chunk.params, chunk.runs)
        self.n_updates = 0
        self.batch_loss: list[np.ndarray] = []
        self.train_loss: list[np.ndarray] = []
        self.test_loss: list[np.ndarray] = []

    def batch(self, params: Tree, loss: np.ndarray) -> Tree:
        """Note the loss of a batch; return the parameters, held where it is not good."""
        params = self.guard.check(params, loss, self.n_updates)
        self._append(self.batch_loss, loss)
        return params

    def update(self, params: Tree, step: Tree, cache: Any) -> Tree:
        """Add the step to the runs that are going, and let the model remember what it will of the batch."""
        self.n_updates += 1
        new = tree_map(np.add, params, step)
        if hasattr(self.model, "remember"):
            new = self.model.remember(new, cache)
        return self.guard.hold(new, params)

    def epoch(self, params: Tree) -> Tree:
        """Note the losses over the training and the test part; return the parameters, held likewise."""
        train_loss = self._loss(params, self.dataset.x_train, self.dataset.y_train)
        params = self.guard.check(params, train_loss, self.n_updates)
        self._append(self.train_loss, train_loss)
        self._append(self.test_loss, self._loss(params, self.dataset.x_test, self.dataset.y_test))
        return params

    def history(self) -> History:
        losses = (
            np.array(series).reshape(-1, *self.runs)
            for series in (self.batch_loss, self.train_loss, self.test_loss)
        )
        return History(*losses, self.guard.diverged_at)

    def _loss(self, params: Tree, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """The loss over all samples, whose predictions are made a few at a time where there are many runs."""
        n = min(max(_PREDICTIONS_AT_ONCE // self.guard.going.size, 1), 512)
        preds = [self.model.forward(params, x[first : first + n])[0] for first in range(0, len(x), n)]
        return self.loss.value(np.concatenate(preds, axis=-2) if len(preds) > 1 else preds[0], y)

    def _append(self, series: list[np.ndarray], loss: np.ndarray) -> None:
        series.append(self.guard.hold(loss, series[-1] if series else loss))


def _spread(
    model: Layer, params: Tree, loss: Loss, optimizer: Optimizer, dataset: Dataset, rng: Rngs
) -> tuple[Tree, tuple[int, ...]]:
    """Broadcast the parameters to the runs that they, the hyperparameters and the generators span."""
    pred, _ = model.forward(params, dataset.x_train[:1])
    own = np.shape(loss.value(pred, dataset.y_train[:1]))
    orders = as_generators(rng).shape
    runs = broadcast_runs(own, runs_shape(optimizer), orders)
    if orders not in ((), runs):
        raise ValueError(
            f"rng must be one Generator, or a list with one for each of the runs {runs}, got shape {orders}"
        )
    return tree_map(lambda p: np.broadcast_to(p, runs + p.shape[len(own) :]), params), runs


def _as_dtype(dataset: Dataset, dtype: np.dtype) -> Dataset:
    """Give the data the parameters' floating type; integer labels stay as they are."""

    def cast(a: np.ndarray) -> np.ndarray:
        return a.astype(dtype) if a.dtype.kind == "f" else a

    arrays = {name: cast(getattr(dataset, name)) for name in ("x_train", "y_train", "x_test", "y_test")}
    return replace(dataset, **arrays)


def _batches(n: int, batch_size: int, rngs: np.ndarray, shuffle: bool) -> Iterator[np.ndarray]:
    """Yield the sample numbers of one batch after the other: (B,), or runs + (B,) for many rngs."""
    order = np.array([r.permutation(n) if shuffle else np.arange(n) for r in rngs.flat])
    order = order.reshape(*rngs.shape, n)
    for first in range(0, n, batch_size):
        yield order[..., first : first + batch_size]
