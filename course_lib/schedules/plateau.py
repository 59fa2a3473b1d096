"""A rule that lowers the learning rate when the loss stops falling. It needs the loss, so it has a memory."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from course_lib.core import in_interval, natural, non_negative, one_of

__all__ = ["PlateauState", "ReduceOnPlateau"]


class PlateauState(NamedTuple):
    """The memory of ReduceOnPlateau, arrays of shape runs.

    ``scale`` is what the learning rate is multiplied by, ``best`` the best loss so far, ``bad`` the number of
    losses since then, and ``cooling`` the number of losses still to be passed over after a reduction.
    """

    scale: np.ndarray
    best: np.ndarray
    bad: np.ndarray
    cooling: np.ndarray


@dataclass(frozen=True)
class ReduceOnPlateau:
    """Lower the learning rate when a loss has not improved for some time.

    After more than ``patience`` calls in a row without improvement: scale ← max(scale · factor, min_scale)

    It is asked once an epoch, most often with the validation loss. An optimizer's step is proportional to its
    learning rate, so the scale may be multiplied into the rate or into the step.

    Args:
        factor: what the scale is multiplied by, in (0, 1).
        patience: the number of calls without improvement that are let pass.
        threshold: how much a loss must be better than the best one to count as an improvement.
        cooldown: the number of calls after a reduction in which nothing is counted.
        min_scale: the scale below which it does not go, in [0, 1]. PyTorch's ``min_lr`` is lr · min_scale.
        mode: ``min`` for a loss, ``max`` for a score such as accuracy.
        threshold_mode: ``rel``: better than best · (1 ∓ threshold); ``abs``: better than best ∓ threshold.

    Numbers may be arrays of shape runs: every run has a scale of its own.

    Raises:
        TypeError, ValueError: a number is out of range, or a mode unknown.

    >>> rule = ReduceOnPlateau(factor=0.5, patience=1)
    >>> state = rule.init()
    >>> for loss in (3.0, 2.0, 2.0, 2.0, 1.0):
    ...     state = rule.update(loss, state)
    ...     print(state.scale)
    1.0
    1.0
    1.0
    0.5
    0.5

    Equals torch.optim.lr_scheduler.ReduceLROnPlateau, which writes the rate into the optimizer, and moreover
    leaves out changes below 10⁻⁸ (its ``eps``). With ``rel``, a best loss below zero makes improvement easy:
    use ``abs`` there. A loss that is not a number is no improvement.
    """

    factor: float | np.ndarray = 0.1
    patience: int = 10
    threshold: float | np.ndarray = 1e-4
    cooldown: int = 0
    min_scale: float | np.ndarray = 0.0
    mode: str = "min"
    threshold_mode: str = "rel"

    def __post_init__(self) -> None:
        one_of("mode", self.mode, ["min", "max"])
        one_of("threshold_mode", self.threshold_mode, ["rel", "abs"])
        checked = {
            "factor": in_interval("factor", self.factor, 0, 1, closed="neither", array=True),
            "patience": natural("patience", self.patience, minimum=0),
            "threshold": non_negative("threshold", self.threshold, "0.0001 is usual", array=True),
            "cooldown": natural("cooldown", self.cooldown, minimum=0),
            "min_scale": in_interval("min_scale", self.min_scale, 0, 1, array=True),
        }
        if self.threshold_mode == "rel":
            in_interval("threshold", self.threshold, 0, 1, closed="left", array=True)
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    def init(self, runs: tuple[int, ...] = ()) -> PlateauState:
        """Return the state before the first loss, for runs of that shape."""
        worst = np.inf if self.mode == "min" else -np.inf
        return PlateauState(np.ones(runs), np.full(runs, worst), np.zeros(runs, int), np.zeros(runs, int))

    def update(self, loss: float | np.ndarray, state: PlateauState) -> PlateauState:
        """Return the state after a loss of shape runs; its ``scale`` is what to multiply the rate by."""
        scale, best, bad, cooling = state
        better = self._is_better(loss, best)
        best = np.where(better, loss, best)
        bad = np.where(better | (cooling > 0), 0, bad + 1)
        cooling = np.maximum(cooling - 1, 0)
        reduce = bad > self.patience
        scale = np.where(reduce, np.maximum(scale * self.factor, np.minimum(scale, self.min_scale)), scale)
        return PlateauState(scale, best, np.where(reduce, 0, bad), np.where(reduce, self.cooldown, cooling))

    def _is_better(self, loss: float | np.ndarray, best: np.ndarray) -> np.ndarray:
        sign = 1 if self.mode == "max" else -1
        if self.threshold_mode == "rel":
            return sign * loss > sign * (best * (1 + sign * self.threshold))
        return sign * loss > sign * (best + sign * self.threshold)
