"""Parts that stand before or after an optimizer, and the chain that holds them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from course_lib.core import Tree, lead, non_negative, positive, tree_leaves, tree_map
from course_lib.numpy_nn.optimizers.rule import Optimizer, settle

__all__ = ["Chain", "ChainState", "ClipByNorm", "ClipByValue", "NoState", "WeightDecay", "for_each_run"]


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
        settle(self, limit=positive("limit", self.limit, "1 is usual", array=True))

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
        settle(self, limit=positive("limit", self.limit, "1 is usual", array=True))

    def init(self, params: Tree) -> NoState:
        """Return the state, which is empty."""
        return NoState()

    def update(self, grads: Tree, state: NoState, params: Tree) -> tuple[Tree, NoState]:
        """Return the clipped gradients, and the state."""
        runs = np.ndim(self.limit)  # the axes of a gradient that are runs
        squares = [np.square(g).reshape(*g.shape[:runs], -1).sum(axis=-1) for g in tree_leaves(grads)]
        scale = np.minimum(self.limit / (np.sqrt(sum(squares)) + 1e-6), 1)
        return tree_map(lambda g: lead(scale, g) * g, grads), state


@dataclass(frozen=True)
class WeightDecay:
    """Add the gradient of the penalty ½λ‖w‖² to the gradient, so that weights are drawn toward 0.

    g ← g + λ w

    It stands in a Chain, before an optimizer: ``Chain([WeightDecay(0.01), Adam(0.001)])``. Every parameter is
    decayed, biases too, as in PyTorch; L2 in the loss (``regularizers``) leaves biases out.

    Args:
        weight_decay: λ, zero or a positive number, or an array of shape runs.

    Raises:
        TypeError, ValueError: λ is not such a number.

    >>> decay = WeightDecay(0.1)
    >>> decay.update(np.array([1.0, 1.0]), decay.init(None), np.array([5.0, -20.0]))[0]
    array([ 1.5, -1. ])

    Equals the argument ``weight_decay`` of every torch.optim optimizer but AdamW. Under SGD each weight
    shrinks by the factor 1 − ηλ. Under Adam it does not, because the added gradient is divided by the root of
    v̂ like the rest of it; in AdamW the decay goes past that division.
    """

    weight_decay: float | np.ndarray

    def __post_init__(self) -> None:
        settle(
            self, weight_decay=non_negative("weight_decay", self.weight_decay, "0.01 is usual", array=True)
        )

    def init(self, params: Tree) -> NoState:
        """Return the state, which is empty."""
        return NoState()

    def update(self, grads: Tree, state: NoState, params: Tree) -> tuple[Tree, NoState]:
        """Return the gradients with the penalty's added, and the state."""
        return tree_map(lambda g, w: g + lead(self.weight_decay, w) * w, grads, params), state


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

    >>> from course_lib.numpy_nn.optimizers import SGD
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
        settle(self, ops=tuple(self.ops))

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

    >>> from course_lib.numpy_nn.optimizers import SGD
    >>> for_each_run(Chain([ClipByNorm(1.0), SGD(0.1)]), runs=(2,))
    Chain(ops=(ClipByNorm(limit=array([1., 1.])), SGD(lr=0.1)))
    """
    if isinstance(optimizer, Chain):
        return replace(optimizer, ops=[for_each_run(op, runs) for op in optimizer.ops])
    if isinstance(optimizer, ClipByNorm):
        return replace(optimizer, limit=np.broadcast_to(optimizer.limit, runs))
    return optimizer
