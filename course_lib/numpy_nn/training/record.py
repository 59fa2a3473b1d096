"""What is written down during a training, and how a run that diverges or stops is held."""

from typing import Any

import numpy as np

from course_lib.core import Guard, History, Tree, lead, tree_map
from course_lib.datasets import Dataset
from course_lib.numpy_nn.layers import Layer
from course_lib.numpy_nn.losses import Loss
from course_lib.schedules import EarlyStopping

__all__ = ["PREDICTIONS_AT_ONCE", "Record"]

PREDICTIONS_AT_ONCE = 2048  # samples times runs, so that what the layers pass on fits the cache


class Record:
    """Write the losses of a training down, holding each run that diverges at its last good values.

    With early stopping it also keeps the best parameters, and holds each run that stops at them.

    Args:
        model: what is trained.
        params: its parameters before the first update, of shape runs + (...) each.
        loss: what is written down.
        dataset: the training part and the part held out.
        runs: the shape of the runs.
        early_stopping: the rule, or None.
        plateau: the rule that shrinks the steps, or None.

    >>> from course_lib.datasets import line
    >>> from course_lib.numpy_nn import layers, losses
    >>> model, rng = layers.Dense(1, 1), np.random.default_rng(0)
    >>> params = model.init(rng)
    >>> record = Record(model, params, losses.mse, line(rng, 10), ())
    >>> params = record.end_epoch(params)
    >>> record.history().train_loss.shape
    (1,)
    """

    def __init__(
        self,
        model: Layer,
        params: Tree,
        loss: Loss,
        dataset: Dataset,
        runs: tuple[int, ...],
        early_stopping: EarlyStopping | None = None,
        plateau: Any = None,
    ) -> None:
        self.model, self.loss, self.dataset, self.runs = model, loss, dataset, runs
        self.early_stopping, self.plateau = early_stopping, plateau
        self.guard = Guard(params, runs)
        self.best = params
        self.stopping = early_stopping.init(runs) if early_stopping else None
        self.plateaus = plateau.init(runs) if plateau else None
        self.updates = 0
        self.n_updates: list[int] = []  # before each evaluation
        self.batch_loss: list[np.ndarray] = []
        self.train_loss: list[np.ndarray] = []
        self.validation_loss: list[np.ndarray] = []
        self.step_scale: list[np.ndarray] = []

    @property
    def finished(self) -> bool:
        """Whether early stopping has left no run to go on with."""
        return self.early_stopping is not None and not self.guard.going.any()

    def batch(self, params: Tree, loss: np.ndarray) -> Tree:
        """Note the loss of a batch; return the parameters, held where it is not good."""
        params = self.guard.check(params, loss, self.updates)
        self._append(self.batch_loss, loss)
        return params

    def update(self, params: Tree, step: Tree, cache: Any) -> Tree:
        """Add the step to the runs that are going, and let the model remember what it will of the batch."""
        self.updates += 1
        if self.plateaus is not None:
            step = tree_map(lambda s: lead(self.plateaus.scale, s) * s, step)
        new = tree_map(np.add, params, step)
        if hasattr(self.model, "remember"):
            new = self.model.remember(new, cache)
        return self.guard.hold(new, params)

    def end_epoch(self, params: Tree) -> Tree:
        """Note the losses over both parts, before training too; return the parameters, held likewise."""
        train_loss = self._loss(params, self.dataset.x_train, self.dataset.y_train)
        params = self.guard.check(params, train_loss, self.updates)
        self._append(self.train_loss, train_loss)
        self._append(self.validation_loss, self._loss(params, self.dataset.x_test, self.dataset.y_test))
        self.n_updates.append(self.updates)
        if len(self.train_loss) > 1:
            params = self._stop_and_shrink(params, self.validation_loss[-1])
        if self.plateaus is not None:
            self.step_scale.append(np.broadcast_to(self.plateaus.scale, self.runs))
        return params

    def _stop_and_shrink(self, params: Tree, loss: np.ndarray) -> Tree:
        """Show an epoch's loss to the rules; return the parameters, the best ones where a run stopped."""
        if self.plateaus is not None:
            self.plateaus = self.plateau.update(loss, self.plateaus)
        if self.stopping is None:
            return params
        going = self.guard.going  # a run that diverged improves no more
        self.stopping = self.early_stopping.update(np.where(going, loss, np.nan), self.stopping)
        better = self.stopping.best_epoch == len(self.train_loss) - 1
        self.best = tree_map(lambda new, best: np.where(lead(better, new), new, best), params, self.best)
        stopped = self.stopping.stopped & going
        return self.guard.stop(stopped, self.best) if stopped.any() else params

    def history(self) -> History:
        """Put the series in arrays."""
        losses = (
            np.array(series).reshape(-1, *self.runs)
            for series in (self.batch_loss, self.train_loss, self.validation_loss)
        )
        best_epoch = stopped_at = None
        if self.stopping is not None:
            best_epoch = np.array(self.stopping.best_epoch)
            stopped = self.stopping.stopped & (self.guard.diverged_at < 0)
            stopped_at = np.where(stopped, best_epoch + self.stopping.waited, -1)
        scale = np.array(self.step_scale) if self.step_scale else None
        diverged_at = self.guard.diverged_at.copy()  # this one goes on changing
        return History(*losses, diverged_at, np.array(self.n_updates), best_epoch, stopped_at, scale)

    def _loss(self, params: Tree, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """The loss over all samples, whose predictions are made a few at a time where there are many runs."""
        n = min(max(PREDICTIONS_AT_ONCE // self.guard.going.size, 1), 512)
        preds = [self.model.forward(params, x[first : first + n])[0] for first in range(0, len(x), n)]
        return self.loss.value(np.concatenate(preds, axis=-2) if len(preds) > 1 else preds[0], y)

    def _append(self, series: list[np.ndarray], loss: np.ndarray) -> None:
        series.append(self.guard.hold(loss, series[-1] if series else loss))
