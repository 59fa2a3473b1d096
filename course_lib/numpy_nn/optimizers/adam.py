"""Adam, which joins momentum with a rate for every parameter, and AdamW, which decays weights beside it."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from course_lib.core import Tree, flag, in_interval, lead, non_negative, tree_map
from course_lib.numpy_nn.optimizers.descent import _rate
from course_lib.numpy_nn.optimizers.rule import Rate, checked_rate, lift, settle

__all__ = ["Adam", "AdamState", "AdamW"]


class AdamState(NamedTuple):
    """The memory of Adam and AdamW, each shaped like the parameters.

    m is the mean of the gradients, v that of their squares, v_max the largest v so far (None without
    ``amsgrad``), t the number of updates made.
    """

    m: Tree
    v: Tree
    v_max: Tree | None
    t: int


@dataclass(frozen=True)
class Adam:
    """Step along the mean of recent gradients, divided by the root of their mean square.

    m ← β₁ m + (1 − β₁) g          m̂ = m / (1 − β₁ᵗ)
    v ← β₂ v + (1 − β₂) g²         v̂ = v / (1 − β₂ᵗ)
    w ← w − η m̂ / (√v̂ + ε)

    m and v start at 0, so that their first values are too small; the division by 1 − βᵗ makes up for that.
    Here t counts this update too: it is 1 in the first.

    Args:
        lr: the learning rate η: a positive number, an array of shape runs, or a schedule.
        b1: β₁, in [0, 1), or an array of shape runs.
        b2: β₂, likewise.
        eps: ε, which keeps the quotient finite: zero or a positive number, or an array of shape runs.
        amsgrad: divide by the root of the largest v so far, so that no parameter's rate can grow again.
        bias_correction: without it m and v are used as they are, and the first steps are not of length η.

    Raises:
        TypeError, ValueError: a hyperparameter is out of range.

    >>> adam = Adam(lr=0.1)
    >>> w = np.array([1.0, 1.0])
    >>> step, state = adam.update(np.array([0.01, -100.0]), adam.init(w), w)
    >>> step.round(6)  # the first step is η in every direction, whatever the size of the gradient
    array([-0.1,  0.1])

    Source: Kingma and Ba, Adam: a method for stochastic optimization, 2015. Equals torch.optim.Adam. The
    paper also gives a quicker order of computing, w ← w − ηₜ m / (√v + ε̂) with ηₜ = η √(1 − β₂ᵗ) / (1 − β₁ᵗ),
    which TensorFlow uses. The two agree where ε̂ = ε √(1 − β₂ᵗ), so the same number means more there in early
    updates. AMSGrad: Reddi, Kale and Kumar, On the convergence of Adam and beyond, 2018, without bias
    correction; here, as in PyTorch, the largest v is corrected too.
    """

    lr: Rate = 0.001
    b1: float | np.ndarray = 0.9
    b2: float | np.ndarray = 0.999
    eps: float | np.ndarray = 1e-8
    amsgrad: bool = field(default=False, kw_only=True)
    bias_correction: bool = field(default=True, kw_only=True)

    def __post_init__(self) -> None:
        settle(
            self,
            lr=checked_rate(self.lr, "0.001 is a usual start"),
            b1=in_interval("b1", self.b1, 0, 1, closed="left", array=True),
            b2=in_interval("b2", self.b2, 0, 1, closed="left", array=True),
            eps=non_negative("eps", self.eps, "1e-8 is usual", array=True),
            amsgrad=flag("amsgrad", self.amsgrad),
            bias_correction=flag("bias_correction", self.bias_correction),
        )

    def init(self, params: Tree) -> AdamState:
        """Return the state before the first update."""
        zeros = tree_map(np.zeros_like, params)
        return AdamState(m=zeros, v=zeros, v_max=zeros if self.amsgrad else None, t=0)

    def update(self, grads: Tree, state: AdamState, params: Tree) -> tuple[Tree, AdamState]:
        """Return the step to add to the parameters, and the next state."""
        rate = _rate(self.lr, state.t)
        t = state.t + 1 if self.bias_correction else np.inf  # βᵗ is 0 at infinity

        def rule(g: np.ndarray, m: np.ndarray, v: np.ndarray, v_max: np.ndarray | None) -> tuple:
            lr, b1, b2, eps = (lead(h, g) for h in (rate, self.b1, self.b2, self.eps))
            m = b1 * m + (1 - b1) * g
            v = b2 * v + (1 - b2) * g**2
            v_max = v if v_max is None else np.maximum(v_max, v)
            m_hat = m / (1 - np.power(b1, t))  # rounds alike for one run and for many; ** does not
            v_hat = v_max / (1 - np.power(b2, t))
            return -lr * m_hat / (np.sqrt(v_hat) + eps), m, v, v_max

        step, m, v, v_max = lift(rule, grads, state.m, state.v, state.v_max)
        return step, AdamState(m, v, v_max, t=state.t + 1)


@dataclass(frozen=True)
class AdamW(Adam):
    """Take Adam's step, and beside it shrink every weight by the factor 1 − ηλ.

    w ← w − η m̂ / (√v̂ + ε) − η λ w

    Args:
        lr, b1, b2, eps, amsgrad, bias_correction: those of Adam.
        weight_decay: λ, zero or a positive number, or an array of shape runs.

    Raises:
        TypeError, ValueError: a hyperparameter is out of range.

    >>> adamw = AdamW(lr=0.1, weight_decay=0.5)
    >>> w = np.array([1.0, 20.0])
    >>> adamw.update(np.array([3.0, 3.0]), adamw.init(w), w)[0].round(6)
    array([-0.15, -1.1 ])

    Source: Loshchilov and Hutter, Decoupled weight decay regularization, 2019, whose decay is λ times a
    schedule without η. Here it is ηλ, as in torch.optim.AdamW, which this equals: a lower rate decays less.
    WeightDecay before Adam is the other rule, where the decay is divided by √v̂ too.
    """

    weight_decay: float | np.ndarray = 0.01

    def __post_init__(self) -> None:
        super().__post_init__()
        settle(
            self, weight_decay=non_negative("weight_decay", self.weight_decay, "0.01 is usual", array=True)
        )

    def update(self, grads: Tree, state: AdamState, params: Tree) -> tuple[Tree, AdamState]:
        """Return the step to add to the parameters, and the next state."""
        rate = _rate(self.lr, state.t)
        step, after = super().update(grads, state, params)
        return tree_map(lambda s, w: s - lead(rate, w) * lead(self.weight_decay, w) * w, step, params), after
