"""Early stopping: train for as long as it helps on samples that are not trained on."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from course_lib.core import natural, non_negative

__all__ = ["EarlyStopping", "EarlyStoppingState"]


class EarlyStoppingState(NamedTuple):
    """What the rule remembers, for each run; all four are arrays of shape runs."""

    best_loss: np.ndarray
    best_epoch: np.ndarray  # counted from 1; 0 before there is one
    waited: np.ndarray  # epochs since then; best_epoch + waited is the last epoch of a run
    stopped: np.ndarray


@dataclass(frozen=True)
class EarlyStopping:
    """Stop when the loss has not come down for some epochs, and go back to the best.

    An epoch improves if loss < best loss − min_delta. After ``patience`` epochs in a row that do not, a run
    stops. The rule takes one loss an epoch and returns its next state; it changes nothing and trains nothing,
    so that it serves any loop, and a history as well as a training.

    Args:
        patience: epochs to wait for an improvement, from 1 up, or an array of them, one a run.
        min_delta: what counts as an improvement, zero or positive, or an array, one a run.

    Raises:
        TypeError, ValueError: an argument is out of range.

    >>> rule = EarlyStopping(patience=2)
    >>> state = rule.init()
    >>> for loss in (3.0, 1.0, 1.5, 1.2, 0.5):  # the last one comes too late
    ...     state = rule.update(loss, state)
    >>> int(state.best_epoch), float(state.best_loss), bool(state.stopped)
    (2, 1.0, True)

    Source: Prechelt, Early stopping: but when?, 1998. The words are those of Keras. PyTorch's
    ReduceLROnPlateau waits one epoch longer: its patience is the number of bad epochs that are forgiven.
    """

    patience: int | np.ndarray
    min_delta: float | np.ndarray = 0.0

    def __post_init__(self) -> None:
        patience = self.patience
        if isinstance(patience, (list, tuple, np.ndarray)):
            flat = np.asarray(patience, dtype=object).ravel()
            whole = [natural("patience", value) for value in flat]
            patience = np.reshape(whole, np.shape(patience))
        else:
            patience = natural("patience", patience)
        object.__setattr__(self, "patience", patience)
        object.__setattr__(self, "min_delta", non_negative("min_delta", self.min_delta, array=True))

    def init(self, runs: tuple[int, ...] = ()) -> EarlyStoppingState:
        """Return the state before the first epoch: any finite loss will be an improvement."""
        zero = np.zeros(runs, dtype=int)
        return EarlyStoppingState(np.full(runs, np.inf), zero, zero, np.full(runs, False))

    def update(self, loss: np.ndarray, state: EarlyStoppingState) -> EarlyStoppingState:
        """Return the state after one more epoch, whose loss has shape runs; a stopped run keeps its own."""
        epoch = state.best_epoch + state.waited + 1
        going = ~state.stopped
        better = going & (loss < state.best_loss - self.min_delta)  # NaN is no improvement
        waited = np.where(better, 0, state.waited + going)
        return EarlyStoppingState(
            np.where(better, loss, state.best_loss),
            np.where(better, epoch, state.best_epoch),
            waited,
            state.stopped | (waited >= self.patience),
        )
