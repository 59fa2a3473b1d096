"""Penalties on large weights, and the proximal step that makes weights exactly zero.

The loss that is made small is L(w) + penalty(w). A penalty sees the weights alone, the parameters whose names
begin with W. Biases shift a function and do not make it any rougher; the gammas, betas and statistics of
normalization layers set a scale. All of these are left out. An array without a name is taken for weights.

A strength may be a number or an array of shape runs, which gives every run its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from course_lib.core import Tree, lead, map_named, non_negative, positive

__all__ = ["L1", "L2", "ElasticNet", "ProximalL1", "ProximalState", "soft_threshold", "weights"]

Strength = float | np.ndarray


def weights(params: Tree) -> list[np.ndarray]:
    """List what a penalty sees: the parameters whose names begin with W, and arrays without a name.

    >>> weights([{"W": np.array([[2.0]]), "b": np.array([5.0])}, {"gamma": np.array([1.0])}])
    [array([[2.]])]
    """
    found: list[np.ndarray] = []
    map_named(lambda name, p: found.append(np.asarray(p)) if _is_weight(name) else None, params)
    return found


def _is_weight(name: str) -> bool:
    return name == "" or name.startswith("W")


def _sum_over_weights(f: Callable, params: Tree, *strengths: Strength) -> np.ndarray:
    """Σ f(w) over all weights of each run, shape runs."""
    n_runs = max(_n_runs(params), *map(np.ndim, strengths))
    sums = [f(w).reshape(*w.shape[:n_runs], -1).sum(axis=-1) for w in weights(params)]
    return np.add.reduce(sums) if sums else np.zeros(())


def _n_runs(params: Tree) -> int:
    """The number of axes that are runs, read off a parameter that is a vector in a single run, or 0."""
    ndims: list[int] = []
    vectors = ("b", "gamma", "beta")
    map_named(lambda name, p: ndims.append(np.ndim(p)) if name in vectors else None, params)
    return max(ndims[0] - 1, 0) if ndims else 0


def _grad_of_weights(f: Callable, params: Tree) -> Tree:
    """f(w) in the place of each weight, zeros elsewhere."""
    return map_named(
        lambda name, p: f(np.asarray(p)) if _is_weight(name) else np.zeros_like(p, dtype=float), params
    )


def _strength(name: str, value: Strength) -> Strength:
    return non_negative(name, value, "0.01 is a usual start", array=True)


@dataclass(frozen=True)
class L2:
    """Half the sum of the squared weights.

    penalty = λ/2 Σ w²,   gradient = λ w

    For a matrix, Σ w² is the square of its Frobenius norm.

    With SGD it *is* weight decay: w ← w − η (g + λ w) = (1 − η λ) w − η g, the update of
    ``torch.optim.SGD(weight_decay=λ)``, with the same λ. With optimizers that rescale the gradient, Adam for
    one, the two differ.

    Args:
        lam: λ, zero or a positive number, or an array of shape runs.

    Raises:
        TypeError, ValueError: λ is not such a number.

    >>> params = [{"W": np.array([[3.0], [4.0]]), "b": np.array([9.0])}]
    >>> L2(0.1).value(params)
    np.float64(1.25)
    >>> L2(0.1).grad(params)[0]["b"]
    array([0.])

    Source: Hoerl and Kennard, Ridge regression, 1970; Krogh and Hertz, A simple weight decay can improve
    generalization, 1991. Other texts leave the ½ out, Keras among them: their λ is half of ours.
    """

    lam: Strength

    def __post_init__(self) -> None:
        object.__setattr__(self, "lam", _strength("lam", self.lam))

    def value(self, params: Tree) -> np.ndarray:
        """Return the penalty of each run, shape runs."""
        return self.lam / 2 * _sum_over_weights(np.square, params, self.lam)

    def grad(self, params: Tree) -> Tree:
        """Return its gradient, a tree like params; zeros for what is left out."""
        return _grad_of_weights(lambda w: lead(self.lam, w) * w, params)


@dataclass(frozen=True)
class L1:
    """The sum of the absolute weights.

    penalty = λ Σ |w|,   gradient = λ sign(w)

    At w = 0 there is a kink, and any slope from −λ to λ is a subgradient; this one is 0. Descent along it
    makes weights small and leaves them changing sign; what makes them exactly zero is ``ProximalL1``.

    Args:
        lam: λ, zero or a positive number, or an array of shape runs.

    Raises:
        TypeError, ValueError: λ is not such a number.

    >>> params = [{"W": np.array([[3.0], [-4.0]]), "b": np.array([9.0])}]
    >>> L1(0.5).value(params)
    np.float64(3.5)
    >>> L1(0.5).grad(params)[0]["W"].ravel()
    array([ 0.5, -0.5])

    Source: Tibshirani, Regression shrinkage and selection via the lasso, 1996.
    """

    lam: Strength

    def __post_init__(self) -> None:
        object.__setattr__(self, "lam", _strength("lam", self.lam))

    def value(self, params: Tree) -> np.ndarray:
        """Return the penalty of each run, shape runs."""
        return self.lam * _sum_over_weights(np.abs, params, self.lam)

    def grad(self, params: Tree) -> Tree:
        """Return a subgradient, a tree like params; zeros for what is left out."""
        return _grad_of_weights(lambda w: lead(self.lam, w) * np.sign(w), params)


@dataclass(frozen=True)
class ElasticNet:
    """Both penalties at once.

    penalty = λ₁ Σ |w| + λ₂/2 Σ w²,   gradient = λ₁ sign(w) + λ₂ w

    Args:
        l1: λ₁, zero or a positive number, or an array of shape runs.
        l2: λ₂, likewise.

    Raises:
        TypeError, ValueError: one of them is not such a number.

    >>> ElasticNet(l1=0.5, l2=0.1).value({"W": np.array([[3.0], [-4.0]])})
    np.float64(4.75)

    Source: Zou and Hastie, Regularization and variable selection via the elastic net, 2005. scikit-learn has
    α and l1_ratio in place of the two: ``linear_models.elastic_net`` says how they go together.
    """

    l1: Strength
    l2: Strength

    def __post_init__(self) -> None:
        object.__setattr__(self, "l1", _strength("l1", self.l1))
        object.__setattr__(self, "l2", _strength("l2", self.l2))

    def value(self, params: Tree) -> np.ndarray:
        """Return the penalty of each run, shape runs."""
        sum_abs = _sum_over_weights(np.abs, params, self.l1, self.l2)
        return self.l1 * sum_abs + self.l2 / 2 * _sum_over_weights(np.square, params, self.l1, self.l2)

    def grad(self, params: Tree) -> Tree:
        """Return a subgradient, a tree like params; zeros for what is left out."""
        return _grad_of_weights(lambda w: lead(self.l1, w) * np.sign(w) + lead(self.l2, w) * w, params)


def soft_threshold(w: np.ndarray, t: float | np.ndarray) -> np.ndarray:
    """Move every entry towards zero by t, and those within t of zero onto it.

    soft_threshold(w, t) = sign(w) max(|w| − t, 0) = argmin over v of ½ (v − w)² + t |v|

    Args:
        w: any shape.
        t: zero or positive; it broadcasts with w.

    >>> soft_threshold(np.array([-3.0, 0.5, 2.0]), 1.0)
    array([-2.,  0.,  1.])

    ``torch.nn.functional.softshrink`` is the same.
    """
    return w - np.clip(w, -t, t)


class ProximalState(NamedTuple):
    """The memory of a proximal step: t, the number of updates made."""

    t: int


@dataclass(frozen=True)
class ProximalL1:
    """Shrink the weights by soft thresholding after each step: proximal gradient descent for an L1 penalty.

    w ← soft_threshold(w + step, η λ)

    It stands in a Chain, *after* the optimizer, whose step follows the loss without the L1 penalty::

        Chain([SGD(lr), ProximalL1(lam, lr)])

    This is ISTA, the iterative shrinkage-thresholding algorithm. Weights become exactly zero and stay there
    while the loss pulls with less than λ. Put an L2 penalty beside it by ``train(regularizer=L2(…))``, and
    the two are an elastic net. After an optimizer with rates of its own for each weight the fixed point is
    another one.

    Args:
        lam: λ, zero or a positive number, or an array of shape runs.
        lr: η, that of the optimizer: a positive number, an array of shape runs, or a schedule.

    Raises:
        TypeError, ValueError: λ or η is not such a number.

    >>> from course_lib.numpy_nn.optimizers import Chain, SGD
    >>> ista, w = Chain([SGD(lr=0.1), ProximalL1(lam=1.0, lr=0.1)]), np.array([0.15, 2.0])
    >>> step, state = ista.update(np.array([1.0, 1.0]), ista.init(w), w)
    >>> w + step
    array([0. , 1.8])

    Source: Daubechies, Defrise and De Mol, An iterative thresholding algorithm for linear inverse problems,
    2004; Beck and Teboulle, A fast iterative shrinkage-thresholding algorithm, 2009.
    """

    lam: Strength
    lr: float | np.ndarray | Callable[[int], float | np.ndarray]

    def __post_init__(self) -> None:
        object.__setattr__(self, "lam", _strength("lam", self.lam))
        if not callable(self.lr):
            object.__setattr__(self, "lr", positive("lr", self.lr, "that of the optimizer", array=True))

    def init(self, params: Tree) -> ProximalState:
        """Return the state before the first update."""
        return ProximalState(t=0)

    def update(self, step: Tree, state: ProximalState, params: Tree) -> tuple[Tree, ProximalState]:
        """Return the step that ends on the shrunk weights, and the next state."""
        lr = self.lr(state.t) if callable(self.lr) else self.lr

        def shrunk(name: str, d: np.ndarray, w: np.ndarray) -> np.ndarray:
            if not _is_weight(name):
                return d
            return soft_threshold(w + d, lead(lr, w) * lead(self.lam, w)) - w  # w + (0 − w) is exactly 0

        return map_named(shrunk, step, params), ProximalState(t=state.t + 1)
