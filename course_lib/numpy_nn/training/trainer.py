"""The loop that trains: as many updates at a time as asked for, so that a picture can watch."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from course_lib.core import History, Tree, broadcast_runs, natural, runs_shape, tree_leaves, tree_map
from course_lib.datasets import Dataset
from course_lib.numpy_nn.layers import Layer, parameter_gradients
from course_lib.numpy_nn.losses import Loss
from course_lib.numpy_nn.optimizers import Optimizer, for_each_run
from course_lib.numpy_nn.training.chunks import Chunk, Rngs, as_generators, chunks
from course_lib.numpy_nn.training.record import Record
from course_lib.numpy_nn.training.settings import Settings

__all__ = ["Trainer", "start_training", "trainers"]


class Trainer:
    """A training under way. ``start_training`` makes one; ``train`` is one that goes on to the end.

    Attributes:
        params: the parameters as they are now, every array of shape runs + (...).
        optimizer: may be replaced between updates by one of its kind, to move a learning rate by hand.
        n_updates: updates made so far.
        epoch: epochs finished so far.
        finished: whether early stopping has left no run to go on with.
    """

    def __init__(
        self,
        model: Layer,
        loss: Loss,
        dataset: Dataset,
        chunk: Chunk,
        settings: Settings,
        callback: Callable[[int, Tree], None] | None = None,
    ) -> None:
        self.optimizer = chunk.optimizer
        self._model, self._loss, self._x, self._y = model, loss, dataset.x_train, dataset.y_train
        self._chunk, self._settings, self._callback = chunk, settings, callback
        self._regularizer, early_stopping, plateau = chunk.rules
        self._state = chunk.optimizer.init(chunk.params)
        self._batches: list[np.ndarray] = []  # those still to come in this epoch, the next one last
        self._record = Record(model, chunk.params, loss, dataset, chunk.runs, early_stopping, plateau)
        self.epoch = 0
        with np.errstate(all="ignore"):  # a run that overflows is found by the record's guard
            self.params = self._record.end_epoch(chunk.params)

    @property
    def n_updates(self) -> int:
        """Updates made so far."""
        return self._record.updates

    @property
    def finished(self) -> bool:
        """Whether early stopping has left no run to go on with."""
        return self._record.finished

    @property
    def diverged_at(self) -> np.ndarray:
        """The number of updates after which each run diverged, or -1, shape runs."""
        return self._record.guard.diverged_at.copy()

    @property
    def best_params(self) -> Tree:
        """With early stopping, the parameters of each run's best epoch; without it, those of now."""
        return self.params if self._settings.early_stopping is None else self._record.best

    def history(self) -> History:
        """Return the losses so far, put in arrays anew each time."""
        return self._record.history()

    def advance(self, n_updates: int = 1) -> None:
        """Make some updates; where one completes an epoch, the losses over both parts are noted as well."""
        with np.errstate(all="ignore"):
            for _ in range(natural("n_updates", n_updates, minimum=0)):
                if self.finished:
                    return
                self._step()

    def advance_epochs(self, epochs: int = 1) -> None:
        """Go on until some more epochs are finished; one that has begun counts as the first."""
        last = self.epoch + natural("epochs", epochs, minimum=0)
        with np.errstate(all="ignore"):
            while self.epoch < last and not self.finished:
                self._step()

    def _step(self) -> None:
        if not self._batches:
            self._batches = self._drawn_batches()
        self._update(self._batches.pop())
        if not self._batches:
            self.params = self._record.end_epoch(self.params)
            self.epoch += 1

    def _update(self, batch: np.ndarray) -> None:
        x, y, record = self._x[batch], self._y[batch], self._record
        if self._settings.augment:
            x = self._augmented(x)
        gradient = self._gradient if self._settings.accumulate == 1 else self._mean_gradient
        loss, grads, cache = gradient(x, y)
        params = record.batch(self.params, loss)
        if self._regularizer:
            grads = tree_map(np.add, grads, self._regularizer.grad(params))
        step, self._state = self.optimizer.update(grads, self._state, params)
        self.params = record.update(params, step, cache)
        if self._callback:
            self._callback(record.updates, self.params)

    def _gradient(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, Tree, Any]:
        """Forward, loss, backward."""
        pred, cache = self._model.forward(self.params, x, train=True, rng=self._chunk.noise)
        grads = parameter_gradients(self._model, self.params, cache, self._loss.grad(pred, y))
        return self._loss.value(pred, y), grads, cache

    def _mean_gradient(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, Tree, Any]:
        """The same in micro-batches, each of which counts by its samples; one cache is held at a time."""
        axis, total, cache = self._chunk.order.ndim, (0.0, None), None
        n = x.shape[axis]
        for first in range(0, n, self._batch_size):
            if cache is not None and hasattr(self._model, "remember"):
                self.params = self._model.remember(self.params, cache)
            micro = (slice(None),) * axis + (slice(first, first + self._batch_size),)
            loss, grads, cache = self._gradient(x[micro], y[micro])
            share = x[micro].shape[axis] / n
            part = share * loss, tree_map(lambda g, share=share: share * g, grads)
            total = part if first == 0 else (total[0] + part[0], tree_map(np.add, total[1], part[1]))
        return *total, cache

    def _augmented(self, x: np.ndarray) -> np.ndarray:
        """Augment a batch that all runs share once, batches of their own each with its own generator."""
        rngs, augment = self._chunk.augment, self._settings.augment
        if not rngs.ndim:
            return augment(x, rngs.item())
        flat = x.reshape(-1, *x.shape[rngs.ndim :])
        return np.reshape([augment(one, rng) for one, rng in zip(flat, rngs.flat, strict=True)], x.shape)

    def _drawn_batches(self) -> list[np.ndarray]:
        """Draw an order and cut it: sample numbers (B,), or runs + (B,) where each run has an order."""
        n, rngs, size = len(self._x), self._chunk.order, self._settings.batch_size
        self._batch_size = natural("batch_size", size(self.epoch), maximum=n) if callable(size) else size
        order = np.array([r.permutation(n) if self._settings.shuffle else np.arange(n) for r in rngs.flat])
        order = order.reshape(*rngs.shape, n)
        width = self._batch_size * self._settings.accumulate
        return [order[..., first : first + width] for first in range(0, n, width)][::-1]


def start_training(
    model: Layer,
    params: Tree,
    loss: Loss,
    optimizer: Optimizer,
    dataset: Dataset,
    *,
    rng: Rngs,
    **settings: Any,
) -> Trainer:
    """Prepare a training that goes on as far as it is asked to.

    Args:
        model, params, loss, optimizer, dataset, rng: those of ``train``.
        settings: batch_size, and whatever else ``train`` takes.

    Returns:
        A Trainer, before its first update. All runs are worked at once.

    >>> from course_lib.datasets import moons
    >>> from course_lib.numpy_nn import layers, losses, optimizers
    >>> model, rng = layers.mlp([2, 8, 2]), np.random.default_rng(0)
    >>> trainer = start_training(model, model.init(rng), losses.cross_entropy, optimizers.SGD(lr=0.5),
    ...                          moons(rng, 100), batch_size=10, rng=rng)
    >>> for frame in range(3):
    ...     trainer.advance(n_updates=5)
    ...     pred, _ = model.forward(trainer.params, [[0.5, 0.0]])  # the picture would ask for a whole grid
    >>> trainer.n_updates, trainer.epoch
    (15, 1)
    """
    parts, _ = trainers(model, params, loss, optimizer, dataset, rng, Settings(**settings), split=False)
    return next(parts)


def trainers(
    model: Layer,
    params: Tree,
    loss: Loss,
    optimizer: Optimizer,
    dataset: Dataset,
    rng: Rngs,
    settings: Settings,
    *,
    split: bool,
    callback: Callable[[int, Tree], None] | None = None,
) -> tuple[Iterator[Trainer], tuple[int, ...]]:
    """Check what belongs together and spread it over the runs.

    Returns:
        A Trainer for each chunk of the runs, each made when its turn comes; and the shape of all runs.
    """
    if not callable(settings.batch_size):
        natural("batch_size", settings.batch_size, maximum=len(dataset.x_train))
    params, runs = _spread(model, params, loss, (optimizer, *settings.rules), dataset, rng)
    dataset = _as_dtype(dataset, np.result_type(*tree_leaves(params)))
    optimizer = for_each_run(optimizer, runs)
    parts = chunks(params, optimizer, rng, runs, split=split, rules=settings.rules)
    return (Trainer(model, loss, dataset, chunk, settings, callback) for chunk in parts), runs


def _spread(
    model: Layer, params: Tree, loss: Loss, rules: tuple, dataset: Dataset, rng: Rngs
) -> tuple[Tree, tuple[int, ...]]:
    """Broadcast the parameters to the runs that they, the hyperparameters and the generators span."""
    pred, _ = model.forward(params, dataset.x_train[:1])
    own = np.shape(loss.value(pred, dataset.y_train[:1]))
    orders = as_generators(rng).shape
    runs = broadcast_runs(own, runs_shape(rules), orders)
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
