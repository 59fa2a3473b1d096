"""Gradient descent, and the two kinds of momentum."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from course_lib.core import Tree, in_interval, lead, tree_map
from course_lib.numpy_nn.optimizers.rule import Rate, checked_rate, lift, settle

__all__ = ["SGD", "Momentum", "MomentumState", "Nesterov", "SGDState"]


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
        settle(self, lr=checked_rate(self.lr))

    def init(self, params: Tree) -> SGDState:
        """Return the state before the first update."""
        return SGDState(t=0)

    def update(self, grads: Tree, state: SGDState, params: Tree) -> tuple[Tree, SGDState]:
        """Return the step to add to the parameters, and the next state."""
        lr = _rate(self.lr, state.t)
        step = tree_map(lambda g: -lead(lr, g) * g, grads)
        return step, SGDState(t=state.t + 1)


class MomentumState(NamedTuple):
    """The memory of Momentum and Nesterov: the velocity v, and t, the number of updates made."""

    v: Tree
    t: int


@dataclass(frozen=True)
class Momentum:
    """Step along a velocity, a sum of all gradients so far in which older ones count less.

    v ← μ v + g
    w ← w − η v

    Args:
        lr: the learning rate η: a positive number, an array of shape runs, or a schedule.
        momentum: μ, in [0, 1), or an array of shape runs. 0 gives SGD.
        dampening: τ in [0, 1], an array likewise: v ← μ v + (1 − τ) g from the second update on.

    Raises:
        TypeError, ValueError: a hyperparameter is out of range.

    >>> momentum = Momentum(lr=0.1, momentum=0.5)
    >>> w, g = np.array([2.0]), np.array([1.0])
    >>> state = momentum.init(w)
    >>> for _ in range(4):
    ...     step, state = momentum.update(g, state, w)
    ...     print(step)
    [-0.1]
    [-0.15]
    [-0.175]
    [-0.1875]

    Under a constant gradient the step grows to η g / (1 − μ). Source: Polyak, Some methods of speeding up the
    convergence of iteration methods, 1964, whose velocity holds the rate: v ← μ v − η g, w ← w + v. The two
    agree as long as η is constant; with a schedule, ours applies a new rate to all of v at once. Others write
    v ← μ v + (1 − μ) g, an average: the same path needs a rate 1 / (1 − μ) times ours.
    Equals torch.optim.SGD with ``momentum``, whose first v is g whatever the dampening.
    """

    lr: Rate
    momentum: float | np.ndarray = 0.9
    dampening: float | np.ndarray = field(default=0.0, kw_only=True)

    def __post_init__(self) -> None:
        settle(
            self,
            lr=checked_rate(self.lr),
            momentum=in_interval("momentum", self.momentum, 0, 1, closed="left", array=True),
            dampening=in_interval("dampening", self.dampening, 0, 1, array=True),
        )

    def init(self, params: Tree) -> MomentumState:
        """Return the state before the first update."""
        return MomentumState(v=tree_map(np.zeros_like, params), t=0)

    def update(self, grads: Tree, state: MomentumState, params: Tree) -> tuple[Tree, MomentumState]:
        """Return the step to add to the parameters, and the next state."""
        rate, dampening = _rate(self.lr, state.t), self.dampening if state.t > 0 else 0.0

        def rule(g: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, ...]:
            lr, momentum = lead(rate, g), lead(self.momentum, g)
            v = momentum * v + (1 - lead(dampening, g)) * g
            return -lr * v, v

        step, v = lift(rule, grads, state.v)
        return step, MomentumState(v, t=state.t + 1)


@dataclass(frozen=True)
class Nesterov:
    """Step along the velocity as it will be after one more such gradient.

    v ← μ v + g
    w ← w − η (g + μ v)

    Args:
        lr: the learning rate η: a positive number, an array of shape runs, or a schedule.
        momentum: μ, in [0, 1), or an array of shape runs. 0 gives SGD.

    Raises:
        TypeError, ValueError: a hyperparameter is out of range.

    >>> nesterov = Nesterov(lr=0.1, momentum=0.5)
    >>> w = np.array([2.0])
    >>> nesterov.update(np.array([1.0]), nesterov.init(w), w)[0]
    array([-0.15])

    Source: Nesterov, A method of solving a convex programming problem with convergence rate O(1/k²), 1983. In
    the form of Sutskever, Martens, Dahl and Hinton, 2013, the gradient is taken ahead of the weights, at
    w − ημv, and then v ← μ v + g, w ← w − η v. The two are one method: our w are their points ahead. Ours
    needs no gradient anywhere but at w. Equals torch.optim.SGD with ``momentum`` and ``nesterov=True``.
    """

    lr: Rate
    momentum: float | np.ndarray = 0.9

    def __post_init__(self) -> None:
        settle(
            self,
            lr=checked_rate(self.lr),
            momentum=in_interval("momentum", self.momentum, 0, 1, closed="left", array=True),
        )

    def init(self, params: Tree) -> MomentumState:
        """Return the state before the first update."""
        return MomentumState(v=tree_map(np.zeros_like, params), t=0)

    def update(self, grads: Tree, state: MomentumState, params: Tree) -> tuple[Tree, MomentumState]:
        """Return the step to add to the parameters, and the next state."""
        rate = _rate(self.lr, state.t)

        def rule(g: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, ...]:
            lr, momentum = lead(rate, g), lead(self.momentum, g)
            v = momentum * v + g
            return -lr * (g + momentum * v), v

        step, v = lift(rule, grads, state.v)
        return step, MomentumState(v, t=state.t + 1)
