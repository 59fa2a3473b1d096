"""The two loops of the course: descend a surface, train a model. Both work all runs at once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from course_lib.core import Tree, broadcast_runs, runs_shape, tree_leaves, tree_map
from course_lib.datasets import Dataset
from course_lib.divergence import Guard
from course_lib.history import History, Trajectory
from course_lib.numpy_nn.layers import Layer
from course_lib.numpy_nn.losses import Loss
from course_lib.numpy_nn.optimizers import Optimizer
from course_lib.surfaces import Surface
from course_lib.validation import finite_array, generator, natural

__all__ = ["descend", "train"]

Rngs = np.random.Generator | Sequence[np.random.Generator]


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
            with one for each run, and each has an order of its own.
        shuffle: draw a new order each epoch; without it, samples come as they stand.
        callback: called as ``callback(update, params)`` after every update, counted from 1.

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
    n = len(dataset.x_train)
    epochs = natural("epochs", epochs, minimum=0)
    batch_size = natural("batch_size", batch_size, maximum=n)
    params, runs = _spread(model, params, loss, optimizer, dataset, rng)
    dataset = _as_dtype(dataset, np.result_type(*tree_leaves(params)))
    x, y = dataset.x_train, dataset.y_train
    record = _Record(model, loss, dataset, params, runs)
    state = optimizer.init(params)
    noise = rng if isinstance(rng, np.random.Generator) else None  # for layers that draw, such as dropout
    with np.errstate(all="ignore"):  # a run that overflows is found by the record's guard
        params = record.epoch(params)
        for _ in range(epochs):
            for batch in _batches(n, batch_size, rng, shuffle):
                pred, cache = model.forward(params, x[batch], train=True, rng=noise)
                params = record.batch(params, loss.value(pred, y[batch]))
                _, grads = model.backward(params, cache, loss.grad(pred, y[batch]))
                step, state = optimizer.update(grads, state, params)
                params = record.update(params, step)
                if callback:
                    callback(record.n_updates, params)
            params = record.epoch(params)
    return params, record.history()


class _Record:
    """Write the losses of a training down, holding each run that diverges at its last good values."""

    def __init__(
        self, model: Layer, loss: Loss, dataset: Dataset, params: Tree, runs: tuple[int, ...]
    ) -> None:
        self.model, self.loss, self.dataset, self.runs = model, loss, dataset, runs
        self.guard = Guard(params, runs)
        self.n_updates = 0
        self.batch_loss: list[np.ndarray] = []
        self.train_loss: list[np.ndarray] = []
        self.test_loss: list[np.ndarray] = []

    def batch(self, params: Tree, loss: np.ndarray) -> Tree:
        """Note the loss of a batch; return the parameters, held where it is not good."""
        params = self.guard.check(params, loss, self.n_updates)
        self._append(self.batch_loss, loss)
        return params

    def update(self, params: Tree, step: Tree) -> Tree:
        """Add the step to the runs that are going."""
        self.n_updates += 1
        return self.guard.hold(tree_map(np.add, params, step), params)

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
        return self.loss.value(self.model.forward(params, x)[0], y)

    def _append(self, series: list[np.ndarray], loss: np.ndarray) -> None:
        series.append(self.guard.hold(loss, series[-1] if series else loss))


def _spread(
    model: Layer, params: Tree, loss: Loss, optimizer: Optimizer, dataset: Dataset, rng: Rngs
) -> tuple[Tree, tuple[int, ...]]:
    """Broadcast the parameters to the runs that they, the hyperparameters and the generators span."""
    pred, _ = model.forward(params, dataset.x_train[:1])
    own = np.shape(loss.value(pred, dataset.y_train[:1]))
    orders = np.shape(_generators(rng))
    runs = broadcast_runs(own, runs_shape(optimizer), orders)
    if orders not in ((), runs):
        raise ValueError(
            f"rng must be one Generator, or a list with one for each of the runs {runs}, got shape {orders}"
        )
    return tree_map(lambda p: np.broadcast_to(p, runs + p.shape[len(own) :]), params), runs


def _generators(rng: Rngs) -> np.ndarray:
    """An array of Generators: of shape () for one, of shape runs for a list."""
    rngs = np.array(rng, dtype=object)
    for item in rngs.flat:
        generator("rng", item)
    return rngs


def _as_dtype(dataset: Dataset, dtype: np.dtype) -> Dataset:
    """Give the data the parameters' floating type; integer labels stay as they are."""

    def cast(a: np.ndarray) -> np.ndarray:
        return a.astype(dtype) if a.dtype.kind == "f" else a

    arrays = {name: cast(getattr(dataset, name)) for name in ("x_train", "y_train", "x_test", "y_test")}
    return replace(dataset, **arrays)


def _batches(n: int, batch_size: int, rng: Rngs, shuffle: bool) -> Iterator[np.ndarray]:
    """Yield the sample numbers of one batch after the other: (B,), or runs + (B,) for a list of rngs."""
    rngs = _generators(rng)
    order = np.array([r.permutation(n) if shuffle else np.arange(n) for r in rngs.flat])
    order = order.reshape(*rngs.shape, n)
    for first in range(0, n, batch_size):
        yield order[..., first : first + batch_size]
