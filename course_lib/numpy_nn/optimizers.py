"""Optimizers: what turns a gradient into a step, in order of increasing complexity.

An optimizer is a frozen dataclass of hyperparameters. Its memory is a state that goes in and comes out::

    state = optimizer.init(params)
    step, state = optimizer.update(grads, state, params)
    params = params + step                       # tree_map(np.add, params, step) for a model

Each rule is written for one array and lifted to trees of parameters. Hyperparameters may be arrays of shape
runs, which gives every run its own. A learning rate may also be a schedule, a function of the number of
updates made so far.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np

from course_lib.core import Tree, lead, tree_map
from course_lib.validation import non_negative, positive

__all__ = ["SGD", "Optimizer", "SGDState"]

Rate = float | np.ndarray | Callable[[int], float | np.ndarray]


class Optimizer(Protocol):
    """What every optimizer offers."""

    def init(self, params: Tree) -> Any:
        """Return the state before the first update."""

    def update(self, grads: Tree, state: Any, params: Tree) -> tuple[Tree, Any]:
        """Return the step to add to the parameters, and the next state."""


def _checked_rate(lr: Rate) -> Rate:
    if callable(lr):
        non_negative("lr", lr(0), "the first value of the schedule", array=True)
        return lr
    return positive("lr", lr, "0.1 is a usual start", array=True)


def _rate(lr: Rate, t: int) -> float | np.ndarray:
    """The learning rate of the update that follows t others."""
    return lr(t) if callable(lr) else lr


class SGDState(NamedTuple):
    """The memory of plain gradient descent: t, the number of updates made."""

    t: int


@dataclass(frozen=True)
class SGD:
    """Step against the gradient.

    w ← w − η g

    The S, for stochastic, is in the gradient, which comes from a batch; the rule is that of gradient descent.

    Args:
        lr: the learning rate η: a positive number, an array of shape runs, or a schedule.

    Raises:
        TypeError, ValueError: lr is not a positive number.

    >>> sgd = SGD(lr=0.1)
    >>> w = np.array([2.0, 3.0])
    >>> step, state = sgd.update(grads=np.array([2.0, 30.0]), state=sgd.init(w), params=w)
    >>> w + step
    array([1.8, 0. ])

    Source: Cauchy, 1847; Robbins and Monro, A stochastic approximation method, 1951. Equals torch.optim.SGD.
    """

    lr: Rate

    def __post_init__(self) -> None:
        object.__setattr__(self, "lr", _checked_rate(self.lr))

    def init(self, params: Tree) -> SGDState:
        """Return the state before the first update."""
        return SGDState(t=0)

    def update(self, grads: Tree, state: SGDState, params: Tree) -> tuple[Tree, SGDState]:
        """Return the step to add to the parameters, and the next state."""
        lr = _rate(self.lr, state.t)
        step = tree_map(lambda g: -lead(lr, g) * g, grads)
        return step, SGDState(t=state.t + 1)
