"""A learning rate for every parameter: divided by the size of the gradients it has had."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from course_lib.core import Tree, flag, in_interval, lead, non_negative, tree_map
from course_lib.numpy_nn.optimizers.descent import _rate
from course_lib.numpy_nn.optimizers.rule import Rate, checked_rate, lift, settle

__all__ = ["AdaGrad", "AdaGradState", "RMSProp", "RMSPropState"]


class AdaGradState(NamedTuple):
    """The memory of AdaGrad: s, the sum of squared gradients, and t, the number of updates made."""

    s: Tree
    t: int


@dataclass(frozen=True)
class AdaGrad:
    """Divide each parameter's rate by the root of the sum of the squares of all its gradients.

    s ← s + g²
    w ← w − η g / (√s + ε)

    Args:
        lr: the learning rate η: a positive number, an array of shape runs, or a schedule.
        eps: ε, which keeps the quotient finite: zero or a positive number, or an array of shape runs.
        lr_decay: γ: the rate of the update that follows t others is η / (1 + γt).
        initial_accumulator: s before the first update; a positive one makes the first steps shorter.

    Raises:
        TypeError, ValueError: a hyperparameter is out of range.

    >>> adagrad = AdaGrad(lr=0.1)
    >>> w = np.array([1.0, 1.0])
    >>> state = adagrad.init(w)
    >>> for _ in range(4):
    ...     step, state = adagrad.update(np.array([0.01, 100.0]), state, w)
    >>> step.round(6)  # 0.1 / √4 for both, whatever the size of their gradients
    array([-0.05, -0.05])

    Source: Duchi, Hazan and Singer, Adaptive subgradient methods for online learning and stochastic
    optimization, 2011, who add ε (their δ) outside the root, as here and in torch.optim.Adagrad; others write
    √(s + ε).
    """

    lr: Rate = 0.01
    eps: float | np.ndarray = 1e-10
    lr_decay: float | np.ndarray = field(default=0.0, kw_only=True)
    initial_accumulator: float | np.ndarray = field(default=0.0, kw_only=True)

    def __post_init__(self) -> None:
        settle(
            self,
            lr=checked_rate(self.lr, "0.01 is a usual start"),
            eps=non_negative("eps", self.eps, "1e-10 is usual", array=True),
            lr_decay=non_negative("lr_decay", self.lr_decay, array=True),
            initial_accumulator=non_negative("initial_accumulator", self.initial_accumulator, array=True),
        )

    def init(self, params: Tree) -> AdaGradState:
        """Return the state before the first update."""
        s = tree_map(lambda w: np.zeros_like(w) + lead(self.initial_accumulator, w), params)
        return AdaGradState(s, t=0)

    def update(self, grads: Tree, state: AdaGradState, params: Tree) -> tuple[Tree, AdaGradState]:
        """Return the step to add to the parameters, and the next state."""
        rate = _rate(self.lr, state.t) / (1 + self.lr_decay * state.t)

        def rule(g: np.ndarray, s: np.ndarray) -> tuple[np.ndarray, ...]:
            lr, eps = lead(rate, g), lead(self.eps, g)
            s = s + g**2
            return -lr * g / (np.sqrt(s) + eps), s

        step, s = lift(rule, grads, state.s)
        return step, AdaGradState(s, t=state.t + 1)


class RMSPropState(NamedTuple):
    """The memory of RMSProp, each shaped like the parameters, or None.

    v is the mean square of the gradients, m their mean (where centered), u the velocity (where there is
    momentum), t the number of updates made.
    """

    v: Tree
    m: Tree | None
    u: Tree | None
    t: int


@dataclass(frozen=True)
class RMSProp:
    """Divide each parameter's rate by the root of the mean of the squares of its recent gradients.

    v ← ρ v + (1 − ρ) g²
    w ← w − η g / (√v + ε)

    Unlike AdaGrad's sum, v forgets, so that the rate does not fall for ever.

    Args:
        lr: the learning rate η: a positive number, an array of shape runs, or a schedule.
        decay: ρ, in [0, 1), or an array of shape runs; v looks back over about 1 / (1 − ρ) gradients.
        eps: ε, which keeps the quotient finite: zero or a positive number, or an array of shape runs.
        centered: divide by the standard deviation √(v − m²) instead, where m ← ρ m + (1 − ρ) g.
        momentum: μ, in [0, 1), or an array of shape runs: with u ← μ u + g / (√v + ε), the step is −η u.

    Raises:
        TypeError, ValueError: a hyperparameter is out of range.

    >>> rmsprop = RMSProp(lr=0.1, decay=0.75)
    >>> w = np.array([1.0, 1.0])
    >>> rmsprop.update(np.array([0.01, 100.0]), rmsprop.init(w), w)[0].round(4)  # v from 0: 0.1 / √0.25
    array([-0.2, -0.2])

    Source: Tieleman and Hinton, lecture 6.5 of Neural Networks for Machine Learning, 2012, with ρ = 0.9;
    centered: Graves, Generating sequences with recurrent neural networks, 2013. ε stands outside the root as
    in torch.optim.RMSprop, which this equals (its ``alpha`` is our decay); others write √(v + ε).
    """

    lr: Rate = 0.01
    decay: float | np.ndarray = 0.99
    eps: float | np.ndarray = 1e-8
    centered: bool = field(default=False, kw_only=True)
    momentum: float | np.ndarray = field(default=0.0, kw_only=True)

    def __post_init__(self) -> None:
        settle(
            self,
            lr=checked_rate(self.lr, "0.01 is a usual start"),
            decay=in_interval("decay", self.decay, 0, 1, closed="left", array=True),
            eps=non_negative("eps", self.eps, "1e-8 is usual", array=True),
            centered=flag("centered", self.centered),
            momentum=in_interval("momentum", self.momentum, 0, 1, closed="left", array=True),
        )

    def init(self, params: Tree) -> RMSPropState:
        """Return the state before the first update."""
        v = tree_map(np.zeros_like, params)
        return RMSPropState(v, m=v if self.centered else None, u=v if np.any(self.momentum) else None, t=0)

    def update(self, grads: Tree, state: RMSPropState, params: Tree) -> tuple[Tree, RMSPropState]:
        """Return the step to add to the parameters, and the next state."""
        rate = _rate(self.lr, state.t)

        def rule(g: np.ndarray, v: np.ndarray, m: np.ndarray | None, u: np.ndarray | None) -> tuple:
            lr, decay, eps = (lead(h, g) for h in (rate, self.decay, self.eps))
            v = decay * v + (1 - decay) * g**2
            variance = v
            if m is not None:
                m = decay * m + (1 - decay) * g
                variance = np.maximum(v - m**2, 0)  # rounding may take v − m² below 0
            scaled = g / (np.sqrt(variance) + eps)
            u = scaled if u is None else lead(self.momentum, g) * u + scaled
            return -lr * u, v, m, u

        step, v, m, u = lift(rule, grads, state.v, state.m, state.u)
        return step, RMSPropState(v, m, u, t=state.t + 1)
