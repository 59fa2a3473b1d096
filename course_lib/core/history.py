"""What a descent and a training leave behind: arrays of numbers, ready to be drawn or compared."""

from dataclasses import dataclass

import numpy as np

__all__ = ["History", "Trajectory"]


def _divergence(diverged_at: np.ndarray) -> str:
    """Say which runs diverged, in a few words."""
    diverged_at = np.asarray(diverged_at)
    if diverged_at.ndim == 0:
        return "no divergence" if diverged_at < 0 else f"diverged at step {diverged_at}"
    return f"{np.count_nonzero(diverged_at >= 0)} of {diverged_at.size} runs diverged"


@dataclass(frozen=True, eq=False, repr=False)
class Trajectory:
    """The path of a descent over a surface.

    Attributes:
        points: the weights before the first step and after each, shape (T+1, *runs, d).
        losses: the loss at each of them, shape (T+1, *runs).
        diverged_at: the step at which a run diverged, from when on it is held at its last good point, or -1;
            integers of shape runs.

    >>> Trajectory(np.zeros((3, 2)), np.zeros(3), np.array(-1))
    Trajectory(2 steps, runs=(), d=2, no divergence)
    """

    points: np.ndarray
    losses: np.ndarray
    diverged_at: np.ndarray

    def __repr__(self) -> str:
        steps, *runs, d = self.points.shape
        return f"Trajectory({steps - 1} steps, runs={tuple(runs)}, d={d}, {_divergence(self.diverged_at)})"


@dataclass(frozen=True, eq=False, repr=False)
class History:
    """The losses of a training.

    Attributes:
        batch_loss: the loss of each batch before the update made with it, shape (n_updates, *runs).
        train_loss: the loss over the whole training part before training and after each epoch, shape
            (epochs+1, *runs).
        validation_loss: the same over the part that is looked at during training but not trained on,
            ``x_test`` and ``y_test`` of the dataset given to ``train``.
        diverged_at: the number of updates after which a run diverged, from when on it is held at its last
            good parameters, or -1; integers of shape runs.
        n_updates: updates made before each row of ``train_loss``, shape (epochs+1,): where it belongs on the
            axis of ``batch_loss``. Epochs differ where the batches grow.
        best_epoch: with early stopping, the row of ``validation_loss`` that belongs to the parameters
            returned; integers of shape runs.
        stopped_at: with early stopping, the epoch after which a run stopped, or -1; integers of shape runs.
            From then on its series repeat their last values. The series end when no run is going.
        step_scale: where steps shrink on a plateau, the factor after each epoch, shape (epochs+1, *runs).

    >>> History(np.zeros(8), np.array([3, 0.5]), np.array([3, 0.7]), np.array(-1))
    History(8 updates in 1 epoch, runs=(), train loss 3 -> 0.5, validation loss 3 -> 0.7, no divergence)
    """

    batch_loss: np.ndarray
    train_loss: np.ndarray
    validation_loss: np.ndarray
    diverged_at: np.ndarray
    n_updates: np.ndarray | None = None
    best_epoch: np.ndarray | None = None
    stopped_at: np.ndarray | None = None
    step_scale: np.ndarray | None = None

    def __repr__(self) -> str:
        epochs = len(self.train_loss) - 1
        return (
            f"History({len(self.batch_loss)} updates in {epochs} epoch{'s' * (epochs != 1)}, "
            f"runs={self.batch_loss.shape[1:]}, train loss {_change(self.train_loss)}, "
            f"validation loss {_change(self.validation_loss)}, {_divergence(self.diverged_at)}{self._stop()})"
        )

    def _stop(self) -> str:
        """Say which runs stopped early, in a few words; nothing where none could."""
        if self.stopped_at is None:
            return ""
        if self.stopped_at.ndim:
            return f", {np.count_nonzero(self.stopped_at >= 0)} of {self.stopped_at.size} runs stopped early"
        stopped = f"stopped after epoch {self.stopped_at}, " if self.stopped_at >= 0 else ""
        return f", {stopped}best epoch {self.best_epoch}"


def _change(loss: np.ndarray) -> str:
    """First and last loss; of many runs, the median."""
    first, last = (np.median(loss[i]) for i in (0, -1))
    return f"{first:.3g} -> {last:.3g}"
