"""What all optimizers share: the protocol, the checks, and how a rule for one array is lifted to a tree."""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from course_lib.core import Tree, non_negative, positive, tree_from, tree_leaves

__all__ = ["Optimizer"]

Rate = float | np.ndarray | Callable[[int], float | np.ndarray]


class Optimizer(Protocol):
    """What every optimizer offers."""

    def init(self, params: Tree) -> Any:
        """Return the state before the first update."""

    def update(self, grads: Tree, state: Any, params: Tree) -> tuple[Tree, Any]:
        """Return the step to add to the parameters, and the next state."""


def checked_rate(lr: Rate, hint: str = "0.1 is a usual start") -> Rate:
    """Check a learning rate: a positive number, an array of them, or a schedule."""
    if callable(lr):
        non_negative("lr", lr(0), "the first value of the schedule", array=True)
        return lr
    return positive("lr", lr, hint, array=True)


def settle(optimizer: Optimizer, **checked: Any) -> None:
    """Put checked hyperparameters into a frozen dataclass, while it is made."""
    for name, value in checked.items():
        object.__setattr__(optimizer, name, value)


def lift(rule: Callable, grads: Tree, *memories: Tree | None) -> tuple[Tree | None, ...]:
    """Apply a rule for one array to whole trees.

    Args:
        rule: takes a gradient and what is remembered of it, one array each; returns the step and the next of
            each memory.
        grads: a tree of gradients.
        memories: trees of the same structure. Where a memory is None, so is the argument, and what the rule
            returns in its place is dropped.

    Returns:
        The tree of the steps, and a tree or None for each memory.

    >>> lift(lambda g, v: (-0.1 * g, v + g**2), [{"W": np.array(2.0)}, {}], [{"W": np.array(1.0)}, {}])
    ([{'W': np.float64(-0.2)}, {}], [{'W': np.float64(5.0)}, {}])
    """
    leaves = tree_leaves(grads)
    own = [[None] * len(leaves) if m is None else tree_leaves(m, like=grads) for m in memories]
    results = [rule(*arrays) for arrays in zip(leaves, *own, strict=True)]

    def tree(i: int) -> Tree:
        return tree_from((result[i] for result in results), like=grads)

    return tree(0), *(None if m is None else tree(i) for i, m in enumerate(memories, 1))
