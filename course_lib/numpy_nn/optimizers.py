"""Optimizers: what turns a gradient into a step, in order of increasing complexity.

An optimizer is a frozen dataclass of hyperparameters. Its memory is a state that goes in and comes out::

    state = optimizer.init(params)
    step, state = optimizer.update(grads, state, params)
    params = params + step                       # tree_map(np.add, params, step) for a model

Each rule is written for one array and lifted to trees of parameters. Hyperparameters may be arrays of shape
runs, which gives every run its own. A learning rate may also be a schedule, a function of the number of
updates made so far.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol

import numpy as np

from course_lib.core import Tree, lead, tree_leaves, tree_map
from course_lib.validation import non_negative, positive

__all__ = [
    "SGD",
    "Chain",
    "ChainState",
    "ClipByNorm",
    "ClipByValue",
    "NoState",
    "Optimizer",
    "SGDState",
    "for_each_run",
]

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


class NoState(NamedTuple):
    """The memory of what remembers nothing."""


@dataclass(frozen=True)
class ClipByValue:
    """Move every entry of a gradient into [−c, c]. The direction may change.

    g ← min(max(g, −c), c)

    It stands in a Chain, before an optimizer: ``Chain([ClipByValue(1.0), SGD(0.1)])``.

    Args:
        limit: c, a positive number or an array of shape runs.

    Raises:
        TypeError, ValueError: the limit is not a positive number.

    >>> clip = ClipByValue(1.0)
    >>> clip.update(np.array([3.0, -0.5]), clip.init(None), None)[0]
    array([ 1. , -0.5])

    Equals torch.nn.utils.clip_grad_value_.
    """

    limit: float | np.ndarray

    def __post_init__(self) -> None:
        object.__setattr__(self, "limit", positive("limit", self.limit, "1 is usual", array=True))

    def init(self, params: Tree) -> NoState:
        """Return the state, which is empty."""
        return NoState()

    def update(self, grads: Tree, state: NoState, params: Tree) -> tuple[Tree, NoState]:
        """Return the clipped gradients, and the state."""
        return tree_map(lambda g: np.clip(g, -lead(self.limit, g), lead(self.limit, g)), grads), state


@dataclass(frozen=True)
class ClipByNorm:
    """Scale the gradient of all parameters together down to length c where it is longer. The direction stays.

    g ← g min(1, c / (‖g‖ + 10⁻⁶)), where ‖g‖ is the root of the sum of the squares of all entries

    It stands in a Chain, before an optimizer: ``Chain([ClipByNorm(1.0), SGD(0.1)])``.

    Args:
        limit: c, a positive number, or an array of shape runs: each run has a norm of its own.
            ``train`` and ``descend`` make that array from a number; who writes the loop and has several runs
            gives ``np.full(runs, c)``.

    Raises:
        TypeError, ValueError: the limit is not a positive number.

    >>> clip = ClipByNorm(1.0)
    >>> clip.update({"W": np.array([30.0]), "b": np.array([40.0])}, clip.init(None), None)[0]["W"].round(4)
    array([0.6])

    Source: Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks, 2013. Equals
    torch.nn.utils.clip_grad_norm_, from which the 10⁻⁶ is.
    """

    limit: float | np.ndarray

    def __post_init__(self) -> None:
        object.__setattr__(self, "limit", positive("limit", self.limit, "1 is usual", array=True))

    def init(self, params: Tree) -> NoState:
        """Return the state, which is empty."""
        return NoState()

    def update(self, grads: Tree, state: NoState, params: Tree) -> tuple[Tree, NoState]:
        """Return the clipped gradients, and the state."""
        runs = np.ndim(self.limit)  # the axes of a gradient that are runs
        squares = [np.square(g).reshape(*g.shape[:runs], -1).sum(axis=-1) for g in tree_leaves(grads)]
        scale = np.minimum(self.limit / (np.sqrt(sum(squares)) + 1e-6), 1)
        return tree_map(lambda g: lead(scale, g) * g, grads), state


class ChainState(NamedTuple):
    """The memory of a chain: the state of each of its parts."""

    states: tuple


@dataclass(frozen=True)
class Chain:
    """Pass the gradient through several parts, the last of which makes the step. A chain is an optimizer too.

    Args:
        ops: parts such as ClipByNorm, and an optimizer at the end. A clip after it would limit the step.

    Raises:
        TypeError: something in the list is not such a part.

    >>> chain = Chain([ClipByValue(1.0), SGD(0.1)])
    >>> step, state = chain.update(np.array([3.0, -0.5]), chain.init(np.zeros(2)), np.zeros(2))
    >>> step
    array([-0.1 ,  0.05])

    The idea and the name are those of ``optax.chain``.
    """

    ops: Sequence[Optimizer]

    def __post_init__(self) -> None:
        for op in self.ops:
            if not (hasattr(op, "init") and hasattr(op, "update")):
                raise TypeError(f"ops must hold parts such as ClipByNorm(1.0) and SGD(0.1), got {op!r}")
        object.__setattr__(self, "ops", tuple(self.ops))

    def init(self, params: Tree) -> ChainState:
        """Return the state before the first update."""
        return ChainState(tuple(op.init(params) for op in self.ops))

    def update(self, grads: Tree, state: ChainState, params: Tree) -> tuple[Tree, ChainState]:
        """Return what the last part makes of the gradients, and the next state."""
        states = []
        for op, own in zip(self.ops, state.states, strict=True):
            grads, own = op.update(grads, own, params)
            states.append(own)
        return grads, ChainState(tuple(states))


def for_each_run(optimizer: Optimizer, runs: tuple[int, ...]) -> Optimizer:
    """Tell what reduces over a run, such as a norm, which axes are runs: give it a hyperparameter for each.

    >>> for_each_run(Chain([ClipByNorm(1.0), SGD(0.1)]), runs=(2,))
    Chain(ops=(ClipByNorm(limit=array([1., 1.])), SGD(lr=0.1)))
    """
    if isinstance(optimizer, Chain):
        return replace(optimizer, ops=[for_each_run(op, runs) for op in optimizer.ops])
    if isinstance(optimizer, ClipByNorm):
        return replace(optimizer, limit=np.broadcast_to(optimizer.limit, runs))
    return optimizer
